"""Every questionnaire becomes one form, whatever tool will ask it."""

import re

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from app.formats import building
from app.formats.form import ShowIf
from app.instruments import built_in, document_of, parse
from app.instruments.answers import Survey
from app.instruments.design import Contact, Design, Group, Partner, Voice
from app.instruments.questionnaires import PutOutcome
from tests.formats.instruments import instruments
from tests.formats.strategies import CONTACTS, asked_of_anyone, fillings

POET = built_in()["poet-staff@1"]
HOME = PutOutcome("11111111-1111-4111-8111-111111111111", {"en": "I live at home"})
WELL = PutOutcome("22222222-2222-4222-8222-222222222222", {"en": "I am well", "cy": "Rwy'n iach"})
SAFE = Contact(help={"en": "Ring 1"}, safeguarding={"en": "Ring 2"})
PARTNERS = [
    Partner(code="council", name="The council", sector="local_authority", headcount=300),
    Partner(code="nhs-trust-of-a-long-name", name="The trust", sector="nhs", headcount=300),
]
common = settings(max_examples=40, deadline=None, suppress_health_check=list(HealthCheck))


def staff(**design):
    organisations = [partner.code for partner in PARTNERS]
    survey = Survey(POET, Design(instrument=POET.name, **design), organisations)
    groups = [Group(code="nhs", label={"en": "The NHS"}, organisations=organisations[1:])]
    return building.of_staff(survey, groups, PARTNERS, SAFE)


def by_name(form):
    return {question.name: question for _, question in form.questions}


def labels(form, name):
    return [option.label["en"] for option in form.lists[name]]


@common
@given(st.data())
def test_whatever_a_form_lets_somebody_answer_the_service_takes(data):
    asked = data.draw(asked_of_anyone())
    filled = data.draw(fillings(asked.form))

    assert asked.faults(filled.answer) == []
    assert asked.content(filled.answer).items() >= filled.answer.items()


@common
@given(asked_of_anyone())
def test_every_name_is_safe_in_all_tools_and_given_once(asked):
    form = asked.form
    names = [question.name for _, question in form.questions]
    codes = [section.code for section in form.sections]
    copies = [
        f"{question.name}{number}"
        for section, question in form.questions
        if section.repeat
        for number in range(1, section.repeat.most + 1)
    ]
    place = [form.place.name] if form.place else []

    given_out = [*names, *codes, *copies, *place]
    assert len(set(given_out)) == len(given_out)
    assert all(re.fullmatch("[a-z][a-z0-9]{0,19}", name) for name in given_out)
    assert re.fullmatch("[a-z][a-z0-9-]*", form.code)


@common
@given(asked_of_anyone())
def test_every_text_is_there_in_every_language_of_the_form(asked):
    form = asked.form
    said = [form.title, form.intro]
    said += [text for section in form.sections for text in (section.title, section.intro)]
    said += [text for _, question in form.questions for text in (question.text, question.help)]
    said += [option.label for options in form.lists.values() for option in options]

    assert all(list(text) == list(form.languages) for text in said if text is not None)


@common
@given(asked_of_anyone())
def test_a_condition_names_an_earlier_question(asked):
    seen = set()
    for _, question in asked.form.questions:
        assert question.show_if is None or question.show_if.name in seen
        seen.add(question.name)


def test_an_instrument_is_asked_in_full_with_the_codes_that_it_has():
    form = building.of_instrument(POET)
    found = by_name(form)

    items = [item.code for domain in POET.domains for item in domain.items]
    assert [name for name in found if name in items] == items
    assert found["trust1"].path == ("answers", "trust1")
    assert found["context1"].path == ("context", "context1")
    assert found["role"].path == ("role",)
    assert (form.code, form.version, list(form.languages)) == ("poet-staff", "1", ["en", "cy"])
    assert form.place is None


@common
@given(instruments(), CONTACTS)
def test_an_evaluation_calls_everything_as_its_instrument_does(instrument, contact):
    design = Design(instrument=instrument.name, languages=instrument.languages)
    survey = Survey(instrument, design, [])
    groups = [Group(code="nhs", label={"en": "The NHS"}, organisations=["nhs"])]
    evaluation = building.of_staff(survey, groups, [], contact, notice={"en": "It is kept."})

    assert _called(building.of_instrument(instrument)) <= _called(evaluation)


def _called(form):
    """What each question and section is called, with where it stands and what it says."""
    questions = {(name, question.path) for name, question in by_name(form).items()}
    return questions | {(section.code, str(section.title)) for section in form.sections}


def test_what_stands_beside_a_scale_is_offered_after_it():
    form = building.of_instrument(POET)

    offered = form.lists[by_name(form)["trust1"].options]
    assert [option.value for option in offered] == [1, 2, 3, 4, 5, "dont_know", "not_applicable"]
    assert [option.special for option in offered] == [False] * 5 + [True] * 2
    assert offered[5].label == {"en": "Don't know", "cy": "Ddim yn gwybod"}
    driver = form.lists[by_name(form)["driverpractice1"].options]
    assert [option.value for option in driver] == [0, 1, 2, 3, 4, "dont_know"]


def test_reasons_are_asked_twice():
    found = by_name(building.of_instrument(POET))

    assert found["driverpractice2"].path == ("drivers", "practice", "tangled_problems")
    assert found["driverofficial2"].path == ("drivers", "official", "tangled_problems")
    assert found["practice2"].path == ("answers", "practice2")


def test_statements_and_what_is_missing_are_asked_several_times():
    changes = next(s for s in building.of_instrument(POET).sections if s.repeat)
    missing = next(s for s in building.of_verification([HOME], "carer").sections if s.repeat)

    assert (changes.repeat.path, changes.repeat.most) == (("statements",), 5)
    assert [q.path[0] for q in changes.questions][:2] == ["outcome", "for_whom"]
    assert [q.name for q in changes.questions if q.required] == ["outcome"]
    assert (missing.repeat.path, missing.repeat.most) == (("missing",), 10)
    assert [q.path for q in missing.questions] == [()]


def test_an_evaluation_asks_only_what_it_declared_and_names_its_partners():
    form = staff(form="short", modules=["health", "depth"])
    found = by_name(form)

    assert len([name for name in found if found[name].path[0] == "answers"]) == 30
    assert "unwritten" not in found
    assert "driverpractice1" not in found
    assert found["nowcouncil"].path == ("depth", "council", "current")
    trust = [question for question in found.values() if question.path[1:2] == (PARTNERS[1].code,)]
    assert [question.path[2] for question in trust] == ["current", "right"]


def test_the_name_of_a_partner_does_not_change_when_another_comes_before_it():
    alone = by_name(staff())
    PARTNERS.insert(0, Partner(code="aardvark", name="A", sector="other", headcount=30))
    try:
        more = by_name(staff())
    finally:
        PARTNERS.pop(0)

    assert {name: alone[name].path for name in alone}.items() <= {
        name: more[name].path for name in more
    }.items()


def test_points_say_what_they_add_up_to():
    points = next(section for section in staff().sections if section.total)

    assert points.total == 10
    assert {(question.kind, question.most) for question in points.questions} == {("points", 10)}
    assert points.questions[2].path == ("importance", "trust")


@pytest.mark.parametrize(
    "form",
    [
        staff(),
        building.of_ranking([HOME, WELL], SAFE),
        building.of_verification([HOME, WELL], "carer", SAFE),
    ],
    ids=["staff", "ranking", "carer"],
)
def test_whom_to_turn_to_comes_first_safeguarding_before_help(form):
    first, second = form.sections[:2]

    assert (first.questions, first.intro["en"]) == ((), "Ring 2")
    assert (second.questions, second.intro["en"]) == ((), "Ring 1")


def test_what_matters_most_is_asked_before_the_list_of_outcomes():
    form = building.of_verification([HOME, WELL], "service_user", SAFE)
    paths = [question.path for _, question in form.questions]

    assert paths.index(("matters_most",)) < paths.index(("verdicts", HOME.id, "importance"))
    titles = [section.title["en"] for section in form.sections]
    assert titles.index("What matters to you") < titles.index("What services aim for")
    assert titles.index("What services aim for") < titles.index("I live at home")


def test_the_easy_answers_are_a_second_question_in_the_same_place():
    form = building.of_verification([HOME], "carer")
    of = [q for _, q in form.questions if q.path == ("verdicts", HOME.id, "delivered")]

    assert [question.show_if.negated for question in of] == [True, False]
    assert {(q.show_if.name, tuple(q.show_if.values)) for q in of} == {("scale", ("easy3",))}
    offered = [[option.value for option in form.lists[q.options]] for q in of]
    assert offered == [[0, 1, 2, 3, 4, "dont_know"], [0, 2, 4, "dont_know"]]


def test_only_carers_are_asked_about_their_own_lives():
    carer = building.of_verification([HOME], "carer")
    user = building.of_verification([HOME], "service_user")

    assert {("own", "life")} <= {q.path for _, q in carer.questions}
    assert not {q.path for _, q in user.questions if q.path[:1] == ("own",)}


def test_outcomes_are_ranked_in_a_table_and_the_top_three_chosen():
    form = building.of_ranking([HOME, WELL])
    table, top = form.sections

    assert table.matrix
    assert [q.text["en"] for q in table.questions] == ["I live at home", "I am well"]
    assert table.intro["en"].startswith("Is this one of the outcomes you work for?")
    assert (top.questions[0].kind, top.questions[0].most) == ("several", 3)
    assert labels(form, top.questions[0].options) == ["I live at home", "I am well"]


def test_a_tool_that_knows_no_tokens_asks_for_the_group_or_voice():
    voices = [
        Voice(code="north", label={"en": "North"}, audience="carer", invited=40),
        Voice(code="south", label={"en": "South"}, audience="service_user", invited=40),
    ]
    group = staff().place
    voice = building.of_verification([HOME], "carer", voices=voices)

    assert (group.name, group.required) == ("group", True)
    assert [option.value for option in staff().lists[group.options]] == ["nhs"]
    assert voice.place.name == "voice"
    assert [option.value for option in voice.lists[voice.place.options]] == ["north"]


def test_a_question_whose_condition_is_never_asked_is_not_asked_either():
    document = document_of(POET)
    items = document["domains"][2]["items"]
    assert [item["short_form"] for item in items][:3] == [True, True, False]
    items[1]["show_if"] = {"item": items[0]["code"], "in": [4, 5]}
    items[3]["show_if"] = {"item": items[2]["code"], "in": [1]}
    items[3]["short_form"] = True
    instrument = parse(document)

    full = by_name(building.of_instrument(instrument))
    short = Design(instrument=POET.name, form="short")
    asked = by_name(building.of_staff(Survey(instrument, short, [])))

    assert full["trust2"].show_if == ShowIf(name="trust1", values=[4, 5])
    assert full["trust4"].show_if == ShowIf(name="trust3", values=[1])
    assert "trust2" in asked
    assert "trust4" not in asked
