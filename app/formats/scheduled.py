"""The sections of the ranking round and of the schedule for service users and carers."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from app.formats.drafting import Draft
from app.formats.form import Path, Question, Repeat, Section, ShowIf
from app.formats.naming import short
from app.instruments.design import Audience
from app.instruments.model import Choice
from app.instruments.questionnaires import MOST_TEXTS, PutOutcome
from app.instruments.schedules import Question as Asked
from app.instruments.schedules import Schedule
from app.instruments.schedules import Section as Part

_MOST_TOP = 3
_NESTED = ("experience", "own")
# What a respondent chooses the easy answers with.
_EASY = ("scale", "easy3")


@dataclass
class Scheduled:
    """Adds the sections of a schedule to a draft, those of one audience, in order."""

    draft: Draft
    schedule: Schedule
    outcomes: Sequence[PutOutcome]
    audience: Audience | None = None
    offered: dict[tuple[tuple[int | str, str], ...], str] = field(default_factory=dict)

    def add(self, member: str) -> None:
        """Add every section.

        Args:
            member: Under which an answer says something of each outcome.
        """
        self._outcomes = self.draft.offer(
            "outcomes", [self.draft.option(one.id, one.plain) for one in self.outcomes]
        )
        for part in self.schedule.sections:
            if part.audience in (None, self.audience):
                self.draft.sections.extend(self._sections(part, member))

    def _sections(self, part: Part, member: str) -> Iterator[Section]:
        repeated = [question for question in part.questions if question.each]
        if len(repeated) == 1:
            yield self._table(part, repeated[0], member)
        elif repeated:
            yield self._section(part, [])
            for outcome in self.outcomes:
                yield self._of_outcome(outcome, repeated, member)
        elif part.questions[0].answer == "texts":
            yield self._repeated(part)
        else:
            within = (part.code,) if part.code in _NESTED else ()
            yield self._section(
                part,
                [
                    question
                    for asked in part.questions
                    for question in self._asked(asked, (*within, asked.code), asked.code)
                ],
            )

    def _table(self, part: Part, asked: Asked, member: str) -> Section:
        """One question, asked of every outcome in a table."""
        intro = " ".join
        texts = [asked.text, *([asked.help] if asked.help else [])]
        return Section(
            code=self.draft.names.own(part.code),
            title=self.draft.say(part.title),
            intro={
                language: intro(self.draft.say(text)[language] for text in texts)
                for language in self.draft.languages
            },
            questions=[
                Question(
                    name=self.draft.names.of(asked.code, outcome.id),
                    path=(member, outcome.id, asked.code),
                    text=self.draft.say(outcome.plain),
                    kind="one",
                    options=self._choices(asked.code, asked.choices or []),
                )
                for outcome in self.outcomes
            ],
            matrix=True,
        )

    def _of_outcome(self, outcome: PutOutcome, questions: Sequence[Asked], member: str) -> Section:
        return Section(
            code=self.draft.names.of("outcome", outcome.id),
            title=self.draft.say(outcome.plain),
            questions=[
                question
                for asked in questions
                for question in self._asked(
                    asked, (member, outcome.id, asked.code), f"{asked.code}{short(outcome.id)}"
                )
            ],
        )

    def _repeated(self, part: Part) -> Section:
        """Several texts: a section of one question, repeated."""
        asked = part.questions[0]
        question = Question(
            name=self.draft.names.own(asked.code, copies=MOST_TEXTS),
            path=(),
            text=self.draft.say(asked.text),
            help=asked.help and self.draft.say(asked.help),
            kind="text",
        )
        return Section(
            code=self.draft.names.own(f"{part.code}list"),
            title=self.draft.say(part.title),
            questions=[question],
            repeat=Repeat(path=(asked.code,), most=MOST_TEXTS),
        )

    def _section(self, part: Part, questions: Sequence[Question]) -> Section:
        return Section(
            code=self.draft.names.own(f"{part.code}part"),
            title=self.draft.say(part.title),
            questions=questions,
            intro=part.intro and self.draft.say(part.intro),
        )

    def _asked(self, asked: Asked, path: Path, name: str) -> Iterator[Question]:
        """A question; with easy answers as well, two of which one is shown."""
        if not asked.easy_choices:
            yield self._question(asked, path, name, asked.choices or [])
            return
        scale, easy = _EASY
        full = ShowIf(name=scale, values=[easy], negated=True)
        yield self._question(asked, path, name, asked.choices or [], full)
        simple = ShowIf(name=scale, values=[easy])
        yield self._question(asked, path, f"e{name}", asked.easy_choices, simple)

    def _question(
        self,
        asked: Asked,
        path: Path,
        name: str,
        choices: Sequence[Choice],
        show_if: ShowIf | None = None,
    ) -> Question:
        top = asked.answer == "top"
        code = f"easy{asked.code}" if show_if and not show_if.negated else asked.code
        offered = self._outcomes if top else self._choices(code, choices)
        return Question(
            name=self.draft.names.own(name),
            path=path,
            text=self.draft.say(asked.text),
            help=asked.help and self.draft.say(asked.help),
            kind="text" if asked.answer == "text" else "several" if top else "one",
            options=None if asked.answer == "text" else offered,
            show_if=show_if,
            most=_MOST_TOP if top else None,
        )

    def _choices(self, code: str, choices: Sequence[Choice]) -> str:
        """The list of some choices; questions with the same choices share one."""
        key = tuple((choice.code, str(choice.label)) for choice in choices)
        if key not in self.offered:
            self.offered[key] = self.draft.offer(code, self.draft.choices(choices))
        return self.offered[key]
