"""What a survey tool's record is made of, and how a tool writes answers."""

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from app.errors import Fault, Invalid, nameable
from app.formats.codes import Codes
from app.formats.form import Option

ANOTHER = "It answers another form, or another version of it."
_PARTS = re.compile(r"[/\[\]]")


@dataclass(frozen=True)
class Fields:
    """Where a platform's records keep what ours call otherwise.

    Attributes:
        key, token, place: The names of the members that hold them.
        fields: Our names of questions by theirs; None is left behind.
    """

    key: str | None = None
    token: str | None = None
    place: str | None = None
    fields: Mapping[str, str | None] = field(default_factory=dict)

    def ours(self, cell: "Cell") -> str | None:
        """Our name of what a cell answers; None where it is left behind."""
        theirs = next((name for name in cell.names if name in self.fields), None)
        return cell.ours or cell.name if theirs is None else self.fields[theirs]


@dataclass(frozen=True)
class Cell:
    """One value of a record.

    Attributes:
        name: As the form of the tool has it.
        path: The members that lead to it.
        number: Which entry of a repeated section it is in, from 1.
        section: The code of that section.
        ours: Our name, where the file that we made for the tool calls it otherwise.
    """

    name: str
    value: Any
    path: Sequence[str]
    number: int = 0
    section: str = ""
    ours: str | None = None

    @property
    def full(self) -> str:
        """Its name with those of what it stands in, without the number of an entry."""
        if not self.number:
            return "/".join(self.path)
        last = self.path[-1]
        return last if "/" in last else "/".join(one for one in self.path if not one.isdigit())

    @property
    def names(self) -> tuple[str, ...]:
        """What a map may call it: with all that leads to it, or by itself."""
        return self.full, self.name, self.path[-1]

    @property
    def pointer(self) -> str:
        """Where it stands, unless a name on the way could be something sent by mistake."""
        parts = [part for name in self.path for part in _PARTS.split(name) if part]
        if not all(nameable(part) for part in parts):
            return ""
        return "".join("/" + name.replace("~", "~0").replace("/", "~1") for name in self.path)


@dataclass(frozen=True)
class Tool:
    """How a tool writes answers.

    Attributes:
        codes: The code of each option.
        keys: Where it keeps something random by which a record is known.
        technical: Names, beside those that identify somebody, that are no questions.
        tick: The name under which an option is ticked.
        speaks: Whether it writes the labels of options rather than their codes.
    """

    codes: Callable[[Sequence[Option]], Codes]
    keys: Sequence[str] = ()
    technical: re.Pattern[str] = re.compile("(?!)")
    tick: Callable[[str, str], str] = "{}[{}]".format
    speaks: bool = False


def unasked(pointer: str) -> Invalid:
    """That a record answers something else than what is asked."""
    return Invalid(faults=[Fault(pointer, "another-version", ANOTHER)])


def unfinished(pointer: str) -> Invalid:
    """That a record is not an answer that was sent off."""
    return Invalid(faults=[Fault(pointer, "not-completed", "The answer was not sent off.")])
