"""A form as an XLSForm workbook, for ODK, KoboToolbox and whatever else reads those."""

import io
import re
import zipfile
from collections.abc import Iterator, Sequence
from typing import Any

from openpyxl import Workbook
from openpyxl.worksheet.worksheet import Worksheet

from app.formats import codes
from app.formats.flat import WHICH, identity, leading, options_of, sections
from app.formats.form import Form, Question, Section, ShowIf
from app.instruments.model import Texts
from app.instruments.questionnaires import LONGEST_TEXT

KEY = "poetkey"
_NAMES = {
    "ar": "العربية",
    "bn": "বাংলা",
    "cs": "Čeština",
    "cy": "Cymraeg",
    "de": "Deutsch",
    "en": "English",
    "es": "Español",
    "fr": "Français",
    "ga": "Gaeilge",
    "gd": "Gàidhlig",
    "gu": "ગુજરાતી",
    "it": "Italiano",
    "lt": "Lietuvių",
    "pa": "ਪੰਜਾਬੀ",
    "pl": "Polski",
    "pt": "Português",
    "ro": "Română",
    "so": "Soomaali",
    "ta": "தமிழ்",
    "uk": "Українська",
    "ur": "اردو",
    "zh": "中文",
}
# What no cell of a workbook and no XML may hold.
_UNSAYABLE = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]")
_SURVEY = ("type", "name", "label", "hint", "required", "relevant", "constraint", "appearance")
_LONG_AGO = (1980, 1, 1, 0, 0, 0)
Row = dict[str, str | Texts]


def export(form: Form) -> bytes:
    """The workbook; the same form gives the same bytes."""
    book = Workbook()
    sheet = book.active
    book.remove(sheet)
    survey = [*_survey(form)]
    _sheet(book, "survey", [*_SURVEY, "calculation"], survey, form.languages)
    _sheet(book, "choices", ["list_name", "name", "label"], [*_choices(form)], form.languages)
    setting: Row = {
        "form_title": _said(form.title[form.languages[0]]),
        "form_id": form.code,
        "version": form.version,
        "default_language": language_name(form.languages[0]),
    }
    _sheet(book, "settings", list(setting), [setting], form.languages)
    written = io.BytesIO()
    book.save(written)
    return _timeless(written.getvalue())


def language_name(code: str) -> str:
    """How a workbook names a language: by itself and by the code that tools know."""
    base, _, region = code.partition("-")
    return f"{' '.join(filter(None, [_NAMES.get(base, base), region]))} ({base})"


def group_name(section: Section) -> str:
    """The name of a section's group; no question's name has an underscore."""
    return f"g_{section.code}"


def _survey(form: Form) -> Iterator[Row]:
    # The key must be made once and for each answer: it is what withdraws it.
    yield {"type": "calculate", "name": KEY, "calculation": "once(uuid())"}
    yield {"type": "calculate", "name": WHICH, "calculation": f"'{identity(form)}'"}
    for section in sections(form):
        yield from _section(form, section)


def _section(form: Form, section: Section) -> Iterator[Row]:
    name = group_name(section)
    if not section.questions:
        yield {"type": "note", "name": f"n_{section.code}", "label": _paragraphs(section)}
        return
    intro = {**section.intro} if section.intro else None
    if section.repeat:
        if intro:
            yield {"type": "note", "name": f"n_{section.code}", "label": intro}
        yield {"type": "begin_repeat", "name": name, "label": section.title}
        yield from _questions(form, section)
        yield {"type": "end_repeat"}
        return
    if section.matrix and intro:  # a table holds nothing but its rows
        yield {"type": "note", "name": f"n_{section.code}", "label": _paragraphs(section)}
    appearance = "table-list" if section.matrix else "field-list"
    yield {"type": "begin_group", "name": name, "label": section.title, "appearance": appearance}
    if intro and not section.matrix:
        yield {"type": "note", "name": f"n_{section.code}", "label": intro}
    yield from _questions(form, section)
    yield {"type": "end_group"}


def _paragraphs(section: Section) -> Texts:
    """A heading with what is to be read under it."""
    intro = section.intro or {}
    return {
        language: "\n\n".join(filter(None, [title, intro.get(language)]))
        for language, title in section.title.items()
    }


def _questions(form: Form, section: Section) -> Iterator[Row]:
    for question in section.questions:
        row: Row = {
            "type": _type(question),
            "name": question.name,
            "label": question.text,
            "hint": question.help or {},
            "required": _required(section, question),
            "relevant": _relevant(form, section, question),
            "constraint": _constraint(section, question),
        }
        yield row


def _type(question: Question) -> str:
    if question.kind == "text":
        return "text"
    if question.kind == "points":
        return "integer"
    return f"{'select_one' if question.kind == 'one' else 'select_multiple'} {question.options}"


def _relevant(form: Form, section: Section, question: Question) -> str:
    found = [_shown(form, question.show_if)] if question.show_if else []
    if section.repeat:
        first = leading(section)
        found.append(f"position(..) <= {section.repeat.most}")
        if question is not first:
            found.append(f"${{{first.name}}} != ''")
    return " and ".join(found)


def _shown(form: Form, condition: ShowIf) -> str:
    asked = next(one for _, one in form.questions if one.name == condition.name)
    code = codes.written(options_of(form, asked))
    any_of = " or ".join(
        f"selected(${{{condition.name}}}, '{code.get(value, value)}')" for value in condition.values
    )
    return f"not({any_of})" if condition.negated else f"({any_of})"


def _constraint(section: Section, question: Question) -> str:
    if question.kind == "text":
        return f"string-length(.) <= {LONGEST_TEXT}"
    if question.kind == "several":
        return f"count-selected(.) <= {question.most}" if question.most else ""
    if question.kind == "one":
        return ""
    within = f". >= 0 and . <= {question.most}"
    if section.total is None:
        return within
    sign = "=" if question is section.questions[-1] else "<="
    return f"{within} and . + {_sum_beside(section, question)} {sign} {section.total}"


def _required(section: Section, question: Question) -> str:
    """When it must be answered: the last points where those before them do not make the total."""
    if section.total is not None and question is section.questions[-1] and not question.required:
        begun = " or ".join(f"${{{one.name}}} != ''" for one in section.questions[:-1])
        return f"({begun}) and {_sum_beside(section, question)} != {section.total}" if begun else ""
    return "yes" if question.required and not section.repeat else ""


def _sum_beside(section: Section, question: Question) -> str:
    """The points given in a section to all but one question."""
    others = [f"coalesce(${{{one.name}}}, 0)" for one in section.questions if one is not question]
    return " + ".join(others) or "0"


def _choices(form: Form) -> Iterator[Row]:
    asked = {one.options for section in sections(form) for one in section.questions}
    for name, options in form.lists.items():
        if name in asked:
            code = codes.written(options)
            for option in options:
                yield {"list_name": name, "name": code[option.value], "label": option.label}


def _sheet(
    book: Any, name: str, columns: Sequence[str], rows: Sequence[Row], languages: Sequence[str]
) -> None:
    """Write rows under their columns, a column for each language of a text."""
    translated = {
        column for row in rows for column, value in row.items() if isinstance(value, dict)
    }
    placed = [
        (column, language)
        for column in columns
        for language in (languages if column in translated else [""])
    ]
    sheet = book.create_sheet(name)
    heads = [f"{column}::{language_name(of)}" if of else column for column, of in placed]
    for at, cells in enumerate([heads, *(_cells(row, placed) for row in rows)], start=1):
        _write(sheet, at, cells)


def _cells(row: Row, placed: Sequence[tuple[str, str]]) -> list[str]:
    found = []
    for column, language in placed:
        value = row.get(column, "")
        found.append(_said(value.get(language, "")) if isinstance(value, dict) else value)
    return found


def _write(sheet: Worksheet, at: int, cells: Sequence[str]) -> None:
    for column, text in enumerate(cells, start=1):
        if text:
            cell = sheet.cell(at, column)
            cell.value = text
            cell.data_type = "s"  # what begins with `=` is no formula


def _said(text: str) -> str:
    """A text in which nothing refers to a question."""
    return _UNSAYABLE.sub("", text).replace("${", "$ {")


def _timeless(book: bytes) -> bytes:
    """A workbook without the moment when it was written."""
    rewritten = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(book)) as old, zipfile.ZipFile(rewritten, "w") as new:
        for name in old.namelist():
            content = old.read(name)
            if name == "docProps/core.xml":
                content = re.sub(
                    rb"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ", b"1980-01-01T00:00:00Z", content
                )
            info = zipfile.ZipInfo(name, _LONG_AGO)
            info.compress_type = zipfile.ZIP_DEFLATED
            new.writestr(info, content)
    return rewritten.getvalue()
