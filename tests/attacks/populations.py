"""Random partnerships of 12 to 300 people, and what each of them answers."""

from dataclasses import dataclass, replace

import numpy as np

ITEMS = {
    "trust": ("trust1", "trust2", "trust3"),
    "rules": ("rules1", "rules2", "rules3"),
    "pace": ("pace1",),
}
REVERSED = frozenset({"rules2"})
LEVELS = {
    "individual": ("trust1", "trust2", "pace1"),
    "organisational": ("trust3", "rules1", "rules2", "rules3"),
}
EVERY_ITEM = tuple(item for items in ITEMS.values() for item in items)
ROLES = ("strategic", "manager", "frontline", "support")
POINTS = 5
MISSING = ("dont_know", "not_applicable", None)  # None: left out
_KINDS = (0.45, 0.1, 0.45)


def _text(words):
    return {"en": words}


def _item(code):
    level = next(level for level, items in LEVELS.items() if code in items)
    return {"code": code, "text": _text(code), "reversed": code in REVERSED, "level": level}


INSTRUMENT = {
    "code": "differencing",
    "version": 1,
    "title": _text("A questionnaire of seven items"),
    "languages": ["en"],
    "scales": {"agree5": {"min": 1, "max": POINTS, "labels": {"en": ["1", "2", "3", "4", "5"]}}},
    "domains": [
        {
            "code": code,
            "label": _text(code),
            "scale": "agree5",
            "items": [_item(item) for item in items],
        }
        for code, items in ITEMS.items()
    ],
    "attributes": [
        {
            "code": "role",
            "label": _text("Role"),
            "values": [{"code": role, "label": _text(role)} for role in ROLES],
        }
    ],
}


@dataclass(frozen=True)
class Person:
    """Somebody who answered; `answers` holds 1-5 or "dont_know" or "not_applicable"."""

    group: str
    role: str | None
    answers: dict[str, int | str]

    @property
    def content(self):
        """The body of their submission."""
        role = {} if self.role is None else {"role": self.role}
        return {**role, "answers": self.answers}


@dataclass(frozen=True)
class Population:
    """A partnership, the design of its evaluation, and everybody's answers."""

    seed: int
    organisations: tuple[dict, ...]
    groups: tuple[dict, ...]
    cuts: tuple
    smallest_group: int
    people: tuple[Person, ...]

    @property
    def design(self):
        """What an evaluator declares."""
        return {
            "instrument": "differencing@1",
            "modules": ["health"],
            "smallest_group": self.smallest_group,
            "cuts": list(self.cuts),
            "groups": list(self.groups),
        }

    def with_answers(self, answers):
        """The same people, who say something else: one dictionary a person."""
        people = [
            replace(person, answers=said) for person, said in zip(self.people, answers, strict=True)
        ]
        return replace(self, people=tuple(people))


def population(seed):
    """The partnership of a seed, the same on every machine."""
    rng = np.random.default_rng([2027, seed])
    k = 5 if rng.random() < 0.25 else 10
    size = round(np.exp(rng.uniform(np.log(12), np.log(300))))
    shares = rng.dirichlet(np.full(int(rng.integers(2, 13)), 1.5))
    members = [f"org-{code}" for code in rng.choice(len(shares), size, p=shares)]
    organisations = [
        {"code": code, "name": code, "sector": "nhs", "headcount": _headcount(rng, members, code)}
        for code in (f"org-{number}" for number in range(len(shares)))
    ]
    pooled = _pooled([dict(one) for one in organisations], k)
    group_of = {code: pool["code"] for pool in pooled for code in pool["organisations"]}
    groups = [group_of.get(code, code) for code in members]
    cross = (["organisation", "role"],) if rng.random() < 0.35 else ()
    roles = _roles(rng, size)
    said = answers(rng, groups, roles)
    people = tuple(Person(*one) for one in zip(groups, roles, said, strict=True))
    cuts = ("organisation", "role", *cross)
    return Population(seed, tuple(organisations), tuple(pooled), cuts, k, people)


def populations(count, *, first=0):
    """Several partnerships."""
    return [population(seed) for seed in range(first, first + count)]


def permuted(of, seed):
    """Everybody's values dealt out anew, item by item, among those who have one."""
    rng = np.random.default_rng([2028, seed])
    said = [dict(person.answers) for person in of.people]
    for item in EVERY_ITEM:
        have = [at for at, one in enumerate(said) if isinstance(one.get(item), int)]
        values = [said[at][item] for at in have]
        for at, value in zip(have, rng.permutation(values), strict=True):
            said[at][item] = int(value)
    return of.with_answers(said)


def answers(rng, groups, roles):
    """Clear signals by group, role and person; a fifth missing, more in some groups."""
    leaning = {code: rng.normal(0, 0.7) for code in sorted(set(groups))}
    silence = {code: rng.uniform(0.2, 1.8) for code in sorted(set(groups))}
    of_role = {role: rng.normal(0, 0.3) for role in (*ROLES, None)}
    choir = rng.choice(sorted(set(groups))) if rng.random() < 0.4 else None
    sung = int(rng.integers(2, 6))
    found = []
    for group, role in zip(groups, roles, strict=True):
        mood = rng.normal(3.3 + leaning[group] + of_role[role], 0.6)
        said = {item: _answer(rng, item, mood) for item in EVERY_ITEM}
        if group == choir:  # a small team of one mind
            said |= dict.fromkeys(("pace1", "trust1", "trust2", "trust3"), sung)
        found.append(_with_gaps(rng, said, silence[group]))
    return found


def _headcount(rng, members, code):
    return max(1, int(np.ceil(members.count(code) / rng.uniform(0.55, 1.0))))


def _pooled(organisations, k):
    """The organisations that have to be pooled, the smallest first, until the pool has k."""
    ordered = sorted(organisations, key=lambda one: (one["headcount"], one["code"]))
    pool, people = [], 0
    for one in ordered:
        if one["headcount"] >= k and (not pool or people >= k):
            break
        pool.append(one["code"])
        people += one["headcount"]
    if not pool:
        return []
    return [{"code": "pool", "label": _text("Small partners"), "organisations": pool}]


def _roles(rng, size):
    shares = rng.dirichlet(np.full(len(ROLES), 2.0)) * 0.92
    picked = rng.choice(len(ROLES) + 1, size, p=[*shares, 1 - shares.sum()])
    return [(*ROLES, None)[at] for at in picked]


def _answer(rng, item, mood):
    value = int(np.clip(round(rng.normal(mood, 0.8)), 1, POINTS))
    return POINTS + 1 - value if item in REVERSED else value


def _with_gaps(rng, said, silence):
    """Items left out singly and by whole domains; something always remains."""
    gone = {item for item in EVERY_ITEM if rng.random() < 0.13 * silence}
    for items in ITEMS.values():
        if rng.random() < 0.09 * silence:
            gone |= set(items)
    if len(gone) == len(EVERY_ITEM):
        gone.remove(str(rng.choice(sorted(gone))))
    kinds = {item: MISSING[rng.choice(len(MISSING), p=_KINDS)] for item in sorted(gone)}
    kept = {item: value for item, value in said.items() if item not in gone}
    return kept | {item: kind for item, kind in kinds.items() if kind is not None}
