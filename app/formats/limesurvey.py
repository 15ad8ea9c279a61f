"""A form as LimeSurvey's tab-separated structure (.txt), and its exported responses back."""

import re
from collections.abc import Iterator, Mapping
from typing import Any

from app.formats import codes
from app.formats.cells import Cell, Fields, Tool, unfinished
from app.formats.flat import WHICH, Flat, columns, identity, options_of
from app.formats.form import Form, Reading
from app.formats.limesurvey_titles import COLUMNS_OF_ITS_OWN, Asked, asked
from app.formats.records import Reader
from app.formats.texts import as_html

COLUMNS = (
    *("id", "related_id", "class", "type/scale", "name", "relevance", "text", "help"),
    *("language", "validation", "mandatory", "encrypted", "other", "default"),
    *("same_default", "same_script"),
    # What questions have beside, in the order of the alphabet.
    *("equals_num_value", "hidden", "max_answers", "max_num_value_n", "min_num_value_n"),
    "num_value_int_only",
)
# Nothing about who answers is kept there either.
_SETTINGS = {
    "format": "G",
    "anonymized": "Y",
    "ipaddr": "N",
    "refurl": "N",
    "datestamp": "N",
    "savetimings": "N",
}
_BOM = "\ufeff"
# Braces hold expressions; a backslash before a quotation mark breaks the file for PHP.
_MEANT = str.maketrans({"{": "&#123;", "}": "&#125;", "\\": "&#92;", "\t": " "})
_INNER = re.compile(r"([A-Za-z][A-Za-z0-9]*)\[([A-Za-z0-9]+)\]")
TOOL = Tool(codes=codes.short)
Row = dict[str, str]


def export(form: Form) -> bytes:
    """The file: UTF-8 with a byte order mark, the first language complete, then the others."""
    lines = ["\t".join(COLUMNS)]
    lines += [_line(row) for row in _rows(form)]
    return (_BOM + "".join(f"{line}\n" for line in lines)).encode()


def _rows(form: Form) -> Iterator[Row]:
    base, *others = form.languages
    settings = {"language": base, **({"additional_languages": " ".join(others)} if others else {})}
    for name, text in {**settings, **_SETTINGS}.items():
        yield {"class": "S", "name": name, "text": text}
    for language in form.languages:
        title = _said(form.title[language])
        yield {"class": "SL", "name": "surveyls_title", "text": title, "language": language}
    for language in form.languages:
        yield from _Structure(form, language).rows()


class _Structure:
    """The groups and questions in one language, numbered the same in each."""

    def __init__(self, form: Form, language: str) -> None:
        self.form, self.language = form, language
        self.questions = 0
        self.names = {
            part.name: (f"{one.title}_{title}" if one.is_array else title)
            for _, group in asked(form)
            for one in group
            for title, part in one.parts.items()
        }

    def rows(self) -> Iterator[Row]:
        for number, (block, group) in enumerate(asked(self.form), start=1):
            intro = block.intro(self.language) if block.questions else None
            yield {
                "id": str(number),
                "class": "G",
                "type/scale": str(number),
                "name": _said(block.title(self.language)),
                "relevance": "1",
                "text": _said(intro or ""),
                "language": self.language,
            }
            if number == 1:
                yield from self._which()
            for one in group:
                yield from self._question(one)

    def _next(self) -> str:
        self.questions += 1
        return str(self.questions)

    def _which(self) -> Iterator[Row]:
        """What tells this form from others, hidden."""
        which = Asked(WHICH, "*", {self.language: identity(self.form)})
        yield {**self._row(which), "hidden": "1"}

    def _row(self, one: Asked) -> Row:
        return {
            "id": self._next(),
            "class": "Q",
            "type/scale": one.kind,
            "name": one.title,
            "relevance": "1",
            "text": _said(one.text[self.language]),
            "language": self.language,
            "mandatory": "Y" if any(part.question.required for part in one.parts.values()) else "N",
            "encrypted": "N",
            "other": "N",
            "same_default": "0",
            "same_script": "0",
        }

    def _question(self, one: Asked) -> Iterator[Row]:
        if not one.parts:
            yield self._row(one)
            return
        first = one.first
        row = self._row(one) | self._attributes(one)
        if not one.is_array:
            row["relevance"] = self._relevance(first)
            row["help"] = _said((first.question.help or {}).get(self.language, ""))
        yield row
        if one.is_array:
            for title, part in one.parts.items():
                text = part.question.text[self.language]
                yield self._part("SQ", title, text, self._relevance(part))
        yield from self._options(one, first, row["id"])

    def _options(self, one: Asked, first: Flat, asked_in: str) -> Iterator[Row]:
        options = options_of(self.form, first.question)
        code = codes.short(options)
        for option in options:
            text = option.label[self.language]
            if one.kind == "M":
                yield self._part("SQ", code[option.value], text, "1")
            else:
                yield self._answer(code[option.value], text) | {"id": asked_in}

    def _part(self, kind: str, name: str, text: str, relevance: str) -> Row:
        return {
            "id": self._next(),
            "class": kind,
            "type/scale": "0",
            "name": name,
            "relevance": relevance,
            "text": _said(text),
            "language": self.language,
        }

    def _answer(self, code: str, text: str) -> Row:
        return {
            "class": "A",
            "type/scale": "0",
            "name": code,
            "relevance": "0",  # of an answer, the points that it gives
            "text": _said(text),
            "language": self.language,
        }

    def _attributes(self, one: Asked) -> Row:
        question = one.first.question
        if one.kind == "M" and question.most:
            return {"max_answers": str(question.most)}
        if one.kind not in "KN":
            return {}
        numbers = {
            "num_value_int_only": "1",
            "min_num_value_n": "0",
            "max_num_value_n": str(question.most),
        }
        total = next(
            (s.total for s in self.form.sections if question in s.questions and s.total), None
        )
        return numbers | ({"equals_num_value": str(total)} if one.kind == "K" else {})

    def _relevance(self, part: Flat) -> str:
        found = [f"!is_empty({self.names[part.after]}.NAOK)"] if part.after else []
        condition = part.question.show_if
        if condition:
            any_of = " or ".join(self._is(condition.name, value) for value in condition.values)
            found.append(f"!({any_of})" if condition.negated else f"({any_of})")
        return " and ".join(found) or "1"

    def _is(self, name: str, value: int | str) -> str:
        """That a question was answered so."""
        question = columns(self.form)[name].question
        code = codes.short(options_of(self.form, question))[value]
        if question.kind == "several":
            return f"{self.names[name]}_{code}.NAOK == 'Y'"
        return f"{self.names[name]}.NAOK == '{code}'"


def _said(text: str) -> str:
    """A text as LimeSurvey shows it: HTML in which nothing is code or an expression."""
    shown = as_html(text, meant=_MEANT, new_line="<br />")
    # A text between quotation marks would lose them.
    return shown.replace('"', "&quot;", 1) if shown.startswith('"') else shown


def _line(row: Row) -> str:
    return "\t".join(_quoted(row.get(column, "")) for column in COLUMNS)


def _quoted(text: str) -> str:
    """A cell; only one that holds a quotation mark is quoted, and doubles it."""
    return '"' + text.replace('"', '""') + '"' if '"' in text else text


def read(form: Form, record: Mapping[str, Any], fields: Fields | None = None) -> Reading:
    """What one exported response says, with codes for headings and for answers.

    Raises:
        Invalid: It is no answer to the form.
    """
    return LimeSurveyReader(form, fields or Fields()).read(record)


class LimeSurveyReader:
    """Reads the responses of one form."""

    def __init__(self, form: Form, fields: Fields) -> None:
        self._reader, self._fields = Reader(form, TOOL, fields), fields.fields
        self._names: dict[str, str] = {}
        self._texts: set[str] = set()
        for _, group in asked(form):
            for one in group:
                self._learn(one)

    def _learn(self, one: Asked) -> None:
        if not one.parts:
            self._texts.add(one.title)
        for title, part in one.parts.items():
            self._names[f"{one.title}[{title}]" if one.is_array else title] = part.name

    def knows(self, name: str) -> bool:
        """Whether a map may lead to this name."""
        return self._reader.knows(name)

    def read(self, record: Mapping[str, Any]) -> Reading:
        """What one response says.

        Raises:
            Invalid: It is no answer to the form.
        """
        if not record.get("submitdate"):
            raise unfinished("/submitdate")
        return self._reader.read(
            Cell(name, value, (name,), ours=self._ours(name))
            for name, value in record.items()
            if name not in self._texts or name in self._fields
        )

    def _ours(self, name: str) -> str:
        """Our name of a column; of the options of a question, ours before the bracket."""
        if name in COLUMNS_OF_ITS_OWN:
            return f"/{name}"
        inner = _INNER.fullmatch(name)
        if name not in self._names and inner and inner[1] in self._names:
            return f"{self._names[inner[1]]}[{inner[2]}]"
        return self._names.get(name, name)
