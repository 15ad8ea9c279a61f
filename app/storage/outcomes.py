"""Surfaced outcomes, how they changed, and what other methods found about them."""

import uuid
from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from app.storage.evaluations import find as find_evaluation
from app.storage.paging import changed
from app.storage.tables import Action, Evidence, Outcome, OutcomeChange, Schedule


def of_evaluation(
    session: Session, evaluation: uuid.UUID, *, since: datetime | None = None
) -> Sequence[Outcome]:
    """Every outcome of an evaluation, merged ones too, in the order of their codes."""
    own = select(Outcome).where(Outcome.evaluation_id == evaluation)
    return session.scalars(changed(own, Outcome.updated_at, since).order_by(Outcome.code)).all()


def find(
    session: Session, outcome_id: uuid.UUID, *, account: uuid.UUID, only: uuid.UUID | None
) -> Outcome | None:
    """An outcome of this account."""
    found = session.get(Outcome, outcome_id)
    if found is None:
        return None
    mine = find_evaluation(session, found.evaluation_id, account=account, only=only)
    return found if mine else None


def history(session: Session, outcome: uuid.UUID) -> Sequence[OutcomeChange]:
    """The changes of an outcome, oldest first."""
    return session.scalars(
        select(OutcomeChange)
        .where(OutcomeChange.outcome_id == outcome)
        .order_by(OutcomeChange.edition)
    ).all()


def next_edition(session: Session, outcome: uuid.UUID) -> int:
    """The number of an outcome's next change; the first wording is edition 1."""
    last = session.scalar(
        select(func.max(OutcomeChange.edition)).where(OutcomeChange.outcome_id == outcome)
    )
    return (last or 1) + 1


def save(session: Session, *records: Outcome | OutcomeChange | Evidence | Action) -> None:
    """Keep records as they are now."""
    session.add_all(records)
    session.flush()


def schedule(session: Session, evaluation: uuid.UUID) -> Schedule | None:
    """The schedule as it was last put."""
    return session.get(Schedule, evaluation)


def put_schedule(session: Session, schedule: Schedule) -> None:
    """Keep the schedule, in place of what it was."""
    session.merge(schedule)
    session.flush()


def evidence(
    session: Session, evaluation: uuid.UUID, *, since: datetime | None = None
) -> Sequence[Evidence]:
    """What other methods found."""
    own = select(Evidence).where(Evidence.evaluation_id == evaluation)
    return session.scalars(changed(own, Evidence.updated_at, since).order_by(Evidence.id)).all()


def actions(
    session: Session, evaluation: uuid.UUID, *, since: datetime | None = None
) -> Sequence[Action]:
    """What the partnership will do."""
    own = select(Action).where(Action.evaluation_id == evaluation)
    return session.scalars(changed(own, Action.updated_at, since).order_by(Action.id)).all()


def find_action(
    session: Session, action_id: uuid.UUID, *, account: uuid.UUID, only: uuid.UUID | None
) -> Action | None:
    """An action of this account."""
    found = session.get(Action, action_id)
    if found is None:
        return None
    mine = find_evaluation(session, found.evaluation_id, account=account, only=only)
    return found if mine else None
