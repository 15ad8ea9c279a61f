"""What each audience is asked in one evaluation."""

from collections.abc import Mapping
from typing import Any, Protocol

from app.storage.database import Session

from app.errors import Fault
from app.instruments.forms import RankingForm, VerificationForm
from app.storage import outcomes
from app.storage.tables import Evaluation, Outcome
from app.use_cases.evaluations import survey_of


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
        return RankingForm([str(outcome.id) for outcome in ranked(session, evaluation)])
    return VerificationForm(
        [str(outcome.id) for outcome in verified(session, evaluation)], audience
    )


def ranked(session: Session, evaluation: Evaluation) -> list[Outcome]:
    """The outcomes that staff rank: all that stand, merged ones apart."""
    every = outcomes.of_evaluation(session, evaluation.id)
    return [row for row in every if row.merged_into is None and row.document["origin"] != "user"]


def verified(session: Session, evaluation: Evaluation) -> list[Outcome]:
    """The outcomes on the schedule, in its order."""
    schedule = outcomes.schedule(session, evaluation.id)
    if schedule is None:
        return []
    by_id = {str(row.id): row for row in outcomes.of_evaluation(session, evaluation.id)}
    return [by_id[entry["outcome"]] for entry in schedule.document["outcomes"]]
