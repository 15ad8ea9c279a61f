"""The forms in which scores may be published: honest in precision, so that nothing is forced.

Every form is a function of n and of what is shown, or of numbers of at least 3k people; so what
is computed from forms (bands, totals, gaps) tells nothing more.
"""

from dataclasses import dataclass
from math import ceil, floor
from typing import Final, Literal

from app.scoring.intervals import Interval, mean_interval, nonresponse_bounds
from app.scoring.scores import Score

Basis = Literal["fixed", "answers"]

FULL_GROUPS: Final = 3  # what rests on the answers of a cell needs 3 × the smallest group
FIXED_SPREAD: Final = 25.0  # points; a real one would let a small cell be reckoned back
_STEPS = ((400, 1), (100, 2), (0, 5))  # from how many people, multiples of what
_TIES = 9  # decimals; 62.5 must round alike however it was summed


@dataclass(frozen=True)
class PublishedScore:
    """A score as it may be read.

    Attributes:
        n: People that it rests on.
        score: Whole points, 0-100.
        at_least: It was clamped from above, or is open for the sake of other cells: read
            "`score` or more".
        at_most: It was clamped from below, or is open: read "`score` or less".
    """

    n: int
    score: int
    at_least: bool
    at_most: bool


@dataclass(frozen=True)
class PublishedInterval:
    """An interval as it may be read, in whole points; `basis` says what its width rests on."""

    low: int
    high: int
    basis: Basis


def rests_on_answers(n: int, *, smallest_group: int) -> bool:
    """Say whether a cell of `n` people may show numbers that depend on its spread."""
    return n >= FULL_GROUPS * smallest_group


def nearest_whole(value: float) -> int:
    """Round to the nearest whole number, halves up."""
    return floor(round(value, _TIES) + 0.5)


def score_range(n: int) -> tuple[int, int]:
    """Say between which scores the score of `n` people is published.

    Args:
        n: How many people, at least 4.

    Returns:
        The lowest and the highest whole number within [200 / n, 100 - 200 / n]: nearer to the
        ends of the scale the answers of single people would be forced.
    """
    return ceil(200 / n), floor(100 - 200 / n)


def published_score(score: Score, *, smallest_group: int) -> PublishedScore | None:
    """Give the score of a cell its public form.

    Args:
        score: The score of a cell that the audit lets be shown, 0-100.
        smallest_group: Fewest people a number may rest on, at least 5.

    Returns:
        The nearest whole score within `score_range`; None below `smallest_group`.
    """
    if score.mean is None or score.n < smallest_group:
        return None
    if score.opened is not None:
        return score.opened
    lowest, highest = score_range(score.n)
    whole = nearest_whole(score.mean)
    clamped = min(max(whole, lowest), highest)
    return PublishedScore(score.n, clamped, at_least=whole > highest, at_most=whole < lowest)


def published_interval(
    score: Score, *, smallest_group: int, population: int | None = None
) -> PublishedInterval | None:
    """Give the interval of a cell's score its public form.

    Args:
        score: The score of a cell that the audit lets be shown, 0-100.
        smallest_group: Fewest people a number may rest on, at least 5.
        population: Length of the cell's staff list, for the interval of the staff list (one
            shorter than n counts as n: letters that were lost are issued anew); None for the
            ordinary interval.

    Returns:
        Below 3 × `smallest_group` the interval about the published score that n people with a
        spread of 25 points would have, ends outward to whole points. From there the real one,
        ends outward to multiples of 5, of 2 from n = 100, of 1 from 400, and at least one
        multiple wide, for a point would say that all answered alike. Within `score_range`.
        A score that is open for the sake of other cells has the first kind, open at the same
        end. None below `smallest_group`.
    """
    shown = published_score(score, smallest_group=smallest_group)
    if shown is None:
        return None
    listed = None if population is None else max(population, score.n)
    rests = rests_on_answers(score.n, smallest_group=smallest_group)
    on_answers = rests and score.opened is None
    mean, spread = (score.mean, score.spread) if on_answers else (shown.score, FIXED_SPREAD)
    estimate = mean_interval(mean or 0.0, spread or 0.0, score.n, population=listed)
    if estimate is None:
        return None
    if score.opened is not None:
        low = 0.0 if shown.at_most else estimate.interval.low
        high = 100.0 if shown.at_least else estimate.interval.high
        return outward(Interval(low, high), 1, within=score_range(score.n), basis="fixed")
    step = multiple(score.n) if on_answers else 1
    basis: Basis = "answers" if on_answers else "fixed"
    return outward(estimate.interval, step, within=score_range(score.n), basis=basis)


def published_nonresponse_bounds(shown: PublishedScore, *, invited: int) -> tuple[int, int]:
    """Say what the silent could make of a published score.

    Args:
        shown: The published score.
        invited: How many could have answered; fewer than `shown.n` count as `shown.n`.

    Returns:
        Lowest and highest possible score of all invited, whole points, from the published
        score alone: half a point for its rounding, all the rest of the scale if clamped.
    """
    invited = max(invited, shown.n)
    least = 0.0 if shown.at_most else shown.score - 0.5
    most = 100.0 if shown.at_least else shown.score + 0.5
    low = nonresponse_bounds(least, shown.n, invited).low
    high = nonresponse_bounds(most, shown.n, invited).high
    return max(0, floor(round(low, _TIES))), min(100, ceil(round(high, _TIES)))


def multiple(n: int) -> int:
    """Say to multiples of what the ends of a real interval of `n` people are moved."""
    return next(step for least, step in _STEPS if n >= least)


def outward(
    interval: Interval, step: int, *, within: tuple[int, int], basis: Basis
) -> PublishedInterval:
    """Move both ends of an interval outward, and keep them apart.

    Args:
        interval: The interval, in points.
        step: Of what the ends become multiples, whole points.
        within: Range that the ends stay in, whole points.
        basis: What the width of the interval rests on.

    Returns:
        The interval, at least one multiple wide (or what the range leaves of it): a point would
        say that all answered alike.
    """
    lowest, highest = within
    low = step * floor(round(interval.low, _TIES) / step)
    high = step * ceil(round(interval.high, _TIES) / step)
    if low == high:
        low, high = low - step, high + step
    # An interval beyond an end of the range keeps the outermost multiple inside it.
    low = max(lowest, min(low, step * ((highest - 1) // step)))
    high = min(highest, max(high, step * (lowest // step + 1)))
    return PublishedInterval(low, high, basis)
