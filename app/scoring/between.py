"""Whether groups see different partnerships."""

from collections.abc import Sequence
from dataclasses import dataclass
from math import inf, sqrt

import numpy as np
from numpy.typing import NDArray

from app.scoring.bands import CONVENTIONS
from app.scoring.codes import Reals
from app.scoring.intervals import Interval
from app.scoring.scores import Score
from app.scoring.studentized import range_chance, range_quantile

_NOTHING = 1e-9  # points squared


@dataclass(frozen=True)
class Variation:
    """One-way analysis of variance of person scores by group.

    Attributes:
        between: Mean square between groups, in points squared.
        within: Mean square within groups, in points squared.
        freedom: Degrees of freedom within groups, at least 1.
        sizes: People in each group.
    """

    between: float
    within: float
    freedom: int
    sizes: tuple[int, ...]


@dataclass(frozen=True)
class Intraclass:
    """Intraclass correlations; what cannot be had is None.

    Attributes:
        icc1: Share of the variance between persons that lies between groups, at most 1;
            below 0 when groups are more alike than chance.
        icc2: Reliability of the group means, at most 1.
    """

    icc1: float | None
    icc2: float | None


@dataclass(frozen=True)
class Gap:
    """How far two groups lie apart, allowing for all the pairs that were looked at.

    Attributes:
        higher: Position of the higher group.
        lower: Position of the lower group.
        points: The higher mean less the lower, at least 0.
        interval: 95 % simultaneous interval of the gap.
        p: Probability of one so large among groups that are alike.
        standard_errors: How many standard errors the interval reaches to each side.
    """

    higher: int
    lower: int
    points: float
    interval: Interval
    p: float
    standard_errors: float


@dataclass(frozen=True)
class Gaps:
    """The largest gap, and the surest of those that are large enough to matter (or None)."""

    largest: Gap
    surest: Gap | None


def variation(scores: Sequence[Score]) -> Variation | None:
    """Split the variance of person scores into between and within groups.

    Args:
        scores: One score for each published group.

    Returns:
        The analysis; None with fewer than two groups, or with nobody to spare.

    Source:
        Fisher, R. A. (1925). Statistical Methods for Research Workers, chapter 7.
    """
    cells = [score for score in scores if score.mean is not None]
    sizes = np.array([cell.n for cell in cells])
    freedom = int(sizes.sum()) - len(cells)
    if len(cells) < 2 or freedom < 1:
        return None
    means = np.array([cell.mean for cell in cells])
    spreads = np.array([cell.spread or 0.0 for cell in cells])
    grand = np.average(means, weights=sizes)
    between = float(sizes @ (means - grand) ** 2) / (len(cells) - 1)
    within = float((sizes - 1) @ spreads**2) / freedom
    if between < _NOTHING:  # the last binary digits of means that are the same
        between = 0.0
    return Variation(between, within, freedom, tuple(sizes.tolist()))


def intraclass(found: Variation, *, mean_group_size: bool = False) -> Intraclass:
    """Reckon ICC(1) and ICC(2) of person scores by group.

    Args:
        found: The analysis of variance.
        mean_group_size: Take the plain mean of the group sizes, as the R package multilevel
            does, instead of n0, which allows for unequal groups.

    Returns:
        The correlations; None where they would divide by 0.

    Source:
        Bliese, P. D. (2000). Within-group agreement, non-independence, and reliability. In
        Klein & Kozlowski (eds.), Multilevel Theory, Research, and Methods in Organizations,
        Jossey-Bass, 349-381. n0: Donner, A., & Koval, J. J. (1980). Biometrics 36(1), 19-25.
    """
    sizes = np.array(found.sizes)
    size = float(sizes.mean())
    if not mean_group_size:
        size = float(sizes.sum() - (sizes**2).sum() / sizes.sum()) / (sizes.size - 1)
    more, total = found.between - found.within, found.between + (size - 1) * found.within
    return Intraclass(
        icc1=more / total if total > 0 else None,
        icc2=more / found.between if found.between > 0 else None,
    )


def tukey_kramer(scores: Sequence[Score], *, worth: float = CONVENTIONS.divided_gap) -> Gaps | None:
    """Find the largest gap between groups, and whether it is more than chance.

    Args:
        scores: One score for each published group.
        worth: From how many points a gap matters.

    Returns:
        The gaps, positions counted in `scores`; None with fewer than two groups that have a
        score, or with nobody to spare.

    Source:
        Kramer, C. Y. (1956). Extension of multiple range tests to group means with unequal
        numbers of replications. Biometrics 12(3), 307-310.
    """
    found = variation(scores)
    if found is None:
        return None
    pairs = _Pairs.of(scores, found)
    largest = pairs.surest(pairs.points == pairs.points.max())
    gap = _gap(pairs, largest, found)
    worthy = pairs.points >= worth
    if not worthy.any():
        return Gaps(gap, None)
    surest = pairs.surest(worthy)
    return Gaps(gap, gap if surest == largest else _gap(pairs, surest, found))


@dataclass(frozen=True, eq=False)
class _Pairs:
    """Every two groups that have a score; each array has shape (pairs,).

    `studentized` is the gap in units of the studentized range.
    """

    higher: NDArray[np.intp]
    lower: NDArray[np.intp]
    points: Reals
    errors: Reals
    studentized: Reals

    @classmethod
    def of(cls, scores: Sequence[Score], found: Variation) -> "_Pairs":
        present = [place for place, score in enumerate(scores) if score.mean is not None]
        means = np.array([scores[place].mean for place in present], dtype=np.float64)
        parts = found.within / np.array(found.sizes)
        one, other = np.triu_indices(len(present), 1)
        points = np.round(means[one] - means[other], 9)
        distance, errors = np.abs(points), np.sqrt(parts[one] + parts[other])
        certain = np.where(distance > 0, inf, 0.0)
        places = np.array(present)
        return cls(
            higher=places[np.where(points >= 0, one, other)],
            lower=places[np.where(points >= 0, other, one)],
            points=distance,
            errors=errors,
            studentized=np.divide(distance * sqrt(2), errors, out=certain, where=errors > 0),
        )

    def surest(self, among: NDArray[np.bool_]) -> int:
        """The first of the surest of these gaps, of which there is one at least."""
        return int(np.argmax(np.where(among, self.studentized, -1)))


def _gap(pairs: _Pairs, place: int, found: Variation) -> Gap:
    groups, points = len(found.sizes), float(pairs.points[place])
    reach = range_quantile(groups, found.freedom) / sqrt(2)
    studentized = float(pairs.studentized[place])
    p = 0.0 if studentized == inf else range_chance(studentized, groups, found.freedom)
    margin = reach * float(pairs.errors[place])
    interval = Interval(points - margin, points + margin)
    higher, lower = int(pairs.higher[place]), int(pairs.lower[place])
    return Gap(higher, lower, points, interval, p, reach)
