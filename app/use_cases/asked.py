"""What each audience is asked in one evaluation."""

from collections.abc import Mapping
from typing import Any, Protocol

from app.errors import Fault
from app.instruments.forms import RankingForm, VerificationForm
from app.instruments.questionnaires import PutOutcome
from app.storage import outcomes
from app.storage.database import Session
from app.storage.tables import Evaluation
from app.use_cases.evaluations import survey_of
from app.use_cases.schedules import standing_outcomes


class Form(Protocol):
    """Decides which submissions are valid."""

    def faults(self, content: Mapping[str, Any], /) -> list[Fault]:
        """Everything in a submission that is not allowed."""
        ...

    def says_nothing(self, content: Mapping[str, Any], /) -> bool:
        """Whether a submission holds nothing that counts."""
        ...


def form(session: Session, evaluation: Evaluation, audience: str) -> Form:
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
