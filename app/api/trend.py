"""The trend of a partnership: how its rounds differ."""

import uuid
from typing import Literal

from fastapi import Response

from app.api.dependencies import Reading, ReadsReports
from app.api.documents import SERVED, TABLE, Asked, served, table
from app.api.report_shapes import Ends, Members, Method, Words
from app.api.routes import machine, router
from app.errors import NotFound
from app.use_cases import trend

routes = router("Reports")
Verdict = Literal["better", "worse", "no_sign_yet", "could_not_be_seen"]


class Scored(Members):
    """A score of 0-100 as its round published it."""

    n: int
    score: int
    at_least: Literal[True] | None = None
    at_most: Literal[True] | None = None


class Effects(Members):
    """How large a change is beside the differences between people."""

    superiority: float
    superiority_interval: Ends
    cliffs_delta: float
    hedges_g: float


class Line(Members):
    """One score in two rounds, and the smallest change that could have been shown.

    `at_least` and `at_most` say that the change may be more, or less. `effects` is null where
    fewer than three times the smallest group answered in either round, a score was clamped, or
    nearly all answered alike.
    """

    before: Scored
    after: Scored
    change: int
    at_least: Literal[True] | None = None
    at_most: Literal[True] | None = None
    interval: Ends
    basis: Literal["fixed", "answers"]
    smallest_change: int
    effects: Effects | None
    summary: Words


class CellLine(Line):
    """One group, or several pooled, that was published in both rounds."""

    groups: list[str]
    verdict: Verdict


class DomainLine(Line):
    """A domain that was published in both rounds."""

    code: str
    label: Words
    verdict: Verdict
    cuts: dict[str, list[CellLine]]


class RoundNamed(Members):
    """One round."""

    evaluation: uuid.UUID
    number: int


class RoundListed(RoundNamed):
    """A round with a health report: which earlier one it is compared with, or why with none."""

    instrument: str
    form: Literal["full", "short"]
    answered: int | None
    invited: int
    compared_with: int | None
    why: Literal["nothing_shown", "no_earlier_round", "another_instrument", "another_form"] | None
    summary: Words | None


class Comparison(Members):
    """Two rounds. The figure over all has no verdict; `joined` and `left` name partners."""

    before: RoundNamed
    after: RoundNamed
    joined: list[str]
    left: list[str]
    overall: Line | None
    domains: list[DomainLine]
    better: list[str]
    worse: list[str]
    caveats: list[Words]


class Trend(Members):
    """Change between rounds; `digest` is the SHA-256 of the canonical JSON without itself."""

    partnership: uuid.UUID
    report: Literal["trend"]
    digest: str
    headline: list[Words]
    rounds: list[RoundListed]
    changes: list[Comparison]
    method: Method


@routes.get(
    "/partnerships/{partnership_id}/trend",
    summary="Compare rounds",
    response_model=Trend,
    responses={**SERVED, **machine(NotFound)},
)
def read_trend(
    caller: ReadsReports,
    session: Reading,
    partnership_id: uuid.UUID,
    wanted: Asked,
) -> Response:
    """Compare each round that has a health report with the one before that asked the same.

    Nobody is followed from one round to the next: groups are compared, and two different sets of
    people may have answered. A partnership with one round, or none, has a trend without changes.
    """
    return served(trend.read(session, caller, partnership_id), wanted)


@routes.get(
    "/partnerships/{partnership_id}/trend.csv",
    summary="Compare rounds in a table",
    response_class=Response,
    responses={**TABLE, **machine(NotFound)},
)
def read_trend_table(
    caller: ReadsReports,
    session: Reading,
    partnership_id: uuid.UUID,
    wanted: Asked,
) -> Response:
    """Every number of the trend in a row of its own, as CSV."""
    return table(trend.read(session, caller, partnership_id), wanted)
