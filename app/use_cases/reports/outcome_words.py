"""Plain sentences about outcomes, made by rule from the figures and verdicts as published."""

from collections.abc import Mapping, Sequence
from typing import Any

from app.instruments import texts
from app.instruments.questionnaires import said
from app.use_cases.reports.words import MOST_LINES, MOST_NAMED, Said

_LANGUAGES = ("en", "cy")
_RIGHT = {
    "right": {"en": "it matters to most", "cy": "mae'n bwysig i'r rhan fwyaf"},
    "not_valued": {"en": "it matters to less than half", "cy": "mae'n bwysig i lai na hanner"},
    "contested": {
        "en": "they do not agree whether it matters",
        "cy": "nid ydynt yn gytûn a yw'n bwysig",
    },
    "unknown": {
        "en": "whether it matters to most cannot be said",
        "cy": "ni ellir dweud a yw'n bwysig i'r rhan fwyaf",
    },
}
_DONE = {
    "delivered": {"en": "most say that it happens", "cy": "dywed y rhan fwyaf ei fod yn digwydd"},
    "not_delivered": {
        "en": "most say that it does not happen",
        "cy": "dywed y rhan fwyaf nad yw'n digwydd",
    },
    "partly": {
        "en": "some say that it happens and some that it does not",
        "cy": "dywed rhai ei fod yn digwydd a rhai nad yw'n digwydd",
    },
    "too_early": {
        "en": "it is too early to say whether it happens",
        "cy": "mae'n rhy gynnar i ddweud a yw'n digwydd",
    },
    "unknown": {
        "en": "whether it happens cannot be said",
        "cy": "ni ellir dweud a yw'n digwydd",
    },
}
_FEW = {
    "en": "few were asked, so their own words and the evidence come first",
    "cy": "ychydig a holwyd, felly eu geiriau eu hunain a'r dystiolaeth sy'n dod gyntaf",
}
_ASKED = {"en": "{} asked, {} answered", "cy": "gofynnwyd i {}, atebodd {}"}
_FEWER = {"en": "too few to show", "cy": "rhy ychydig i'w ddangos"}


def outcome(members: Mapping[str, Any]) -> Said:
    """In how many statements an outcome stands, and how many staff call it theirs."""
    named, shared = members["named_by"], members["shared"] or {}
    more, number = ("at_least" in named), next(iter(named.values()))
    texts = {
        "en": f"staff wrote it down in {'at least' if more else 'fewer than'} {number} statements",
        "cy": f"ysgrifennodd staff ef mewn {'o leiaf' if more else 'llai na'} {number} datganiad",
    }
    if shared.get("yes"):
        texts = {
            "en": f"{texts['en']}; {_percent(shared['yes'], 'en')} of {shared['n']} who were asked "
            "call it theirs",
            "cy": f"{texts['cy']}; mae {_percent(shared['yes'], 'cy')} o'r {shared['n']} a holwyd "
            "yn dweud ei fod yn eiddo iddynt",
        }
    return _sentence(members["title"], texts)


def verdicts(label: Said, members: Mapping[str, Any]) -> Said:
    """What one voice says of one outcome: whether it matters, and whether it happens."""
    right, done = members["importance"], members["delivered"]
    few = right.get("words_first") or done.get("words_first")
    return _sentence(
        label,
        {
            key: "; ".join(
                [
                    _RIGHT[right["verdict"]][key] + _figures(right, key),
                    _DONE[done["verdict"]][key] + _figures(done, key),
                    *([_FEW[key]] if few else []),
                ]
            )
            for key in _LANGUAGES
        },
    )


def _figures(found: Mapping[str, Any], language: str) -> str:
    """The share behind a verdict and the people behind the share, where they are shown."""
    if not found.get("share"):
        return ""
    of = {"en": "of {} people", "cy": "o {} o bobl"}[language].format(found["n"])
    return f" ({_percent(found['share'], language)} {of})"


def _percent(band: Mapping[str, int], language: str) -> str:
    if band["from"] == band["to"]:
        return f"{band['from']} %"
    return f"{band['from']} {'to' if language == 'en' else 'i'} {band['to']} %"


def _sentence(label: Said, texts: Said) -> Said:
    return {key: f"{said(label, key)}: {texts[key]}." for key in _LANGUAGES}


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


def combined(title: Said, label: Said, members: Mapping[str, Any]) -> Said:
    """What a combined finding says, for one voice."""
    finding, why = _FINDINGS[members["finding"]], members["why"]
    about = {key: f"{said(title, key)} ({said(label, key)})" for key in _LANGUAGES}
    return _sentence(
        about,
        {key: text + (f" ({_WHY[why][key]})" if why else "") for key, text in finding.items()},
    )


def outcomes_headline(report: Mapping[str, Any]) -> list[Said]:
    """How many outcomes, who was asked about them, what users and carers say, what is missing."""
    count, voices = len(report["outcomes"]), report.get("voices", [])
    lines = [
        {
            "en": f"Staff and partners work for {count} outcomes.",
            "cy": f"Mae staff a phartneriaid yn gweithio dros {count} canlyniad.",
        },
        *_asked([{"label": {"en": "Staff", "cy": "Staff"}, **(report["ranking"] or {})}, *voices]),
    ]
    lines += [_judged(report["outcomes"], voice) for voice in voices if "answered" in voice]
    if report.get("missing"):
        titles = [one["title"] for one in report["missing"][:MOST_NAMED]]
        english, welsh = ("; ".join(said(title, key) for title in titles) for key in _LANGUAGES)
        lines = lines[: MOST_LINES - 1]
        lines.append(
            {"en": f"People miss in the list: {english}.", "cy": f"Ar goll yn ôl pobl: {welsh}."}
        )
    return lines[:MOST_LINES]


def _asked(voices: Sequence[Mapping[str, Any]]) -> list[Said]:
    """How many of each voice were asked and how many answered, where that may be said."""
    asked = [voice for voice in voices if voice.get("invited") is not None]
    clauses = {
        key: "; ".join(
            f"{said(voice['label'], key)}: "
            + _ASKED[key].format(voice["invited"], voice.get("answered") or _FEWER[key])
            for voice in asked
        )
        for key in _LANGUAGES
    }
    return [{key: f"{text}." for key, text in clauses.items()}] if asked else []


def _judged(outcomes: Sequence[Mapping[str, Any]], voice: Mapping[str, Any]) -> Said:
    """Of how many outcomes a voice says that they matter, and that they happen."""
    found = [
        one
        for outcome in outcomes
        for one in outcome["voices"]
        if one["voice"] == voice["voice"] and "suppressed" not in one
    ]
    right = sum(one["importance"]["verdict"] == "right" for one in found)
    done = sum(one["delivered"]["verdict"] == "delivered" for one in found)
    return {
        "en": f"{voice['label']['en']}: of {len(found)} outcomes that they judged, {right} matter "
        f"to most and {done} happen for most.",
        "cy": f"{said(voice['label'], 'cy')}: o'r {len(found)} canlyniad a farnwyd ganddynt, mae "
        f"{right} yn bwysig i'r rhan fwyaf a {done} yn digwydd i'r rhan fwyaf.",
    }


def combined_headline(
    report: Mapping[str, Any], health: Mapping[str, Any], outcomes: Mapping[str, Any]
) -> list[Said]:
    """Who was asked and answered, what fits the theory, what does not, what cannot be said."""
    findings = [one for outcome in report["outcomes"] for one in outcome["findings"]]
    fits = [one for one in findings if one["finding"] == "consistent_with_theory"]
    open_still = [one for one in findings if one["finding"] == "cannot_say"]
    not_so = [one for one in findings if one not in fits and one not in open_still]
    lines = [*health["headline"][:1], *_asked(outcomes["voices"])]
    lines += [one["summary"] for one in [*fits[:MOST_NAMED], *not_so[:MOST_NAMED]]]
    if open_still:
        lines.append(
            {
                "en": f"Of {len(open_still)} outcomes and voices nothing can be said yet.",
                "cy": f"Ni ellir dweud dim eto am {len(open_still)} canlyniad a llais.",
            }
        )
    return [*lines, dict(texts("caveats")["not_cause"])]
