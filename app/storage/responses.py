"""Sealed answers while their stage is open, and the keys that remain when it is closed."""

import uuid
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass

from sqlalchemy import delete, func, insert, select
from sqlalchemy.orm import Session

from app.storage.tables import ClosedKey, Response

_AT_ONCE = 5000


@dataclass(frozen=True)
class Known:
    """A key that was used before: for which evaluation, and its answer while that is open."""

    evaluation: uuid.UUID
    sealed: bytes | None


def known(session: Session, keys: Collection[bytes]) -> dict[bytes, Known]:
    """Those of the keys that were used before."""
    opened = session.execute(
        select(Response.key, Response.evaluation_id, Response.sealed).where(Response.key.in_(keys))
    ).all()
    closed = session.execute(
        select(ClosedKey.key, ClosedKey.evaluation_id).where(ClosedKey.key.in_(keys))
    ).all()
    return {row[0]: Known(row[1], None) for row in closed} | {
        row[0]: Known(row[1], row[2]) for row in opened
    }


def withdraw(session: Session, keys: Sequence[bytes]) -> None:
    """Forget answers and their keys."""
    for start in range(0, len(keys), _AT_ONCE):
        session.execute(delete(Response).where(Response.key.in_(keys[start : start + _AT_ONCE])))


def keys(session: Session, evaluation: uuid.UUID | None = None) -> Sequence[bytes]:
    """The keys' fingerprints of the answers to one open stage, or to all; sorted."""
    statement = select(Response.key).order_by(Response.key)
    if evaluation is not None:
        statement = statement.where(Response.evaluation_id == evaluation)
    return session.scalars(statement).all()


def count(session: Session, evaluation: uuid.UUID) -> int:
    """How many answers to the open stage there are."""
    statement = select(func.count()).select_from(Response)
    return session.scalar(statement.where(Response.evaluation_id == evaluation)) or 0


def sealed(session: Session, evaluation: uuid.UUID) -> Iterator[tuple[bytes, bytes]]:
    """Each answer to the open stage: its key's fingerprint and its sealed content."""
    rows = session.execute(
        select(Response.key, Response.sealed).where(Response.evaluation_id == evaluation),
        execution_options={"yield_per": 2000},
    )
    for row in rows:
        yield row.key, row.sealed


def close(session: Session, evaluation: uuid.UUID, *, remember: bool) -> None:
    """Delete the open answers; with `remember` their keys still prove that they are in the wave."""
    if remember:
        keys = select(Response.key, Response.evaluation_id).where(
            Response.evaluation_id == evaluation
        )
        session.execute(
            insert(ClosedKey).from_select(["key", "evaluation_id"], keys.order_by(Response.key))
        )
    session.execute(delete(Response).where(Response.evaluation_id == evaluation))
