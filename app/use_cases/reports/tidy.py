"""A report as a tidy table, one row a number, from the document as published and nothing else.

`section` is the way through the document's lists ("domains.items"), `measure` the way from there
to the number ("score", "delivered.share"). A range is one row with `low` and `high`; an interval
stands on the row of the number that it belongs to. A finding in words stands in `band`, on a row
of its own where its part has no number to stand beside.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Any

from app.instruments.questionnaires import said
from app.use_cases.spreadsheets import csv_of

Part = Mapping[str, Any]
COLUMNS = (
    *("report", "edition", "partnership", "evaluation"),
    *("section", "of", "code", "label", "group", "voice"),
    *("measure", "value", "at_least", "at_most", "low", "high", "basis", "band", "suppressed"),
)
# What a part of a report is called by, and what may stand before a reader as its name.
_CODES = ("code", "organisation", "level", "frame", "number")
_LABELS = ("label", "title", "text")
_MAIN = ("score", "change", "points")  # the number that an interval without a name belongs to
_WORDS = ("band", "verdict", "finding", "process")
_ENDS = {"from", "to"}


def tidy(report: Part, language: str) -> str:
    """A published report as CSV.

    Args:
        report: The document as it is stored.
        language: `en` or `cy`, of the column `label`; texts that lack it stay in English.
    """
    about = {name: report.get(name) for name in COLUMNS[:4]}
    found = _part(report, _Place(language))
    return csv_of(COLUMNS, ({**about, **row} for row in found))


@dataclass(frozen=True)
class _Place:
    """Where in a report something stands, and what that is called."""

    language: str
    section: str = ""
    of: str | None = None
    code: str | None = None
    label: str | None = None
    group: str | None = None
    voice: str | None = None
    measure: str = ""

    def into(self, member: str) -> "_Place":
        """The place of a member."""
        return replace(self, measure=f"{self.measure}.{member}" if self.measure else member)

    def entry(self, part: Part) -> "_Place":
        """The place of an entry of the list that stands here."""
        section = f"{self.section}.{self.measure}" if self.section else self.measure
        code = _code(part)
        label = next((part[name] for name in _LABELS if isinstance(part.get(name), dict)), None)
        between = part.get("between")
        voice = " / ".join(between) if isinstance(between, list) else part.get("voice")
        return replace(
            self,
            section=section,
            of=self.code if code else self.of,
            code=code or self.code,
            label=said(label, self.language) if label else self.label,
            group=" + ".join(part["groups"]) if "groups" in part else self.group,
            voice=voice or self.voice,
            measure="",
        )

    def row(self, member: str, **cells: Any) -> dict[str, Any]:
        """A row about a member."""
        here = {name: value for name, value in vars(self).items() if name != "language"}
        return {**here, "measure": self.into(member).measure if member else self.measure, **cells}


def _part(part: Part, place: _Place) -> Iterator[dict[str, Any]]:
    """The rows of an object."""
    main = next((name for name in _MAIN if _counts(part.get(name))), None)
    worded = next((name for name in _WORDS if isinstance(part.get(name), str)), None)
    taken = {_base(part, name) or "": name for name in part if _spans(part[name])}
    if "suppressed" in part:
        yield place.row("", suppressed="true")
    for name, value in part.items():
        if _counts(value):
            ends = part[taken[name]] if name in taken else {}
            yield place.row(name, value=value, **_ends(ends), **_beside(part, name == main, worded))
        elif _spans(value):
            if _base(part, name) is None:
                yield place.row(name, **_ends(value))
        else:
            yield from _below(value, place.into(name))
    if worded and not main:
        yield place.row(worded, band=part[worded])


def _code(part: Part) -> str | None:
    """What an entry of a list is called; a comparison by the numbers of its rounds."""
    if isinstance(part.get("before"), dict) and "number" in part["before"]:
        return f"{part['before']['number']} to {part['after']['number']}"
    found = (part.get(name) for name in _CODES)
    return next((str(name) for name in found if isinstance(name, str) or _counts(name)), None)


def _below(value: Any, place: _Place) -> Iterator[dict[str, Any]]:
    """The rows of what is neither a number nor a range."""
    if isinstance(value, dict):
        yield from _part(value, place)
    elif isinstance(value, list):
        for at, entry in enumerate(value):
            if isinstance(entry, dict):
                yield from _part(entry, place.entry(entry))
            elif _counts(entry):
                yield place.row(str(at), value=entry)


def _beside(part: Part, main: bool, worded: str | None) -> dict[str, Any]:
    """What stands on the row of the number that a part is about."""
    if not main:
        return {}
    flags = {name: "true" for name in ("at_least", "at_most") if part.get(name) is True}
    return {**flags, "basis": part.get("basis"), "band": part[worded] if worded else None}


def _base(part: Part, name: str) -> str | None:
    """The number that a range is the interval of; None where it stands for itself."""
    if name == "interval":
        return next((main for main in _MAIN if _counts(part.get(main))), None)
    base = name.removesuffix("_interval")
    return base if base != name and _counts(part.get(base)) else None


def _ends(span: Part) -> dict[str, Any]:
    return {"low": span.get("from"), "high": span.get("to")}


def _counts(value: Any) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool)


def _spans(value: Any) -> bool:
    return isinstance(value, dict) and value.keys() == _ENDS
