"""What a number of people score: how many they are, their mean, spread and interval."""

from dataclasses import dataclass
from math import sqrt
from typing import TYPE_CHECKING

import numpy as np

from app.scoring.codes import Counts, Groups, Reals
from app.scoring.intervals import Interval, mean_interval

if TYPE_CHECKING:
    from app.scoring.forms import PublishedScore


@dataclass(frozen=True)
class Score:
    """The score of a cell; what cannot be had is None.

    Attributes:
        n: People with a value.
        mean: Their mean, 0-100; None for nobody.
        spread: Their standard deviation (n - 1 below the line); None below two people.
        interval: 95 % t interval of the mean; None below two people.
        opened: What it is published as, open at an end for the sake of other cells.
    """

    n: int
    mean: float | None
    spread: float | None
    interval: Interval | None
    opened: "PublishedScore | None" = None


def score_of_moments(n: int, mean: float, variance: float) -> Score:
    """Put a score together from moments.

    Args:
        n: How many people.
        mean: Their mean, 0-100 (ignored for nobody).
        variance: Their variance with n - 1 below the line (ignored below two people).

    Returns:
        The score.
    """
    if n == 0:
        return Score(0, None, None, None)
    if n == 1:
        return Score(1, mean, None, None)
    spread = sqrt(max(variance, 0.0))
    estimate = mean_interval(mean, spread, n)
    return Score(n, mean, spread, estimate.interval if estimate else None)


def score_of(values: Reals, counts: Counts | None = None) -> Score:
    """Score people from their values, or from a histogram of their values.

    Args:
        values: One value for each person, shape (people,), 0-100, NaN for who has none; with
            `counts` the distinct values, shape (levels,).
        counts: How many people have each value, shape (levels,).

    Returns:
        The score of those who have a value.

    Source:
        Student (1908). The probable error of a mean. Biometrika 6(1), 1-25.
    """
    present = ~np.isnan(values) if counts is None else counts > 0
    values = values[present]
    weights = None if counts is None else counts[present]
    n = int(values.size if weights is None else weights.sum())
    if n == 0:
        return Score(0, None, None, None)
    total = float(values.sum() if weights is None else weights @ values)
    # Rounding must not move the mean of identical values off their value.
    mean = min(max(total / n, float(values.min())), float(values.max()))
    squares = (values - mean) ** 2
    spread = float(squares.sum() if weights is None else weights @ squares)
    return score_of_moments(n, mean, spread / max(n - 1, 1))


def scores_by_group(values: Reals, groups: Groups, group_count: int) -> tuple[Score, ...]:
    """Score every group of people from their values.

    Args:
        values: One value for each person, shape (people,), 0-100, NaN for who has none.
        groups: The group of each person, shape (people,), in [0, `group_count`).
        group_count: How many groups there are.

    Returns:
        One score for each group, in order.
    """
    order = np.argsort(groups, kind="stable")
    ends = np.cumsum(np.bincount(groups, minlength=group_count))[:-1]
    return tuple(score_of(part) for part in np.split(values[order], ends))


def distribution_of(values: Reals) -> tuple[Reals, Counts]:
    """Fold people's values into a histogram that `score_of` scores alike.

    Args:
        values: One value for each person, shape (people,), NaN for who has none.

    Returns:
        The distinct values in ascending order, and how many people have each.
    """
    distinct, counts = np.unique(values[~np.isnan(values)], return_counts=True)
    return distinct, counts.astype(np.int64)
