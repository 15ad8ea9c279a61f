"""Plausible answers of people who do not exist, to whatever an evaluation asks.

Answers hang together as people's do: the domains differ, so do the groups in each domain, some
people are more content than others, and some leave a question out or do not know. The same seed
gives the same answers.
"""

from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cached_property, lru_cache
from random import Random
from typing import Any

from app.instruments import codes, sandbox
from app.instruments.answers import DONT_KNOW, NOT_APPLICABLE, POINTS_TO_SHARE, Survey
from app.instruments.model import Item, Scale
from app.instruments.questionnaires import PutOutcome

# How well the worst and the best of several does, of 1.
_RANGE = (0.3, 0.85)
_IMPORTANT = (0.5, 1.0)
_DELIVERED = (0.1, 0.95)
_MOST_PARTNERS = 3  # that somebody says anything of
_KNOWN = (("yes", 55), ("partly", 20), ("no", 20), (DONT_KNOW, 5))
_WORDS = {
    "as": (("self", 88), ("proxy", 9), ("advocate", 3)),
    "mode": (("online", 50), ("paper", 25), ("telephone", 10), ("interview", 15)),
    "supporter": (("none", 70), ("family", 20), ("staff", 8), ("advocate", 2)),
    "direction": (("better", 45), ("same", 35), ("worse", 10), ("too_soon", 10)),
    "joint": (("no", 15), ("partly", 35), ("mostly", 45), (DONT_KNOW, 5)),
    "distinctive": (("yes", 50), ("partly", 35), ("no", 15)),
}


@dataclass(frozen=True)
class Staff:
    """Members of staff who answer a survey."""

    survey: Survey
    seed: str

    def answer(self, group: str, number: int) -> dict[str, Any]:
        """What the `number`-th of them sends, who counts under `group`."""
        chance = Random(f"{self.seed}/{number}")
        mood = chance.gauss(0, 0.12)
        made = {code: chance.choice(values) for code, values in self.survey.attributes.items()}
        parts: dict[str, Callable[[], Any]] = {
            "answers": lambda: self._answers(group, mood, chance),
            "context": lambda: self._context(mood, chance),
            "overall": lambda: self._overall(mood, chance),
            "statements": lambda: self._statements(chance),
            "unwritten": lambda: _now_and_then(0.1, sandbox()["unwritten"], chance),
            "drivers": lambda: self._drivers(chance),
            "importance": lambda: self._importance(chance),
            "depth": lambda: self._depth(chance),
        }
        sent = {name: make() for name, make in parts.items() if name in self.survey.asked}
        return {**made, **{name: value for name, value in sent.items() if value is not None}}

    @cached_property
    def _levels(self) -> dict[str, float]:
        """How well each domain does."""
        return _spread(tuple(domain.code for domain in self.survey.domains), f"{self.seed}/domains")

    def _answers(self, group: str, mood: float, chance: Random) -> dict[str, Any]:
        given: dict[str, Any] = {}
        for domain in self.survey.domains:
            shift = _shift(f"{self.seed}/{group}/{domain.code}")
            opinion = self._levels[domain.code] + shift + mood + chance.gauss(0, 0.08)
            good = opinion if domain.higher_is == "better" else 1 - opinion
            for item in domain.items:
                answer = _on(self.survey.instrument.scales[domain.scale], item, good, chance)
                condition = item.show_if
                asked = condition is None or given.get(condition.item) in condition.values
                if asked and answer is not None:
                    given[item.code] = answer
        return given

    def _context(self, mood: float, chance: Random) -> dict[str, Any] | None:
        context = self.survey.instrument.context
        if context is None:
            return None
        scale = self.survey.instrument.scales[context.scale]
        given = {item.code: _on(scale, item, 0.5 + mood, chance) for item in context.items}
        return {code: answer for code, answer in given.items() if answer is not None}

    def _overall(self, mood: float, chance: Random) -> int | None:
        overall = self.survey.instrument.overall
        if overall is None:
            return None
        return _point(self.survey.instrument.scales[overall.scale], 0.6 + mood, chance)

    def _statements(self, chance: Random) -> list[dict[str, Any]] | None:
        words = sandbox()
        written = [said for one in words["outcomes"] for said in one["statements"]]
        # Who is asked for nothing else writes something.
        nothing = 50 if "answers" in self.survey.asked else 0
        several = int(_drawn((("0", nothing), ("1", 40), ("2", 10)), chance))
        said = [
            {**one, "horizon": chance.choice(codes("horizons")[:3])}
            | {"distinctive": _drawn(_WORDS["distinctive"], chance)}
            for one in chance.sample([*written, *words["none"]], several)
        ]
        return said or None

    def _drivers(self, chance: Random) -> dict[str, Any] | None:
        drivers = self.survey.instrument.drivers
        if drivers is None:
            return None
        scale = self.survey.instrument.scales[drivers.scale]
        reasons = tuple(driver.code for driver in drivers.items)
        return {
            side: {
                code: _point(scale, level, chance)
                for code, level in _spread(reasons, f"{self.seed}/{side}").items()
            }
            for side in ("practice", "official")
        }

    def _importance(self, chance: Random) -> dict[str, int] | None:
        if not self._levels:
            return None
        weights = list(_spread(tuple(self._levels), f"{self.seed}/importance").values())
        return dict(Counter(chance.choices(list(self._levels), weights, k=POINTS_TO_SHARE)))

    def _depth(self, chance: Random) -> dict[str, Any]:
        rungs = codes("depth")
        named = min(_MOST_PARTNERS, len(self.survey.organisations))
        return {
            code: {"current": rungs[now], "right": rungs[min(now + chance.randint(0, 2), 5)]}
            for code in chance.sample(list(self.survey.organisations), named)
            for now in [chance.randint(0, 3)]
        }


def ranking(outcomes: Sequence[PutOutcome], seed: str, number: int) -> dict[str, Any]:
    """What the `number`-th member of staff says of the outcomes."""
    chance = Random(f"{seed}/{number}")
    shared = _by_place(outcomes, f"{seed}/ours")
    said = {
        one.id: "yes" if chance.random() < shared[one.id] else _drawn(_KNOWN[1:], chance)
        for one in outcomes
    }
    ours = [outcome for outcome, answer in said.items() if answer == "yes"]
    return {
        "outcomes": [{"outcome": outcome, "ours": answer} for outcome, answer in said.items()],
        "top": chance.sample(ours, min(3, len(ours))),
    }


@dataclass(frozen=True)
class Users:
    """Service users or carers who answer the schedule."""

    outcomes: Sequence[PutOutcome]
    seed: str

    def answer(self, audience: str, voice: str, number: int) -> dict[str, Any]:
        """What the `number`-th of them sends."""
        chance = Random(f"{self.seed}/{number}")
        mood = chance.gauss(0, 0.12)
        made: dict[str, Any] = {
            name: _drawn(_WORDS[name], chance) for name in ("as", "mode", "supporter")
        }
        made["verdicts"] = [self._verdict(one, voice, mood, chance) for one in self.outcomes]
        made["experience"] = _rated(("respect", "say", "contact"), 0.7 + mood, chance)
        if audience == "carer":
            made["own"] = _rated(("life", "health", "heard", "shared"), 0.45 + mood, chance)
        mattering = sorted(made["verdicts"], key=lambda said: -_as_number(said["importance"]))
        made["top"] = [said["outcome"] for said in mattering[:3]]
        words = {"matters_most": 0.4, "worse": 0.08, "missing": 0.2}
        for kind, often in words.items():
            said = _now_and_then(often, sandbox()[kind], chance)
            if said is not None:
                made[kind] = [said] if kind == "missing" else said
        return made

    def _verdict(self, one: PutOutcome, voice: str, mood: float, chance: Random) -> dict[str, Any]:
        important, delivered = (
            _by_place(self.outcomes, f"{self.seed}/{voice}/{ends}", ends)[one.id]
            for ends in (_IMPORTANT, _DELIVERED)
        )
        return {
            "outcome": one.id,
            "importance": _or_word(important, "not_about_me", chance),
            "delivered": _or_word(delivered + mood, DONT_KNOW, chance),
            "expected": _or_word(delivered - 0.2, DONT_KNOW, chance),
            "direction": _drawn(_WORDS["direction"], chance),
            "joint": _drawn(_WORDS["joint"], chance),
        }


@lru_cache(1000)
def _spread(
    names: tuple[str, ...], seed: str, ends: tuple[float, float] = _RANGE
) -> dict[str, float]:
    """A level for each, evenly between the worst and the best, in an order by chance."""
    worst, best = ends
    order = Random(seed).sample(names, len(names))
    step = (best - worst) / max(1, len(order) - 1)
    levels = {name: worst + place * step for place, name in enumerate(order)}
    return {name: levels[name] for name in names}


@lru_cache(1000)
def _shift(seed: str) -> float:
    """How far one group's opinion of a domain is from everybody's."""
    return Random(seed).gauss(0, 0.1)


def _by_place(
    outcomes: Sequence[PutOutcome], seed: str, ends: tuple[float, float] = _RANGE
) -> dict[str, float]:
    """A level for each outcome, by its place in the list: ids are random."""
    levels = _spread(tuple(str(place) for place in range(len(outcomes))), seed, ends)
    return dict(zip([one.id for one in outcomes], levels.values(), strict=True))


def _on(scale: Scale, item: Item, good: float, chance: Random) -> int | str | None:
    """An answer to an item; None where it is left out."""
    luck = chance.random()
    if luck < 0.03:
        return None
    if luck < 0.09:
        return DONT_KNOW if luck < 0.07 else NOT_APPLICABLE
    return _point(scale, 1 - good if item.reversed else good, chance)


def _point(scale: Scale, level: float, chance: Random) -> int:
    """A point of a scale near a level of 0 to 1."""
    point = scale.min + round((level + chance.gauss(0, 0.16)) * (scale.max - scale.min))
    return min(max(point, scale.min), scale.max)


_RATED = Scale(min=0, max=4, labels={})


def _rated(names: Sequence[str], level: float, chance: Random) -> dict[str, int]:
    return {name: _point(_RATED, level, chance) for name in names}


def _or_word(level: float, word: str, chance: Random) -> int | str:
    return word if chance.random() < 0.06 else _point(_RATED, level, chance)


def _as_number(answer: int | str) -> int:
    return answer if isinstance(answer, int) else -1


def _drawn(words: Sequence[tuple[str, int]], chance: Random) -> str:
    (drawn,) = chance.choices([word for word, _ in words], [often for _, often in words])
    return drawn


def _now_and_then(often: float, texts: Sequence[str], chance: Random) -> str | None:
    return chance.choice(texts) if chance.random() < often else None
