"""How sure a mean or a share is, of a sample and of a finite staff list."""

from dataclasses import dataclass
from functools import lru_cache
from math import sqrt
from typing import Final

from scipy import special

CONFIDENCE: Final = 0.95


@dataclass(frozen=True)
class Interval:
    """Two ends, the lower one first, in the unit of what they enclose."""

    low: float
    high: float


@dataclass(frozen=True)
class Estimate:
    """A value, its standard error and its interval, all in one unit."""

    value: float
    standard_error: float
    interval: Interval


@lru_cache(maxsize=4096)
def t_quantile(freedom: float, *, confidence: float = CONFIDENCE) -> float:
    """Say how many standard errors a two-sided t interval reaches to each side.

    Args:
        freedom: Degrees of freedom, above 0.
        confidence: Long-run share of such intervals that cover the truth, in (0, 1).

    Returns:
        The quantile, above 0, dimensionless.

    Source:
        Student (1908). The probable error of a mean. Biometrika 6(1), 1-25.
    """
    return float(special.stdtrit(freedom, (1 + confidence) / 2))


def mean_interval(
    mean: float,
    spread: float,
    n: int,
    *,
    population: int | None = None,
    confidence: float = CONFIDENCE,
) -> Estimate | None:
    """Enclose the mean of a population, infinite or finite, from a sample of it.

    Args:
        mean: Mean of the sample, any unit.
        spread: Standard deviation of the sample (n - 1 below the line), same unit.
        n: Size of the sample.
        population: Size of the finite population, at least `n`; None: infinite.
        confidence: Long-run share of such intervals that cover the truth, in (0, 1).

    Returns:
        The mean with its standard error and t interval; None when `n` is below 2.

    Raises:
        ValueError: `population` is below `n`.

    Source:
        Cochran, W. G. (1977). Sampling Techniques, 3rd ed., Wiley, chapter 2; the finite
        factor is (N - n) / (N - 1), as in the R package statpsych.
    """
    if n < 2:
        return None
    error = spread / sqrt(n) * sqrt(_unseen(n, population))
    margin = t_quantile(n - 1, confidence=confidence) * error
    return Estimate(mean, error, Interval(mean - margin, mean + margin))


def wilson_interval(
    count: int, n: int, *, population: int | None = None, confidence: float = CONFIDENCE
) -> Interval | None:
    """Enclose a share, of an infinite or a finite population, by the score interval.

    Args:
        count: How many have the property, in [0, `n`].
        n: How many were asked and answered.
        population: Size of the finite population, at least `n`; None: infinite.
        confidence: Long-run share of such intervals that cover the truth, in (0, 1).

    Returns:
        The interval, in [0, 1]; None when `n` is 0. With a population it lies within what the
        silent could still make of it, and is a point when nobody was silent.

    Raises:
        ValueError: `count` is outside [0, `n`], or `population` is below `n`.

    Source:
        Wilson, E. B. (1927). Probable inference, the law of succession, and statistical
        inference. JASA 22(158), 209-212. For a finite population n becomes
        n (N - 1) / (N - n), clipped to the logical bounds.
    """
    if not 0 <= count <= n:
        raise ValueError(f"{count} of {n} is not a share")
    if n == 0:
        return None
    unseen = _unseen(n, population)
    if unseen == 0:
        return Interval(count / n, count / n)
    plain = _wilson(count / n, n / unseen, confidence)
    if population is None:
        return plain
    least, most = count / population, (count + population - n) / population
    return Interval(max(plain.low, least), min(plain.high, most))


def adjusted_wald(
    count: int, n: int, *, population: int, confidence: float = CONFIDENCE
) -> Estimate:
    """Estimate a share of a finite population, two successes and two failures added.

    Args:
        count: How many have the property, in [0, `n`].
        n: How many were asked and answered, at least 0.
        population: Size of the finite population, at least `n` and 2.
        confidence: Long-run share of such intervals that cover the truth, in (0, 1).

    Returns:
        The adjusted share (in [0, 1]), its standard error and interval.

    Raises:
        ValueError: `count` is outside [0, `n`], or `population` is below `n`.

    Source:
        Agresti, A., & Coull, B. A. (1998). Approximate is better than "exact" for interval
        estimation of binomial proportions. American Statistician 52(2), 119-126; the finite
        factor as in the R package statpsych.
    """
    if not 0 <= count <= n:
        raise ValueError(f"{count} of {n} is not a share")
    share = (count + 2) / (n + 4)
    error = sqrt(share * (1 - share) / (n + 4) * _unseen(n, population))
    margin = float(special.ndtri((1 + confidence) / 2)) * error
    return Estimate(share, error, Interval(max(0.0, share - margin), min(1.0, share + margin)))


def nonresponse_bounds(mean: float, n: int, population: int, *, best: float = 100.0) -> Interval:
    """Say between what the mean of all must lie, whatever those who are silent would answer.

    Args:
        mean: Mean of those who answered, in [0, `best`]; a share with `best` = 1.
        n: How many answered, at least 0.
        population: How many there are, at least `n` and 1.
        best: Top of the scale, whose bottom is 0.

    Returns:
        The bounds, in [0, `best`], as if all the silent gave the worst, or the best, answer.

    Raises:
        ValueError: `population` is below `n`, or 0.

    Source:
        Manski, C. F. (1989). Anatomy of the selection problem. Journal of Human Resources
        24(3), 343-360.
    """
    if population < max(n, 1):
        raise ValueError(f"{n} people cannot have answered for {population}")
    lowest = mean * n / population
    return Interval(lowest, lowest + best * (population - n) / population)


def _wilson(share: float, n: float, confidence: float) -> Interval:
    z = float(special.ndtri((1 + confidence) / 2))
    shrink = 1 + z**2 / n
    centre = (share + z**2 / (2 * n)) / shrink
    margin = z * sqrt(share * (1 - share) / n + z**2 / (4 * n**2)) / shrink
    # Rounding must not lift the lower end of 0 of n above 0, nor drop the share outside.
    return Interval(min(max(0.0, centre - margin), share), max(min(1.0, centre + margin), share))


def _unseen(n: int, population: int | None) -> float:
    """Return the finite population factor (N - n) / (N - 1), in [0, 1]."""
    if population is None:
        return 1.0
    if population < n:
        raise ValueError(f"{n} people cannot have answered for {population}")
    return (population - n) / max(population - 1, 1)
