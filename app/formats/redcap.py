"""A form as a REDCap data dictionary, and REDCap's flat records back.

A dictionary is in one language. In each language the names and the codes are the same, so the
texts of another can be entered beside it (REDCap's Multi-Language Management), or a project be
made for each.
"""

import csv
import io
import re
from collections.abc import Iterator, Mapping
from typing import Any

from app.formats import codes
from app.formats.cells import Cell, Fields, Tool, unfinished
from app.formats.flat import WHICH, Block, Flat, blocks, columns, identity, options_of
from app.formats.form import Form, Question, Reading
from app.formats.records import Reader
from app.formats.texts import as_html

COLUMNS = (
    "Variable / Field Name",
    "Form Name",
    "Section Header",
    "Field Type",
    "Field Label",
    "Choices, Calculations, OR Slider Labels",
    "Field Note",
    "Text Validation Type OR Show Slider Number",
    "Text Validation Min",
    "Text Validation Max",
    "Identifier?",
    "Branching Logic (Show field only if...)",
    "Required Field?",
    "Custom Alignment",
    "Question Number (surveys only)",
    "Matrix Group Name",
    "Matrix Ranking?",
    "Field Annotation",
)
RECORD = "record_id"
_TYPES = {"one": "radio", "several": "checkbox", "text": "notes", "points": "text"}
# What would part choices, or stand for another field's answer.
_MEANT = str.maketrans({"|": "&#124;", "[": "&#91;", "]": "&#93;"})
_FINISHED = "2"
TOOL = Tool(
    codes=codes.plain,
    tick="{}___{}".format,
    technical=re.compile("redcap_(event_name|repeat_instrument|repeat_instance)|info_[a-z0-9_]+"),
)
Row = dict[str, str]


def export(form: Form, *, language: str | None = None) -> bytes:
    """The dictionary in one language, the first of the form's unless another is named."""
    written = io.StringIO(newline="")
    writer = csv.DictWriter(written, COLUMNS, restval="", lineterminator="\n")
    writer.writeheader()
    writer.writerows(_Dictionary(form, language or form.languages[0]).rows())
    return written.getvalue().encode()


def instrument_name(form: Form) -> str:
    """What REDCap calls the form."""
    return form.code.replace("-", "_")


class _Dictionary:
    """The rows in one language."""

    def __init__(self, form: Form, language: str) -> None:
        self.form, self.language = form, language
        self.columns = columns(form)

    def rows(self) -> Iterator[Row]:
        yield self._field(RECORD, "text", "Record ID")
        yield self._field(WHICH, "text", "Form") | {
            "Field Annotation": f"@HIDDEN @DEFAULT='{identity(self.form)}'"
        }
        for block in blocks(self.form):
            yield from self._block(block)

    def _block(self, block: Block) -> Iterator[Row]:
        header, intro = _said(block.title(self.language)), block.intro(self.language)
        if intro or not block.questions:
            label = _said(intro) if intro else header
            yield self._field(f"info_{block.code}", "descriptive", label) | {
                "Section Header": header if intro else ""
            }
            header = "" if intro else header
        for one in block.questions:
            matrix = f"m_{block.code}" if block.section.matrix else ""
            yield self._question(one) | {"Section Header": header, "Matrix Group Name": matrix}
            header = ""

    def _question(self, one: Flat) -> Row:
        question = one.question
        row = self._field(one.name, _TYPES[question.kind], _said(question.text[self.language]))
        row["Field Note"] = _said(question.help[self.language]) if question.help else ""
        row["Choices, Calculations, OR Slider Labels"] = self._choices(question)
        row["Branching Logic (Show field only if...)"] = self._branching(one)
        row["Required Field?"] = "y" if question.required else ""
        if question.kind == "several" and question.most:
            row["Field Annotation"] = f"@MAXCHECKED={question.most}"
        if question.kind == "points":
            row["Text Validation Type OR Show Slider Number"] = "integer"
            row["Text Validation Min"] = "0"
            row["Text Validation Max"] = str(question.most)
        return row

    def _field(self, name: str, kind: str, label: str) -> Row:
        return {
            "Variable / Field Name": name,
            "Form Name": instrument_name(self.form),
            "Field Type": kind,
            "Field Label": label,
        }

    def _choices(self, question: Question) -> str:
        options = options_of(self.form, question)
        code = codes.plain(options)
        return " | ".join(
            f"{code[option.value]}, {_said(option.label[self.language])}" for option in options
        )

    def _branching(self, one: Flat) -> str:
        found = [f"[{one.after}] <> ''"] if one.after else []
        condition = one.question.show_if
        if condition:
            met = [self._is(condition.name, value) for value in condition.values]
            either = f"({' or '.join(met)})" if len(met) > 1 and one.after else " or ".join(met)
            found.append(f"not ({' or '.join(met)})" if condition.negated else either)
        return " and ".join(found)

    def _is(self, name: str, value: int | str) -> str:
        """That a question was answered so."""
        question = self.columns[name].question
        code = codes.plain(options_of(self.form, question))[value]
        return f"[{name}({code})] = '1'" if question.kind == "several" else f"[{name}] = '{code}'"


def _said(text: str) -> str:
    """A text as REDCap shows it: HTML in which nothing is code, one line."""
    return as_html(text, meant=_MEANT, new_line="<br>")


def read(form: Form, record: Mapping[str, Any], fields: Fields | None = None) -> Reading:
    """What one exported record says: flat, raw, as JSON.

    Raises:
        Invalid: It is no answer to the form.
    """
    return RedcapReader(form, fields or Fields()).read(record)


class RedcapReader:
    """Reads the records of one form."""

    def __init__(self, form: Form, fields: Fields) -> None:
        self._reader = Reader(form, TOOL, fields)
        self._complete = f"{instrument_name(form)}_complete"

    def knows(self, name: str) -> bool:
        """Whether a map may lead to this name."""
        return self._reader.knows(name)

    def read(self, record: Mapping[str, Any]) -> Reading:
        """What one record says.

        Raises:
            Invalid: It is no answer to the form.
        """
        state = record.get(self._complete)
        if state is not None and str(state) != _FINISHED:
            raise unfinished(f"/{self._complete}")
        return self._reader.read(
            Cell(name, value, (name,)) for name, value in record.items() if name != self._complete
        )
