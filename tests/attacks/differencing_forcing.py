"""Is an answer the same in every world that a report allows? Linear programmes that prove it."""

from dataclasses import dataclass, field

import numpy as np
from scipy.optimize import Bounds, LinearConstraint, milp
from scipy.sparse import coo_array, csr_array, eye_array, hstack, vstack

from tests.attacks.differencing_equations import TOP
from tests.attacks.differencing_worlds import Worlds, linear
from tests.attacks.populations import EVERY_ITEM

_NEAR = 1e-6
_IMPOSSIBLE = 2


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

    def forced(self, person, item):
        """Say whether this answer can be but one, even if others gave parts of answers."""
        at = self._place[person, item]
        lowest, highest = (sign * self._least(sign, at) for sign in (1, -1))
        return np.ceil(lowest - 1e-4) >= np.floor(highest + 1e-4)

    def others(self, person, item, truth, *, seconds=5):
        """The worlds nearest to the truth in which this answer is lower, or higher, than it is.

        Returns:
            Up to two worlds, and whether it is proven that there is none: then it is forced.
        """
        at, worlds, none = self._place[person, item], [], True
        now = truth[person, item]
        for least, most in ((0, now - 1), (now + 1, TOP)):
            found = self._nearest(at, (least, most), truth, seconds) if least <= most else None
            none &= found is None or found.status == _IMPOSSIBLE
            if found is not None and found.x is not None:
                world = truth.copy()
                world[self._known] = np.round(found.x[: self._number]).astype(int)
                worlds.append(world)
        return worlds, none

    def _least(self, sign, at):
        aim = np.zeros(2 * self._number)
        aim[at] = sign
        found = milp(aim, constraints=self._constraint, bounds=self._bounds)
        assert found.status == 0, "what was published must be possible"
        return found.fun

    def _nearest(self, at, within, truth, seconds):
        """Whole answers of everybody within the bounds, as few as possible changed."""
        number, now = self._number, truth[self._known]
        ones, blank = eye_array(number), csr_array((number, number))
        away = vstack([hstack([ones, blank, -ones]), hstack([ones, blank, ones])])
        wide = hstack([self._constraint.A, csr_array((self._constraint.A.shape[0], number))])
        low, high = self._bounds.lb.copy(), self._bounds.ub.copy()
        low[at], high[at] = within
        return milp(
            np.concatenate([np.zeros(2 * number), np.ones(number)]),
            constraints=[
                LinearConstraint(wide, self._constraint.lb, self._constraint.ub),
                LinearConstraint(
                    away,
                    np.concatenate([np.full(number, -np.inf), now]),
                    np.concatenate([now, np.full(number, np.inf)]),
                ),
            ],
            bounds=Bounds(
                np.concatenate([low, np.zeros(number)]),
                np.concatenate([high, np.full(number, TOP)]),
            ),
            integrality=np.repeat([1, 1, 0], number),
            options={"time_limit": seconds},
        )

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


@dataclass
class Verdict:
    """What the attack on some answers of a partnership came to, as pairs of person and item.

    Attributes:
        free: Another world was exhibited that publishes the same report.
        forced: It is proven that there is none.
        undecided: Neither was found within the budget.
    """

    free: list = field(default_factory=list)
    forced: list = field(default_factory=list)
    undecided: list = field(default_factory=list)


def attack(copy, read, answers, *, seed=0, tries=20):
    """Try to force answers, `answers` of them chosen at random.

    A number that shows other worlds suffices to clear an answer, so those are looked for first;
    whatever is left goes to the programmes.
    """
    worlds, programme, verdict = Worlds(copy, read, seed), Programme(read), Verdict()
    worlds.shuffle()
    given = np.argwhere(worlds.known)
    chosen = np.random.default_rng([2030, seed]).permutation(len(given))[:answers]
    for person, item in given[chosen].tolist():
        _kind(verdict, worlds, programme, (person, item), tries).append((person, item))
    return verdict


def _kind(verdict, worlds, programme, answer, tries):
    if worlds.seen(*answer) or worlds.vary(*answer, tries=tries):
        return verdict.free
    if programme.forced(*answer):
        return verdict.forced
    others, none = programme.others(*answer, worlds.truth)
    if none:
        return verdict.forced
    return verdict.free if any(worlds.allows(world) for world in others) else verdict.undecided


def alike(report):
    """The shares that say of everybody, or of nobody, what each of them answered."""
    return [
        (item["code"], name)
        for part in report["domains"]
        for item in part.get("items", [])
        for name in ("favourable", "dont_know", "not_applicable", "not_answered")
        if item[name] is not None and item[name]["from"] == item[name]["to"] in (0, 100)
    ]
