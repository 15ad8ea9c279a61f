"""The sections of the staff survey."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field

from app.formats.drafting import Draft
from app.formats.form import Option, Question, Repeat, Section, ShowIf
from app.formats.naming import short
from app.instruments import ladder, texts
from app.instruments.answers import DONT_KNOW, NOT_APPLICABLE, POINTS_TO_SHARE, Survey
from app.instruments.design import Partner
from app.instruments.model import Choice, Item, Prompt, Scale, Texts
from app.instruments.questionnaires import MOST_BENEFICIARIES, MOST_STATEMENTS

_BOTH = (DONT_KNOW, NOT_APPLICABLE)
# What a statement holds beside texts, and what it may choose from.
_LADDERS = {"beneficiaries": "service_user_groups", "horizon": "horizons"}
_DISTINCTIVE = ("yes", "partly", "no")
_WRITTEN = frozenset(
    ["outcome", "for_whom", "context", "mechanism", "first_sign", "evidence", "unintended"]
)


@dataclass
class Staffed:
    """Adds what a survey asks to a draft, in the order it is asked."""

    draft: Draft
    survey: Survey
    partners: Sequence[Partner]
    scales: dict[tuple[str, Sequence[str]], str] = field(default_factory=dict)
    asked: set[str] = field(default_factory=set)

    def __post_init__(self) -> None:
        # Attributes keep their codes even where a section would like the same.
        self._attributes = [
            (self.draft.names.own(attribute.code), attribute)
            for attribute in self.survey.instrument.attributes or []
        ]

    def add(self) -> None:
        """Add every section."""
        parts = [
            ("answers", self._domains),
            ("overall", self._overall),
            ("context", self._context),
            ("drivers", self._drivers),
            ("importance", self._importance),
            ("depth", self._depth),
            ("statements", self._statements),
            ("unwritten", self._unwritten),
        ]
        for member, sections in parts:
            if member in self.survey.asked:
                self.draft.sections.extend(sections())
        self.draft.sections.extend(self._about())

    def _domains(self) -> Iterator[Section]:
        for domain in self.survey.domains:
            items = [item for item in domain.items if item.code in self.survey.items]
            questions = self._items("answers", items, self._scale(domain.scale))
            yield self._section(domain.code, domain.label, questions, intro=domain.description)

    def _overall(self) -> Iterator[Section]:
        overall = self.survey.instrument.overall
        if overall:
            question = Question(
                name=self.draft.names.own("overall"),
                path=("overall",),
                text=self.draft.say(overall.text),
                kind="one",
                options=self._scale(overall.scale),
            )
            yield self._section("whole", texts("headings")["overall"], [question])

    def _context(self) -> Iterator[Section]:
        context = self.survey.instrument.context
        if context:
            questions = self._items("context", context.items, self._scale(context.scale))
            yield self._section("setting", texts("headings")["context"], questions)

    def _items(self, member: str, items: Sequence[Item], options: str) -> list[Question]:
        """The items that can be reached: a condition on what is not asked is never met."""
        found = []
        for item in items:
            condition = item.show_if
            if condition and condition.item not in self.asked:
                continue
            self.asked.add(item.code)
            found.append(
                Question(
                    name=item.code,
                    path=(member, item.code),
                    text=self.draft.say(item.text),
                    kind="one",
                    options=options,
                    required=item.required,
                    show_if=ShowIf(name=condition.item, values=condition.values)
                    if condition
                    else None,
                )
            )
        return found

    def _drivers(self) -> Iterator[Section]:
        drivers = self.survey.instrument.drivers
        if drivers is None:
            return
        options = self._scale(drivers.scale, special=(DONT_KNOW,))
        for side, intro in (("practice", drivers.practice), ("official", drivers.official)):
            questions = [
                Question(
                    name=self.draft.names.own(f"driver{side}{number}"),
                    path=("drivers", side, driver.code),
                    text=self.draft.say(driver.label),
                    kind="one",
                    options=options,
                )
                for number, driver in enumerate(drivers.items, start=1)
            ]
            title = texts("headings")[side]
            yield self._section(f"drivers{side}", title, questions, intro=intro)

    def _importance(self) -> Iterator[Section]:
        places = {domain.code: at for at, domain in enumerate(self.survey.instrument.domains, 1)}
        questions = [
            Question(
                name=self.draft.names.own(f"importance{places[domain.code]}"),
                path=("importance", domain.code),
                text=self.draft.say(domain.label),
                kind="points",
                most=POINTS_TO_SHARE,
            )
            for domain in self.survey.domains
        ]
        if questions:
            yield Section(
                code=self.draft.names.own("points"),
                title=self.draft.heading("importance"),
                questions=questions,
                intro=self.draft.say(self.survey.instrument.importance or {}),
                total=POINTS_TO_SHARE,
            )

    def _depth(self) -> Iterator[Section]:
        depth = self.survey.instrument.depth
        if depth is None or not self.partners:
            return
        options = self.draft.offer("depth", self.draft.choices(ladder("depth")))
        yield self._section("closeness", texts("headings")["depth"], [])
        for partner in self.partners:
            questions = [
                Question(
                    name=self.draft.names.of(prefix, partner.code),
                    path=("depth", partner.code, side),
                    text=self.draft.say(text),
                    kind="one",
                    options=options,
                )
                for prefix, side, text in (
                    ("now", "current", depth.current),
                    ("right", "right", depth.right),
                )
            ]
            yield self._section(f"with{short(partner.code)}", {"en": partner.name}, questions)

    def _statements(self) -> Iterator[Section]:
        prompts = {prompt.code: prompt for prompt in reversed(self.survey.instrument.prompts or [])}
        if "outcome" not in prompts:  # a statement without an outcome is no statement
            return
        # The order is that of the instrument.
        found = [self._prompt(prompts[code]) for code in reversed(prompts)]
        yield Section(
            code=self.draft.names.own("changes"),
            title=self.draft.heading("statements"),
            questions=[question for question in found if question],
            repeat=Repeat(path=("statements",), most=MOST_STATEMENTS),
        )

    def _prompt(self, prompt: Prompt) -> Question | None:
        """A prompt, unless a statement has no place for it or none of its choices counts."""
        offered = self._offered(prompt)
        if prompt.code not in _WRITTEN and not offered:
            return None
        several = prompt.code == "beneficiaries"
        one_of = "one" if offered else "text"
        return Question(
            name=self.draft.names.own(prompt.code, copies=MOST_STATEMENTS),
            path=(prompt.code,),
            text=self.draft.say(prompt.text),
            help=prompt.help and self.draft.say(prompt.help),
            kind="several" if several else one_of,  # type: ignore[arg-type]
            options=self.draft.offer(prompt.code, offered) if offered else None,
            required=prompt.code == "outcome",
            most=MOST_BENEFICIARIES if several else None,
        )

    def _offered(self, prompt: Prompt) -> list[Option]:
        choices = prompt.choices
        if prompt.code in _LADDERS:
            ladder_of = ladder(_LADDERS[prompt.code])
            known: Iterable[str] = [str(choice.code) for choice in ladder_of]
            choices = choices or ladder_of
        elif prompt.code == "distinctive":
            known = _DISTINCTIVE
        else:
            known = [str(choice.code) for choice in choices or []]
        return [
            self.draft.option(str(choice.code), choice.label)
            for choice in _once(choices or [])
            if str(choice.code) in known
        ]

    def _unwritten(self) -> Iterator[Section]:
        text = self.survey.instrument.unwritten
        if text:
            question = Question(
                name=self.draft.names.own("unwritten"),
                path=("unwritten",),
                text=self.draft.say(text),
                kind="text",
            )
            yield self._section("beyond", texts("headings")["unwritten"], [question])

    def _about(self) -> Iterator[Section]:
        questions = [
            Question(
                name=name,
                path=(attribute.code,),
                text=self.draft.say(attribute.label),
                kind="one",
                options=self.draft.offer(
                    attribute.code,
                    [self.draft.option(str(one.code), one.label) for one in attribute.values],
                ),
            )
            for name, attribute in self._attributes
        ]
        if questions:
            yield self._section("about", texts("headings")["about"], questions)

    def _section(
        self, code: str, title: Texts, questions: Sequence[Question], *, intro: Texts | None = None
    ) -> Section:
        offered = {question.options for question in questions}
        plain = all(question.kind == "one" and not question.show_if for question in questions)
        return Section(
            code=self.draft.names.own(code),
            title=self.draft.say(title),
            questions=questions,
            intro=intro and self.draft.say(intro),
            matrix=len(questions) > 1 and len(offered) == 1 and plain,
        )

    def _scale(self, code: str, *, special: Sequence[str] = _BOTH) -> str:
        """The list of a scale with what stands beside it."""
        if (code, special) not in self.scales:
            words = [self.draft.option(word, texts("words")[word]) for word in special]
            points = self._points(self.survey.instrument.scales[code])
            self.scales[code, special] = self.draft.offer(code, [*points, *words])
        return self.scales[code, special]

    def _points(self, scale: Scale) -> list[Option]:
        return [
            self.draft.option(
                scale.min + at,
                {language: labels[at] for language, labels in scale.labels.items() if labels},
            )
            for at in range(scale.points)
        ]


def _once(choices: Sequence[Choice]) -> list[Choice]:
    """The choices, each code once."""
    return list({str(choice.code): choice for choice in reversed(choices)}.values())[::-1]
