"""Which rankings and verifications are valid, for the outcomes of one evaluation."""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from app.errors import Fault
from app.instruments.answers import says_nothing

EASY = frozenset({0, 2, 4})
RATED = ("importance", "delivered", "expected")
ATTRIBUTES = frozenset({"as", "mode", "supporter", "scale"})


@dataclass(frozen=True)
class RankingForm:
    """The ranking round: which outcomes a member of staff shares, and their top three."""

    outcomes: Sequence[str]

    def faults(self, ranking: Mapping[str, Any]) -> list[Fault]:
        """Everything in `ranking` that this round does not allow."""
        given = [entry["outcome"] for entry in ranking.get("outcomes") or []]
        return [
            *_named(given, self.outcomes, "/outcomes/{}/outcome"),
            *_named(ranking.get("top") or [], self.outcomes, "/top/{}"),
        ]

    def says_nothing(self, ranking: Mapping[str, Any]) -> bool:
        """Whether nothing is ranked."""
        return says_nothing(ranking, {})


@dataclass(frozen=True)
class VerificationForm:
    """The schedule put to one audience of service users or carers."""

    outcomes: Sequence[str]
    audience: str

    def faults(self, verification: Mapping[str, Any]) -> list[Fault]:
        """Everything in `verification` that the schedule does not allow."""
        given = [verdict["outcome"] for verdict in verification.get("verdicts") or []]
        return [
            *_named(given, self.outcomes, "/verdicts/{}/outcome"),
            *_named(verification.get("top") or [], self.outcomes, "/top/{}"),
            *self._not_asked(verification),
            *self._easy(verification),
        ]

    def says_nothing(self, verification: Mapping[str, Any]) -> bool:
        """Whether no question is answered; a verdict that only names its outcome is no answer."""
        verdicts = [
            {name: value for name, value in verdict.items() if name != "outcome"}
            for verdict in verification.get("verdicts") or []
        ]
        answered = {**verification, "verdicts": [verdict for verdict in verdicts if verdict]}
        return says_nothing(answered, dict.fromkeys(ATTRIBUTES))

    def _not_asked(self, verification: Mapping[str, Any]) -> Iterator[Fault]:
        if verification.get("own") and self.audience != "carer":
            yield Fault("/own", "not-asked", "Only carers are asked about their own lives.")

    def _easy(self, verification: Mapping[str, Any]) -> Iterator[Fault]:
        if verification.get("scale") != "easy3":
            return
        rated = [
            (f"/verdicts/{at}/{name}", verdict.get(name))
            for at, verdict in enumerate(verification.get("verdicts") or [])
            for name in RATED
        ]
        rated += [
            (f"/{part}/{name}", value)
            for part in ("experience", "own")
            for name, value in (verification.get(part) or {}).items()
        ]
        for pointer, value in rated:
            if isinstance(value, int) and value not in EASY:
                yield Fault(pointer, "off-scale", "The easy-read scale has 0, 2 and 4.")


def _named(given: Sequence[str], known: Sequence[str], pointer: str) -> Iterator[Fault]:
    """Faults of a list of outcome ids: each known, none twice."""
    times = Counter(given)
    for at, outcome in enumerate(given):
        if outcome not in known:
            yield Fault(pointer.format(at), "unknown-outcome", "It is not among those asked.")
        elif times[outcome] > 1:
            yield Fault(pointer.format(at), "outcome-twice", "Each outcome is answered once.")
