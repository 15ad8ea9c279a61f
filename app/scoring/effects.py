"""Effect sizes: how large the difference of two groups is beside the differences within them."""

from math import sqrt

import numpy as np
from scipy import optimize, special

from app.scoring.cells import PublishedCell
from app.scoring.intervals import CONFIDENCE, Estimate, Interval
from app.scoring.scores import Score

_NOTHING = 1e-9


def superiority(before: PublishedCell, after: PublishedCell) -> Estimate:
    """Estimate the chance that a later score lies above an earlier one, ties counting half.

    Args:
        before: Values of the people of the earlier round, one or more.
        after: Values of the people of the later round, one or more.

    Returns:
        The chance, its standard error and its 95 % interval, in [0, 1].

    Source:
        Vargha, A., & Delaney, H. D. (2000). A critique and improvement of the CL common
        language effect size statistics of McGraw and Wong. Journal of Educational and
        Behavioral Statistics 25(2), 101-132.
    """
    counts = np.array(before.counts)
    below = np.append(0, counts.cumsum())
    under = below[np.searchsorted(before.values, after.values, side="left")]
    up_to = below[np.searchsorted(before.values, after.values, side="right")]
    wins = float(np.array(after.counts) @ (under + up_to)) / 2
    return superiority_estimate(wins / (before.n * after.n), before.n, after.n)


def superiority_estimate(chance: float, before_n: int, after_n: int) -> Estimate:
    """Say how sure the chance of superiority is, from itself and the numbers of people alone.

    Args:
        chance: The chance, in [0, 1].
        before_n: People of the earlier round, at least 1.
        after_n: People of the later round, at least 1.

    Returns:
        The chance, its standard error and its 95 % interval, in [0, 1].

    Source:
        Newcombe, R. G. (2006). Confidence intervals for an effect size measure based on the
        Mann-Whitney statistic. Part 2. Statistics in Medicine 25(4), 559-573, method 5, on the
        variance of Hanley, J. A., & McNeil, B. J. (1982). Radiology 143(1), 29-36.
    """
    z, others = float(special.ndtri((1 + CONFIDENCE) / 2)), (before_n + after_n) / 2 - 1

    def variance(true: float) -> float:
        alike = 1 + others * (1 - true) / (2 - true) + others * true / (1 + true)
        return true * (1 - true) * alike / (before_n * after_n)

    def beyond(true: float) -> float:
        return (true - chance) ** 2 - z**2 * variance(true)

    # At 0 and at 1 the estimate itself is one more root.
    low = 0.0 if chance == 0 else optimize.brentq(beyond, 0.0, min(chance, 1 - _NOTHING))
    high = 1.0 if chance == 1 else optimize.brentq(beyond, max(chance, _NOTHING), 1.0)
    return Estimate(chance, sqrt(variance(chance)), Interval(low, high))


def standardised_difference(before: Score, after: Score) -> float | None:
    """Divide a change by the spread of people within the rounds (Cohen's d, pooled).

    Args:
        before: The score of the earlier round, two people or more.
        after: The score of the later round, two people or more.

    Returns:
        The quotient; None where it cannot be had.

    Source:
        Cohen, J. (1988). Statistical Power Analysis for the Behavioral Sciences, 2nd ed.,
        chapter 2, with the pooled spread.
    """
    if before.mean is None or after.mean is None:
        return None
    squares = sum((one.n - 1) * (one.spread or 0.0) ** 2 for one in (before, after))
    if squares == 0:
        return None
    return (after.mean - before.mean) / sqrt(squares / (before.n + after.n - 2))


def hedges_g(before: Score, after: Score) -> float | None:
    """Correct the standardised difference for small numbers.

    Args:
        before: The score of the earlier round, two people or more.
        after: The score of the later round, two people or more.

    Returns:
        Hedges' g; None where it cannot be had.

    Source:
        Hedges, L. V. (1981). Distribution theory for Glass's estimator of effect size. Journal
        of Educational Statistics 6(2), 107-128, with its approximation 1 - 3 / (4 df - 1).
    """
    difference = standardised_difference(before, after)
    if difference is None:
        return None
    return difference * (1 - 3 / (4 * (before.n + after.n - 2) - 1))
