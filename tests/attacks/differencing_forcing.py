"""Is an answer the same in every world that a report allows? Linear programmes that prove it."""

import numpy as np
from scipy.optimize import Bounds, LinearConstraint, milp
from scipy.sparse import coo_array, csr_array, vstack

from tests.attacks.differencing_equations import TOP
from tests.attacks.differencing_worlds import linear
from tests.attacks.populations import EVERY_ITEM

_NEAR = 1e-6


class Programme:
    """Everything published of which a linear bound of answers follows.

    Variables are the answers that were given, 0-4, and for each whether it is favourable (3 or
    4). Scores, totals and shares bound sums of them; of a real interval, the spread bounds how
    far anybody is from the mean (Samuelson 1968: by at most (n - 1) / sqrt(n) of it).
    """

    def __init__(self, read):
        self._known = read.known.value
        self._number = int(self._known.sum())
        self._place = np.full(self._known.shape, -1)
        self._place[self._known] = np.arange(self._number)
        parts = [self._means(read), self._sides(), self._shares(read), self._spreads(read)]
        parts = [part for part in parts if part[0].shape[0]]
        matrix = csr_array(vstack([part[0] for part in parts]))
        low, high = (np.concatenate([part[end] for part in parts]) for end in (1, 2))
        self._constraint = LinearConstraint(matrix, low - _NEAR, high + _NEAR)
        self._bounds = Bounds(
            np.zeros(2 * self._number),
            np.concatenate([np.full(self._number, TOP), np.ones(self._number)]),
        )

    def forced(self, person, item, *, whole=False, seconds=10):
        """Say whether this answer can be but one; with `whole`, by whole answers of everybody."""
        at = self._place[person, item]
        lowest = self._extreme(at, 1, whole, seconds)
        highest = self._extreme(at, -1, whole, seconds)
        if lowest is None or highest is None:
            return False
        return np.ceil(lowest - 1e-4) >= np.floor(highest + 1e-4)

    def _extreme(self, at, sign, whole, seconds):
        aim = np.zeros(2 * self._number)
        aim[at] = sign
        found = milp(
            aim,
            constraints=self._constraint,
            bounds=self._bounds,
            integrality=np.full(2 * self._number, int(whole)),
            options={"time_limit": seconds},
        )
        # Of a search that was cut short the bound counts, not the best world that it met.
        bound = found.mip_dual_bound if whole else found.fun
        assert found.status != 2, "what was published must be possible"
        return None if bound is None else sign * bound

    def _means(self, read):
        rows, low, high = linear(read)
        return self._over_answers(rows[:, self._known]), low, high

    def _over_answers(self, rows):
        empty = np.zeros((len(rows), self._number))
        return csr_array(np.hstack([rows, empty]))

    def _sides(self):
        """3 × favourable <= answer <= 2 + 2 × favourable."""
        at, ones = np.arange(self._number), np.ones(self._number)
        rows = [
            coo_array((np.concatenate([ones, factor * ones]), _pairs(at, self._number)))
            for factor in (-3, -2)
        ]
        low = np.concatenate([np.zeros(self._number), np.full(self._number, -np.inf)])
        high = np.concatenate([np.full(self._number, np.inf), np.full(self._number, 2)])
        return vstack(rows), low, high

    def _shares(self, read):
        rows = np.zeros((len(read.shares), 2 * self._number))
        for row, share in zip(rows, read.shares, strict=True):
            item = EVERY_ITEM.index(share.item)
            row[self._number + self._place[self._known[:, item], item]] = 1
        low = np.array([share.fewest for share in read.shares])
        return csr_array(rows), low, np.array([share.most for share in read.shares])

    def _spreads(self, read):
        rows, low, high = [np.zeros((0, self._number))], [np.zeros(0)], [np.zeros(0)]
        for one in read.equations:
            weights = np.array(one.weights, dtype=float)
            n = np.count_nonzero(weights)
            reach = np.inf if one.spread is None else one.spread * (n - 1) / np.sqrt(n)
            if reach >= 100:
                continue
            forms = np.nan_to_num(read.forms[one.variable])
            mean = (weights[:, None] * forms)[self._known]
            for person in np.flatnonzero(weights):
                mine = np.zeros(self._number)
                at = self._place[person, self._known[person]]
                mine[at] = forms[person, self._known[person]]
                rows.append((mine - mean)[None, :])
            low.append(np.full(n, -reach))
            high.append(np.full(n, reach))
        return self._over_answers(np.vstack(rows)), np.concatenate(low), np.concatenate(high)


def _pairs(at, number):
    return np.concatenate([at, at]), np.concatenate([at, at + number])
