"""What in a text looks as if it names somebody, so that a person reads it before others do."""

import re
from collections.abc import Iterable

from stdnum.gb import nhs

_EMAIL = re.compile(r"[^\s@]+@[^\s@]+\.[^\s@]+")
_TELEPHONE = re.compile(r"(?:\+|\b0)[\d\s().-]{8,}\d")
_NUMBER = re.compile(r"\b\d[\d -]{8,12}\d\b")
_TITLED = re.compile(
    r"\b(?:Mr|Mrs|Ms|Miss|Mx|Dr|Prof|Sister|Nurse|Sir|Lady|Fr|Rev)\b\.?\s+\w", re.I
)
_CAPITALISED = re.compile(r"(?<![\w'’])[A-ZÂÊÎÔÛŴŶ][a-zâêîôûŵŷáéíóú'’-]+")
# A bracket or a quotation mark begins no sentence: names stand in them too.
_SENTENCE_START = re.compile(r"(?:^|[.!?\n•][\"”’)]*\s*)(?:[-–]\s+)?[\"“‘(]*$")
_POSSESSIVE = re.compile(r"['’]s?$")
_COMMON = frozenset(
    [
        "I",
        "A",
        "Monday",
        "Tuesday",
        "Wednesday",
        "Thursday",
        "Friday",
        "Saturday",
        "Sunday",
        "January",
        "February",
        "March",
        "April",
        "May",
        "June",
        "July",
        "August",
        "September",
        "October",
        "November",
        "December",
        "Christmas",
        "Easter",
        "English",
        "Welsh",
        "England",
        "Wales",
        "Scotland",
        "Ireland",
        "Britain",
        "British",
        "European",
        "Act",
        "Care",
        "Trust",
        "Council",
        "Health",
        "Service",
        "Services",
        "Social",
        "Hospital",
        "Board",
        "Partnership",
        "Team",
        "GP",
        "GPs",
        "NHS",
        "Covid",
        "Blue",
        "Badge",
        "Teams",
        "Zoom",
        "Internet",
        "Llun",
        "Mawrth",
        "Mercher",
        "Iau",
        "Gwener",
        "Sadwrn",
        "Sul",
        "Ionawr",
        "Chwefror",
        "Ebrill",
        "Mai",
        "Mehefin",
        "Gorffennaf",
        "Awst",
        "Medi",
        "Hydref",
        "Tachwedd",
        "Rhagfyr",
        "Cymru",
        "Cymraeg",
        "Lloegr",
        "Saesneg",
        "Nadolig",
        "Bwrdd",
        "Chymraeg",
        "Chymru",
        "Cyngor",
        "GIG",
        "Gofal",
        "Gymraeg",
        "Gymru",
        "Iechyd",
        "Loegr",
        "Nghymru",
        "Ysbyty",
    ]
)


def looks_named(texts: Iterable[str], *, known: Iterable[str] = ()) -> bool:
    """Whether one of the texts seems to name a person or a way to reach one.

    It errs on the side of withholding: a capitalised word inside a sentence counts unless it is a
    common one or part of a name in `known` (the partner organisations').
    """
    names = list(known)
    words = {_POSSESSIVE.sub("", word) for name in names for word in re.findall(r"[\w'’]+", name)}
    return any(_names_somebody(_without(text, names), _COMMON | words) for text in texts)


def _without(text: str, names: Iterable[str]) -> str:
    """The text with partners' names in plain words: "Sir" of a Welsh county is no title."""
    for name in names:
        text = text.replace(name, "a partner")
    return text


def _names_somebody(text: str, allowed: Iterable[str]) -> bool:
    if _EMAIL.search(text) or _TELEPHONE.search(text) or _TITLED.search(text):
        return True
    if any(nhs.is_valid(number) for number in _NUMBER.findall(text)):
        return True
    return any(
        _POSSESSIVE.sub("", word.group()) not in allowed
        and not _SENTENCE_START.search(text[: word.start()])
        for word in _CAPITALISED.finditer(text)
    )
