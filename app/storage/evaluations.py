"""Evaluations: found only within their account."""

import uuid
from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import Select, func, select
from sqlalchemy import delete as remove
from sqlalchemy.orm import Session

from app.storage.paging import changed, page
from app.storage.tables import Evaluation, Partnership, Report, Salt

_IS_ROUND = Evaluation.number > 0  # a sandbox's is below


def _of(account: uuid.UUID, only: uuid.UUID | None) -> Select[Evaluation]:
    statement = select(Evaluation).join(Partnership).where(Partnership.account_id == account)
    return statement if only is None else statement.where(Partnership.id == only)


def find(
    session: Session,
    evaluation_id: uuid.UUID,
    *,
    account: uuid.UUID,
    only: uuid.UUID | None,
    lock: bool = False,
) -> Evaluation | None:
    """An evaluation of this account; with `lock`, nobody else changes or answers it meanwhile."""
    statement = _of(account, only).where(Evaluation.id == evaluation_id)
    if lock:
        statement = statement.with_for_update(of=Evaluation)
    return session.scalars(statement).one_or_none()


def by_id(session: Session, evaluation_id: uuid.UUID) -> Evaluation | None:
    """Any evaluation, for what is public."""
    return session.get(Evaluation, evaluation_id)


def get(session: Session, evaluation_id: uuid.UUID) -> Evaluation:
    """An evaluation that is known to be there."""
    return session.get_one(Evaluation, evaluation_id)


def listed(
    session: Session,
    partnership_id: uuid.UUID,
    *,
    limit: int,
    after: uuid.UUID | None,
    since: datetime | None,
) -> tuple[list[Evaluation], uuid.UUID | None]:
    """A page of one partnership's evaluations."""
    statement = select(Evaluation).where(Evaluation.partnership_id == partnership_id)
    statement = changed(statement, Evaluation.updated_at, since)
    return page(session, statement, Evaluation.id, limit=limit, after=after)


def reported(session: Session, partnership_id: uuid.UUID, report: str) -> Sequence[Evaluation]:
    """The rounds of a partnership that have published this report, in order of their numbers."""
    statement = select(Evaluation).where(Evaluation.partnership_id == partnership_id, _IS_ROUND)
    published = select(Report.evaluation_id).where(Report.name == report)
    return session.scalars(
        statement.where(Evaluation.id.in_(published)).order_by(Evaluation.number)
    ).all()


def next_number(session: Session, partnership_id: uuid.UUID, *, sandbox: bool) -> int:
    """The number of the partnership's next round; its row is held until the transaction ends.

    Sandboxes count down from -1, so that they take no number of a round.
    """
    session.scalars(
        select(Partnership.id).where(Partnership.id == partnership_id).with_for_update()
    ).one()
    furthest = func.min(Evaluation.number) if sandbox else func.max(Evaluation.number)
    kind = ~_IS_ROUND if sandbox else _IS_ROUND
    last = session.scalar(select(furthest).where(Evaluation.partnership_id == partnership_id, kind))
    return (last or 0) + (-1 if sandbox else 1)


def due(session: Session, now: datetime) -> Sequence[uuid.UUID]:
    """The evaluations whose open stage is past its last day."""
    return session.scalars(
        select(Evaluation.id).where(Evaluation.closes_at <= now).order_by(Evaluation.closes_at)
    ).all()


def open_stages(session: Session) -> Sequence[Evaluation]:
    """The evaluations of which a stage is open, by whatever its answers are sealed with."""
    return session.scalars(select(Evaluation).join(Salt).order_by(Evaluation.id)).all()


def take(session: Session, evaluation_id: uuid.UUID) -> Evaluation | None:
    """An evaluation for closing; None when another process has it in hand."""
    return session.scalars(
        select(Evaluation)
        .where(Evaluation.id == evaluation_id)
        .with_for_update(of=Evaluation, skip_locked=True)
    ).one_or_none()


def keep_salt(session: Session, evaluation_id: uuid.UUID, salt: bytes) -> None:
    """Keep the salt of the stage that opens."""
    session.add(Salt(evaluation_id=evaluation_id, salt=salt))


def salt(session: Session, evaluation_id: uuid.UUID) -> bytes:
    """The salt of the stage that is open."""
    return session.get_one(Salt, evaluation_id).salt


def destroy_salt(session: Session, evaluation_id: uuid.UUID) -> None:
    """Destroy the salt: what was sealed with it can never be opened again."""
    session.execute(remove(Salt).where(Salt.evaluation_id == evaluation_id))


def save(session: Session, evaluation: Evaluation) -> None:
    """Keep an evaluation as it is now."""
    session.add(evaluation)
    session.flush()


def delete(session: Session, evaluation: Evaluation) -> None:
    """Remove an evaluation and everything that belongs to it."""
    session.delete(evaluation)
    session.flush()
