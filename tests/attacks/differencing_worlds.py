"""Other worlds that would have published the same report: what they leave open is not forced."""

from itertools import zip_longest

import numpy as np

from tests.attacks.differencing_equations import TOP, turned
from tests.attacks.populations import EVERY_ITEM, ITEMS, POINTS, REVERSED

_CANDIDATES = 8
_TIE = 1e-7


class Worlds:
    """Worlds found to be consistent with what was read, and what they show.

    A world is an array of turned answers 0-4, shape (people, items), -1 for none. `values` holds,
    for each answer, which values it has in some consistent world.
    """

    def __init__(self, copy, read, seed):
        self._copy, self._read = copy, read
        self._population = copy.population
        self._rng = np.random.default_rng([2029, seed])
        self.truth = answers_of(self._population)
        self.known = self.truth >= 0
        self._rows, self._low, self._high = linear(read)
        self._published = copy.publishes()
        self._sums = np.einsum("rpi,pi->r", self._rows, np.maximum(self.truth, 0))
        self.values = np.zeros((*self.truth.shape, TOP + 1), dtype=bool)
        self._see(self.truth)

    def seen(self, person, item):
        """Whether some consistent world has another value for this answer."""
        return self.values[person, item].sum() > 1

    def shuffle(self):
        """Deal domains out among people whom no equation about that domain tells apart."""
        for domain in ITEMS:
            self._try([one for one in self._alike(domain) if len(one) > 1], domain)

    def vary(self, person, item, *, tries):
        """Look for a world in which this answer is another, a few others making up for it."""
        for change in self._likely(person, item)[:tries]:
            world = self.truth.copy()
            for (who, what), value in change.items():
                world[who, what] = value
            if self.allows(world):
                return True
        return False

    def allows(self, world):
        """Say whether a world publishes the very same report; if so, remember what it shows."""
        sums = np.einsum("rpi,pi->r", self._rows, np.maximum(world, 0))
        if not self._within(sums[:, None])[0]:
            return False
        if self._copy.publishes(imagined(self._population, world)) != self._published:
            return False
        self._see(world)
        return True

    def _try(self, groups, domain):
        """Shuffle all groups at once; where the report changes, half of them at a time."""
        if not groups:
            return
        world = self.truth.copy()
        columns = [EVERY_ITEM.index(item) for item in ITEMS[domain]]
        for members in groups:
            order = np.argsort(world[np.ix_(members, columns)].sum(axis=1), kind="stable")
            ranked = np.array(members)[order]
            dealt = np.roll(ranked, len(ranked) // 2)
            world[np.ix_(ranked, columns)] = self.truth[np.ix_(dealt, columns)]
        if (world == self.truth).all():
            return
        if self.allows(world):
            return
        if len(groups) > 1:
            self._try(groups[: len(groups) // 2], domain)
            self._try(groups[len(groups) // 2 :], domain)
        elif len(groups[0]) > 3:
            self._try([groups[0][::2]], domain)
            self._try([groups[0][1::2]], domain)

    def _alike(self, domain):
        columns = [EVERY_ITEM.index(item) for item in ITEMS[domain]]
        told_apart = {}
        for person in range(len(self.truth)):
            key = self._rows[:, person, columns].tobytes()
            if self.known[person, columns].any():
                told_apart.setdefault(key, []).append(person)
        return list(told_apart.values())

    def _likely(self, person, item):
        """Changes that keep every linear equation, those that disturb the fewest others first."""
        swapped, single, paired = self._swaps(person, item), [], []
        for value in sorted(range(TOP + 1), key=lambda one: abs(one - self.truth[person, item])):
            step = value - self.truth[person, item]
            alone = self._sums + self._rows[:, person, item] * step
            if step and self._within(alone[:, None])[0]:
                single.append({(person, item): value})
            for other in self._making_up(person, item, alone, step) if step else []:
                paired.append({(person, item): value} | other)
        return [one for few in zip_longest(swapped, single, paired) for one in few if one]

    def _swaps(self, person, item):
        """Exchanges of a whole domain with somebody who answered the same of its items."""
        domain = next(items for items in ITEMS.values() if EVERY_ITEM[item] in items)
        columns = [EVERY_ITEM.index(one) for one in domain]
        pattern, mine = self.known[:, columns], self.truth[person, columns]
        able = (pattern == pattern[person]).all(axis=1)
        able &= self.truth[:, item] != self.truth[person, item]
        others = self._rng.permutation(np.flatnonzero(able))
        step = self.truth[np.ix_(others, columns)] - mine
        moved = np.einsum("ri,qi->rq", self._rows[:, person, columns], step)
        moved -= np.einsum("rqi,qi->rq", self._rows[:, others][:, :, columns], step)
        fit = self._within(self._sums[:, None] + moved)
        kept = others[fit][np.argsort((moved[:, fit] ** 2).sum(axis=0), kind="stable")]
        return [
            {(person, what): self.truth[other, what] for what in columns}
            | {(other, what): self.truth[person, what] for what in columns}
            for other in kept
        ]

    def _making_up(self, person, item, alone, step):
        """Other answers that move the other way, those to the same item first."""
        others = np.argwhere(self.known)
        others = self._rng.permutation(others[(others != (person, item)).any(axis=1)])
        there = self.truth[others[:, 0], others[:, 1]] - step
        others = others[(there >= 0) & (there <= TOP)]
        moved = self._rows[:, others[:, 0], others[:, 1]] * -step
        fits = others[self._within(alone[:, None] + moved)]
        fits = fits[np.argsort(fits[:, 1] != item, kind="stable")][:_CANDIDATES]
        return [{(who, what): self.truth[who, what] - step} for who, what in fits]

    def _within(self, sums):
        low, high = self._low[:, None] - _TIE, self._high[:, None] + _TIE
        return ((sums >= low) & (sums <= high)).all(axis=0)

    def _see(self, world):
        people, items = np.nonzero(self.known)
        self.values[people, items, world[people, items]] = True


def linear(read):
    """The equations on scores as rows over answers: (equations, people, items), with bounds."""
    rows = [
        np.array(one.weights, dtype=float)[:, None] * np.nan_to_num(read.forms[one.variable])
        for one in read.equations
    ]
    low, high = (np.array([getattr(one, end) for one in read.equations]) for end in ("low", "high"))
    shape = (0, *read.known.value.shape)
    return np.array(rows).reshape(-1, *shape[1:]), low, high


def answers_of(population):
    """What everybody answered, turned, shape (people, items), -1 for no answer."""
    return np.array(
        [
            [
                turned(item, person.answers[item]) if _answered(person, item) else -1
                for item in EVERY_ITEM
            ]
            for person in population.people
        ]
    )


def imagined(population, world):
    """The same people with the answers of a world."""
    said = []
    for person, row in zip(population.people, world, strict=True):
        values = {
            item: int(POINTS - value if item in REVERSED else value + 1)
            for item, value in zip(EVERY_ITEM, row, strict=True)
            if value >= 0
        }
        said.append({**person.answers, **values})
    return population.with_answers(said)


def _answered(person, item):
    return isinstance(person.answers.get(item), int)
