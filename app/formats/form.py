"""A questionnaire as any survey tool can ask it: sections of questions, each with a flat name.

Survey tools know no nested answers, and most take only short names of letters and digits. So each
question has a `name` that is safe in all of them, and a `path`: where its answer stands in ours.
Every format is a mapping from a `Form`, and back to flat values that `answer` puts in their places.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Literal

from app.instruments.model import Texts

Path = tuple[str, ...]
# Lists whose entries are told apart by a member: `("verdicts", id, "delivered")` is a place in one.
KEYED = {"verdicts": "outcome", "outcomes": "outcome"}


@dataclass(frozen=True, kw_only=True)
class Option:
    """One of the answers offered.

    Attributes:
        value: What it is in an answer of ours.
        special: Whether it stands beside the scale, such as "don't know".
    """

    value: int | str
    label: Texts
    special: bool = False


@dataclass(frozen=True, kw_only=True)
class ShowIf:
    """A question is asked only of those who answered another with one of these values, or not."""

    name: str
    values: Sequence[int | str]
    negated: bool = False


@dataclass(frozen=True, kw_only=True)
class Question:
    """One question.

    Attributes:
        name: Unique in its form, `[a-z][a-z0-9]{0,19}`.
        path: Where its answer stands; two questions of which one is shown may share a place.
        kind: `one` or `several` of the options, a `text`, or `points` (whole, from 0 to `most`).
        options: The name of the list that is offered.
        most: How many of `several` may be chosen; of `points` the largest number.
    """

    name: str
    path: Path
    text: Texts
    kind: Literal["one", "several", "text", "points"]
    options: str | None = None
    help: Texts | None = None
    required: bool = False
    show_if: ShowIf | None = None
    most: int | None = None


@dataclass(frozen=True, kw_only=True)
class Repeat:
    """A section that is answered several times; its questions' paths begin in each entry.

    A question whose path is empty makes each entry a plain value. Names that end in a number up to
    `most` are kept free for tools that write the entries one after the other: `evidence1`, ….
    """

    path: Path
    most: int


@dataclass(frozen=True, kw_only=True)
class Section:
    """Questions under one heading, in order; without questions, something to read.

    Attributes:
        matrix: Whether all its questions offer the same list, and may be shown as a table.
        total: What the points of its questions add up to, where any are given.
    """

    code: str
    title: Texts
    questions: Sequence[Question] = ()
    intro: Texts | None = None
    repeat: Repeat | None = None
    matrix: bool = False
    total: int | None = None

    @property
    def is_table(self) -> bool:
        """Whether it is one question in tools that ask for all rows of a table or for none."""
        return self.matrix and len({question.required for question in self.questions}) == 1


@dataclass(frozen=True, kw_only=True)
class Form:
    """What one audience is asked, in every language.

    Every text is there in each of `languages`, of which the first is used where none is chosen.
    Names of questions and codes of sections are unique together.

    Attributes:
        code: Safe as a file name and as a form id, `[a-z][a-z0-9-]*`.
        lists: What questions offer, by name.
        place: What an answer without a token counts under, asked by tools that know no tokens.
        also: Other forms in which the same questions have the same names, `code@version`.
    """

    code: str
    version: str
    title: Texts
    languages: Sequence[str]
    sections: Sequence[Section]
    lists: Mapping[str, Sequence[Option]]
    intro: Texts | None = None
    place: Question | None = None
    also: Sequence[str] = ()

    @property
    def questions(self) -> Iterator[tuple[Section, Question]]:
        """Every question with its section."""
        return ((section, question) for section in self.sections for question in section.questions)


@dataclass(frozen=True)
class Reading:
    """What was read of a tool's answer.

    Attributes:
        answer: The same in our shape; only its shape is ours, whether it is valid is decided later.
        stripped: What was left behind because it could tell who answered, by the tool's own names.
        key, token, cell: What else a line that is imported says of itself.
    """

    answer: Mapping[str, Any]
    stripped: Sequence[str] = field(default=())
    key: str | None = None
    token: str | None = None
    cell: str | None = None


def answer(placed: Sequence[tuple[Path, Any]]) -> dict[str, Any]:
    """The answer in which each value stands at its place."""
    found: dict[str, Any] = {}
    for path, value in placed:
        here = found
        for part in path[:-1]:
            here = here.setdefault(part, {})
        here[path[-1]] = value
    for name, key in KEYED.items():
        if isinstance(found.get(name), dict):
            found[name] = [{key: of, **entry} for of, entry in found[name].items()]
    return found
