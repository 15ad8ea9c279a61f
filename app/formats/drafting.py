"""What all forms are made with: texts in every language, lists that are offered, notices first."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from app.formats.form import Form, Option, Question, Section
from app.formats.naming import Names
from app.instruments import texts
from app.instruments.design import Contact
from app.instruments.model import Choice, Texts
from app.instruments.questionnaires import said

SPECIAL = ("dont_know", "not_applicable", "not_about_me")


@dataclass
class Draft:
    """A form that is being made.

    Attributes:
        languages: Those of the form; every text is given in each, in English where it lacks it.
    """

    languages: Sequence[str]
    names: Names
    sections: list[Section] = field(default_factory=list)
    lists: dict[str, list[Option]] = field(default_factory=dict)
    list_names: Names = field(default_factory=Names)

    def say(self, by_language: Texts) -> Texts:
        """A text in the languages of the form."""
        return {language: said(by_language, language) for language in self.languages}

    def heading(self, code: str) -> Texts:
        """A fixed title."""
        return self.say(texts("headings")[code])

    def offer(self, code: str, options: Iterable[Option]) -> str:
        """Add a list of options; its name."""
        name = self.list_names.own(code)
        self.lists[name] = list(options)
        return name

    def choices(self, choices: Iterable[Choice]) -> list[Option]:
        """The options of some choices, with codes as they are answered."""
        return [self.option(choice.code, choice.label) for choice in choices]

    def option(self, value: int | str, label: Texts) -> Option:
        """One option."""
        return Option(value=value, label=self.say(label), special=value in SPECIAL)

    def read(self, code: str, title: Texts, intro: Texts | None) -> None:
        """Add a section without questions."""
        self._read(self.names.own(code), title, intro)

    def notices(self, contact: Contact, notice: Texts | None) -> None:
        """Add what is read before the first question: whom to turn to, safeguarding first.

        The name of one that is not there is kept free, so that all else is called the same.
        """
        first = (
            ("safeguarding", contact.safeguarding),
            ("help", contact.help),
            ("privacy", notice),
        )
        for code, intro in first:
            name = self.names.own(code)
            if intro:
                self._read(name, self.heading(code), intro)

    def place(self, code: str, options: Sequence[Option]) -> Question | None:
        """The question under which group or voice an answer without a token counts.

        Its name is kept free where there is none.
        """
        name = self.names.own(code)
        if not options:
            return None
        return Question(
            name=name,
            path=(),
            text=self.heading(code),
            kind="one",
            options=self.offer(code, options),
            required=True,
        )

    def form(
        self, code: str, version: str, title: Texts, *, intro: Texts | None, place: Question | None
    ) -> Form:
        """The form as it stands."""
        return Form(
            code=code,
            version=version,
            title=self.say(title),
            languages=tuple(self.languages),
            sections=tuple(self.sections),
            lists=self.lists,
            intro=intro and self.say(intro),
            place=place,
        )

    def _read(self, name: str, title: Texts, intro: Texts | None) -> None:
        section = Section(code=name, title=title, intro=intro and self.say(intro))
        self.sections.append(section)
