"""Many partnerships as one: how far they differ, their pooled value, and one drawn towards it."""

from dataclasses import dataclass
from math import sqrt

from scipy import special

from app.scoring.codes import Reals
from app.scoring.intervals import CONFIDENCE, Interval, t_quantile


@dataclass(frozen=True, eq=False)
class Pool:
    """Partnerships pooled with random effects.

    Attributes:
        value: The weighted mean of their values, in the values' unit.
        standard_error: Its standard error by Hartung and Knapp, never below the ordinary one.
        interval: 95 % interval of `value`, Student's t with one degree fewer than partnerships.
        heterogeneity: Cochran's Q, at least 0, without a unit.
        tau_squared: Variance between the true values of partnerships, at least 0, unit squared.
        weights: The share that each has in `value`, above 0, summing to 1; shape (partnerships,).
    """

    value: float
    standard_error: float
    interval: Interval
    heterogeneity: float
    tau_squared: float
    weights: Reals


def pool(values: Reals, errors: Reals) -> Pool:
    """Pool the values of partnerships that need not have one true value in common.

    Args:
        values: One value for each partnership; shape (partnerships,), at least 2.
        errors: Their standard errors, above 0, same unit; shape (partnerships,).

    Returns:
        The pool.

    Raises:
        ValueError: Fewer than two partnerships, or an error that is not above 0.

    Source:
        DerSimonian, R., & Laird, N. (1986). Meta-analysis in clinical trials. Controlled
        Clinical Trials 7(3), 177-188. Interval: Hartung, J., & Knapp, G. (2001). A refined
        method for the meta-analysis of controlled clinical trials with binary outcome.
        Statistics in Medicine 20(24), 3875-3889; never narrower than the ordinary standard
        error allows, as Knapp, G., & Hartung, J. (2003). Statistics in Medicine 22(17),
        2693-2710, propose, since otherwise partnerships that are alike by chance would look
        too sure (Röver, C., Knapp, G., & Friede, T. (2015). BMC Medical Research Methodology
        15, 99).
    """
    heterogeneity = float((standardised(values, errors) ** 2).sum())
    tau_squared = between_variance(heterogeneity, errors)
    weights = 1 / (errors**2 + tau_squared)
    total = float(weights.sum())
    value = float(weights @ values) / total
    freedom = values.size - 1
    scale = max(1.0, float(weights @ (values - value) ** 2) / freedom)
    error = sqrt(scale / total)
    margin = t_quantile(freedom) * error
    return Pool(
        value=value,
        standard_error=error,
        interval=Interval(value - margin, value + margin),
        heterogeneity=heterogeneity,
        tau_squared=tau_squared,
        weights=weights / total,
    )


def standardised(values: Reals, errors: Reals) -> Reals:
    """Say how many standard errors each lies from the mean that weighs them by precision.

    Args:
        values: One value for each partnership; shape (partnerships,), at least 2.
        errors: Their standard errors, above 0, same unit; shape (partnerships,).

    Returns:
        Distances without a unit, shape (partnerships,); their squares sum to Cochran's Q.

    Raises:
        ValueError: Fewer than two partnerships, or an error that is not above 0.
    """
    if values.size < 2 or values.shape != errors.shape or not (errors > 0).all():
        raise ValueError("two values and more, each with a standard error above 0, can be pooled")
    precision = errors**-2
    distances: Reals = (values - precision @ values / precision.sum()) / errors
    return distances


def between_variance(heterogeneity: float, errors: Reals) -> float:
    """Reckon the variance between partnerships that is left when chance is taken off.

    Args:
        heterogeneity: Sum of the squared standardised distances, at least 0.
        errors: Standard errors, above 0; shape (partnerships,), at least 2.

    Returns:
        The variance, at least 0, in the unit of the errors squared.

    Source:
        DerSimonian & Laird (1986), as in `pool`.
    """
    precision = errors**-2
    total = float(precision.sum())
    expected = errors.size - 1
    return max(0.0, (heterogeneity - expected) / (total - float((precision**2).sum()) / total))


def shrunk(value: float, error: float, pooled: Pool) -> float:
    """Draw a partnership's own value towards the pool, the further the less sure it is.

    Args:
        value: The own value, in the pool's unit.
        error: Its standard error, above 0, same unit.
        pooled: The pool that it is compared with.

    Returns:
        The empirical-Bayes value, between `value` and the pool's.

    Source:
        Morris, C. N. (1983). Parametric empirical Bayes inference: Theory and applications.
        JASA 78(381), 47-55.
    """
    kept = pooled.tau_squared / (pooled.tau_squared + error**2)
    return pooled.value + kept * (value - pooled.value)


def control_limits(
    target: float, error: float, spread_squared: float, *, confidence: float = CONFIDENCE
) -> Interval:
    """Say between what a partnership of this precision lies by chance and usual differences.

    Args:
        target: The centre of the funnel.
        error: Standard error of the partnership's value, above 0, same unit.
        spread_squared: Variance between partnerships that counts as usual, at least 0.
        confidence: Long-run share of usual partnerships within the limits, in (0, 1).

    Returns:
        The limits, in the unit of `target`.

    Source:
        Spiegelhalter, D. J. (2005). Funnel plots for comparing institutional performance.
        Statistics in Medicine 24(8), 1185-1202, additive over-dispersion.
    """
    margin = float(special.ndtri((1 + confidence) / 2)) * sqrt(error**2 + spread_squared)
    return Interval(target - margin, target + margin)
