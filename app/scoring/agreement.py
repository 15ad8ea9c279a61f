"""How far people agree, beyond what their mean says."""

import numpy as np

from app.scoring.codes import Counts, Reals
from app.scoring.forms import nearest_whole


def consensus(counts: Counts) -> float | None:
    """Measure agreement on an ordered scale.

    Args:
        counts: People by category in the order of the scale, shape (categories,).

    Returns:
        Consensus in [0, 1]: 1 when all are in one category, 0 when they are split evenly
        between the ends; None for nobody, or a scale with one category.

    Source:
        Tastle, W. J., & Wierman, M. J. (2007). Consensus and dissention: A measure of ordinal
        dispersion. International Journal of Approximate Reasoning 45(3), 531-545.
    """
    n, width = int(counts.sum()), counts.size - 1
    if n == 0 or width < 1:
        return None
    shares = counts / n
    distance = np.abs(np.arange(counts.size) - shares @ np.arange(counts.size)) / width
    taken = counts > 0
    return min(max(1 + float(shares[taken] @ np.log2(1 - distance[taken])), 0.0), 1.0)


def van_der_eijk(counts: Counts) -> float | None:
    """Measure agreement on an ordered scale so that two camps come out below 0.

    Args:
        counts: People by category in the order of the scale, shape (categories,).

    Returns:
        A in [-1, 1]: 1 when all are in one category, 0 when all categories are alike, -1 when
        they are split between the ends; None for nobody, or below 3 categories.

    Source:
        Van der Eijk, C. (2001). Measuring agreement in ordered rating scales. Quality and
        Quantity 35(3), 325-341.
    """
    n = int(counts.sum())
    if n == 0 or counts.size < 3:
        return None
    left, agreement = counts.copy(), 0.0
    while left.any():
        pattern = left > 0
        depth = int(left[pattern].min())
        agreement += depth * int(pattern.sum()) / n * _agreement_of_layer(pattern.astype(np.int64))
        left = left - depth * pattern
    return min(max(agreement, -1.0), 1.0)


def within_group_agreement(variance: float, points: int) -> float:
    """Compare the variance of one item with that of answers drawn evenly from the scale.

    Args:
        variance: Variance of the answers (n - 1 below the line), in points of the scale.
        points: How many answers the scale offers, at least 2.

    Returns:
        rwg in [0, 1].

    Source:
        James, L. R., Demaree, R. G., & Wolf, G. (1984). Estimating within-group interrater
        reliability with and without response bias. Journal of Applied Psychology 69(1), 85-98;
        below 0 it is 0.
    """
    return max(0.0, 1 - variance / ((points**2 - 1) / 12))


def within_group_agreement_of_items(mean_variance: float, points: int, *, items: int) -> float:
    """Compare the variances of several items with those of answers drawn evenly.

    Args:
        mean_variance: Mean of the variances of the items (n - 1 below the line).
        points: How many answers the scale offers, at least 2.
        items: How many items, at least 1.

    Returns:
        rwg(j) in [0, 1].

    Source:
        James, Demaree & Wolf (1984), as above; 0 when the variances exceed those of even answers.
    """
    ratio = mean_variance / ((points**2 - 1) / 12)
    if ratio >= 1:
        return 0.0
    return items * (1 - ratio) / (items * (1 - ratio) + ratio)


def answer_variance(counts: Counts) -> float | None:
    """Reckon the variance of the answers to an item from their histogram.

    Args:
        counts: People by category in the order of the scale, shape (categories,).

    Returns:
        The variance (n - 1 below the line), in points of the scale; None below 2 people.
    """
    n = int(counts.sum())
    if n < 2:
        return None
    codes = np.arange(counts.size)
    squares = n * int(counts @ codes**2) - int(counts @ codes) ** 2
    return squares / (n * (n - 1))


def folded(values: Reals, counts: Counts, points: int) -> Counts:
    """Fold person scores into the categories of their scale, so that people can be compared.

    Args:
        values: Distinct person scores, shape (levels,), 0-100.
        counts: How many people have each, shape (levels,).
        points: How many answers the scale offers.

    Returns:
        People by the category nearest to their score (halves up), shape (points,).
    """
    nearest = [nearest_whole(float(value) * (points - 1) / 100) for value in values]
    result = np.zeros(points, np.int64)
    np.add.at(result, np.array(nearest, dtype=np.intp), counts)
    return result


def _agreement_of_layer(pattern: Counts) -> float:
    """Return A of one layer, whose categories are empty (0) or alike (1)."""
    categories, taken = pattern.size, int(pattern.sum())
    before, after = np.cumsum(pattern), np.cumsum(pattern[::-1])[::-1]
    empty = pattern == 0
    # Triples of categories: two taken neighbours beside an empty one, or an empty one between.
    beside = int((before * (before - 1) + after * (after - 1))[empty].sum()) // 2
    between = int(before[empty] @ after[empty])
    unimodality = 1.0
    if beside + between:
        lost = (categories - 1) * between / ((categories - 2) * (beside + between))
        unimodality = beside / (beside + between) - lost
    return unimodality * (1 - (taken - 1) / (categories - 1))
