"""Reports: documents computed once, kept as bytes."""

import uuid
from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.storage.paging import changed
from app.storage.tables import Evaluation, Partnership, Report


def add(session: Session, report: Report) -> None:
    """Publish a report."""
    session.add(report)
    session.flush()


def of_evaluation(
    session: Session, evaluation: uuid.UUID, *, since: datetime | None
) -> Sequence[Report]:
    """Every published report of an evaluation."""
    own = select(Report).where(Report.evaluation_id == evaluation)
    return session.scalars(
        changed(own, Report.updated_at, since).order_by(Report.name, Report.edition)
    ).all()


def served(
    session: Session,
    evaluation: uuid.UUID,
    name: str,
    edition: str | None,
    *,
    account: uuid.UUID,
    only: uuid.UUID | None,
) -> tuple[str, bytes] | None:
    """Digest and bytes of a published report of this account; without an edition, the fullest.

    The evaluation is not read: with its design it takes several times as long.
    """
    statement = (
        select(Report.digest, Report.body)
        .join(Evaluation, Evaluation.id == Report.evaluation_id)
        .join(Evaluation.partnership)
        .where(
            Report.evaluation_id == evaluation,
            Report.name == name,
            Partnership.account_id == account,
        )
        .order_by(Report.edition)  # "all" comes before "staff"
        .limit(1)
    )
    if edition is not None:
        statement = statement.where(Report.edition == edition)
    if only is not None:
        statement = statement.where(Partnership.id == only)
    row = session.execute(statement).first()
    return (row[0], row[1]) if row else None


def find(session: Session, evaluation: uuid.UUID, name: str, edition: str) -> Report | None:
    """One published report."""
    return session.get(Report, (evaluation, name, edition))
