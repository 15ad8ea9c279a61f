"""Plain sentences in English and Welsh, made by rule from the numbers as published."""

from typing import Any

from app.instruments import texts
from app.instruments.questionnaires import said

Said = dict[str, str]

_BANDS = {
    "celebrate": {"en": "an area to celebrate", "cy": "maes i'w ddathlu"},
    "develop": {"en": "an area to develop", "cy": "maes i'w ddatblygu"},
    "middling": {"en": "neither strong nor weak", "cy": "heb fod yn gryf nac yn wan"},
    "unclear": {"en": "not clear either way", "cy": "heb fod yn glir y naill ffordd na'r llall"},
}
_ALWAYS = ("who_answered", "chance_only", "conventions", "pooled_or_missing", "not_validated")
_OF_USERS = ("users_asked", "proxies_apart", "not_cause")
_MOST_NAMED = 3


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


def overall(members: dict[str, Any]) -> Said:
    """What the figure over all domains says."""
    label = {"en": "Over all domains", "cy": "Dros bob maes"}
    return {key: f"{text}." for key, text in _scored(members, label).items()}


def health_headline(report: dict[str, Any]) -> list[Said]:
    """At most ten lines: who was asked and answered, what to celebrate, develop and not to say."""
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
        lines += [by_code[code]["summary"] for code in report[mark][:_MOST_NAMED]]
    hidden = sum("suppressed" in part for part in report["domains"])
    if hidden:
        lines.append(
            {
                "en": f"{hidden} domains cannot be shown: too few people answered.",
                "cy": f"Ni ellir dangos {hidden} maes: atebodd rhy ychydig o bobl.",
            }
        )
    return lines


def caveats(report: str, *, draft: bool = False) -> list[Said]:
    """The fixed caveats of a report, in both languages."""
    codes = [*_ALWAYS, *(() if report == "health" else _OF_USERS), "do_not_rank"]
    if draft:
        codes.append("draft_translation")
    return [dict(texts("caveats")[code]) for code in codes]


def _scored(members: dict[str, Any], label: Said) -> Said:
    interval = members["interval"]
    low, high = interval["from"], interval["to"]
    score, n = members["score"], members["n"]
    welsh = label.get("cy", label["en"])
    return {
        "en": f"{label['en']}: {_more(members, 'en')}{score} of 100 ({low} to {high}; {n} people)",
        "cy": f"{welsh}: {_more(members, 'cy')}{score} o 100 ({low} i {high}; {n} o bobl)",
    }


def _more(members: dict[str, Any], language: str) -> str:
    if members.get("at_least"):
        return {"en": "at least ", "cy": "o leiaf "}[language]
    if members.get("at_most"):
        return {"en": "at most ", "cy": "ar y mwyaf "}[language]
    return ""


_FINDINGS = {
    "consistent_with_theory": {
        "en": "people say it is delivered, and the working together that it counts on shows no "
        "weakness",
        "cy": "dywed pobl ei fod yn digwydd, ac nid yw'r cydweithio y mae'n dibynnu arno yn "
        "dangos gwendid",
    },
    "theory_in_question": {
        "en": "the working together is strong, yet people say it is not, or only partly, delivered",
        "cy": "mae'r cydweithio yn gryf, ond dywed pobl nad yw'n digwydd, neu mai dim ond yn "
        "rhannol",
    },
    "implementation_in_question": {
        "en": "people say it is not, or only partly, delivered, and the working together that it "
        "counts on is not strong",
        "cy": "dywed pobl nad yw'n digwydd, neu mai dim ond yn rhannol, ac nid yw'r cydweithio y "
        "mae'n dibynnu arno yn gryf",
    },
    "delivered_otherwise": {
        "en": "people say it is delivered, though the working together that it counts on is weak",
        "cy": "dywed pobl ei fod yn digwydd, er bod y cydweithio y mae'n dibynnu arno yn wan",
    },
    "cannot_say": {"en": "this cannot be said yet", "cy": "ni ellir dweud hyn eto"},
}
_WHY = {
    "process_unclear": {
        "en": "the working together is not clear either way",
        "cy": "nid yw'r cydweithio yn glir y naill ffordd na'r llall",
    },
    "delivery_unknown": {
        "en": "what people say does not settle whether it is delivered",
        "cy": "nid yw'r hyn a ddywed pobl yn dangos a yw'n digwydd",
    },
    "too_early": {"en": "it is too early", "cy": "mae'n rhy gynnar"},
    "too_few": {"en": "too few people answered", "cy": "atebodd rhy ychydig o bobl"},
}


def combined(title: Said, members: dict[str, Any]) -> Said:
    """What a combined finding says, for one voice."""
    finding, why = _FINDINGS[members["finding"]], members["why"]
    return {
        key: f"{said(title, key)}: {text}" + (f" ({_WHY[why][key]})" if why else "") + "."
        for key, text in finding.items()
    }


def outcomes_headline(report: dict[str, Any]) -> list[Said]:
    """How many outcomes there are, who was asked about them, and what is missing."""
    count = len(report["outcomes"])
    lines = [
        {
            "en": f"Staff and partners work for {count} outcomes.",
            "cy": f"Mae staff a phartneriaid yn gweithio dros {count} canlyniad.",
        }
    ]
    for voice in report.get("voices", []):
        if "answered" in voice and voice["invited"] is not None:
            label, asked, answered = voice["label"], voice["invited"], voice["answered"]
            welsh = label.get("cy", label["en"])
            lines.append(
                {
                    "en": f"{label['en']}: {asked} people were asked and {answered} answered.",
                    "cy": f"{welsh}: gofynnwyd i {asked} o bobl ac atebodd {answered}.",
                }
            )
    if report.get("missing"):
        titles = [one["title"] for one in report["missing"][:_MOST_NAMED]]
        english, welsh = ("; ".join(said(title, key) for title in titles) for key in ("en", "cy"))
        lines.append(
            {"en": f"People miss in the list: {english}.", "cy": f"Ar goll yn ôl pobl: {welsh}."}
        )
    return lines[:10]


def combined_headline(report: dict[str, Any]) -> list[Said]:
    """The first findings, and those that cannot be said, in at most ten lines."""
    lines = [
        finding["summary"]
        for outcome in report["outcomes"]
        for finding in outcome["findings"]
        if finding["finding"] != "cannot_say"
    ]
    open_still = sum(
        finding["finding"] == "cannot_say"
        for outcome in report["outcomes"]
        for finding in outcome["findings"]
    )
    if open_still:
        lines = lines[:8]
        lines.append(
            {
                "en": f"Of {open_still} outcomes and voices nothing can be said yet.",
                "cy": f"Ni ellir dweud dim eto am {open_still} canlyniad a llais.",
            }
        )
    return [*lines[:9], dict(texts("caveats")["not_cause"])]
