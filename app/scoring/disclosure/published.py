"""The cells admitted so far, and whether one more would speak about too few people."""

from collections.abc import Iterable, Sequence
from enum import Enum
from fractions import Fraction

from app.scoring.disclosure.exact import BudgetSpent, Row, Steps, cleared, whole
from app.scoring.disclosure.search import Space, has_light_vector

STEPS = 20_000_000
"""Additions that one cell's search may take unless the caller says otherwise."""


class Safety(Enum):
    """What is known about a set of cells."""

    SAFE = "safe"
    EXPOSED = "exposed"
    UNDECIDED = "undecided"


class Published:
    """A growing set of cells that was safe at every step.

    A profile of at least `smallest_group` people has coefficient 0 in any vector that speaks
    about fewer. So the rows are kept in two parts: an echelon on those heavy profiles, and an
    echelon basis of the combinations that vanish on all of them. A new row that the first part
    does not clear adds nothing to the second, and is safe without a search.
    """

    def __init__(self, multiplicities: Sequence[int], *, smallest_group: int) -> None:
        """Start with nothing published.

        Args:
            multiplicities: People behind each profile, at least 1; shape (profiles,).
            smallest_group: Fewest people that a combination may speak about, at least 1.

        Raises:
            ValueError: A multiplicity or `smallest_group` is below 1.
        """
        if smallest_group < 1 or any(people < 1 for people in multiplicities):
            raise ValueError("multiplicities and the smallest group are at least 1")
        self._people = [int(people) for people in multiplicities]
        self._limit = smallest_group
        heavy = [people >= smallest_group for people in self._people]
        self._heavy_profiles = [at for at, is_heavy in enumerate(heavy) if is_heavy]
        self._light_profiles = [at for at, is_heavy in enumerate(heavy) if not is_heavy]
        self._heavy: list[tuple[int, Row]] = []
        self._light: list[tuple[int, Row]] = []

    def admit(self, weights: Sequence[Fraction | int], *, steps: int = STEPS) -> Safety:
        """Add a row if the set stays safe; otherwise leave the set as it is.

        Only combinations that use the new row are searched, the others being safe already; a
        row that the published ones determine adds no combination.

        Args:
            weights: Each person's coefficient in the cell, by profile; shape (profiles,).
            steps: Budget of additions for the search, at least 0.

        Returns:
            SAFE if the row was added, EXPOSED if a combination with it would speak about fewer
            than `smallest_group` people, UNDECIDED if the budget ended first.

        Raises:
            ValueError: There is not one weight for each profile.
        """
        if len(weights) != len(self._people):
            raise ValueError("a row has one weight for each profile")
        row = whole(weights)
        if sum(people for people, weight in zip(self._people, row, strict=True) if weight) < (
            self._limit
        ):
            return Safety.EXPOSED
        row = _remainder(row, self._heavy)
        if _extend(self._heavy, row, self._heavy_profiles):
            return Safety.SAFE
        light = _remainder([row[at] for at in self._light_profiles], self._light)
        found = self._search(light, steps) if any(light) else Safety.SAFE
        if found is Safety.SAFE:
            _extend(self._light, light, range(len(light)))
        return found

    def _search(self, row: Row, steps: int) -> Safety:
        rows: list[Sequence[int]] = [[*basis, 0] for _, basis in self._light]
        rows.append([*row, 1])
        weights = [self._people[at] for at in self._light_profiles]
        try:
            exposed = has_light_vector(Space(rows, weights, self._limit), Steps(steps))
        except BudgetSpent:
            return Safety.UNDECIDED
        return Safety.EXPOSED if exposed else Safety.SAFE


def safety(
    rows: Sequence[Sequence[Fraction | int]],
    multiplicities: Sequence[int],
    *,
    smallest_group: int,
    steps: int = STEPS,
) -> Safety:
    """Decide whether a rational combination of rows speaks about fewer than `smallest_group`.

    Args:
        rows: What is to be published, each person's coefficient by profile; shape
            (cells, profiles).
        multiplicities: People behind each profile, at least 1; shape (profiles,).
        smallest_group: Fewest people that a combination may speak about, at least 1.
        steps: Budget of additions for each row, at least 0.

    Returns:
        EXPOSED if some non-zero vector of the row space has non-zero coefficients on fewer than
        `smallest_group` people, SAFE if none has, UNDECIDED if the budget ended first.

    Raises:
        ValueError: A row does not fit the multiplicities, or these or `smallest_group` are
            below 1.

    Source:
        Chin, F. Y. and Özsoyoğlu, G. (1982). Auditing and inference control in statistical
        databases. IEEE Transactions on Software Engineering SE-8(6), 574-582: a row-reduced
        basis of the answered sums, extended one query at a time. There a single person must
        not be exposed; here no fewer than `smallest_group` people, by the search of `search.py`.
    """
    published = Published(multiplicities, smallest_group=smallest_group)
    for row in rows:
        found = published.admit(row, steps=steps) if any(row) else Safety.SAFE
        if found is not Safety.SAFE:
            return found
    return Safety.SAFE


def _remainder(row: Row, echelon: Iterable[tuple[int, Row]]) -> Row:
    for pivot, basis in echelon:
        if row[pivot]:
            row = cleared(row, basis, pivot)
    return row


def _extend(echelon: list[tuple[int, Row]], row: Row, pivots: Iterable[int]) -> bool:
    """Append a row under its first non-zero pivot; False if it has none."""
    pivot = next((at for at in pivots if row[at]), None)
    if pivot is not None:
        echelon.append((pivot, row))
    return pivot is not None
