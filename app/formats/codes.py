"""Codes of options for tools that take only short ones."""

import re
import zlib
from collections.abc import Sequence

from app.formats.form import Option

_ALPHABET = "0123456789abcdefghijklmnopqrstuvwxyz"
_KNOWN = {"dont_know": "dk", "not_applicable": "na", "not_about_me": "nme"}
# LimeSurvey gives these to columns of its own.
_TAKEN = frozenset({"other", "time"})

Codes = dict[int | str, str]


def written(options: Sequence[Option]) -> Codes:
    """The code of each option: its value as it is written."""
    return {option.value: str(option.value) for option in options}


def short(options: Sequence[Option]) -> Codes:
    """The code of each option: at most five letters and digits.

    A value that is short enough is its own code, "don't know" and the like are abbreviated, and
    any other has a checksum. So the code of an option stays when others come or go.
    """
    return _of(options, re.compile("[a-z0-9]{1,5}"))


def plain(options: Sequence[Option]) -> Codes:
    """The code of each option: letters, digits and underscores."""
    return _of(options, re.compile("[a-z0-9_]{1,40}"))


def _of(options: Sequence[Option], shape: re.Pattern[str]) -> Codes:
    kept = {
        option.value: str(option.value)
        for option in options
        if shape.fullmatch(str(option.value)) and option.value not in _TAKEN
    }
    codes: Codes = {}
    used = set(kept.values())
    for option in options:
        code = kept.get(option.value) or _KNOWN.get(str(option.value), "")
        attempt = 0
        while not code or (option.value not in kept and code in used):
            code = _checksum(f"{option.value}{'+' * attempt}")
            attempt += 1
        used.add(code)
        codes[option.value] = code
    return codes


def _checksum(value: str) -> str:
    """Five digits to the base of 36."""
    number, digits = zlib.crc32(value.encode()), ""
    for _ in range(5):
        number, digit = divmod(number, 36)
        digits += _ALPHABET[digit]
    return digits
