"""Instruments that clients published."""

import uuid
from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.storage.paging import changed
from app.storage.tables import PublishedInstrument


def find(
    session: Session, account: uuid.UUID, code: str, version: int
) -> PublishedInstrument | None:
    """One published version."""
    return session.get(PublishedInstrument, (account, code, version))


def listed(
    session: Session, account: uuid.UUID, *, since: datetime | None
) -> Sequence[PublishedInstrument]:
    """Every version that the account published."""
    own = select(PublishedInstrument).where(PublishedInstrument.account_id == account)
    return session.scalars(
        changed(own, PublishedInstrument.published_at, since).order_by(
            PublishedInstrument.code, PublishedInstrument.version
        )
    ).all()


def add(session: Session, record: PublishedInstrument) -> None:
    """Publish one version."""
    session.add(record)
    session.flush()
