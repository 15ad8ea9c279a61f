"""The benchmark: a concluded evaluation beside other partnerships, never a rank."""

import uuid
from typing import Literal

from fastapi import Response

from app.api.dependencies import ReadsReports, Writing
from app.api.documents import SERVED, TABLE, Asked, served, table
from app.api.report_shapes import Cell, Ends, Members, Report
from app.api.routes import machine, router
from app.errors import BenchmarkNotShared, NotFound, WrongStage
from app.use_cases import benchmark

routes = router("Reports")


class Count(Members):
    """How many, in whole multiples of five."""

    at_least: int | None = None
    fewer_than: int | None = None


class Peers(Members):
    """How many partnerships of other accounts, and how many accounts."""

    partnerships: Count
    accounts: Count


class Strata(Members):
    """What the partnerships have in common, and what had to be given up to find enough."""

    own: dict[str, str | None]
    alike_in: list[str]
    widened_over: list[str]


class Quartiles(Members):
    """Quartiles of the others' scores, in whole multiples of five points."""

    lower: int
    median: int
    upper: int


class PooledScore(Members):
    """What the others score together; quartiles from ten partnerships."""

    score: int
    interval: Ends
    quartiles: Quartiles | None


class ControlLimits(Members):
    """Between what a partnership of this size lies by chance and usual differences."""

    percent_95: Ends
    percent_99_8: Ends


class ComparedDomain(Cell):
    """The own score of a domain beside the others'; `shrunk` is the own one drawn towards them."""

    code: str
    label: dict[str, str]
    pooled: PooledScore | None
    shrunk: int | None
    limits: ControlLimits | None


class Benchmark(Report):
    """An evaluation beside others like it. Never a rank, never a figure of one of them."""

    report: Literal["benchmark"]
    instrument: str
    not_enough_peers: bool
    peers: Peers
    strata: Strata
    domains: list[ComparedDomain]


@routes.get(
    "/evaluations/{evaluation_id}/benchmark",
    summary="Read the benchmark",
    response_model=Benchmark,
    responses={**SERVED, **machine(NotFound, WrongStage, BenchmarkNotShared)},
)
def read_benchmark(
    caller: ReadsReports,
    session: Writing,
    evaluation_id: uuid.UUID,
    wanted: Asked,
) -> Response:
    """How a concluded evaluation stands beside partnerships of at least five other accounts.

    For evaluations that are in the benchmarks of others themselves. Renewed when at least five of
    those partnerships have changed.
    """
    return served(benchmark.read(session, caller, evaluation_id), wanted)


@routes.get(
    "/evaluations/{evaluation_id}/benchmark.csv",
    summary="Read the benchmark as a table",
    response_class=Response,
    responses={**TABLE, **machine(NotFound, WrongStage, BenchmarkNotShared)},
)
def read_benchmark_table(
    caller: ReadsReports,
    session: Writing,
    evaluation_id: uuid.UUID,
    wanted: Asked,
) -> Response:
    """Every number of the benchmark in a row of its own, as CSV."""
    return table(benchmark.read(session, caller, evaluation_id), wanted)
