"""SurveyJS: the model that its library loads, and the `data` of a survey that was completed.

A section is a page. Questions that share a list are a matrix, points a question of several
numbers, and a repeated section a dynamic panel; in the data each of these holds its questions.
"""

import html
from collections.abc import Mapping, Sequence
from typing import Any

from app.formats.flat import WHICH, identity
from app.formats.form import Form, Option, Question, Reading, Section, ShowIf
from app.formats.sheet import Sheet, at
from app.instruments import texts
from app.instruments.model import Texts
from app.instruments.questionnaires import LONGEST_TEXT
from app.instruments.questionnaires import said as said_in

_REMARK = "-Comment"
# Invisible; `{name}` in a text would be replaced with the answer to the question of that name.
_JOINER = "\u2060"
_Json = dict[str, Any]


def export(form: Form) -> _Json:
    """The model of a form."""
    model = _Model(form)
    return {
        "title": model.say(form.title),
        **({"description": model.say(form.intro)} if form.intro else {}),
        "locale": _locale(form.languages[0]),
        # A hidden answer would be refused; it must not stay when its condition is undone.
        "clearInvisibleValues": "onHidden",
        # The answer says what it answers, so that one to an old version is not taken for this.
        "calculatedValues": [
            {"name": WHICH, "expression": f"'{identity(form)}'", "includeIntoResult": True}
        ],
        "pages": [model.page(section) for section in form.sections],
    }


def read(form: Form, document: Any) -> Reading:
    """What was answered, without anything that could tell who did.

    Args:
        form: What was asked.
        document: What `survey.data` was when the survey was completed.

    Raises:
        Invalid: It is no answer to this form; each fault points into `document`.
    """
    sheet = Sheet(form)
    if not isinstance(document, dict):
        sheet.fault("", "wrong-type", "This is an object, by the names of the questions.")
        document = {}
    held = {section.code for section in form.sections if _held(section)}
    known = {question.name for _, question in form.questions} | held
    for name, raw in _answers(sheet, document, known):
        if name == WHICH:
            if raw not in (identity(form), *form.also):
                sheet.fault(at("", name), "another-version", "Another questionnaire was asked.")
        elif name in held:
            _read_held(sheet, name, raw, known)
        elif sheet.repeats(name):
            _read_entries(sheet, name, raw, known)
        else:
            sheet.put(name, raw, at("", name))
    return sheet.reading()


def _read_held(sheet: Sheet, code: str, raw: Any, known: set[str]) -> None:
    """A matrix, or a question of several numbers."""
    if not isinstance(raw, dict):
        sheet.fault(at("", code), "wrong-type", "This is an object, by the names of the questions.")
        return
    for name, value in _answers(sheet, raw, known):
        sheet.put(name, value, f"/{code}/{name}", at("", code))


def _read_entries(sheet: Sheet, code: str, raw: Any, known: set[str]) -> None:
    """A dynamic panel."""
    if not isinstance(raw, list):
        sheet.fault(at("", code), "wrong-type", "This is a list of objects.")
        return
    for number, entry in enumerate(raw):
        pointer = f"/{code}/{number}"
        if isinstance(entry, dict):
            sheet.put_entry(code, dict(_answers(sheet, entry, known)), pointer)
        else:
            sheet.fault(pointer, "wrong-type", "This is an object.")


def _answers(sheet: Sheet, members: Mapping[str, Any], known: set[str]) -> list[tuple[str, Any]]:
    """The members apart from remarks on a question, which no form of ours asks for."""
    remarks = {n for n in members if n not in known and n.removesuffix(_REMARK) in known}
    sheet.stripped += sorted(remarks)
    return [(name, value) for name, value in members.items() if name not in remarks]


def _held(section: Section) -> bool:
    """Whether the data has the questions of a section within one member."""
    return section.total is not None or section.is_table


class _Model:
    def __init__(self, form: Form) -> None:
        self._form = form
        # SurveyJS calls the texts of its own default language, English, the default.
        self._default = "en" if "en" in form.languages else form.languages[0]
        self._places = {
            question.name: f"{section.code}.{question.name}" if _held(section) else question.name
            for section, question in form.questions
        }

    def say(self, by_language: Texts) -> str | _Json:
        """A text by locale."""
        said = {language: _plain(by_language[language]) for language in self._form.languages}
        first = said.pop(self._default)
        others = {_locale(language): text for language, text in said.items()}
        return {"default": first, **others} if others else first

    def page(self, section: Section) -> _Json:
        """A section; something to read alone is an element of its own, or it would not be shown."""
        page: _Json = {"name": f"{section.code}-page", "title": self.say(section.title)}
        if not section.questions:
            read = section.intro or section.title
            html_of = {"type": "html", "name": f"{section.code}-text", "html": self._html(read)}
            return {**page, "elements": [html_of]}
        if section.intro:
            page["description"] = self.say(section.intro)
        return {**page, "elements": self._elements(section)}

    def _elements(self, section: Section) -> list[_Json]:
        if section.repeat:
            return [self._panels(section, section.repeat.most)]
        if section.total is not None:
            return [self._numbers(section, section.total)]
        if section.is_table:
            return [self._matrix(section)]
        return [self._question(question) for question in section.questions]

    def _panels(self, section: Section, most: int) -> _Json:
        return {
            "type": "paneldynamic",
            "name": section.code,
            "title": self.say(section.title),
            "templateElements": [self._question(question) for question in section.questions],
            "panelCount": 0,
            "maxPanelCount": most,
        }

    def _numbers(self, section: Section, total: int) -> _Json:
        given = ", ".join(f"{{{section.code}.{q.name}}}" for q in section.questions)
        error = {
            language: said_in(texts("headings")["total"], language).replace("{total}", str(total))
            for language in self._form.languages
        }
        return {
            "type": "multipletext",
            "name": section.code,
            "title": self.say(section.title),
            "items": [
                {
                    "name": question.name,
                    "title": self.say(question.text),
                    "inputType": "number",
                    "minValueExpression": "0",
                    "maxValueExpression": str(question.most),
                }
                for question in section.questions
            ],
            "validators": [
                {
                    "type": "expression",
                    "text": self.say(error),
                    "expression": f"{{{section.code}}} empty or sum({given}) = {total}",
                }
            ],
        }

    def _matrix(self, section: Section) -> _Json:
        first = section.questions[0]
        return {
            "type": "matrix",
            "name": section.code,
            "title": self.say(section.title),
            "columns": self._choices(self._form.lists[first.options or ""]),
            "rows": [
                {"value": question.name, "text": self.say(question.text)}
                for question in section.questions
            ],
            **({"eachRowRequired": True} if first.required else {}),
        }

    def _question(self, question: Question) -> _Json:
        asked: _Json = {"name": question.name, "title": self.say(question.text)}
        if question.help:
            asked["description"] = self.say(question.help)
        if question.required:
            asked["isRequired"] = True
        if question.show_if:
            asked["visibleIf"] = self._condition(question.show_if)
        if question.kind == "text":
            return {"type": "comment", **asked, "maxLength": LONGEST_TEXT}
        choices = self._choices(self._form.lists[question.options or ""])
        if question.kind == "one":
            return {"type": "radiogroup", **asked, "choices": choices}
        most = {"maxSelectedChoices": question.most} if question.most else {}
        return {"type": "checkbox", **asked, "choices": choices, **most}

    def _choices(self, options: Sequence[Option]) -> list[_Json]:
        return [{"value": option.value, "text": self.say(option.label)} for option in options]

    def _condition(self, condition: ShowIf) -> str:
        place = f"{{{self._places[condition.name]}}}"
        values = [
            f"'{value}'" if isinstance(value, str) else str(value) for value in condition.values
        ]
        if condition.negated:
            return " and ".join(f"{place} <> {value}" for value in values)
        return " or ".join(f"{place} = {value}" for value in values)

    def _html(self, by_language: Texts) -> str | _Json:
        """Paragraphs; no mark and no brace of a text means anything to SurveyJS."""
        return self.say({language: _paragraphs(text) for language, text in by_language.items()})


def _plain(text: str) -> str:
    return text.replace("{", f"{{{_JOINER}")


def _paragraphs(text: str) -> str:
    safe = html.escape(text).replace("{", "&#123;").replace("}", "&#125;")
    return "".join(f"<p>{part}</p>" for part in safe.split("\n") if part.strip())


def _locale(language: str) -> str:
    """How SurveyJS writes a language: `pt-br`."""
    return language.lower()
