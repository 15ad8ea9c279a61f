"""Points of people that are in keeping with what is told of them, found without a programme.

Going from one bound to the next, and moving no further than each asks for, soon leads to such
points where the bounds leave some room, as those of rounded scores do. Where it does not, nothing
is known: there may be none, or more steps may be needed.
"""

from typing import Final

import numpy as np

from app.scoring.codes import Reals
from app.scoring.waves import Mask

_ROUNDS: Final = 30
_INSIDE: Final = 0.25  # points a person: so far within its bounds a cell is moved


def worlds_within(
    members: Mask, people: Reals, cells: tuple[Reals, Reals], kinds: tuple[Reals, Reals]
) -> Reals | None:
    """Look for worlds in which the points of each kind, and of each cell, lie within bounds.

    Args:
        members: Which kinds of people each cell is of, at least one; shape (cells, kinds).
        people: How many of each kind there are, at least 1; shape (kinds,).
        cells: Least and most points of each cell together; shapes (cells, worlds).
        kinds: Least and most points of each kind together; shapes (kinds, worlds).

    Returns:
        The points of each kind in each world, every bound kept; shape (kinds, worlds). None if
        they were not found, which does not say that there are none.

    Source:
        Motzkin, T. S., & Schoenberg, I. J. (1954). The relaxation method for linear
        inequalities. Canadian Journal of Mathematics 6, 393-404; here with distances in points a
        person.
    """
    rows = members.astype(float)
    sizes = rows @ people
    least, most = cells
    inside = np.minimum(_INSIDE * sizes[:, np.newaxis], (most - least) / 4)
    shares = (rows * people / sizes[:, np.newaxis])[:, :, np.newaxis]
    moves = list(zip(rows, shares, least + inside, most - inside, strict=True))
    points = np.zeros_like(kinds[0])
    for _ in range(_ROUNDS):
        for row, share, low, high in moves:
            has = row @ points
            points += share * (np.minimum(np.maximum(has, low), high) - has)
        points = np.minimum(np.maximum(points, kinds[0]), kinds[1])
        has = rows @ points
        if (least <= has).all() and (has <= most).all():
            return points
    return None
