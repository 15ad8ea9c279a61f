"""What each audience is asked in one evaluation."""

import uuid
from collections.abc import Mapping
from typing import Any, Protocol

from app.errors import Fault
from app.instruments.forms import RankingForm, VerificationForm
from app.instruments.questionnaires import PutOutcome
from app.storage import evaluations, outcomes
from app.storage.database import Session
from app.storage.submitting import Opened
from app.storage.tables import Evaluation
from app.use_cases.evaluations import survey_of
from app.use_cases.schedules import standing_outcomes

_MOST_KEPT = 256


class Rules(Protocol):
    """Decides which submissions are valid."""

    def faults(self, content: Mapping[str, Any], /) -> list[Fault]:
        """Everything in a submission that is not allowed."""
        ...

    def says_nothing(self, content: Mapping[str, Any], /) -> bool:
        """Whether a submission holds nothing that counts."""
        ...


class KeptRules:
    """The rules of the evaluations that are being answered, made once while they stay the same.

    What staff rank may change from one answer to the next, so that is read each time.
    """

    def __init__(self) -> None:
        self._kept: dict[tuple[uuid.UUID, str], tuple[Any, Rules]] = {}

    def of(self, session: Session, opened: Opened, audience: str) -> Rules:
        """What `audience` is asked now."""
        made_of = (opened.stage, *opened.asks)
        kept = self._kept.get((opened.id, audience))
        if kept is not None and kept[0] == made_of:
            return kept[1]
        made = rules(session, evaluations.get(session, opened.id), audience)
        if audience != "ranking":
            if len(self._kept) >= _MOST_KEPT:
                self._kept.clear()
            self._kept[opened.id, audience] = made_of, made
        return made


def rules(session: Session, evaluation: Evaluation, audience: str) -> Rules:
    """What `audience` is asked."""
    if audience == "staff":
        return survey_of(session, evaluation)
    if audience == "ranking":
        return RankingForm([outcome.id for outcome in ranked(session, evaluation)])
    return VerificationForm([outcome.id for outcome in scheduled(session, evaluation)], audience)


def ranked(session: Session, evaluation: Evaluation) -> list[PutOutcome]:
    """The outcomes that staff rank: all that stand."""
    standing = standing_outcomes(session, evaluation)
    return [PutOutcome(str(row.id), row.document["title"]) for row in standing]


def scheduled(session: Session, evaluation: Evaluation) -> list[PutOutcome]:
    """The outcomes on the schedule, in its order and its words."""
    schedule = outcomes.schedule(session, evaluation.id)
    entries = schedule.document["outcomes"] if schedule else []
    return [PutOutcome(entry["outcome"], entry["plain"]) for entry in entries]
