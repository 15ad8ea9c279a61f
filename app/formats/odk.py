"""Records of ODK Central and KoboToolbox, as JSON: with group paths as keys, or nested."""

import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from app.errors import Fault, Invalid
from app.formats import codes
from app.formats.cells import Cell, Fields, Tool, unasked
from app.formats.flat import WHICH
from app.formats.form import Form, Reading, Section
from app.formats.identity import identifies
from app.formats.records import Reader
from app.formats.xlsform import KEY, group_name

# What a form asks beside questions: notes, the heads of tables, and what the servers add.
_TECHNICAL = re.compile(
    r"n_\w+|generated_table_list_label_\d+|reserved_name_for_field_list_labels_\d+"
    r"|formhub/uuid|uuid|.*@odata\.\w+|meta/\w+|instanceName"
    # Of a record in Kobo, and of its versions.
    r"|_status|_xform_id(_string)?|_userform_id|_bamboo_dataset_id|_supplementalDetails"
    r"|_deleted_at|_edited|_date_modified|_duration|_index|_parent_(index|table_name)"
    r"|_media_(count|all_received)|_total_media|_submission__\w+|__?version__?(_?\d+)?"
)
# Kobo's own names of a form and of a version of it.
_KOBO = re.compile(r"[av][A-Za-z0-9]{12,30}")
_NESTED = "__system"
TOOL = Tool(
    codes=codes.written,
    keys=(KEY, "meta/rootUuid", "meta/instanceID", "instanceID", "__id", "_uuid"),
    technical=_TECHNICAL,
)


def read(form: Form, record: Mapping[str, Any], fields: Fields | None = None) -> Reading:
    """What one record says.

    Raises:
        Invalid: It is no answer to the form.
    """
    return OdkReader(form, fields or Fields()).read(record)


class OdkReader:
    """Reads the records of one form."""

    def __init__(self, form: Form, fields: Fields) -> None:
        self._form, self._fields = form, fields
        self._reader = Reader(form, TOOL, fields)
        self._repeats = {
            name: section
            for section in form.sections
            if section.repeat
            for name in (section.code, group_name(section))
        }

    def knows(self, name: str) -> bool:
        """Whether a map may lead to this name; in a repeat it has no number."""
        repeated = (one.name for section in self._repeats.values() for one in section.questions)
        return self._reader.knows(name) or name in repeated

    def read(self, record: Mapping[str, Any]) -> Reading:
        """What one record says.

        Raises:
            Invalid: It is no answer to the form.
        """
        cells = list(self._cells(record, ()))
        if not any(self._fields.ours(cell) == WHICH for cell in cells):
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
        self, members: Mapping[str, Any], path: tuple[str, ...], number: int = 0, section: str = ""
    ) -> Iterator[Cell]:
        for key, value in members.items():
            cell = Cell(_name(key, path), value, (*path, key), number, section)
            if self._fields.ours(cell) is None:
                yield cell
            elif cell.name in self._repeats and isinstance(value, list):
                yield from self._entries(value, cell.path, self._repeats[cell.name])
            elif isinstance(value, dict) and _groups(key, value):
                yield from self._cells(value, (*path, key), number, section)
            elif not (number and key.startswith("__")):
                yield cell

    def _entries(self, entries: list[Any], path: Sequence[str], section: Section) -> Iterator[Cell]:
        most = section.repeat.most if section.repeat else 0
        kept = [
            (at, one) for at, one in enumerate(entries) if isinstance(one, dict) and _is_given(one)
        ]
        if len(kept) > most:
            pointer = Cell("", None, (*path, str(kept[most][0]))).pointer
            raise Invalid(faults=[Fault(pointer, "too-many", f"At most {most}.")])
        for number, (place, entry) in enumerate(kept, start=1):
            yield from self._cells(entry, (*path, str(place)), number, section.code)


def _name(key: str, path: tuple[str, ...]) -> str:
    """How a member is called: not as a question where a server or a device put it.

    All that a form of ours asks is in groups, so what identifies and stands in none is no answer.
    """
    if path == ("meta",):
        return f"meta/{key}"
    if not path and key.startswith("meta/"):
        return key
    return f"/{key}" if not path and identifies(key) else key.rsplit("/", 1)[-1]


def _groups(key: str, value: Mapping[str, Any]) -> bool:
    """Whether an object is a group, and no place on a map nor of the server."""
    return not key.startswith("_") and not {"type", "coordinates"} <= value.keys()


def _is_given(entry: Mapping[str, Any]) -> bool:
    return any(
        value not in (None, "") for name, value in entry.items() if not name.startswith("__")
    )
