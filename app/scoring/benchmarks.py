"""A partnership beside others like it, from what the health reports of all of them publish."""

from collections.abc import Sequence
from dataclasses import dataclass
from math import sqrt
from typing import Final

import numpy as np

from app.scoring.codes import Reals
from app.scoring.forms import (
    FIXED_SPREAD,
    PublishedInterval,
    PublishedScore,
    multiple,
    nearest_whole,
    outward,
    score_range,
)
from app.scoring.intervals import Interval, t_quantile
from app.scoring.pooling import (
    Pool,
    between_variance,
    control_limits,
    pool,
    shrunk,
    standardised,
)

_SCALE: Final = (0, 100)


@dataclass(frozen=True, kw_only=True)
class Conventions:
    """What a benchmark asks for before it shows something.

    Attributes:
        least_peers: Fewest partnerships that anything is said of.
        least_accounts: Fewest accounts that they belong to.
        least_changed: How many of them must have changed before it is reckoned anew.
        share_changed: And what share of them.
        quartiles_from: Partnerships from which quartiles are shown.
        limits_from: Partnerships from which control limits are shown.
        largest_weight: The share of the pooled value that no partnership may exceed.
        quartile_step: Quartiles are whole multiples of this many points.
        winsorised: Share of the partnerships at each end whose distance is cut to the next.
    """

    least_peers: int = 5
    least_accounts: int = 5
    least_changed: int = 5
    share_changed: float = 0.1
    quartiles_from: int = 10
    limits_from: int = 20
    largest_weight: float = 0.5
    quartile_step: int = 5
    winsorised: float = 0.1


BENCHMARK: Final = Conventions()


@dataclass(frozen=True)
class Figure:
    """A published score, and a standard error reckoned from what is published beside it."""

    value: float
    error: float


@dataclass(frozen=True)
class Limits:
    """Control limits at the own partnership's precision, 0-100, whole points.

    Attributes:
        inner: What 95 of 100 partnerships that differ as usual lie within.
        outer: What 998 of 1,000 lie within.
    """

    inner: PublishedInterval
    outer: PublishedInterval


@dataclass(frozen=True)
class Comparison:
    """What may be said of the others, and of the own partnership beside them, 0-100.

    Attributes:
        value: Their pooled value, whole points.
        interval: Its interval, whole points.
        quartiles: Lower quartile, median and upper quartile; None below `quartiles_from`.
        shrunk: The own score drawn towards theirs, whole points; None without an own score.
        limits: None below `limits_from`, or without an own score.
    """

    value: int
    interval: PublishedInterval
    quartiles: tuple[int, int, int] | None
    shrunk: int | None
    limits: Limits | None


def figure(score: PublishedScore, interval: PublishedInterval) -> Figure:
    """Turn a published score and its interval into a value and a standard error.

    Args:
        score: The score as published, of at least 5 people.
        interval: Its interval as published.

    Returns:
        The score with its standard error: of an interval that rests on the answers half the
        width, taken in the middle of what moving its ends outward leaves open, over Student's
        t. Where the interval is the fixed one, or ends where scores may not be published any
        further, what a spread of 25 points gives.
    """
    lowest, highest = score_range(score.n)
    cut = interval.low <= lowest or interval.high >= highest
    if interval.basis == "fixed" or cut:
        return Figure(score.score, FIXED_SPREAD / sqrt(score.n))
    step = multiple(score.n)
    width = max(interval.high - interval.low - step, step / 2)
    return Figure(score.score, width / 2 / t_quantile(score.n - 1))


def comparison(
    peers: Sequence[Figure], own: Figure | None, *, conventions: Conventions = BENCHMARK
) -> Comparison | None:
    """Compare a partnership with others.

    Args:
        peers: One figure for each of the others, in any order.
        own: The partnership's own figure; None where it may not be shown.
        conventions: What the comparison asks for.

    Returns:
        The comparison; None with too few others, or where one of them would count for more
        than `largest_weight` of their pooled value. Never a rank.
    """
    if len(peers) < conventions.least_peers:
        return None
    values, errors = _columns(peers)
    pooled = pool(values, errors)
    if pooled.weights.max() > conventions.largest_weight:
        return None
    limits = None
    if own is not None and len(peers) >= conventions.limits_from:
        usual = usual_variance(values, errors, winsorised=conventions.winsorised)
        limits = _limits(pooled, own, usual)
    return Comparison(
        value=nearest_whole(pooled.value),
        interval=_whole(pooled.interval),
        quartiles=_quartiles(values, conventions),
        shrunk=None if own is None else nearest_whole(shrunk(own.value, own.error, pooled)),
        limits=limits,
    )


def usual_variance(
    values: Reals, errors: Reals, *, winsorised: float = BENCHMARK.winsorised
) -> float:
    """Reckon how much partnerships usually differ, without letting a few set the measure.

    Args:
        values: One value for each partnership; shape (partnerships,), at least 2.
        errors: Their standard errors, above 0, same unit; shape (partnerships,).
        winsorised: Share at each end whose standardised distance is cut, in [0, 0.5).

    Returns:
        The additive variance between partnerships, at least 0, unit squared.

    Raises:
        ValueError: As for `pool`.

    Source:
        Spiegelhalter, D. J. (2005). Handling over-dispersion of performance indicators.
        Quality and Safety in Health Care 14(5), 347-351. Distances are taken from the mean by
        precision, so that without cutting it is the variance of DerSimonian and Laird (1986).
    """
    distances = standardised(values, errors)
    low, high = np.quantile(distances, [winsorised, 1 - winsorised])
    return between_variance(float((np.clip(distances, low, high) ** 2).sum()), errors)


def _columns(peers: Sequence[Figure]) -> tuple[Reals, Reals]:
    values, errors = np.array([(peer.value, peer.error) for peer in peers], dtype=float).T
    return values, errors


def _quartiles(values: Reals, conventions: Conventions) -> tuple[int, int, int] | None:
    if values.size < conventions.quartiles_from:
        return None
    step = conventions.quartile_step
    low, middle, high = (
        step * nearest_whole(found / step) for found in np.quantile(values, [0.25, 0.5, 0.75])
    )
    return low, middle, high


def _limits(pooled: Pool, own: Figure, usual: float) -> Limits:
    inner, outer = (
        control_limits(pooled.value, own.error, usual, confidence=confidence)
        for confidence in (0.95, 0.998)
    )
    return Limits(_whole(inner), _whole(outer))


def _whole(interval: Interval) -> PublishedInterval:
    return outward(interval, 1, within=_SCALE, basis="answers")
