"""Respondents' words, and how coders read them."""

import uuid
from collections.abc import Collection, Mapping, Sequence
from typing import Any

from sqlalchemy import delete, insert, select
from sqlalchemy.orm import Session

from app.storage.evaluations import find as find_evaluation
from app.storage.paging import page
from app.storage.tables import Coding, Statement


def add(session: Session, evaluation: uuid.UUID, rows: Sequence[Mapping[str, Any]]) -> None:
    """Keep new statements, in the order given."""
    if rows:
        session.execute(insert(Statement), [{"evaluation_id": evaluation, **row} for row in rows])


def listed(
    session: Session,
    evaluation: uuid.UUID,
    *,
    withheld: bool | None,
    limit: int,
    after: uuid.UUID | None,
) -> tuple[list[Statement], uuid.UUID | None]:
    """A page of an evaluation's statements."""
    statement = select(Statement).where(Statement.evaluation_id == evaluation)
    if withheld is not None:
        statement = statement.where(Statement.withheld == withheld)
    return page(session, statement, Statement.id, limit=limit, after=after)


def find(
    session: Session, statement_id: uuid.UUID, *, account: uuid.UUID, only: uuid.UUID | None
) -> Statement | None:
    """A statement of this account."""
    found = session.get(Statement, statement_id)
    if found is None:
        return None
    mine = find_evaluation(session, found.evaluation_id, account=account, only=only)
    return found if mine else None


def of_evaluation(
    session: Session, evaluation: uuid.UUID, kinds: Collection[str] | None = None
) -> Sequence[Statement]:
    """Every statement of an evaluation, or those of some kinds."""
    statement = select(Statement).where(Statement.evaluation_id == evaluation)
    if kinds is not None:
        statement = statement.where(Statement.kind.in_(kinds))
    return session.scalars(statement.order_by(Statement.id)).all()


def codings(session: Session, evaluation: uuid.UUID) -> Sequence[Coding]:
    """Every coder's decisions on an evaluation's statements."""
    return session.scalars(
        select(Coding)
        .join(Statement, Statement.id == Coding.statement_id)
        .where(Statement.evaluation_id == evaluation)
        .order_by(Coding.statement_id, Coding.coder, Coding.position)
    ).all()


def code(session: Session, decisions: Sequence[Coding]) -> None:
    """Record decisions; each replaces what its coder decided before on the same statement."""
    for statement_id, coder in {(row.statement_id, row.coder) for row in decisions}:
        session.execute(
            delete(Coding).where(Coding.statement_id == statement_id, Coding.coder == coder)
        )
    session.add_all(decisions)
    session.flush()


def recode(
    session: Session, old: uuid.UUID, new: uuid.UUID, statements: Collection[uuid.UUID] | None
) -> None:
    """Move codings from one outcome to another: of all statements, or of some."""
    rows = session.scalars(select(Coding).where(Coding.outcome_id == old)).all()
    for row in rows:
        if statements is not None and row.statement_id not in statements:
            continue
        twice = session.scalars(
            select(Coding).where(
                Coding.statement_id == row.statement_id,
                Coding.coder == row.coder,
                Coding.outcome_id == new,
            )
        ).first()
        if twice is None:
            row.outcome_id = new
        else:
            session.delete(row)
    session.flush()
