"""What an evaluation gives to the benchmarks of others, and the benchmark that it gets."""

from typing import Any

from sqlalchemy import JSON
from sqlalchemy.orm import Mapped, mapped_column

from app.storage.database import Table
from app.storage.tables.columns import OfEvaluation


class Benchmark(Table):
    """The part of a concluded evaluation in benchmarks; only of one that agreed to be in them.

    `strata` is what kind of partnership it was when it concluded. `figures`, for others, is what
    its health report publishes of each domain; empty where it does not publish every domain, and
    then it is nobody's peer. `shown` lists the peers of each edition of its own benchmark.
    """

    __tablename__ = "benchmarks"

    evaluation_id: Mapped[OfEvaluation]
    strata: Mapped[dict[str, Any]]
    figures: Mapped[dict[str, Any] | None] = mapped_column(JSON(none_as_null=True))
    shown: Mapped[list[Any]]
    digest: Mapped[str]
    body: Mapped[bytes]
