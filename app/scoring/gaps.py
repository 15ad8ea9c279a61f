"""How far two scores or shares lie apart: users and carers, staff and users, two groups."""

from dataclasses import dataclass
from math import floor, hypot, sqrt

from app.scoring.forms import (
    FIXED_SPREAD,
    PublishedInterval,
    PublishedScore,
    multiple,
    outward,
    rests_on_answers,
)
from app.scoring.intervals import Interval, t_quantile, wilson_interval
from app.scoring.scores import Score
from app.scoring.shares import ShareBand, counts_in, share_width


@dataclass(frozen=True)
class ScoreGap:
    """A first score less a second one of other people.

    Attributes:
        points: The difference, -100 to 100.
        interval: Its 95 % Welch interval.
        standard_errors: How many standard errors a t interval for so many people reaches to
            each side, for the published form.
    """

    points: float
    interval: Interval
    standard_errors: float


@dataclass(frozen=True)
class ShareGap:
    """A first published share less a second one, in whole points from -100 to 100.

    Attributes:
        low: Least that the difference can be, given the two bands.
        high: Most that it can be.
        interval_low: Lower end of its interval, over everything the bands stand for.
        interval_high: Upper end of the same.
    """

    low: int
    high: int
    interval_low: int
    interval_high: int


@dataclass(frozen=True)
class PublishedGap:
    """A first score less a second, as it may be read, in whole points from -100 to 100.

    Attributes:
        gap: Difference of the two published scores.
        at_least: A clamped score hides that it may be more.
        at_most: A clamped score hides that it may be less.
        interval: Its interval.
    """

    gap: int
    at_least: bool
    at_most: bool
    interval: PublishedInterval


def score_gap(first: Score, second: Score) -> ScoreGap | None:
    """Compare the scores of two groups of different people.

    Args:
        first: The score from which the other is taken, two people or more.
        second: The score that is taken away, two people or more.

    Returns:
        The difference; None where either has no spread.

    Source:
        Welch, B. L. (1947). The generalization of "Student's" problem when several different
        population variances are involved. Biometrika 34(1-2), 28-35.
    """
    if first.mean is None or second.mean is None:
        return None
    if first.spread is None or second.spread is None:
        return None
    error, freedom = welch(first.spread, first.n, second.spread, second.n)
    points, margin = first.mean - second.mean, t_quantile(freedom) * error
    reach = t_quantile(first.n + second.n - 2)
    return ScoreGap(points, Interval(points - margin, points + margin), reach)


def welch(
    first_spread: float, first_n: int, second_spread: float, second_n: int
) -> tuple[float, float]:
    """Say how sure the difference of two means is.

    Args:
        first_spread: Standard deviation of one group (n - 1 below the line).
        first_n: Its size, at least 2.
        second_spread: Standard deviation of a group of other people, same unit.
        second_n: Its size, at least 2.

    Returns:
        The standard error of the difference, same unit, and its degrees of freedom.

    Source:
        Welch (1947), as in `score_gap`; freedom by Satterthwaite, F. E. (1946). An approximate
        distribution of estimates of variance components. Biometrics Bulletin 2(6), 110-114.
    """
    one, other = first_spread**2 / first_n, second_spread**2 / second_n
    if one + other == 0:
        return 0.0, float(first_n + second_n - 2)
    freedom = (one + other) ** 2 / (one**2 / (first_n - 1) + other**2 / (second_n - 1))
    return sqrt(one + other), freedom


def share_difference(first: int, first_n: int, second: int, second_n: int) -> Interval | None:
    """Enclose the difference of the shares of two groups of different people.

    Args:
        first: How many of the first group have the property.
        first_n: Size of the first group.
        second: How many of the second group have the property.
        second_n: Size of the second group.

    Returns:
        Interval of the first share less the second, in [-1, 1]; None if a group is empty.

    Raises:
        ValueError: A count is outside its group.

    Source:
        Newcombe, R. G. (1998). Interval estimation for the difference between independent
        proportions. Statistics in Medicine 17(8), 873-890, method 10.
    """
    one, other = wilson_interval(first, first_n), wilson_interval(second, second_n)
    if one is None or other is None:
        return None
    a, b = first / first_n, second / second_n
    return Interval(
        a - b - hypot(a - one.low, other.high - b), a - b + hypot(one.high - a, b - other.low)
    )


def share_gap(first: ShareBand, first_n: int, second: ShareBand, second_n: int) -> ShareGap:
    """Compare two published shares of different people, from what is published alone.

    Args:
        first: Band of the share from which the other is taken.
        first_n: People that it is a share of, at least 4.
        second: Band of the share that is taken away.
        second_n: People that it is a share of, at least 4.

    Returns:
        The difference, and its interval over every pair of counts that the bands stand for,
        ends outward to multiples of the wider band.
    """
    fewest, most = counts_in(first, first_n)
    least, top = counts_in(second, second_n)
    lowest = share_difference(fewest, first_n, top, second_n)
    highest = share_difference(most, first_n, least, second_n)
    width = max(share_width(first_n), share_width(second_n))
    low, high = first.low - second.high, first.high - second.low
    return ShareGap(
        low,
        high,
        interval_low=-100 if lowest is None else _down(lowest.low, width),
        interval_high=100 if highest is None else -_down(-highest.high, width),
    )


def published_gap(
    first: PublishedScore,
    second: PublishedScore,
    interval: Interval | None,
    *,
    standard_errors: float,
    smallest_group: int,
) -> PublishedGap:
    """Give the difference of two scores its public form.

    Args:
        first: The score from which the other is taken.
        second: The score that is taken away; for a paired gap, of the same people.
        interval: Real interval of the difference, in points; None where there is none.
        standard_errors: How many standard errors an interval of the kind reaches to each side,
            reckoned from the numbers of people alone.
        smallest_group: Fewest people a number may rest on, at least 5.

    Returns:
        The difference of the published scores. Its interval is the real one, outward to the
        multiples of the smaller cell, where both rest on 3 × `smallest_group` and neither is
        clamped; else the one that two spreads of 25 points would give.
    """
    gap, fewer = first.score - second.score, min(first.n, second.n)
    clamped = first.at_least or first.at_most or second.at_least or second.at_most
    if interval and not clamped and rests_on_answers(fewer, smallest_group=smallest_group):
        shown = outward(interval, multiple(fewer), within=(-100, 100), basis="answers")
    else:
        margin = standard_errors * FIXED_SPREAD * sqrt(1 / first.n + 1 / second.n)
        fixed = Interval(gap - margin, gap + margin)
        shown = outward(fixed, 1, within=(-100, 100), basis="fixed")
    return PublishedGap(
        gap,
        at_least=first.at_least or second.at_most,
        at_most=first.at_most or second.at_least,
        interval=shown,
    )


def _down(share: float, width: int) -> int:
    return max(-100, width * floor(round(100 * share / width, 9)))
