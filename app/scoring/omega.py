"""McDonald's omega: how much of a domain's total one common factor explains."""

from dataclasses import dataclass

import numpy as np
from scipy import linalg, optimize, special

from app.scoring.codes import Reals
from app.scoring.intervals import CONFIDENCE, Interval

_LEAST_UNIQUENESS = 0.005  # as in R's factanal: an item is never the factor itself
_TRACE = 1e-9
_FLAT = 1e12  # condition number from which nothing is left of sixteen digits


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
        within 0 and 1; None with fewer than 3 items, with an item that does not vary, or where
        the model cannot be fitted.

    Source:
        McDonald, R. P. (1999). Test Theory: A Unified Treatment. Erlbaum, chapter 6. Interval:
        Raykov, T. (2002). Analytic estimation of standard error and confidence interval for
        scale reliability. Multivariate Behavioral Research 37(1), 89-103; logit as in Kelley,
        K., & Pornprasertmanit, S. (2016). Psychological Methods 21(1), 69-92.
    """
    factor = one_factor(covariance)
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
        The model; None with fewer than 3 items, an item that does not vary, or no convergence.

    Source:
        Jöreskog, K. G. (1967). Some contributions to maximum likelihood factor analysis.
        Psychometrika 32(4), 443-482; concentrated on the uniquenesses as in Lawley, D. N., &
        Maxwell, A. E. (1971), Factor Analysis as a Statistical Method, chapter 4.
    """
    deviations = np.sqrt(np.diag(covariance))
    if len(covariance) < 3 or not np.all(deviations > 0):
        return None
    correlation = covariance / np.outer(deviations, deviations)
    # Items that repeat each other have no likelihood: grant each a trace of its own.
    correlation = (1 - _TRACE) * correlation + _TRACE * np.eye(len(correlation))
    fit = optimize.minimize(
        _misfit,
        np.full(len(correlation), 0.5),
        args=(correlation,),
        jac=True,
        method="L-BFGS-B",
        bounds=[(_LEAST_UNIQUENESS, 1.0)] * len(correlation),
        options={"ftol": 1e-14, "gtol": 1e-8},
    )
    if not np.all(np.isfinite(fit.x)):
        return None
    uniquenesses = np.asarray(fit.x, dtype=np.float64)
    _, loadings = _best(uniquenesses, correlation)
    sign = -1.0 if loadings @ deviations < 0 else 1.0
    return OneFactor(sign * loadings * deviations, uniquenesses * deviations**2)


def _misfit(uniquenesses: Reals, correlation: Reals) -> tuple[float, Reals]:
    """Return the discrepancy of the best model with these uniquenesses, and its gradient."""
    smaller, loadings = _best(uniquenesses, correlation)
    excess = loadings**2 + uniquenesses - np.diag(correlation)
    return float(np.sum(smaller - np.log(smaller) - 1)), excess / uniquenesses**2


def _best(uniquenesses: Reals, correlation: Reals) -> tuple[Reals, Reals]:
    """Return what the best factor leaves, and its loadings, given the uniquenesses."""
    roots = np.sqrt(uniquenesses)
    values, vectors = linalg.eigh(correlation / np.outer(roots, roots))
    return values[:-1], roots * vectors[:, -1] * np.sqrt(max(values[-1] - 1, 0.0))


def _standard_error(factor: OneFactor, n: int) -> float | None:
    """Return the delta-method standard error of omega from the expected information."""
    loadings, uniquenesses = factor.loadings, factor.uniquenesses
    inverse = linalg.inv(np.outer(loadings, loadings) + np.diag(uniquenesses))
    weights = inverse @ loadings
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
    scaled = gradient / units
    return float(np.sqrt(scaled @ np.linalg.solve(information, scaled)))


def _interval(value: float, error: float | None) -> Interval | None:
    if not error or not 0 < value < 1:
        return None
    margin = special.ndtri((1 + CONFIDENCE) / 2) * error / (value * (1 - value))
    centre = special.logit(value)
    return Interval(float(special.expit(centre - margin)), float(special.expit(centre + margin)))
