"""Plain sentences about change between rounds, by rule from the numbers as published."""

from collections.abc import Iterable, Sequence
from typing import Any

from app.instruments import texts
from app.instruments.questionnaires import said
from app.use_cases.reports.words import MOST_LINES, Said, more

_LANGUAGES = ("en", "cy")

_VERDICTS = {
    "better": {"en": "this is better", "cy": "mae hyn yn well"},
    "worse": {"en": "this is worse", "cy": "mae hyn yn waeth"},
    "no_sign_yet": {
        "en": "there is no sign of a change yet",
        "cy": "nid oes arwydd o newid eto",
    },
    "could_not_be_seen": {
        "en": "a change smaller than {points} points could not have been seen",
        "cy": "ni ellid bod wedi gweld newid o lai na {points} o bwyntiau",
    },
}
_NOT_COMPARED = {
    "nothing_shown": {
        "en": "Round {number} shows nothing that could be compared.",
        "cy": "Nid yw rownd {number} yn dangos dim y gellid ei gymharu.",
    },
    "no_earlier_round": {
        "en": "There is no earlier round to compare round {number} with.",
        "cy": "Nid oes rownd gynharach i gymharu rownd {number} â hi.",
    },
    "another_instrument": {
        "en": "No earlier round asked with the questionnaire of round {number}.",
        "cy": "Ni ddefnyddiodd yr un rownd gynharach holiadur rownd {number}.",
    },
    "another_form": {
        "en": "Earlier rounds used the other form, full or short, of the questionnaire of round "
        "{number}.",
        "cy": "Defnyddiodd rowndiau cynharach y ffurf arall, lawn neu fyr, ar holiadur rownd "
        "{number}.",
    },
}
_NO_CHANGE = {
    "en": "No domain is surely better or worse than in round {number}.",
    "cy": "Nid oes yr un maes sy'n sicr yn well neu'n waeth nag yn rownd {number}.",
}
_NO_ROUND = {
    "en": "No round has been reported yet.",
    "cy": "Nid oes adroddiad ar yr un rownd eto.",
}


def line(label: Said, numbers: tuple[int, int], members: dict[str, Any]) -> Said:
    """What one line says: two scores, their difference, and what to make of it."""
    says = {key: _moved(said(label, key), numbers, members, key) for key in _LANGUAGES}
    verdict = members.get("verdict")
    if verdict is not None:
        points = members["smallest_change"]
        says = {
            key: f"{text}; {_VERDICTS[verdict][key].format(points=points)}"
            for key, text in says.items()
        }
    return {key: f"{text}." for key, text in says.items()}


def of_groups(label: Said, groups: Iterable[Said]) -> Said:
    """The name of a domain as some groups see it."""
    named = list(groups)
    return {
        key: f"{said(label, key)} ({', '.join(said(group, key) for group in named)})"
        for key in _LANGUAGES
    }


def over_all() -> Said:
    """The name of the figure over all domains."""
    return {"en": "Over all domains", "cy": "Dros bob maes"}


def not_compared(why: str, number: int) -> Said:
    """Why a round is compared with no other."""
    return {key: text.format(number=number) for key, text in _NOT_COMPARED[why].items()}


def caveats(smallest: Sequence[int], *, partners_changed: bool) -> list[Said]:
    """What every comparison ends with; `smallest` is the smallest change of each line."""
    known = texts("caveats")
    found = []
    if partners_changed:
        found.append(dict(known["partners_changed"]))
    if smallest:
        points = min(smallest)
        unseen = known["smallest_change"].items()
        found.append({key: text.format(points=points) for key, text in unseen})
    return [*found, different_people()]


def different_people() -> Said:
    """That nobody is followed from one round to the next."""
    return dict(texts("caveats")["different_people"])


def changed(comparison: dict[str, Any]) -> list[Said]:
    """The lines of the domains that got better, then of those that got worse."""
    by_code = {part["code"]: part for part in comparison["domains"]}
    codes = [*comparison["better"], *comparison["worse"]]
    return [by_code[code]["summary"] for code in codes]


def trend_headline(trend: dict[str, Any]) -> list[Said]:
    """At most ten lines: what the latest comparison shows, or why there is none."""
    if not trend["rounds"]:
        return [dict(_NO_ROUND)]
    latest = trend["rounds"][-1]
    if latest["why"] is not None or not trend["changes"]:
        return [latest["summary"]]
    comparison = trend["changes"][-1]
    number = comparison["before"]["number"]
    none = {key: text.format(number=number) for key, text in _NO_CHANGE.items()}
    ends = comparison["caveats"]
    return [*(changed(comparison) or [none])[: MOST_LINES - len(ends)], *ends]


def _moved(label: str, numbers: tuple[int, int], members: dict[str, Any], language: str) -> str:
    scores = (members["before"], members["after"])
    before, after = (f"{more(shown, language)}{shown['score']}" for shown in scores)
    points, interval = _signed(members["change"]), members["interval"]
    low, high = _signed(interval["from"]), _signed(interval["to"])
    if language == "cy":
        return (
            f"{label}: o {before} yn rownd {numbers[0]} i {after} yn rownd {numbers[1]}, "
            f"{points} o bwyntiau ({low} i {high})"
        )
    return (
        f"{label}: from {before} in round {numbers[0]} to {after} in round {numbers[1]}, "
        f"{points} points ({low} to {high})"
    )


def _signed(points: float) -> str:
    return f"+{points}" if points > 0 else str(points).replace("-", "−")
