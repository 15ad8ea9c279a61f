"""The answer in a FHIR R4 QuestionnaireResponse.

Bindings and values are checked here: each fault points into the resource as it came.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from app.errors import Invalid
from app.formats.fhir import names
from app.formats.fhir.parts import Parts
from app.formats.form import Form, Question, Reading, Section
from app.formats.sheet import Sheet

# An amended answer is complete; one that comes after another is refused as any second one is.
_COMPLETE = ("completed", "amended")
_ITEM = ("linkId", "definition", "text", "answer", "item")
_CODING = ("system", "version", "code", "display", "userSelected")


def read(form: Form, document: Any, *, url: str) -> Reading:
    """What was answered, without anything that could tell who did.

    Args:
        form: What was asked.
        document: The resource as it came.
        url: The canonical address of the Questionnaire that asks it.

    Raises:
        Invalid: It is not a complete answer to this Questionnaire.
    """
    sheet = Sheet(form)
    parts = Parts(sheet)
    if not parts.top(document):
        raise Invalid(faults=sheet.faults)
    if document.get("status") not in _COMPLETE:
        sheet.fault("/status", "not-completed", "Only what is completed is an answer.")
    asked = _referred(sheet, document.get("questionnaire"), _addresses(form, url))
    _Items(sheet, parts, asked or url).read(document.get("item"))
    return sheet.reading()


def _addresses(form: Form, url: str) -> dict[str, str]:
    """The canonical addresses of the forms that may have been filled in, with their versions."""
    base = url.removesuffix(form.code)
    also = [name.partition("@") for name in form.also]
    return {url: form.version} | {f"{base}{code}": version for code, _, version in also}


def _referred(sheet: Sheet, canonical: Any, asked: Mapping[str, str]) -> str | None:
    """The address of the Questionnaire that was filled in, when it is one of those."""
    if canonical is None:
        sheet.fault("/questionnaire", "required", "It names what was answered.")
        return None
    url, _, version = str(canonical).partition("|")
    if url not in asked:
        sheet.fault("/questionnaire", "unknown-value", "This was not asked.")
        return None
    if version not in ("", asked[url]):
        sheet.fault("/questionnaire", "another-version", "Another version was asked.")
    return url


@dataclass
class _Entry:
    """One repetition of a group: what was answered in it, and where."""

    seen: set[str] = field(default_factory=set)
    members: dict[str, Any] = field(default_factory=dict)
    places: dict[str, str] = field(default_factory=dict)


class _Items:
    """Reads the items of a resource, in groups or without, into a sheet."""

    def __init__(self, sheet: Sheet, parts: Parts, url: str) -> None:
        self._sheet = sheet
        self._parts = parts
        self._url = url
        form = sheet.form
        self._groups = {names.group(s): s for s in form.sections if s.questions}
        self._questions = {question.name: (s, question) for s, question in form.questions}
        self._displays = set(_displays(form))
        self._once = _Entry()

    def read(self, items: Any) -> None:
        self._each(items, "/item", None, self._once)

    def _each(self, items: Any, pointer: str, section: Section | None, entry: _Entry) -> None:
        for here, item in self._parts.each(items, pointer):
            if self._parts.members(item, here, _ITEM, "item"):
                self._item(item, here, section, entry)

    def _item(self, item: Any, here: str, within: Section | None, entry: _Entry) -> None:
        link = item.get("linkId")
        if not isinstance(link, str):
            self._sheet.fault(f"{here}/linkId", "required", "An item has the link of a question.")
        elif link in self._groups:
            self._group(item, here, self._groups[link], within)
        elif link in self._questions:
            self._question(item, here, within, entry)
        elif link not in self._displays:
            self._sheet.fault(f"{here}/linkId", "unknown-question", "There is no such question.")
        elif item.get("answer"):
            self._sheet.fault(f"{here}/answer", "not-a-question", "This is only to be read.")

    def _group(self, item: Any, here: str, section: Section, within: Section | None) -> None:
        inside = f"{here}/item"
        if within is not None:
            self._sheet.fault(here, "misplaced", "Its place is not in another group.")
        elif item.get("answer"):
            self._sheet.fault(f"{here}/answer", "not-a-question", "A group has items.")
        elif section.repeat is None:
            if self._new(self._once, names.group(section), here):
                self._each(item.get("item"), inside, section, self._once)
        else:
            entry = _Entry()
            self._each(item.get("item"), inside, section, entry)
            self._sheet.put_entry(section.code, entry.members, here, entry.places)

    def _question(self, item: Any, here: str, within: Section | None, entry: _Entry) -> None:
        section, question = self._questions[item["linkId"]]
        if within is not section if section.repeat else within not in (None, section):
            self._sheet.fault(here, "misplaced", "Its place is in its own group.")
            return
        for inside, below in self._parts.each(item.get("item"), f"{here}/item"):
            if not isinstance(below, dict) or below.get("linkId") != names.help_to(question):
                self._sheet.fault(inside, "misplaced", "Nothing is asked within this question.")
        if not self._new(entry, question.name, here):
            return
        pointer, value = self._answered(question, item.get("answer"), f"{here}/answer")
        if section.repeat:
            entry.members[question.name], entry.places[question.name] = value, pointer
        else:
            self._sheet.put(question.name, value, pointer)

    def _new(self, entry: _Entry, link: str, here: str) -> bool:
        if link in entry.seen:
            self._sheet.fault(f"{here}/linkId", "answered-twice", "Each is answered once.")
            return False
        entry.seen.add(link)
        return True

    def _answered(self, question: Question, answers: Any, pointer: str) -> tuple[str, Any]:
        """Where the value of a question stands, and the value; `None` where there is none."""
        found = [
            one
            for here, answer in self._parts.each(answers, pointer)
            if (one := self._value(question, answer, here))[1] is not None
        ]
        if question.kind == "several":
            return pointer, [value for _, value in found]
        if len(found) > 1:
            self._sheet.fault(pointer, "too-many", "At most 1.")
        return found[0] if found else (pointer, None)

    def _value(self, question: Question, answer: Any, here: str) -> tuple[str, Any]:
        wanted = names.VALUES[question.kind]
        nothing = here, None
        others = [name for name in answer if name.startswith("value")] if _is(answer, dict) else []
        if others not in ([], [wanted]):
            self._sheet.fault(here, "wrong-type", f"An answer to this question is a {wanted}.")
            return nothing
        if not self._parts.members(answer, here, (wanted, "item"), "item.answer"):
            return nothing
        if answer.get("item"):
            self._sheet.fault(f"{here}/item", "misplaced", "Nothing is asked within an answer.")
        value, pointer = answer.get(wanted), f"{here}/{wanted}"
        if value is None:
            return nothing
        if wanted == "valueCoding":
            return f"{pointer}/code", self._code(question, value, pointer)
        if not _is(value, str if wanted == "valueString" else int):
            self._sheet.fault(pointer, "wrong-type", f"This is not a {wanted}.")
            return nothing
        return pointer, value

    def _code(self, question: Question, coding: Any, pointer: str) -> str | None:
        if not self._parts.members(coding, pointer, _CODING, "item.answer.valueCoding"):
            return None
        system = names.system(self._url, question.options or "")
        if coding.get("system") not in (None, system):
            self._sheet.fault(f"{pointer}/system", "another-system", "These codes are not ours.")
            return None
        code = coding.get("code")
        if not isinstance(code, str):
            wrong = "required" if code is None else "wrong-type"
            self._sheet.fault(f"{pointer}/code", wrong, "A coding has a code, which is a text.")
            return None
        return code


def _is(value: Any, kind: type) -> bool:
    """Whether a value is of this kind; true and false are no numbers."""
    return isinstance(value, kind) and not isinstance(value, bool)


def _displays(form: Form) -> Iterator[str]:
    yield names.INTRO
    for section in form.sections:
        yield names.intro(section)
        if not section.questions:
            yield names.group(section)
    for _, question in form.questions:
        yield names.help_to(question)
