"""How consistently the items of a domain tell persons apart."""

from dataclasses import dataclass, replace
from math import sqrt
from typing import Final

import numpy as np
from scipy import special

from app.scoring.bands import CONVENTIONS
from app.scoring.codes import Reals
from app.scoring.intervals import CONFIDENCE, Interval, mean_interval
from app.scoring.omega import mcdonald_omega
from app.scoring.products import CrossProduct

FEWEST_ITEMS: Final = 3
FEWEST_PEOPLE: Final = 30
_NOTHING = 1e-9  # variances below it are the last binary digits of none


@dataclass(frozen=True)
class Reliability:
    """Reliability of a domain; everything is None where it is not estimated.

    Attributes:
        n: People who answered every item.
        alpha: Cronbach's alpha, at most 1.
        alpha_interval: Its 95 % Feldt interval.
        negative: Alpha is below 0: an item was probably not turned.
        omega: McDonald's omega, in [0, 1].
        omega_interval: Its 95 % delta interval.
    """

    n: int
    alpha: float | None
    alpha_interval: Interval | None
    negative: bool
    omega: float | None
    omega_interval: Interval | None


@dataclass(frozen=True)
class ReversedItems:
    """Reversed items, already turned, against the others of their domain.

    Attributes:
        n: People who answered every item.
        gap: Mean of the reversed less mean of the others, in points of 100; below 0 when people
            agree with whatever is put to them.
        interval: 95 % t interval of the gap.
        correlation: Between the two means over people, in [-1, 1]; None if one does not vary.
        disagree: The two do not tell one story: the correlation is not above 0, or the gap is
            at least as large as the limit with an interval on one side of 0.
    """

    n: int
    gap: float
    interval: Interval
    correlation: float | None
    disagree: bool


def cronbach_alpha(covariance: Reals) -> float | None:
    """Estimate how consistently a set of items measures one thing.

    Args:
        covariance: Covariances of the items, shape (items, items), turned alike.

    Returns:
        Alpha, dimensionless, at most 1; None below 2 items or when their sum does not vary.

    Source:
        Cronbach, L. J. (1951). Coefficient alpha and the internal structure of tests.
        Psychometrika 16(3), 297-334, equation 2.
    """
    items, total, parts = len(covariance), float(covariance.sum()), float(np.trace(covariance))
    if items < 2 or total <= _NOTHING * parts:
        return None
    return items / (items - 1) * (1 - parts / total)


def feldt_interval(
    alpha: float, *, items: int, n: int, confidence: float = CONFIDENCE
) -> Interval | None:
    """Enclose Cronbach's alpha.

    Args:
        alpha: Its estimate, at most 1.
        items: How many items, at least 2.
        n: How many people.
        confidence: Long-run share of such intervals that cover the truth, in (0, 1).

    Returns:
        The interval; None below 2 items or 2 people.

    Source:
        Feldt, L. S. (1965). The approximate sampling distribution of Kuder-Richardson
        reliability coefficient twenty. Psychometrika 30(3), 357-370.
    """
    if items < 2 or n < 2:
        return None
    tail, between, within = (1 - confidence) / 2, n - 1, (n - 1) * (items - 1)
    high_quantile = float(special.fdtri(between, within, 1 - tail))
    low_quantile = float(special.fdtri(between, within, tail))
    return Interval(1 - (1 - alpha) * high_quantile, 1 - (1 - alpha) * low_quantile)


def reliability_of(product: CrossProduct) -> Reliability:
    """Estimate alpha and omega of a domain from its cross-product.

    Args:
        product: The cross-product of the domain, over its complete cases.

    Returns:
        The reliability; not estimated below 3 items or 30 complete cases.
    """
    return _reliability(product.covariance, product.n)


def published_reliability(product: CrossProduct) -> Reliability:
    """Estimate the same so that what is missing does not tell that people answered alike.

    Args:
        product: The cross-product of the domain, over its complete cases.

    Returns:
        The reliability as if, of an item that all answered alike, one person had answered one
        step otherwise; where the sum does not vary for another reason, alpha is 0.
    """
    covariance, n = product.covariance, product.n
    variances = covariance.diagonal()
    one_otherwise = np.where(variances < _NOTHING, 1 / max(n, 1), 0.0)
    found = _reliability(covariance + np.diag(one_otherwise), n)
    items = len(covariance)
    if found.alpha is not None or items < FEWEST_ITEMS or n < FEWEST_PEOPLE:
        return found
    return replace(found, alpha=0.0, alpha_interval=feldt_interval(0.0, items=items, n=n))


def _reliability(covariance: Reals, n: int) -> Reliability:
    items = len(covariance)
    if items < FEWEST_ITEMS or n < FEWEST_PEOPLE:
        return Reliability(n, None, None, negative=False, omega=None, omega_interval=None)
    alpha = cronbach_alpha(covariance)
    omega = mcdonald_omega(covariance, n)
    return Reliability(
        n,
        alpha,
        None if alpha is None else feldt_interval(alpha, items=items, n=n),
        negative=alpha is not None and alpha < 0,
        omega=omega.value if omega else None,
        omega_interval=omega.interval if omega else None,
    )


def reversed_items(
    product: CrossProduct,
    *,
    is_reversed: tuple[bool, ...],
    points: int,
    limit: float = CONVENTIONS.reversed_gap,
) -> ReversedItems | None:
    """Compare the reversed items of a domain with the others.

    Args:
        product: The cross-product of the domain, all items turned.
        is_reversed: Which of the items are reversed within their domain.
        points: How many answers the scale offers.
        limit: Gap, in points of 100, from which the two are said to disagree.

    Returns:
        The comparison; None if either kind is missing, or below 30 complete cases.

    Source:
        Weijters, B., Baumgartner, H., & Schillewaert, N. (2013). Reversed item bias.
        Psychological Methods 18(3), 320-334.
    """
    turned = np.array(is_reversed, dtype=bool)
    if turned.all() or not turned.any() or product.n < FEWEST_PEOPLE:
        return None
    covariance = product.covariance * (100 / (points - 1)) ** 2
    theirs, others = turned / turned.sum(), ~turned / (~turned).sum()
    contrast = theirs - others
    gap = float(contrast @ product.sums) / product.n * 100 / (points - 1)
    spread = sqrt(max(float(contrast @ covariance @ contrast), 0.0))
    estimate = mean_interval(gap, spread, product.n)
    if estimate is None:
        return None
    scale = sqrt(float((theirs @ covariance @ theirs) * (others @ covariance @ others)))
    correlation = float(theirs @ covariance @ others) / scale if scale > _NOTHING else None
    apart = estimate.interval.low > 0 or estimate.interval.high < 0
    opposed = correlation is not None and correlation <= 0
    disagree = opposed or (apart and abs(gap) >= limit)
    return ReversedItems(product.n, gap, estimate.interval, correlation, disagree)
