"""Plain sentences about the health of a partnership, by rule from the numbers as published."""

from collections.abc import Sequence
from typing import Any

from app.instruments import texts

Said = dict[str, str]

_BANDS = {
    "celebrate": {"en": "an area to celebrate", "cy": "maes i'w ddathlu"},
    "develop": {"en": "an area to develop", "cy": "maes i'w ddatblygu"},
    "middling": {"en": "neither strong nor weak", "cy": "heb fod yn gryf nac yn wan"},
    "unclear": {"en": "not clear either way", "cy": "heb fod yn glir y naill ffordd na'r llall"},
}
_ALWAYS = ("who_answered", "chance_only", "conventions", "pooled_or_missing", "not_validated")
_OF_USERS = ("users_asked", "proxies_apart", "not_cause")
MOST_NAMED = 3  # of a kind, in a headline
MOST_LINES = 10


def domain(members: dict[str, Any]) -> Said:
    """What a domain's figures say."""
    says = _scored(members, members["label"])
    band = members["band"]
    if band is not None:
        says = {key: f"{text}; {_BANDS[band][key]}" for key, text in says.items()}
    if members["divided"]:
        says = {
            "en": f"{says['en']}; people are divided over it",
            "cy": f"{says['cy']}; mae barn pobl wedi'i rhannu",
        }
    return {key: f"{text}." for key, text in says.items()}


def of_sandbox() -> Said:
    """That a report speaks of nobody."""
    return {
        "en": "This is a sandbox, for trying the service out: it says nothing about a partnership.",
        "cy": "Blwch tywod yw hwn, i roi cynnig ar y gwasanaeth: ni ddywed ddim am bartneriaeth.",
    }


def overall(members: dict[str, Any]) -> Said:
    """What the figure over all domains says."""
    label = {"en": "Over all domains", "cy": "Dros bob maes"}
    return {key: f"{text}." for key, text in _scored(members, label).items()}


def health_headline(report: dict[str, Any], changes: Sequence[Said]) -> list[Said]:
    """At most ten lines: who answered, what to celebrate and develop, what changed, what is hidden.

    Args:
        changes: What is said of each domain that got better or worse since an earlier round.
    """
    invited, answered = report["invited"], report["answered"]
    if answered is None:
        return [
            {
                "en": f"{invited} people were asked; too few answered to show anything.",
                "cy": f"Gofynnwyd i {invited} o bobl; atebodd rhy ychydig i ddangos dim.",
            }
        ]
    lines = [
        {
            "en": f"{invited} people were asked and {answered} answered.",
            "cy": f"Gofynnwyd i {invited} o bobl ac atebodd {answered}.",
        }
    ]
    by_code = {part["code"]: part for part in report["domains"]}
    for mark in ("celebrate", "develop"):
        lines += [by_code[code]["summary"] for code in report[mark][:MOST_NAMED]]
    hidden = sum("suppressed" in part for part in report["domains"])
    unclear = sum(part.get("band") in ("unclear", None) for part in report["domains"]) - hidden
    last = []
    if unclear:
        last.append(
            {
                "en": f"Domains that are not clear either way: {unclear}.",
                "cy": f"Meysydd nad ydynt yn glir y naill ffordd na'r llall: {unclear}.",
            }
        )
    if hidden:
        last.append(
            {
                "en": f"Domains that cannot be shown, for too few people answered: {hidden}.",
                "cy": f"Meysydd na ellir eu dangos gan i rhy ychydig o bobl ateb: {hidden}.",
            }
        )
    return [*lines, *changes[: MOST_LINES - len(lines) - len(last)], *last]


def caveats(
    report: str, *, draft: bool = False, drawn: bool = False, in_sight: int | None = None
) -> list[Said]:
    """The fixed caveats of a report, in both languages.

    Args:
        draft: A language version of the questionnaire is not tested yet.
        drawn: The staff who were asked were drawn at random.
        in_sight: The smallest change, in points, that another such round could show.
    """
    codes = [*_ALWAYS, *(() if report == "health" else _OF_USERS), "do_not_rank"]
    if drawn:
        codes.insert(1, "staff_drawn")
    if draft:
        codes.append("draft_translation")
    known = texts("caveats")
    found = [dict(known[code]) for code in codes]
    if in_sight is not None:
        unseen = known["smallest_change"].items()
        found.insert(-1, {key: text.format(points=in_sight) for key, text in unseen})
    return found


def _scored(members: dict[str, Any], label: Said) -> Said:
    interval = members["interval"]
    low, high = interval["from"], interval["to"]
    score, n = members["score"], members["n"]
    welsh = label.get("cy", label["en"])
    return {
        "en": f"{label['en']}: {more(members, 'en')}{score} of 100 ({low} to {high}; {n} people)",
        "cy": f"{welsh}: {more(members, 'cy')}{score} o 100 ({low} i {high}; {n} o bobl)",
    }


def more(members: dict[str, Any], language: str) -> str:
    """What stands before a score that was clamped."""
    if members.get("at_least"):
        return {"en": "at least ", "cy": "o leiaf "}[language]
    if members.get("at_most"):
        return {"en": "at most ", "cy": "ar y mwyaf "}[language]
    return ""
