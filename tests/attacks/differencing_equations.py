"""What a published health report says, as equations over the answers of everybody.

The attacker is given who works where, in which role, and who answered what: the worst case.
"""

from dataclasses import dataclass
from fractions import Fraction

import numpy as np
from scipy.special import stdtrit

from tests.attacks.populations import EVERY_ITEM, ITEMS, LEVELS, MISSING, REVERSED

TOP = 4  # answers are 0-4, 4 the good end
_TIE = 1e-9  # the service rounds at nine decimals


@dataclass(frozen=True, eq=False)
class Known:
    """What the attacker knows of everybody.

    Attributes:
        places: For each table, each person's category.
        value: Whether each person answered each item, shape (people, items).
        applies: Whether each item applies to them, shape (people, items).
        headcounts: People in each group.
    """

    places: dict
    value: np.ndarray
    applies: np.ndarray
    headcounts: dict

    @classmethod
    def of(cls, population, headcounts):
        """What can be known of a population without reading an answer."""
        said = [[person.answers.get(item) for item in EVERY_ITEM] for person in population.people]
        places = {
            "organisation": [person.group for person in population.people],
            "role": [person.role for person in population.people],
        }
        places["organisation × role"] = [
            f"{group} × {role}" if role else None
            for group, role in zip(places["organisation"], places["role"], strict=True)
        ]
        return cls(
            places={name: np.array(column, dtype=object) for name, column in places.items()},
            value=np.array([[one not in MISSING for one in row] for row in said]),
            applies=np.array([[one != "not_applicable" for one in row] for row in said]),
            headcounts=headcounts,
        )

    def scoring(self, items):
        """Each person's mean of some items, as a linear form; NaN for who has too few."""
        chosen = [EVERY_ITEM.index(item) for item in items]
        answered = self.value[:, chosen].sum(axis=1)
        needed = np.maximum(1, np.ceil(self.applies[:, chosen].sum(axis=1) / 2))
        forms = np.zeros(self.value.shape)
        forms[:, chosen] = self.value[:, chosen] / np.maximum(answered, 1)[:, None]
        forms[answered < needed] = np.nan
        return forms * 100 / TOP

    def forms(self):
        """How each variable follows from the answers: (people, items), NaN without a value."""
        found = {code: self.scoring(items) for code, items in ITEMS.items()}
        domains = np.array([found[code] for code in ITEMS])
        scored = ~np.isnan(domains[:, :, 0])
        number = scored.sum(axis=0)
        overall = np.nansum(domains, axis=0) / np.maximum(number, 1)[:, None]
        overall[2 * number < len(ITEMS)] = np.nan
        for code, items in ITEMS.items():
            complete = self.value[:, [EVERY_ITEM.index(item) for item in items]].all(axis=1)
            found[f"complete {code}"] = np.where(complete[:, None], found[code], np.nan)
        found |= {f"level {level}": self.scoring(items) for level, items in LEVELS.items()}
        found |= {f"item {item}": self.scoring([item]) for item in EVERY_ITEM}
        return found | {"overall": overall}


@dataclass(frozen=True, eq=False)
class Equation:
    """A published number: a weighted mean of people's scores, within bounds.

    Attributes:
        weights: Each person's exact weight, shape (people,).
        low: Least that the mean can be.
        high: Most that it can be.
        spread: Most that the standard deviation can be, where a real interval is shown.
    """

    variable: str
    weights: tuple
    low: float
    high: float
    spread: float | None = None


@dataclass(frozen=True, eq=False)
class Share:
    """The published share of favourable answers to an item, as bounds of the count."""

    item: str
    fewest: float
    most: float


@dataclass(frozen=True, eq=False)
class Reading:
    """Everything in a report that is an equation over the answers."""

    known: Known
    forms: dict
    equations: list
    shares: list


def reading(report, known, voices):
    """Read a health report.

    Args:
        voices: For each variable the pools of groups behind its totals. Who has a value decides
            them, so the attacker knows them even where their cells are not shown.
    """
    forms = known.forms()
    found = [*_of_variable(report["overall"], "overall", known, forms, voices)]
    for part in report["domains"]:
        found += _of_variable(part, part["code"], known, forms, voices)
        if part.get("complete_case"):
            everybody = np.ones(len(known.value), dtype=bool)
            name = f"complete {part['code']}"
            found += _of_cell(part["complete_case"], name, everybody, forms)
        for item in part.get("items", []):
            everybody = known.value[:, EVERY_ITEM.index(item["code"])]
            shown = item if item["score"] is not None else {"suppressed": True}
            found += _of_cell(shown, f"item {item['code']}", everybody, forms)
    for level in report["levels"]:
        everybody = np.ones(len(known.value), dtype=bool)
        found += _of_cell(level, f"level {level['level']}", everybody, forms)
    return Reading(known, forms, found, [*_shares(report, known)])


def turned(item, value):
    """An answer as it is scored, 0-4, 4 the good end."""
    return TOP + 1 - value if item in REVERSED else value - 1


def _of_variable(part, variable, known, forms, voices):
    """The whole, the cells of the cuts and the totals of one variable."""
    if "suppressed" in part:
        return
    yield from _of_cell(part, variable, np.ones(len(known.value), dtype=bool), forms)
    for table, cells in part.get("cuts", {}).items():
        for cell in cells:
            members = np.isin(known.places[table], cell["groups"])
            yield from _of_cell(cell, variable, members, forms)
    yield from _totals(part, variable, known, forms, voices)


def _of_cell(cell, variable, members, forms):
    if "suppressed" in cell:
        return
    among = members & ~np.isnan(forms[variable][:, 0])
    n = int(among.sum())
    assert cell.get("n", n) == n, f"{variable}: the attacker counts {n}"
    weights = tuple(Fraction(1, n) if one else Fraction(0) for one in among)
    low, high = _bounds(cell)
    yield Equation(variable, weights, low, high, _spread(cell, n))


def _bounds(cell):
    """Between what the mean behind a whole score lies; a clamped one is open at one end."""
    score = cell["score"]
    if cell.get("at_least") and cell.get("at_most"):
        return 0.0, 100.0
    if cell.get("at_least"):
        return score + 0.5 - _TIE, 100.0
    if cell.get("at_most"):
        return 0.0, score - 0.5 + _TIE
    return score - 0.5 - _TIE, score + 0.5 + _TIE


def _spread(cell, n):
    """Most that the standard deviation can be, for a t interval within the one shown."""
    if cell.get("basis") != "answers":
        return None
    low, high = _bounds(cell)
    ends, halves = cell["interval"], []
    if ends["from"] > np.ceil(200 / n):  # an end at the range's own end may have been cut off
        halves.append(high - ends["from"])
    if ends["to"] < np.floor(100 - 200 / n):
        halves.append(ends["to"] - low)
    return min(halves) * np.sqrt(n) / stdtrit(n - 1, 0.975) if halves else None


def _totals(part, variable, known, forms, voices):
    """Equal voice and headcount, as far as no clamped cell hides what they are made of."""
    has = ~np.isnan(forms[variable][:, 0])
    cells = voices[variable]
    for name, voice in (("score_by_headcount", known.headcounts.get), ("score_equal_voice", None)):
        total = part.get(name)
        if total is None or total.get("at_least") or total.get("at_most"):
            continue
        counts = [sum(voice(code) for code in codes) if voice else 1 for codes in cells]
        weights = [Fraction(0)] * len(has)
        for codes, count in zip(cells, counts, strict=True):
            members = np.flatnonzero(has & np.isin(known.places["organisation"], codes))
            for person in members:
                weights[person] = Fraction(count, sum(counts) * len(members))
        # A mean within half a point of its clamp enters at the clamp: half a point of slack.
        yield Equation(variable, tuple(weights), total["score"] - 1, total["score"] + 1)


def _shares(report, known):
    for part in report["domains"]:
        for item in part.get("items", []):
            shown, n = item["favourable"], known.value[:, EVERY_ITEM.index(item["code"])].sum()
            if shown is None:
                continue
            exact = shown["from"] == shown["to"]
            open_above = shown["to"] < 100 and not exact
            most = shown["to"] * n / 100
            fewest = np.ceil(shown["from"] * n / 100 - 1e-6)
            yield Share(
                item["code"], fewest, np.ceil(most) - 1 if open_above else np.floor(most + 1e-6)
            )
