"""Respondent tokens: issued, looked up, spent; never readable."""

import uuid
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass

from sqlalchemy import delete, func, insert, select
from sqlalchemy.orm import Session

from app.storage.tables import Issuance, Token

_AT_ONCE = 5000


@dataclass(frozen=True)
class Right:
    """What a live token allows: one answer, to this audience's questions, from this cell."""

    evaluation: uuid.UUID
    audience: str
    cell: str


def issuance(session: Session, call: bytes) -> Issuance | None:
    """The call that issued tokens before under the same key."""
    return session.get(Issuance, call)


def issued(session: Session, evaluation: uuid.UUID, audience: str, cell: str) -> int:
    """How many tokens were ever issued for a group or voice."""
    total = session.scalar(
        select(func.sum(Issuance.count)).where(
            Issuance.evaluation_id == evaluation,
            Issuance.audience == audience,
            Issuance.cell == cell,
        )
    )
    return total or 0


def any_issued(session: Session, evaluation: uuid.UUID, audience: str | None = None) -> bool:
    """Whether any token was issued, for anybody or for one audience."""
    statement = select(Issuance.call).where(Issuance.evaluation_id == evaluation)
    if audience is not None:
        statement = statement.where(Issuance.audience == audience)
    return session.scalars(statement.limit(1)).first() is not None


def add(session: Session, issuance: Issuance, fingerprints: Iterable[bytes]) -> None:
    """Keep new tokens, in an order that says nothing of the order they were made in."""
    session.add(issuance)
    session.flush()
    rows = [
        {
            "fingerprint": fingerprint,
            "evaluation_id": issuance.evaluation_id,
            "audience": issuance.audience,
            "cell": issuance.cell,
        }
        for fingerprint in sorted(fingerprints)
    ]
    if rows:
        session.execute(insert(Token), rows)


def count(session: Session, issuance: Issuance) -> None:
    """Count places as issued that an import took without a token, with those it took before."""
    before = session.get(Issuance, issuance.call)
    if before is None:
        session.add(issuance)
    else:
        before.count += issuance.count
    session.flush()


def live(session: Session, fingerprints: Collection[bytes]) -> dict[bytes, Right]:
    """What those of the tokens that are live allow."""
    rows = session.execute(
        select(Token.fingerprint, Token.evaluation_id, Token.audience, Token.cell).where(
            Token.fingerprint.in_(fingerprints)
        )
    )
    return {row[0]: Right(row[1], row[2], row[3]) for row in rows}


def unspent(session: Session, right: Right, *, most: int) -> list[bytes]:
    """Tokens of one group or voice that nobody has used, at most so many."""
    statement = select(Token.fingerprint).where(
        Token.evaluation_id == right.evaluation,
        Token.audience == right.audience,
        Token.cell == right.cell,
    )
    return list(session.scalars(statement.order_by(Token.fingerprint).limit(most)))


def every(session: Session) -> Sequence[bytes]:
    """All live tokens."""
    return session.scalars(select(Token.fingerprint)).all()


def revoke(
    session: Session, fingerprints: Sequence[bytes], *, evaluation: uuid.UUID | None = None
) -> list[bytes]:
    """Take back unused tokens, of one evaluation alone if it is named; which they were."""
    statement = delete(Token).returning(Token.fingerprint)
    if evaluation is not None:
        statement = statement.where(Token.evaluation_id == evaluation)
    taken: list[bytes] = []
    for start in range(0, len(fingerprints), _AT_ONCE):
        some = Token.fingerprint.in_(fingerprints[start : start + _AT_ONCE])
        taken += session.scalars(statement.where(some))
    return taken


def delete_all(session: Session, evaluation: uuid.UUID, audiences: Collection[str]) -> None:
    """Delete what is left of a stage's tokens."""
    session.execute(
        delete(Token).where(Token.evaluation_id == evaluation, Token.audience.in_(audiences))
    )
