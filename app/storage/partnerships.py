"""Partnerships and their organisations."""

import uuid
from datetime import datetime

from sqlalchemy import Select, select
from sqlalchemy.orm import Session

from app.storage.paging import changed, page
from app.storage.tables import Partnership


def _of(account: uuid.UUID, only: uuid.UUID | None) -> Select[Partnership]:
    statement = select(Partnership).where(Partnership.account_id == account)
    return statement if only is None else statement.where(Partnership.id == only)


def find(
    session: Session, partnership_id: uuid.UUID, *, account: uuid.UUID, only: uuid.UUID | None
) -> Partnership | None:
    """A partnership of this account; of `only` where the caller is limited to one."""
    return session.scalars(_of(account, only).where(Partnership.id == partnership_id)).one_or_none()


def listed(
    session: Session,
    *,
    account: uuid.UUID,
    only: uuid.UUID | None,
    limit: int,
    after: uuid.UUID | None,
    since: datetime | None,
) -> tuple[list[Partnership], uuid.UUID | None]:
    """A page of the account's partnerships."""
    statement = changed(_of(account, only), Partnership.updated_at, since)
    return page(session, statement, Partnership.id, limit=limit, after=after)


def save(session: Session, partnership: Partnership) -> None:
    """Keep a partnership as it is now."""
    session.add(partnership)
    session.flush()
