"""Long lists, a page at a time, in the order of random ids."""

import uuid
from datetime import datetime
from typing import Any, TypeVar

from sqlalchemy import Select
from sqlalchemy.orm import InstrumentedAttribute, Session

Record = TypeVar("Record")


def changed(
    statement: Select[Record], at: InstrumentedAttribute[datetime], since: datetime | None
) -> Select[Record]:
    """Only the records that were changed at `since` or later; all without it."""
    return statement if since is None else statement.where(at >= since)


def page(
    session: Session,
    statement: Select[Record],
    key: InstrumentedAttribute[uuid.UUID],
    *,
    limit: int,
    after: uuid.UUID | None,
) -> tuple[list[Record], uuid.UUID | None]:
    """Up to `limit` records after the id `after`, and the id to go on from; None at the end."""
    if after is not None:
        statement = statement.where(key > after)
    found: list[Any] = list(session.scalars(statement.order_by(key).limit(limit + 1)))
    return found[:limit], getattr(found[limit - 1], key.key) if len(found) > limit else None
