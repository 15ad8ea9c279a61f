"""A form as a FHIR R4 Questionnaire."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from app.formats.fhir import names
from app.formats.form import Form, Option, Question, Section, ShowIf
from app.instruments.model import Texts
from app.instruments.questionnaires import LONGEST_TEXT, said

_Resource = dict[str, Any]
# FHIR texts hold no control characters but these.
_UNSAYABLE = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f]")
_CONTROLS = "http://hl7.org/fhir/questionnaire-item-control"


def export(form: Form, *, url: str) -> _Resource:
    """The Questionnaire that asks what `form` does.

    Args:
        form: What is asked.
        url: Its canonical address, which is the same for each version.
    """
    return _Writer(form, url).resource()


@dataclass(frozen=True)
class _Writer:
    form: Form
    url: str

    def resource(self) -> _Resource:
        form = self.form
        intro = [self._display(names.INTRO, form.intro)] if form.intro else []
        return {
            "resourceType": "Questionnaire",
            "id": f"{form.code}.{form.version}",
            "language": form.languages[0],
            "url": self.url,
            "version": form.version,
            "name": "".join(part.capitalize() for part in form.code.split("-")),
            **self._said(form.title, "title"),
            "status": "active",
            "item": [*intro, *(self._section(section) for section in form.sections)],
        }

    def _section(self, section: Section) -> _Resource:
        intro = [self._display(names.intro(section), section.intro)] if section.intro else []
        inside = [*intro, *(self._question(question) for question in section.questions)]
        item = {"linkId": names.group(section), **self._said(section.title)}
        if not inside:
            return {**item, "type": "display"}
        extensions = [_control("table")] if section.matrix else []
        repeated = {}
        if section.repeat is not None:
            repeated = {"repeats": True}
            extensions.append(_extension("questionnaire-maxOccurs", Integer=section.repeat.most))
        return {**item, "type": "group", **_extended(extensions), **repeated, "item": inside}

    def _question(self, question: Question) -> _Resource:
        return {
            "linkId": question.name,
            **self._said(question.text),
            "type": names.TYPES[question.kind],
            **self._condition(question.show_if),
            "required": question.required,
            **self._limits(question),
            **self._choices(question),
            **self._help(question),
        }

    def _limits(self, question: Question) -> _Resource:
        if question.kind == "text":
            return {"maxLength": LONGEST_TEXT}
        most = [] if question.most is None else [question.most]
        if question.kind == "points":
            least = _extension("minValue", Integer=0)
            return _extended([least, *(_extension("maxValue", Integer=top) for top in most)])
        if question.kind == "several":
            several = [_extension("questionnaire-maxOccurs", Integer=top) for top in most]
            return {**_extended(several), "repeats": True}
        return {}

    def _choices(self, question: Question) -> _Resource:
        if question.options is None:
            return {}
        offered = self.form.lists[question.options]
        return {"answerOption": [self._option(question.options, option) for option in offered]}

    def _option(self, options: str, option: Option) -> _Resource:
        weighs = isinstance(option.value, int) and not option.special
        weight = [_extension("ordinalValue", Decimal=option.value)] if weighs else []
        coding = {**self._coding(options, option.value), **self._said(option.label, "display")}
        return {**_extended(weight), "valueCoding": coding}

    def _coding(self, options: str, value: int | str) -> dict[str, str]:
        return {"system": names.system(self.url, options), "code": str(value)}

    def _help(self, question: Question) -> _Resource:
        if question.help is None:
            return {}
        shown = self._display(names.help_to(question), question.help, [_control("help")])
        return {"item": [shown]}

    def _display(self, link: str, text: Texts, extensions: Sequence[Any] = ()) -> _Resource:
        return {**_extended(extensions), "linkId": link, **self._said(text), "type": "display"}

    def _condition(self, show_if: ShowIf | None) -> _Resource:
        if show_if is None:
            return {}
        options = next(q.options for _, q in self.form.questions if q.name == show_if.name)
        enabled = [
            {
                "question": show_if.name,
                "operator": "!=" if show_if.negated else "=",
                "answerCoding": self._coding(options or "", value),
            }
            for value in show_if.values
        ]
        behaviour = {"enableBehavior": "all" if show_if.negated else "any"}
        return {"enableWhen": enabled, **(behaviour if len(enabled) > 1 else {})}

    def _said(self, texts: Texts, member: str = "text") -> _Resource:
        """A text in the first language, with its translations beside it."""
        first = self.form.languages[0]
        text = _sayable(said(texts, first))
        if not text:
            return {}
        translations = [
            _translation(language, other)
            for language in self.form.languages
            if language != first and (other := _sayable(texts.get(language, "")))
        ]
        beside = {f"_{member}": {"extension": translations}} if translations else {}
        return {member: text, **beside}


def _sayable(text: str) -> str:
    return _UNSAYABLE.sub("", text).strip()


def _translation(language: str, text: str) -> _Resource:
    parts = [{"url": "lang", "valueCode": language}, {"url": "content", "valueString": text}]
    return {"url": f"{names.STRUCTURES}translation", "extension": parts}


def _extension(name: str, **value: Any) -> _Resource:
    ((kind, held),) = value.items()
    return {"url": names.STRUCTURES + name, f"value{kind}": held}


def _control(code: str) -> _Resource:
    coded = {"coding": [{"system": _CONTROLS, "code": code}]}
    return _extension("questionnaire-itemControl", CodeableConcept=coded)


def _extended(extensions: Sequence[_Resource]) -> _Resource:
    return {"extension": list(extensions)} if extensions else {}
