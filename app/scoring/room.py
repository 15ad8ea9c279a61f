"""Room in the published scores of one variable, so that nobody's own score is nearly told.

Each score of a cell is kept from the ends of the scale, so that by itself it leaves its people
room. Cells beside each other can leave less: the whole and all but one group, say, tell that the
group is at the top of the scale to the last person. So scores are published in a fixed order, and
each is told only as far as everybody keeps room beside those before it; beyond that, "85 or more".
How far that is depends on what is already published, never on the score itself: otherwise the words
"or more" would tell what they hide (Kenthapadi, Mishra & Nissim 2005, simulatable auditing).
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import Final, Self

import numpy as np
from scipy.optimize import Bounds, LinearConstraint, milp
from scipy.sparse import csr_array, eye_array, hstack, vstack

from app.scoring.codes import Reals
from app.scoring.forms import PublishedScore
from app.scoring.waves import Mask
from app.scoring.worlds import worlds_within

# Points: for all that the scores say, anybody may have as little as 100 - ROOM, or as much as ROOM.
ROOM: Final = 60.0
_NEAR, _ALMOST = 1e-6, 1e-3  # of the bounds that are told, and of the room that is left


def with_room(
    members: Mask, people: Reals, scores: Sequence[PublishedScore | None]
) -> tuple[PublishedScore | None, ...]:
    """Open scores at an end, as far as needed for each person to keep room.

    Args:
        members: Which kinds of people each cell is of, the first cell being everybody's; shape
            (cells, kinds). People of one kind are in the same cells.
        people: How many of each kind have a value, at least 1; shape (kinds,).
        scores: The scores of the cells as each would be published by itself; None for one
            that shows none.

    Returns:
        The scores as they are published beside each other. One that cannot be told at all is
        that of everybody, open at both ends.

    Source:
        Kenthapadi, K., Mishra, N., & Nissim, K. (2005). Simulatable auditing. PODS 2005, 118-127.
    """
    told = _Told(members[:0], people, np.zeros(0), np.zeros(0))
    shown = list(scores)
    everybody = scores[0]
    for at, (cell, score) in enumerate(zip(members, scores, strict=True)):
        if score is None or everybody is None:
            continue
        beside = _opened(*told.merged(cell), score, everybody) if at else score
        told = told.beside(cell, *_between(beside))
        shown[at] = beside
    return tuple(shown)


def _between(score: PublishedScore) -> tuple[float, float]:
    """Between what the mean behind a published score lies."""
    if score.at_least and score.at_most:
        return 0.0, 100.0
    low = 0.0 if score.at_most else score.score + (0.5 if score.at_least else -0.5)
    high = 100.0 if score.at_least else score.score + (-0.5 if score.at_most else 0.5)
    return low, high


def _opened(
    told: "_Told", cell: Mask, score: PublishedScore, everybody: PublishedScore
) -> PublishedScore:
    """A score, open at the end from which somebody would have no room."""
    ends = [] if score.at_most else [(score.score + 0.5, 100.0)]
    ends += [] if score.at_least else [(0.0, score.score - 0.5)]
    if told.seen_to_leave_room(cell, ends):
        return score
    least, most = told.reach(cell)

    def or_more(value: int) -> bool:
        return told.leaves_room(cell, min(value + 0.5, most), 100.0)

    def or_less(value: int) -> bool:
        return told.leaves_room(cell, 0.0, max(value - 0.5, least))

    above = score.at_most or or_more(score.score)
    below = score.at_least or or_less(score.score)
    if above and below:
        return score
    if below and (value := _farthest(or_more, 0, score.score)) is not None:
        return replace(score, score=value, at_least=True)
    if above and (value := _farthest(or_less, 100, score.score)) is not None:
        return replace(score, score=value, at_most=True)
    return replace(everybody, n=score.n, at_least=True, at_most=True)


def _farthest(safe: Callable[[int], bool], first: int, last: int) -> int | None:
    """The last value from `first` towards `last`, which is not safe, that is; None if none is."""
    if not safe(first):
        return None
    while abs(last - first) > 1:
        middle = (first + last) // 2
        first, last = (middle, last) if safe(middle) else (first, middle)
    return first


@dataclass(frozen=True)
class _Told:
    """What scores tell of the points of each kind of people.

    Attributes:
        members: Which kinds each told cell is of, shape (cells, kinds).
        people: How many of each kind there are, shape (kinds,).
        low: Least points of each cell together, shape (cells,).
        high: Most points of each cell together, shape (cells,).
    """

    members: Mask
    people: Reals
    low: Reals
    high: Reals

    def beside(self, cell: Mask, low: float, high: float) -> Self:
        """The same and one cell more, whose mean lies between two values."""
        n = float(self.people[cell].sum())
        return replace(
            self,
            members=np.vstack([self.members, cell]),
            low=np.append(self.low, low * n),
            high=np.append(self.high, high * n),
        )

    def merged(self, cell: Mask) -> tuple[Self, Mask]:
        """The same over fewer kinds: those that no told cell and not this one tell apart."""
        rows = np.vstack([self.members, cell])
        kinds, of_kind = np.unique(rows, axis=1, return_inverse=True)
        people = np.bincount(of_kind.reshape(-1), self.people).astype(float)
        return replace(self, members=kinds[:-1], people=people), kinds[-1]

    def reach(self, cell: Mask) -> tuple[float, float]:
        """Lowest and highest mean that a cell can have."""
        weights = cell / self.people[cell].sum()
        ends = [sign * self._least(sign * weights) @ weights for sign in (1.0, -1.0)]
        return float(ends[0]), float(-ends[1])

    def seen_to_leave_room(self, cell: Mask, means: Sequence[tuple[float, float]]) -> bool:
        """Whether it is seen at once that `leaves_room` between any two of some values.

        Worlds are looked for in which all have room at the same time, which is more than is
        needed; so False says nothing, and a programme decides.
        """
        told = [self.beside(cell, *between) for between in means for _ in range(2)]
        if not told:
            return True
        none, all_points = np.zeros(len(self.people)), 100 * self.people
        found = worlds_within(
            told[0].members,
            self.people,
            (
                np.column_stack([one.low for one in told]),
                np.column_stack([one.high for one in told]),
            ),
            (
                np.column_stack([none + ROOM, none] * len(means)),
                np.column_stack([all_points, all_points - ROOM] * len(means)),
            ),
        )
        return found is not None

    def leaves_room(self, cell: Mask, low: float, high: float) -> bool:
        """Whether everybody keeps room at both ends if a cell's mean lies between two values."""
        told = self.beside(cell, low, high)
        most = 100 * (told.members @ told.people)
        turned = replace(told, low=most - told.high, high=most - told.low)
        return told._all_reach_room() and turned._all_reach_room()

    def _all_reach_room(self) -> bool:
        """Whether each kind, in some world of its own, has `ROOM` points."""
        waiting = np.ones(len(self.people), dtype=bool)
        while waiting.any():
            done = waiting & (self._reached(waiting) >= ROOM - _ALMOST)
            if not done.any():
                kind = np.arange(len(waiting)) == np.flatnonzero(waiting)[0]
                done = kind & (self._reached(kind) >= ROOM - _ALMOST)
                if not done.any():
                    return False
            waiting &= ~done
        return True

    def _reached(self, wanted: Mask) -> Reals:
        """How many points each kind has, up to `ROOM`, where those that are wanted have most."""
        kinds = len(self.people)
        return self._least(np.zeros(kinds), -wanted.astype(float))[kinds:]

    def _least(self, aim: Reals, capped: Reals | None = None) -> Reals:
        """Points of each kind that are least in a direction; then the same, capped at `ROOM`."""
        kinds = len(self.people)
        rows, low, high = csr_array(self.members.astype(float)), self.low, self.high
        most = 100 * self.people
        if capped is not None:
            own = csr_array(eye_array(kinds))
            rows = vstack([hstack([rows, csr_array(rows.shape)]), hstack([own, -own])])
            low = np.concatenate([low, np.zeros(kinds)])
            high = np.concatenate([high, np.full(kinds, np.inf)])
            aim, most = np.concatenate([aim, capped]), np.append(most, np.full(kinds, ROOM))
        within = LinearConstraint(csr_array(rows), low - _NEAR, high + _NEAR)
        found = milp(aim, constraints=within, bounds=Bounds(np.zeros(len(aim)), most))
        if found.x is None:
            raise ArithmeticError("the scores of these cells cannot all be right")
        return np.asarray(found.x)
