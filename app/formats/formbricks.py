"""Formbricks' webhooks: a finished response, whose answers are in the words of the options."""

import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from app.errors import Fault, Invalid
from app.formats import codes
from app.formats.cells import Cell, Fields, Tool, unfinished
from app.formats.form import Form, Reading
from app.formats.records import Reader

_FINISHED = "responseFinished"
# Of the event and of the response, what says nothing of who answered.
_TECHNICAL = re.compile("event|surveyId|finished|survey|environmentId|singleUse|displayId")
TOOL = Tool(codes=codes.written, keys=("data/id",), technical=_TECHNICAL, speaks=True)


def read(form: Form, record: Mapping[str, Any], fields: Fields | None = None) -> Reading:
    """What one webhook says.

    Raises:
        Invalid: It is no finished response, or no answer to the form.
    """
    return FormbricksReader(form, fields or Fields()).read(record)


class FormbricksReader:
    """Reads the responses to one form."""

    def __init__(self, form: Form, fields: Fields) -> None:
        self._reader = Reader(form, TOOL, fields)
        self._fields = fields
        self._rows = _rows(form)

    def knows(self, name: str) -> bool:
        """Whether a map may lead to this name."""
        return self._reader.knows(name)

    def read(self, record: Mapping[str, Any]) -> Reading:
        """What one webhook says.

        Raises:
            Invalid: It is no finished response, or no answer to the form.
        """
        response = record.get("data")
        if record.get("event") != _FINISHED:
            raise unfinished("/event")
        if isinstance(response, dict) and response.get("finished") is False:
            raise unfinished("/data/finished")
        answers = response.get("data") if isinstance(response, dict) else None
        if not isinstance(response, dict) or not isinstance(answers, dict):
            raise Invalid(faults=[Fault("/data/data", "required", "The answers are missing.")])
        return self._reader.read(self._cells(record, response, answers))

    def _cells(
        self, record: Mapping[str, Any], response: Mapping[str, Any], answers: Mapping[str, Any]
    ) -> Iterator[Cell]:
        for name, value in record.items():
            if name != "data":
                yield Cell(name, value, (name,))
        for name, value in response.items():
            if name != "data":
                yield Cell(name, value, ("data", name))
        for name, value in answers.items():
            yield from self._answers(name, value, ("data", "data", name))

    def _answers(self, name: str, value: Any, path: Sequence[str]) -> Iterator[Cell]:
        """An answer, or those of each row of a table, which are named by their words."""
        cell = Cell(name, value, path)
        if not isinstance(value, dict) or self._fields.ours(cell) is None:
            yield cell
            return
        for row, said in value.items():
            known = self._rows.get(row, row)
            yield Cell(f"{name}[{row}]", said, (*path, row), ours=known)


def _rows(form: Form) -> dict[str, str]:
    """Questions by their words in any language, where these are of one question alone."""
    found: dict[str, set[str]] = {}
    for _, question in form.questions:
        for text in question.text.values():
            found.setdefault(text, set()).add(question.name)
    return {text: next(iter(names)) for text, names in found.items() if len(names) == 1}
