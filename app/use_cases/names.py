"""What in a text looks as if it names somebody, so that a person reads it before others do."""

import re
from collections.abc import Collection, Iterable

from stdnum.gb import nhs

from app.instruments import word_list

_EMAIL = re.compile(r"[^\s@]+@[^\s@]+\.[^\s@]+")
_TELEPHONE = re.compile(r"(?:\+|\b0)[\d\s().-]{8,}\d")
_NUMBER = re.compile(r"\b\d[\d -]{8,12}\d\b")
_TITLED = re.compile(
    r"\b(?:Mr|Mrs|Ms|Miss|Mx|Dr|Prof|Sister|Nurse|Sir|Lady|Fr|Rev)\b\.?\s+\w", re.I
)
_CAPITALISED = re.compile(r"(?<![\w'’])[A-ZÂÊÎÔÛŴŶ][A-Za-zâêîôûŵŷáéíóúżłńśćźęą'’-]+")
# A bracket or a quotation mark begins no sentence: names stand in them too.
_SENTENCE_START = re.compile(r"(?:^|[.!?\n•][\"”’)]*\s*)(?:[-–]\s+)?[\"“‘(]*$")
_POSSESSIVE = re.compile(r"['’]s?$")


def looks_named(texts: Iterable[str], *, known: Iterable[str] = ()) -> bool:
    """Whether one of the texts seems to name a person or a way to reach one.

    It errs on the side of withholding: a usual given name counts anywhere, and so does any other
    capitalised word inside a sentence unless it is a common one or part of a name in `known` (the
    partner organisations').
    """
    names = list(known)
    common = word_list("common")
    words = {_POSSESSIVE.sub("", word) for name in names for word in re.findall(r"[\w'’]+", name)}
    return any(_names_somebody(_without(text, names), common | words) for text in texts)


def _without(text: str, names: Iterable[str]) -> str:
    """The text with partners' names in plain words: "Sir" of a Welsh county is no title."""
    for name in names:
        text = text.replace(name, "a partner")
    return text


def _names_somebody(text: str, allowed: Collection[str]) -> bool:
    if _EMAIL.search(text) or _TELEPHONE.search(text) or _TITLED.search(text):
        return True
    if any(nhs.is_valid(number) for number in _NUMBER.findall(text)):
        return True
    return any(_is_name(word, text, allowed) for word in _CAPITALISED.finditer(text))


def _is_name(word: re.Match[str], text: str, allowed: Collection[str]) -> bool:
    bare = _POSSESSIVE.sub("", word.group())
    if bare in allowed:
        return False
    starts = _SENTENCE_START.search(text[: word.start()])
    given = bare.capitalize() in word_list("given")
    # A word all in capitals is an abbreviation, or shouting, unless it is a name.
    return given or (not starts and not bare.isupper())
