"""A form as a tool says it was filled in: read value by value, faults where the tool has them."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from app.errors import MOST_FAULTS, Fault, Invalid, nameable
from app.formats.form import Form, Question, Reading, Section, ShowIf, answer
from app.formats.identity import identifies
from app.instruments.questionnaires import LONGEST_TEXT

_Given = dict[str, tuple[Any, str]]


@dataclass
class Sheet:
    """What is read of one answer.

    Attributes:
        given: The value of each question that is asked once, and where the tool had it.
        entries: The same of each entry of a repeated section, with where the entry was.
    """

    form: Form
    faults: list[Fault] = field(default_factory=list)
    stripped: list[str] = field(default_factory=list)
    given: _Given = field(default_factory=dict)
    entries: dict[str, list[tuple[str, _Given]]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self._once = {q.name: q for section, q in self.form.questions if not section.repeat}
        self._repeated = {s.code: s for s in self.form.sections if s.repeat}

    def fault(self, pointer: str, code: str, detail: str) -> None:
        """Note what is wrong.

        Raises:
            Invalid: So much is wrong that no more is looked for.
        """
        self.faults.append(Fault(pointer, code, detail))
        if len(self.faults) >= MOST_FAULTS:
            raise Invalid(faults=self.faults)

    def strange(self, name: str, parent: str = "") -> None:
        """Leave out a member that could tell who answered; any other that is unknown is a fault."""
        if identifies(name):
            self.stripped.append(name)
        else:
            place = at(parent, name) if nameable(name) else parent
            self.fault(place, "unknown-question", "There is no such question.")

    def put(self, name: str, raw: Any, pointer: str, parent: str = "") -> None:
        """Take the answer to a question that is asked once."""
        if name not in self._once:
            self.strange(name, parent)
            return
        self._keep(self.given, self._once[name], raw, pointer)

    def put_entry(
        self,
        code: str,
        members: Mapping[str, Any],
        pointer: str,
        places: Mapping[str, str] | None = None,
    ) -> None:
        """Take one more entry of a repeated section.

        Args:
            places: Where the tool has each member, when it is not under its name in the entry.
        """
        section = self._repeated[code]
        asked = {question.name: question for question in section.questions}
        given: _Given = {}
        for name, raw in members.items():
            if name in asked:
                self._keep(given, asked[name], raw, (places or {}).get(name, at(pointer, name)))
            else:
                self.strange(name, pointer)
        if given:
            for name in self._missing(section, given):
                place = at(pointer, name) if places is None else pointer
                self.fault(place, "required", "It must be answered.")
            self.entries.setdefault(code, []).append((pointer, given))

    def repeats(self, code: str) -> bool:
        """Whether this is the code of a repeated section."""
        return code in self._repeated

    def reading(self) -> Reading:
        """The answer in our shape.

        Raises:
            Invalid: Something is wrong, listed with pointers into what the tool sent.
        """
        self._check()
        if self.faults:
            raise Invalid(faults=self.faults)
        return Reading(answer(list(self._placed())), tuple(dict.fromkeys(self.stripped)))

    def _keep(self, given: _Given, question: Question, raw: Any, pointer: str) -> None:
        if raw is None or raw in ("", []):
            return
        if question.name in given:
            self.fault(pointer, "answered-twice", "Each question is answered once.")
        value = self._value(question, raw, pointer)
        if value is not None:
            given[question.name] = (value, pointer)

    def _value(self, question: Question, raw: Any, pointer: str) -> Any:
        if question.kind == "text":
            return self._text(raw, pointer)
        if question.kind == "points":
            return self._points(question, raw, pointer)
        known = {str(one.value): one.value for one in self.form.lists[question.options or ""]}
        if question.kind == "one":
            return self._option(known, raw, pointer)
        if not isinstance(raw, list):
            self.fault(pointer, "wrong-type", "This is a list.")
            return None
        if len(raw) > (question.most or len(raw)):
            self.fault(pointer, "too-many", f"At most {question.most}.")
        chosen = [self._option(known, one, at(pointer, n)) for n, one in enumerate(raw)]
        if len(set(chosen)) < len(chosen):
            self.fault(pointer, "answered-twice", "Each is chosen once.")
        return chosen

    def _option(self, known: Mapping[str, int | str], raw: Any, pointer: str) -> int | str | None:
        if isinstance(raw, bool) or not isinstance(raw, int | str) or str(raw) not in known:
            self.fault(pointer, "unknown-value", "It was not offered.")
            return None
        return known[str(raw)]

    def _text(self, raw: Any, pointer: str) -> str | None:
        if not isinstance(raw, str):
            self.fault(pointer, "wrong-type", "This is a text.")
        elif len(raw) > LONGEST_TEXT:
            self.fault(pointer, "too-long", f"At most {LONGEST_TEXT} characters.")
        elif not _storable(raw):
            self.fault(pointer, "unknown-value", "A character cannot be kept.")
        else:
            return raw
        return None

    def _points(self, question: Question, raw: Any, pointer: str) -> int | None:
        text = str(raw)
        whole = not isinstance(raw, bool) and text.isascii() and text.isdigit() and len(text) < 4
        if not whole or int(text) > (question.most or 0):
            self.fault(pointer, "off-scale", f"A whole number from 0 to {question.most}.")
            return None
        return int(text)

    def _check(self) -> None:
        self._places(self.given)
        for section in self.form.sections:
            if section.total is not None:
                self._sum(section)
            if section.repeat and len(self.entries.get(section.code, [])) > section.repeat.most:
                pointer = self.entries[section.code][section.repeat.most][0]
                self.fault(pointer, "too-many", f"At most {section.repeat.most}.")
        for name, (_, pointer) in self.given.items():
            condition = self._once[name].show_if
            if condition and not self._met(condition):
                self.fault(pointer, "not-asked", "Its condition is not met.")

    def _places(self, given: _Given) -> None:
        """No two answers for one place: the full and the easy answer to one question."""
        taken = set()
        for name, (_, pointer) in given.items():
            path = self._once[name].path
            if path in taken:
                self.fault(pointer, "answered-twice", "Each question is answered once.")
            taken.add(path)

    def _missing(self, section: Section, given: _Given) -> list[str]:
        return [q.name for q in section.questions if q.required and q.name not in given]

    def _sum(self, section: Section) -> None:
        given = [self.given[q.name] for q in section.questions if q.name in self.given]
        if given and sum(points for points, _ in given) != section.total:
            self.fault(given[0][1], "points-sum", f"The points sum to {section.total}.")

    def _met(self, condition: ShowIf) -> bool:
        value, _ = self.given.get(condition.name, (None, ""))
        return (value in condition.values) != condition.negated

    def _placed(self) -> Iterator[tuple[tuple[str, ...], Any]]:
        for name, (value, _) in self.given.items():
            yield self._once[name].path, value
        for code, found in self.entries.items():
            section = self._repeated[code]
            asked = {question.name: question for question in section.questions}
            placed = [
                [(asked[name].path, value) for name, (value, _) in given.items()]
                for _, given in found
            ]
            path = section.repeat.path if section.repeat else ()
            yield path, [one[0][1] if one[0][0] == () else answer(one) for one in placed]


def at(parent: str, name: str | int) -> str:
    """The JSON Pointer of a member."""
    return f"{parent}/{name}"


def _storable(text: str) -> bool:
    """Whether a text is one in UTF-8, and holds no NUL."""
    try:
        text.encode()
    except UnicodeEncodeError:
        return False
    return "\x00" not in text
