"""Records of ODK Central and KoboToolbox, as JSON: with group paths as keys, or nested."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import Any

from app.errors import Fault, Invalid
from app.formats import codes
from app.formats.cells import Cell, Fields, Tool, unasked
from app.formats.flat import WHICH
from app.formats.form import Form, Reading
from app.formats.identity import identifies
from app.formats.records import Reader
from app.formats.xlsform import KEY, group_name

# What a form asks beside questions: notes, the heads of tables, and what the servers add.
_TECHNICAL = re.compile(
    r"n_\w+|generated_table_list_label_\d+|reserved_name_for_field_list_labels_\d+"
    r"|_\w+|formhub/uuid|uuid|.*@odata\.\w+|meta/\w+|instanceName"
)
# Kobo's own names of a form and of a version of it.
_KOBO = re.compile(r"[av][A-Za-z0-9]{12,30}")
_NESTED = "__system"
TOOL = Tool(
    codes=codes.written,
    keys=(KEY, "meta/rootUuid", "meta/instanceID", "instanceID", "__id", "_uuid"),
    technical=_TECHNICAL,
)


def reader(form: Form, fields: Fields) -> "OdkReader":
    """What reads records that answer `form`."""
    return OdkReader(form, fields)


def read(form: Form, record: Mapping[str, Any], fields: Fields | None = None) -> Reading:
    """What one record says.

    Raises:
        Invalid: It is no answer to the form.
    """
    return OdkReader(form, fields or Fields()).read(record)


class OdkReader:
    """Reads the records of one form."""

    def __init__(self, form: Form, fields: Fields) -> None:
        self._form = form
        self._reader = Reader(form, TOOL, fields)
        self._repeats = {
            name: section.repeat.most
            for section in form.sections
            if section.repeat
            for name in (section.code, group_name(section))
        }

    def read(self, record: Mapping[str, Any]) -> Reading:
        """What one record says.

        Raises:
            Invalid: It is no answer to the form.
        """
        cells = _apart(list(self._cells(record, ())))
        if not any(cell.name == WHICH for cell in cells):
            self._check(record)
        return self._reader.read(cells)

    def _check(self, record: Mapping[str, Any]) -> None:
        """Refuse an answer to another form, where the record does not say by itself which it is."""
        system = record.get(_NESTED)
        nested = system.get("formVersion") if isinstance(system, dict) else None
        said = [
            (f"/{_NESTED}/formVersion", nested, self._form.version),
            ("/__version__", record.get("__version__"), self._form.version),
            ("/_xform_id_string", record.get("_xform_id_string"), self._form.code),
        ]
        for pointer, value, ours in said:
            if value not in (None, "", ours) and not _KOBO.fullmatch(str(value)):
                raise unasked(pointer)

    def _cells(
        self, members: Mapping[str, Any], path: tuple[str, ...], number: int = 0
    ) -> Iterator[Cell]:
        for key, value in members.items():
            name = key.rsplit("/", 1)[-1]
            here = (*path, key)
            if name in self._repeats and isinstance(value, list):
                yield from self._entries(value, here, self._repeats[name])
            elif isinstance(value, dict) and (key == "meta" or not identifies(key)):
                yield from self._cells(value, here, number)
            elif not path and key.startswith("meta/"):
                yield Cell(key, value, here)
            elif number and key.startswith("__"):
                continue
            else:
                yield Cell(name, value, here, number)

    def _entries(self, entries: list[Any], path: tuple[str, ...], most: int) -> Iterator[Cell]:
        kept = [(at, one) for at, one in enumerate(entries) if isinstance(one, dict) and _says(one)]
        if len(kept) > most:
            pointer = Cell("", None, (*path, str(kept[most][0]))).pointer
            raise Invalid(faults=[Fault(pointer, "too-many", f"At most {most}.")])
        for number, (place, entry) in enumerate(kept, start=1):
            yield from self._cells(entry, (*path, str(place)), number)


def _apart(cells: list[Cell]) -> list[Cell]:
    """The cells; what stands outside all groups and is called like a question in one is none."""
    grouped = {cell.name for cell in cells if cell.full != cell.name}
    return [
        replace(cell, name=f"/{cell.name}")
        if cell.full == cell.name and cell.name in grouped and identifies(cell.name)
        else cell
        for cell in cells
    ]


def _says(entry: Mapping[str, Any]) -> bool:
    return any(
        value not in (None, "") for name, value in entry.items() if not name.startswith("__")
    )
