"""Reading the records of survey tools: what all of them share.

A tool's own module turns a record into cells, flat names with values; here each cell finds its
question and is put on the sheet, in our words.
"""

import dataclasses
import re
from collections.abc import Iterable, Sequence
from typing import Any

from app.errors import Invalid, nameable
from app.formats import flat
from app.formats.cells import ANOTHER, Cell, Fields, Tool
from app.formats.flat import Flat
from app.formats.form import Form, Option, Question, Reading
from app.formats.identity import identifies
from app.formats.sheet import Sheet, at

_NOTHING = (None, "")
_TICKED = {"1": True, "y": True, "yes": True, "0": False, "n": False, "no": False}
_WHOLE = re.compile(r"(-?\d{1,9})(?:\.0*)?")


class Reader:
    """Reads the cells of records that answer one form.

    Args:
        form: What was asked.
        tool: What asked it.
        fields: Where it keeps what.
    """

    def __init__(self, form: Form, tool: Tool, fields: Fields) -> None:
        self.form, self.tool, self.fields = form, tool, fields
        self.columns = flat.columns(form)
        self.sections = {
            one.name: block.section.code for block in flat.blocks(form) for one in block.questions
        }
        self.repeated = {one.code: one.questions for one in form.sections if one.repeat}
        self.ticks: dict[str, tuple[Flat, int | str]] = {}
        self.values: dict[str, dict[str, int | str]] = {}
        for name, options in form.lists.items():
            self.values[name] = _readable(options, tool)
        for name, column in self.columns.items():
            if column.question.kind == "several":
                codes = tool.codes(flat.options_of(form, column.question))
                self.ticks |= {tool.tick(name, code): (column, of) for of, code in codes.items()}

    def read(self, cells: Iterable[Cell]) -> Reading:
        """What cells say.

        Raises:
            Invalid: Something is no question of ours, was said twice, or is none of the answers.
        """
        record = _Record(self)
        for cell in cells:
            record.take(cell)
        return record.reading()

    def knows(self, name: str) -> bool:
        """Whether a name is that of a question, of a tick, or what tells forms apart."""
        return name in self.columns or name in self.ticks or name == flat.WHICH

    def asks(self, name: str, cell: Cell) -> bool:
        """Whether it knows a name where a cell stands: in an entry, those of this entry alone."""
        if not cell.number:
            return self.knows(name)
        column = self.ticks[name][0] if name in self.ticks else self.columns.get(name)
        if column is None or not column.number:
            return False
        return (self.sections[column.name], column.number) == (cell.section, cell.number)

    def value(self, question: Question, raw: Any) -> Any:
        """A value in our words, or as it is where it is none."""
        if question.kind == "text":
            number = isinstance(raw, (int, float)) and not isinstance(raw, bool)
            return str(raw) if number else raw
        if question.kind == "several":
            raw = raw.split() if isinstance(raw, str) and not self.tool.speaks else raw
            raw = [raw] if isinstance(raw, str) else raw
            return [self._option(question, one) for one in raw] if isinstance(raw, list) else raw
        if question.kind == "one":
            return self._option(question, raw)
        return _whole(raw)

    def _option(self, question: Question, raw: Any) -> Any:
        known = self.values[question.options or ""]
        raw = _whole(raw) if isinstance(raw, float) else raw
        if isinstance(raw, str):
            return known.get(raw, raw)
        return raw


class _Record:
    """One record while it is read.

    Attributes:
        real: Where something stands in the record, by where the sheet believes it to be.
    """

    def __init__(self, reader: Reader) -> None:
        self.reader = reader
        self.sheet = Sheet(reader.form)
        self.found: dict[str, str] = {}
        self.cell: str | None = None
        self.ticked: dict[str, tuple[list[int | str], str]] = {}
        self.entries: dict[tuple[str, int], dict[str, Any]] = {}
        self.real: dict[str, str] = {}
        self.seen: set[str] = set()

    def take(self, cell: Cell) -> None:
        """Take one cell."""
        fields = self.reader.fields
        if self._names_the_record(cell):
            return
        named = fields.ours(cell)
        if named is None:
            self._strip(cell, cell.full)
            return
        named += str(cell.number or "")
        place = self.reader.form.place
        if place and fields.place in cell.names:
            named = place.name
        known = _identifying(cell)
        if self.reader.asks(named, cell):
            self._answer(cell, named)
        elif known:
            self._strip(cell, known)
        elif not self.reader.tool.technical.fullmatch(cell.name):
            self.sheet.fault(cell.pointer, "unknown-question", "There is no such question.")

    def reading(self) -> Reading:
        """What was read.

        Raises:
            Invalid: Something was wrong.
        """
        for name, (chosen, pointer) in self.ticked.items():
            self._put(self.reader.columns[name], chosen, pointer)
        for (section, number), members in sorted(self.entries.items()):
            self.sheet.put_entry(section, members, _within(section, number))
        try:
            reading = self.sheet.reading()
        except Invalid as refusal:
            faults = [
                dataclasses.replace(fault, pointer=self.real.get(fault.pointer, fault.pointer))
                for fault in refusal.faults
            ]
            raise Invalid(faults=faults) from None
        token = self.found.get("token")
        return dataclasses.replace(
            reading,
            stripped=[*self.sheet.stripped, *self._spare_keys()],
            key=self._key(),
            token=token,
            cell=None if token else self.cell,
        )

    def _names_the_record(self, cell: Cell) -> bool:
        """Take what a record is known by; whether it was that."""
        fields = self.reader.fields
        for role, name in (("key", fields.key), ("token", fields.token)):
            if name is not None and name in cell.names:
                self._remember(role, cell.value)
                return True
        own = next((name for name in cell.names if name in self.reader.tool.keys), None)
        if own is not None:
            self._remember(own, cell.value)
        return own is not None

    def _remember(self, role: str, value: Any) -> None:
        if isinstance(value, (str, int)) and value not in _NOTHING:
            self.found[role] = str(value).removeprefix("uuid:")

    def _key(self) -> str | None:
        if self.reader.fields.key is not None:
            return self.found.get("key")
        return next((self.found[one] for one in self.reader.tool.keys if one in self.found), None)

    def _spare_keys(self) -> list[str]:
        """By what else the record is known."""
        found = [one for one in self.reader.tool.keys if one in self.found]
        spare = found if self.reader.fields.key is not None else found[1:]
        return [one for one in spare if identifies(one)]

    def _strip(self, cell: Cell, known: str) -> None:
        """Leave a cell behind; only what looks like a code is repeated of what leads to it."""
        *before, last = known.split("/")
        name = known if all(nameable(one) or identifies(one) for one in before) else last
        if _is_given(cell.value) and name not in self.sheet.stripped:
            self.sheet.stripped.append(name)

    def _answer(self, cell: Cell, named: str) -> None:
        if cell.value in _NOTHING:
            return
        if named in self.seen:
            self.sheet.fault(cell.pointer, "answered-twice", "Each question is answered once.")
            return
        self.seen.add(named)
        if named in self.reader.columns:
            column = self.reader.columns[named]
            self._put(column, self.reader.value(column.question, cell.value), cell.pointer)
        elif named in self.reader.ticks:
            self._tick(cell, *self.reader.ticks[named])
        elif cell.value not in (flat.identity(self.reader.form), *self.reader.form.also):
            self.sheet.fault(cell.pointer, "another-version", ANOTHER)

    def _tick(self, cell: Cell, column: Flat, value: int | str) -> None:
        ticked = _TICKED.get(str(cell.value).lower())
        if ticked is None:
            self.sheet.fault(cell.pointer, "unknown-value", "It is ticked or not.")
        elif ticked:
            self.ticked.setdefault(column.name, ([], cell.pointer))[0].append(value)

    def _put(self, column: Flat, value: Any, pointer: str) -> None:
        place = self.reader.form.place
        if place and column.name == place.name:
            self._stand(place, value, pointer)
        elif column.number:
            self._enter(column, value, pointer)
        else:
            self.sheet.put(column.question.name, value, pointer)

    def _enter(self, column: Flat, value: Any, pointer: str) -> None:
        """Take an answer in an entry of a repeated section."""
        section = self.reader.sections[column.name]
        place = _within(section, column.number)
        self.entries.setdefault((section, column.number), {})[column.question.name] = value
        self.real[at(place, column.question.name)] = pointer
        parent = pointer.rpartition("/")[0]
        for question in self.reader.repeated[section]:
            missing = question.name if parent else f"{question.name}{column.number}"
            self.real.setdefault(at(place, question.name), at(parent, missing))

    def _stand(self, place: Question, value: Any, pointer: str) -> None:
        """Take under what an answer counts."""
        if value in [option.value for option in flat.options_of(self.reader.form, place)]:
            self.cell = str(value)
        else:
            self.sheet.fault(pointer, "unknown-value", "It was not offered.")


def _identifying(cell: Cell) -> str | None:
    """What could tell who answered: a cell, or the first of the groups that it stands in."""
    if any(identifies(name) for name in cell.names):
        return cell.full
    parts = cell.full.split("/")
    at = next((at for at, part in enumerate(parts, start=1) if identifies(part)), None)
    return "/".join(parts[:at]) if at else None


def _is_given(value: Any) -> bool:
    if isinstance(value, list):
        return any(_is_given(one) for one in value)
    return value not in (None, "", {})


def _within(section: str, number: int) -> str:
    return f"/{section}/{number - 1}"


def _readable(options: Sequence[Option], tool: Tool) -> dict[str, int | str]:
    """Options by what a tool may write for them: their code, their value, or their label."""
    codes = {code: value for value, code in tool.codes(options).items()}
    values = {str(option.value): option.value for option in options}
    labels = _labels(options)
    return values | codes | labels if tool.speaks else labels | values | codes


def _labels(options: Sequence[Option]) -> dict[str, int | str]:
    """Options by their label in any language, where a label is of one option alone."""
    found: dict[str, set[int | str]] = {}
    for option in options:
        for label in option.label.values():
            found.setdefault(label, set()).add(option.value)
    return {label: next(iter(values)) for label, values in found.items() if len(values) == 1}


def _whole(raw: Any) -> Any:
    """A whole number, as some tools write it: `4`, `4.0`, `"4.0000000000"`."""
    found = None if isinstance(raw, bool) else _WHOLE.fullmatch(str(raw))
    return int(found[1]) if found else raw
