"""A form whose repeated sections stand one after the other, for tools without repeats."""

import dataclasses
from collections.abc import Iterator
from dataclasses import dataclass

from app.formats.form import Form, Option, Question, Section

# What is asked beside our questions: which form this is, so that an old one is not taken for it.
WHICH = "poetform"


@dataclass(frozen=True)
class Flat:
    """A question under the name that a flat tool gives it.

    Attributes:
        number: Which entry of a repeated section it belongs to, from 1.
        after: It is asked only of those who answered this question, of a text.
    """

    name: str
    question: Question
    number: int = 0
    after: str | None = None


@dataclass(frozen=True)
class Block:
    """A section, or one entry of a repeated one."""

    section: Section
    number: int
    questions: tuple[Flat, ...]

    @property
    def code(self) -> str:
        """Unique among the blocks of a form."""
        return f"{self.section.code}{self.number or ''}"

    def title(self, language: str) -> str:
        """The heading, numbered where there are several."""
        title = self.section.title[language]
        return f"{title} ({self.number})" if self.number else title

    def intro(self, language: str) -> str | None:
        """What is read first; of a repeated section once."""
        intro = self.section.intro
        return intro[language] if intro and self.number < 2 else None


def identity(form: Form) -> str:
    """Which form this is, as an answer to it says."""
    return f"{form.code}@{form.version}"


def sections(form: Form) -> list[Section]:
    """The sections; what is said and asked first of all stands after whom to turn to.

    That is the introduction, and the question under what an answer counts.
    """
    found = list(form.sections)
    at = next((at for at, one in enumerate(found) if one.questions), len(found))
    # No section's code has an underscore.
    first = []
    if form.intro:
        first.append(Section(code="intro_", title=form.title, intro=form.intro))
    if form.place:
        first.append(Section(code="place_", title=form.title, questions=[form.place]))
    return [*found[:at], *first, *found[at:]]


def blocks(form: Form) -> list[Block]:
    """The sections, each entry of a repeated one by itself.

    An entry is asked once the one before has its first answer, and the rest of an entry once it
    has its own.
    """
    return [block for section in sections(form) for block in _blocks(section)]


def columns(form: Form) -> dict[str, Flat]:
    """Every question by the name that a flat tool gives it."""
    return {one.name: one for block in blocks(form) for one in block.questions}


def options_of(form: Form, question: Question) -> list[Option]:
    """What a question offers."""
    return list(form.lists[question.options]) if question.options else []


def _blocks(section: Section) -> Iterator[Block]:
    if section.repeat is None:
        yield Block(section, 0, tuple(Flat(one.name, one) for one in section.questions))
        return
    first = leading(section).name
    for number in range(1, section.repeat.most + 1):
        before = f"{first}{number - 1}" if number > 1 else None
        yield Block(
            section,
            number,
            tuple(
                Flat(
                    f"{one.name}{number}",
                    dataclasses.replace(one, required=False),
                    number,
                    before if one.name == first else f"{first}{number}",
                )
                for one in section.questions
            ),
        )


def leading(section: Section) -> Question:
    """The question without which an entry of a repeated section says nothing."""
    questions = section.questions
    return next((one for one in questions if one.required), questions[0])
