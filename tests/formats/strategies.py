"""Hypothesis strategies that all formats share: any valid instrument, its form, and any answer.

@given(st.data())
def holds(data):
    asked = data.draw(asked_of_anyone())     # or: asked_of_staff(), asked_to_rank(), ...
    filled = data.draw(fillings(asked.form))
    ...write `filled.values` and `filled.entries` as the tool would, read it, compare with
    `filled.answer`; `asked.faults(filled.answer)` is empty.
"""

from dataclasses import dataclass
from typing import Any

from hypothesis import strategies as st

from app.api.submissions import Ranking, StaffResponse, Verification, content_of
from app.formats import building
from app.formats.form import Form, answer
from app.instruments.answers import Survey
from app.instruments.design import MODULES, Contact, Design, Group, Partner, Voice
from app.instruments.forms import RankingForm, VerificationForm
from app.instruments.questionnaires import PutOutcome
from tests.formats.instruments import instruments, texts

# What a text box can hold: no control characters but the new line, nothing white at either end.
WORDS = st.text(
    st.characters(exclude_categories=["Cs", "Cc", "Zl", "Zp"], exclude_characters="\x00")
    | st.just("\n"),
    min_size=1,
    max_size=12,
).filter(lambda text: text == text.strip())


@dataclass(frozen=True)
class Asked:
    """A form, and what the service says of an answer to it."""

    form: Form
    rules: Any
    shape: Any

    def content(self, document: dict[str, Any]) -> dict[str, Any]:
        """What would be stored of an answer, when its shape is right."""
        return content_of(self.shape.model_validate(document))

    def faults(self, document: dict[str, Any]) -> list[Any]:
        """What the service would refuse in an answer."""
        return self.rules.faults(self.content(document))


@dataclass(frozen=True)
class Filled:
    """A form as somebody filled it in.

    Attributes:
        values: By the name of the question; what was not asked or not answered is not there.
        entries: Of each repeated section that was answered, by its code, the same for each entry.
        answer: Our shape of it.
    """

    values: dict[str, Any]
    entries: dict[str, list[dict[str, Any]]]
    answer: dict[str, Any]


ORGANISATIONS = st.lists(
    st.from_regex(r"[a-z0-9-]{1,40}", fullmatch=True) | st.sampled_from(["council", "nhs-trust"]),
    min_size=1,
    max_size=3,
    unique=True,
)
CONTACTS = st.builds(
    Contact,
    help=st.none() | st.just({"en": "Ring 1", "cy": "Ffoniwch 1"}),
    safeguarding=st.none() | st.just({"en": "Ring 2", "cy": "Ffoniwch 2"}),
)


@st.composite
def asked_of_staff(draw):
    """Any instrument as some evaluation asks it."""
    instrument = draw(instruments())
    organisations = draw(ORGANISATIONS)
    design = Design(
        instrument=instrument.name,
        form=draw(st.sampled_from(["full", "short"])),
        modules=draw(st.none() | st.lists(st.sampled_from(MODULES), min_size=1, unique=True)),
        languages=draw(
            st.lists(st.sampled_from(instrument.languages), min_size=1, max_size=2, unique=True)
        ),
    )
    survey = Survey(instrument, design, organisations)
    partners = [
        Partner(code=code, name=f"{code} ltd", sector="nhs", headcount=30) for code in organisations
    ]
    groups = [
        Group(code=code, label={"en": f"Staff of {code}"}, organisations=[code])
        for code in organisations
    ]
    form = building.of_staff(survey, groups, partners, draw(CONTACTS))
    return Asked(form, survey, StaffResponse)


@st.composite
def asked_by_an_instrument(draw):
    """The full form of any instrument."""
    instrument = draw(instruments())
    design = Design(instrument=instrument.name, languages=list(instrument.languages))
    form = building.of_instrument(instrument)
    return Asked(form, Survey(instrument, design, []), StaffResponse)


OUTCOMES = st.lists(
    st.builds(PutOutcome, st.uuids(version=4).map(str), texts(["en", "cy"])),
    min_size=1,
    max_size=4,
    unique_by=lambda outcome: outcome.id,
)


@st.composite
def asked_to_rank(draw):
    outcomes = draw(OUTCOMES)
    groups = [Group(code="nhs-trust", label={"en": "The trust"}, organisations=["nhs-trust"])]
    form = building.of_ranking(outcomes, draw(CONTACTS), groups=groups)
    return Asked(form, RankingForm([one.id for one in outcomes]), Ranking)


@st.composite
def asked_to_verify(draw):
    outcomes = draw(OUTCOMES)
    audience = draw(st.sampled_from(["service_user", "carer"]))
    voices = [Voice(code="all-carers", label={"en": "Carers"}, audience="carer", invited=40)]
    form = building.of_verification(outcomes, audience, draw(CONTACTS), voices=voices)
    rules = VerificationForm([one.id for one in outcomes], audience)
    return Asked(form, rules, Verification)


def asked_of_anyone():
    """Any form with the rules for its answers."""
    return asked_of_staff() | asked_by_an_instrument() | asked_to_rank() | asked_to_verify()


def forms():
    """Any form."""
    return asked_of_anyone().map(lambda asked: asked.form)


@st.composite
def fillings(draw, form):
    """Any way in which a form may be filled in, as it asks for it: conditions are kept.

    What is required may be left out all the same: the service lets it be, whatever a tool does.
    """
    values: dict[str, Any] = {}
    entries: dict[str, list[dict[str, Any]]] = {}
    placed: list[Any] = []
    wanted = draw(st.randoms(use_true_random=False))
    for section in form.sections:
        if section.repeat:
            found = _entries(draw, form, section, wanted)
            if found:
                entries[section.code] = found
                placed.append((section.repeat.path, [_entry(section, one) for one in found]))
            continue
        own = _total(draw, section) if section.total else {}
        for question in section.questions:
            wants = question.kind != "points" and wanted.random() < 0.6
            if wants and _shown(question, values):
                own[question.name] = _value(draw, form, question)
                values |= own
        values |= own
        placed += [(q.path, own[q.name]) for q in section.questions if q.name in own]
    return Filled(values, entries, answer(placed))


def _shown(question, values):
    condition = question.show_if
    if condition is None:
        return True
    return (values.get(condition.name) in condition.values) != condition.negated


def _value(draw, form, question):
    if question.kind == "text":
        return draw(WORDS)
    options = [option.value for option in form.lists[question.options]]
    if question.kind == "one":
        return draw(st.sampled_from(options))
    most = min(question.most or len(options), len(options))
    return draw(st.lists(st.sampled_from(options), min_size=1, max_size=most, unique=True))


def _total(draw, section):
    """Points that add up, or none."""
    if draw(st.booleans()):
        return {}
    left, found = section.total, {}
    for question in section.questions[:-1]:
        points = draw(st.integers(0, left))
        if points or draw(st.booleans()):
            found[question.name] = points
        left -= points
    return found | {section.questions[-1].name: left}


def _entries(draw, form, section, wanted):
    found = []
    for _ in range(draw(st.integers(0, min(section.repeat.most, 3)))):
        entry = {
            question.name: _value(draw, form, question)
            for question in section.questions
            if question.required or question.path == () or wanted.random() < 0.5
        }
        found.append(entry)
    return found


def _entry(section, values):
    """One entry of a repeated section in our shape."""
    if section.questions[0].path == ():
        return values[section.questions[0].name]
    return answer([(q.path, values[q.name]) for q in section.questions if q.name in values])
