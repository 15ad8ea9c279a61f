"""McDonald's omega: how much of a domain's total one common factor explains."""

from dataclasses import dataclass
from math import log
from typing import Final

import numpy as np
from numpy.typing import NDArray
from scipy import special

from app.scoring.codes import Reals
from app.scoring.intervals import CONFIDENCE, Interval

_LEAST: Final = log(0.005)  # uniqueness as in R's factanal: an item is never the factor itself
_TRACE: Final = 1e-9
_LEVEL: Final = 1e-9  # slopes and curvatures below it are none
_FLAT: Final = 1e12  # condition number from which nothing is left of sixteen digits
_STEPS: Final = 200
_LENGTHS: Final = tuple(3.0**-power for power in range(10))


@dataclass(frozen=True, eq=False)
class OneFactor:
    """A one-factor model: covariance = loadings × loadings' + diagonal of uniquenesses.

    Attributes:
        loadings: Shape (items,), in the items' units, their sum not negative.
        uniquenesses: Shape (items,), in the items' units squared, above 0.
    """

    loadings: Reals
    uniquenesses: Reals


@dataclass(frozen=True)
class Omega:
    """Omega in [0, 1], and its 95 % interval (None where the likelihood is flat)."""

    value: float
    interval: Interval | None


def mcdonald_omega(covariance: Reals, n: int) -> Omega | None:
    """Estimate how much of the variance of a sum of items one common factor explains.

    Args:
        covariance: Covariances of the items, shape (items, items), 3 items or more.
        n: How many people they rest on.

    Returns:
        Omega with the normal-theory delta interval, made on the logit scale so that it stays
        within 0 and 1; None with fewer than 3 items, with an item that does not vary, or with
        no more people than items (their covariance is singular: the likelihood has no bound).

    Source:
        McDonald, R. P. (1999). Test Theory: A Unified Treatment. Erlbaum, chapter 6. Interval:
        Raykov, T. (2002). Analytic estimation of standard error and confidence interval for
        scale reliability. Multivariate Behavioral Research 37(1), 89-103; logit as in Kelley,
        K., & Pornprasertmanit, S. (2016). Psychological Methods 21(1), 69-92.
    """
    factor = one_factor(covariance) if n > len(covariance) else None
    if factor is None:
        return None
    common = float(factor.loadings.sum()) ** 2
    value = common / (common + float(factor.uniquenesses.sum()))
    return Omega(value, _interval(value, _standard_error(factor, n)))


def one_factor(covariance: Reals) -> OneFactor | None:
    """Fit a one-factor model by maximum likelihood.

    Args:
        covariance: Covariances of the items, shape (items, items).

    Returns:
        The model; None with fewer than 3 items, or an item that does not vary.

    Source:
        Jöreskog, K. G. (1967). Some contributions to maximum likelihood factor analysis.
        Psychometrika 32(4), 443-482; concentrated on the uniquenesses as in Lawley, D. N., &
        Maxwell, A. E. (1971), Factor Analysis as a Statistical Method, chapter 4; exact second
        derivatives by Clarke, M. R. B. (1970). British Journal of Mathematical and Statistical
        Psychology 23(1), 43-52.
    """
    deviations = np.sqrt(np.diag(covariance))
    if len(covariance) < 3 or not np.all(deviations > 0):
        return None
    correlation = covariance / np.outer(deviations, deviations)
    # Items that repeat each other have no likelihood: grant each a trace of its own.
    correlation = (1 - _TRACE) * correlation + _TRACE * np.eye(len(correlation))
    fit = _fitted(correlation)
    loadings = fit.loadings * deviations
    sign = -1.0 if loadings.sum() < 0 else 1.0
    return OneFactor(sign * loadings, np.exp(fit.logs) * deviations**2)


@dataclass(frozen=True, eq=False)
class _Fit:
    """The best model with given uniquenesses.

    Attributes:
        logs: Logarithms of the uniquenesses, shape (items,), in [`_LEAST`, 0].
        misfit: Its discrepancy, from 0.
        gradient: Of the misfit by the logarithms, shape (items,).
        values: Variances of the correlation scaled by the uniquenesses, ascending; the last
            is the factor's.
        vectors: Their directions, shape (items, items).
    """

    logs: Reals
    misfit: float
    gradient: Reals
    values: Reals
    vectors: Reals

    @property
    def loadings(self) -> Reals:
        """Loadings on the factor, shape (items,), as correlations; their sign is arbitrary."""
        length = np.sqrt(max(self.values[-1] - 1, 0.0))
        loadings: Reals = np.exp(self.logs / 2) * self.vectors[:, -1] * length
        return loadings


def _fit(logs: Reals, correlation: Reals) -> _Fit:
    roots = np.exp(logs / 2)
    values, vectors = np.linalg.eigh(correlation / np.outer(roots, roots))
    left = np.maximum(values[:-1], np.finfo(float).tiny)
    misfit = float(np.sum(left - np.log(left) - 1))
    return _Fit(logs, misfit, vectors[:, :-1] ** 2 @ (1 - left), values, vectors)


def _fitted(correlation: Reals) -> _Fit:
    """Minimise the misfit by Newton's method within the bounds."""
    here = _fit(np.full(len(correlation), log(0.5)), correlation)
    for _ in range(_STEPS):
        down, up = here.gradient >= 0, here.gradient <= 0
        free = ~((here.logs <= _LEAST) & down) & ~((here.logs >= 0) & up)
        if np.abs(here.gradient[free]).max(initial=0) < _LEVEL:
            break
        further = _further(here, free, correlation)
        if further is None:
            break
        here = further
    return here


def _further(here: _Fit, free: NDArray[np.bool_], correlation: Reals) -> _Fit | None:
    """Take the longest of a few steps downhill that lessens the misfit; None if none does."""
    values, vectors = np.linalg.eigh(_curvature(here)[np.ix_(free, free)])
    # Where the misfit curves downwards, going down is still going down.
    steepness = np.maximum(np.abs(values), _LEVEL)
    direction = np.zeros(len(free))
    direction[free] = -vectors @ ((vectors.T @ here.gradient[free]) / steepness)
    for length in _LENGTHS:
        there = _fit(np.clip(here.logs + length * direction, _LEAST, 0.0), correlation)
        if there.misfit < here.misfit + 1e-4 * float(here.gradient @ (there.logs - here.logs)):
            return there
    return None


def _curvature(here: _Fit) -> Reals:
    """Return the second derivatives of the misfit by the logarithms."""
    left, factor = here.values[:-1], here.values[-1]
    others, main = here.vectors[:, :-1], here.vectors[:, -1]
    mixed = (1 - left) * (factor + left) / np.maximum(factor - left, _LEVEL)
    among = (others * left) @ others.T * (others @ others.T)
    towards = (others * mixed) @ others.T * np.outer(main, main)
    curvature: Reals = among + towards
    return curvature


def _standard_error(factor: OneFactor, n: int) -> float | None:
    """Return the delta-method standard error of omega from the expected information."""
    loadings, uniquenesses = factor.loadings, factor.uniquenesses
    # Of the covariance that the model implies (Sherman and Morrison).
    scaled = loadings / uniquenesses
    shrunk = 1 + float(loadings @ scaled)
    inverse = np.diag(1 / uniquenesses) - np.outer(scaled, scaled) / shrunk
    weights = scaled / shrunk
    both = 2 * (inverse * (loadings @ weights) + np.outer(weights, weights))
    cross = 2 * inverse * weights
    information = np.block([[both, cross], [cross.T, inverse**2]]) * (n - 1) / 2
    total, noise = loadings.sum(), uniquenesses.sum()
    items = np.ones(len(loadings))
    gradient = np.concatenate([2 * total * noise * items, -(total**2) * items])
    gradient /= (total**2 + noise) ** 2
    # In units of each parameter's own information, so that only a flat likelihood is singular.
    units = np.sqrt(np.diag(information))
    information = information / np.outer(units, units)
    if not np.linalg.cond(information) < _FLAT:
        return None
    gradient /= units
    return float(np.sqrt(gradient @ np.linalg.solve(information, gradient)))


def _interval(value: float, error: float | None) -> Interval | None:
    if not error or not 0 < value < 1:
        return None
    margin = special.ndtri((1 + CONFIDENCE) / 2) * error / (value * (1 - value))
    centre = special.logit(value)
    return Interval(float(special.expit(centre - margin)), float(special.expit(centre + margin)))
