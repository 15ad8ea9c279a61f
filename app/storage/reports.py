"""Reports: documents computed once, kept as bytes."""

import uuid
from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.storage.paging import changed
from app.storage.tables import Report


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


def find(session: Session, evaluation: uuid.UUID, name: str, edition: str) -> Report | None:
    """One published report."""
    return session.get(Report, (evaluation, name, edition))
