"""Tukey's studentized range: how far apart the outermost of several means lie by chance."""

from functools import lru_cache
from math import exp, log, pi, sqrt
from typing import Final

import numpy as np
from scipy import optimize, special

from app.scoring.codes import Reals
from app.scoring.intervals import CONFIDENCE

_BEYOND: Final = 1e-13  # probability that either end of an integral leaves out
_NODES: Final = 40
_MORE_NODES: Final = 300  # divided by the degrees of freedom: few of them have a long tail


def range_chance(standard_errors: float, groups: int, freedom: int) -> float:
    """Say how often the outermost of several means lie this far apart by chance.

    Args:
        standard_errors: Distance of the two, in standard errors of one mean, at least 0.
        groups: How many means, at least 2.
        freedom: Degrees of freedom of the standard error, at least 1.

    Returns:
        The probability of as much or more, in [0, 1], right to seven decimals.

    Source:
        Tukey, J. W. (1953). The Problem of Multiple Comparisons. Copenhaver, M. D., & Holland,
        B. S. (1988). Computation of the distribution of the maximum studentized range
        statistic. Journal of Statistical Computation and Simulation 30(1), 1-15: the double
        integral over the highest mean and over the standard error, by Gauss and Legendre.
    """
    errors, weights = _standard_errors(freedom)
    highest, density = _highest_mean(groups)
    # What the other means do, given the highest: all lie within the range below it.
    lowest_allowed = highest[:, None] - standard_errors * errors
    within = (special.ndtr(highest)[:, None] - special.ndtr(lowest_allowed)) ** (groups - 1)
    return min(max(1 - float(density @ within @ weights), 0.0), 1.0)


@lru_cache(maxsize=1024)
def range_quantile(groups: int, freedom: int) -> float:
    """Find the 95 % quantile of Tukey's studentized range.

    Args:
        groups: How many groups, at least 2.
        freedom: Degrees of freedom within them, at least 1.

    Returns:
        The quantile, above 0.
    """

    def excess(logarithm: float) -> float:
        chance = range_chance(exp(logarithm), groups, freedom)
        return float(special.logit(max(chance, _BEYOND)) - special.logit(1 - CONFIDENCE))

    # Bonferroni's bound lies a little too high, and is exact for two groups.
    tail = (1 - CONFIDENCE) / (groups * (groups - 1))
    bound = log(sqrt(2) * float(special.stdtrit(freedom, 1 - tail)))
    return exp(optimize.newton(excess, bound, x1=bound - 0.02, tol=1e-8))


def _standard_errors(freedom: int) -> tuple[Reals, Reals]:
    """Return values of the estimated standard error, and how probable each is."""
    half = freedom / 2
    nodes, weights = _legendre(_NODES + _MORE_NODES // freedom)
    low = log(float(special.gammaincinv(half, _BEYOND)) / half) / 2
    high = log(float(special.gammainccinv(half, _BEYOND)) / half) / 2
    logarithms = (low + high) / 2 + (high - low) / 2 * nodes
    exponents = freedom * (logarithms - np.exp(2 * logarithms) / 2)
    density = weights * np.exp(exponents - exponents.max())
    return np.exp(logarithms), density / density.sum()


def _highest_mean(groups: int) -> tuple[Reals, Reals]:
    """Return values of the highest of several normal means, and weights of its density."""
    nodes, weights = _legendre(_NODES)
    low = float(special.ndtri(_BEYOND ** (1 / groups)))
    high = -float(special.ndtri(_BEYOND / groups))
    highest = (low + high) / 2 + (high - low) / 2 * nodes
    density = groups * np.exp(-(highest**2) / 2) / sqrt(2 * pi)
    return highest, (high - low) / 2 * weights * density


@lru_cache(maxsize=512)
def _legendre(count: int) -> tuple[Reals, Reals]:
    nodes, weights = special.roots_legendre(count)
    return nodes, weights
