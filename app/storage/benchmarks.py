"""Benchmarks: what each evaluation gives to others, and what it was shown of them."""

import uuid
from collections.abc import Collection, Sequence
from typing import Any

from sqlalchemy import Row, select
from sqlalchemy.orm import Session

from app.storage.tables import Account, Benchmark, Evaluation, Partnership

Given = Row[uuid.UUID, uuid.UUID, uuid.UUID, dict[str, Any]]


def find(session: Session, evaluation: uuid.UUID) -> Benchmark | None:
    """The part of an evaluation in benchmarks."""
    return session.get(Benchmark, evaluation)


def save(session: Session, benchmark: Benchmark) -> None:
    """Keep it as it is now."""
    session.add(benchmark)
    session.flush()


def given_by_others(session: Session, account: uuid.UUID, instrument: str) -> Sequence[Given]:
    """Every evaluation of other accounts that gives figures of an instrument of this name.

    Returns:
        Evaluation, partnership, account and strata, a partnership's earlier rounds first.
    """
    return session.execute(
        select(
            Benchmark.evaluation_id,
            Partnership.id,
            Partnership.account_id,
            Benchmark.strata,
        )
        .join(Evaluation, Evaluation.id == Benchmark.evaluation_id)
        .join(Partnership, Partnership.id == Evaluation.partnership_id)
        .where(
            Partnership.account_id != account,
            Evaluation.instrument == instrument,
            Benchmark.figures.is_not(None),
        )
        .order_by(Evaluation.number)
    ).all()


def figures(session: Session, evaluations: Collection[uuid.UUID]) -> list[dict[str, Any]]:
    """What these evaluations give, by domain."""
    statement = select(Benchmark.figures).where(Benchmark.evaluation_id.in_(evaluations))
    return [found for found in session.scalars(statement) if found is not None]


def shown_to(session: Session, account: uuid.UUID) -> list[dict[str, Any]]:
    """Every set of peers that an account was shown figures of, whichever its evaluation.

    The account is held until the transaction ends, so that nothing is shown to it meanwhile.
    """
    # Not FOR UPDATE: new partnerships of the account need not wait.
    session.scalars(
        select(Account.id).where(Account.id == account).with_for_update(key_share=True)
    ).one()
    statement = (
        select(Benchmark.shown)
        .join(Evaluation, Evaluation.id == Benchmark.evaluation_id)
        .join(Partnership, Partnership.id == Evaluation.partnership_id)
        .where(Partnership.account_id == account)
    )
    return [edition for shown in session.scalars(statement) for edition in shown]
