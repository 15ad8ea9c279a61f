"""A SurveyJS page asks the form as it is exported, and its data is read as the same answer."""

from dataclasses import replace

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from app.errors import MOST_FAULTS, Invalid
from app.formats import building, surveyjs
from app.instruments import built_in
from app.instruments.answers import Survey
from app.instruments.design import Contact, Design, Partner
from app.instruments.questionnaires import PutOutcome
from tests.formats.strategies import asked_of_anyone, fillings
from tests.formats.survey_core import VERSIONS, SurveyCore

POET = built_in()["poet-staff@1"]
HOME = PutOutcome("11111111-1111-4111-8111-111111111111", {"en": "I live at home"})
FORM = building.of_instrument(POET)
CARER = building.of_verification([HOME], "carer")
common = settings(max_examples=40, deadline=None, suppress_health_check=list(HealthCheck))


@pytest.fixture(scope="module", params=VERSIONS, ids=lambda wanted: wanted[0])
def library(request):
    running = SurveyCore(request.param)
    yield running
    running.end()


def data(form, filled):
    """What SurveyJS has of a form that was filled in, by the model's own structure."""
    found = {}
    for page in surveyjs.export(form)["pages"]:
        for element in page["elements"]:
            name = element["name"]
            if element["type"] == "paneldynamic":
                found[name] = filled.entries.get(name)
            elif element["type"] in ("matrix", "multipletext"):
                names = [row.get("value", row.get("name")) for row in parts(element)]
                found[name] = {one: filled.values[one] for one in names if one in filled.values}
            else:
                found[name] = filled.values.get(name)
    return {name: value for name, value in found.items() if value not in (None, {})}


def parts(element):
    return element.get("rows") or element.get("items")


def faults(form, document):
    with pytest.raises(Invalid) as refusal:
        surveyjs.read(form, document)
    return [(fault.pointer, fault.code) for fault in refusal.value.faults]


def elements(form):
    return {
        element["name"]: element
        for page in surveyjs.export(form)["pages"]
        for element in page["elements"]
    }


@common
@given(st.data())
def test_any_answer_to_any_form_comes_back_as_it_was_given(drawn):
    asked = drawn.draw(asked_of_anyone())
    filled = drawn.draw(fillings(asked.form))

    reading = surveyjs.read(asked.form, data(asked.form, filled))

    assert asked.content(reading.answer) == asked.content(filled.answer)
    assert asked.faults(reading.answer) == []
    assert reading.stripped == ()


def test_the_real_library_loads_any_form_and_its_data_is_the_answer(library):
    @common
    @given(st.data())
    def holds(drawn):
        asked = drawn.draw(asked_of_anyone())
        filled = drawn.draw(fillings(asked.form))
        model, values = surveyjs.export(asked.form), data(asked.form, filled)

        seen = library.fill(model, values)

        assert (seen["errors"], seen["hidden"]) == ([], [])
        assert seen["state"] == "completed"
        assert seen["data"].pop("poetform") == f"{asked.form.code}@{asked.form.version}"
        reading = surveyjs.read(asked.form, seen["data"])
        assert asked.content(reading.answer) == asked.content(filled.answer)

    holds()


def test_the_real_library_asks_in_welsh_too(library):
    seen = library.fill(surveyjs.export(FORM), {}, locale="cy")

    assert seen["title"] == POET.title["cy"]


def test_the_real_library_shows_braces_as_they_are(library):
    form = replace(FORM, title={"en": "{role} and {trust.trust1}", "cy": "{role}"})
    values = {"role": "manager", "trust": {"trust1": 4}}

    seen = library.fill(surveyjs.export(form), values)

    assert seen["title"].replace("\u2060", "") == "{role} and {trust.trust1}"


def test_the_real_library_lets_points_be_shared_out_whole_or_not_at_all(library):
    model = surveyjs.export(FORM)
    shared = [{}, {"importance1": 4, "importance2": 6}, {"importance1": 4}, {"importance1": 11}]

    valid = [library.fill(model, {"points": points})["valid"] for points in shared]

    assert valid == [True, True, False, False]


def test_the_real_library_forgets_a_full_answer_when_easy_ones_are_chosen(library):
    seen = library.fill(surveyjs.export(CARER), {"respect": 3, "scale": "easy3", "erespect": 4})

    assert seen["hidden"] == []
    assert surveyjs.read(CARER, seen["data"]).answer == {
        "scale": "easy3",
        "experience": {"respect": 4},
    }


def test_each_kind_of_question_has_its_own_of_surveyjs():
    found = elements(FORM)

    assert found["trust"]["type"] == "matrix"
    assert [row["value"] for row in found["trust"]["rows"]][:2] == ["trust1", "trust2"]
    assert [column["value"] for column in found["trust"]["columns"]][-2:] == [
        "dont_know",
        "not_applicable",
    ]
    assert found["points"]["type"] == "multipletext"
    assert found["changes"]["type"] == "paneldynamic"
    assert found["changes"]["maxPanelCount"] == 5
    assert found["unwritten"] == {
        "type": "comment",
        "name": "unwritten",
        "title": {"default": POET.unwritten["en"], "cy": POET.unwritten["cy"]},
        "maxLength": 2000,
    }
    assert found["role"]["type"] == "radiogroup"
    top = elements(building.of_ranking([HOME]))["top"]
    assert (top["type"], top["maxSelectedChoices"]) == ("checkbox", 3)


def test_what_is_read_first_is_shown_and_its_marks_mean_nothing():
    contact = Contact(safeguarding={"en": "Ring <b>2</b> {trust1}\nor 3", "cy": "Ffoniwch 2"})
    partner = Partner(code="council", name="C", sector="other", headcount=30)
    survey = Survey(POET, Design(instrument=POET.name), ["council"])
    first = surveyjs.export(building.of_staff(survey, [], [partner], contact))["pages"][0]

    assert first["elements"][0]["type"] == "html"
    shown = "<p>Ring &lt;b&gt;2&lt;/b&gt; &#123;trust1&#125;</p><p>or 3</p>"
    assert first["elements"][0]["html"] == shown


def test_one_condition_is_asked_in_the_tools_own_words():
    found = elements(CARER)

    assert found["respect"]["visibleIf"] == "{scale} <> 'easy3'"
    assert found["erespect"]["visibleIf"] == "{scale} = 'easy3'"


def test_what_could_tell_who_answered_is_left_behind_and_named():
    sent = {"overall": 4, "userAgent": "x", "ip": "10.0.0.1", "email": "a@b", "url": "/?t=1"}
    sent |= {"timestamp": "2026-01-01", "trust": {"trust1": 4, "trust1-Comment": "I am Ann"}}

    reading = surveyjs.read(FORM, sent)

    assert reading.answer == {"overall": 4, "answers": {"trust1": 4}}
    named = {"userAgent", "ip", "email", "url", "timestamp", "trust1-Comment"}
    assert set(reading.stripped) == named


@pytest.mark.parametrize(
    ("sent", "found"),
    [
        ([], ("", "wrong-type")),
        ({"question1": 4}, ("/question1", "unknown-question")),
        ({"Ann Jones": 4}, ("", "unknown-question")),
        ({"trust": {"trust9": 4}}, ("/trust/trust9", "unknown-question")),
        ({"trust": {"Ann Jones": 4}}, ("/trust", "unknown-question")),
        ({"trust": 4}, ("/trust", "wrong-type")),
        ({"trust": {"trust1": 6}}, ("/trust/trust1", "unknown-value")),
        ({"trust": {"trust1": True}}, ("/trust/trust1", "unknown-value")),
        ({"trust": {"trust1": 4}, "trust1": 4}, ("/trust1", "answered-twice")),
        ({"unwritten": 4}, ("/unwritten", "wrong-type")),
        ({"unwritten": "x" * 2001}, ("/unwritten", "too-long")),
        ({"unwritten": "\0"}, ("/unwritten", "unknown-value")),
        ({"points": {"importance1": 9}}, ("/points/importance1", "points-sum")),
        ({"points": {"importance1": -1}}, ("/points/importance1", "off-scale")),
        ({"points": {"importance1": 2.5}}, ("/points/importance1", "off-scale")),
        ({"changes": {"outcome": "x"}}, ("/changes", "wrong-type")),
        ({"changes": ["x"]}, ("/changes/0", "wrong-type")),
        ({"changes": [{"mechanism": "x"}]}, ("/changes/0/outcome", "required")),
        ({"changes": [{"outcome": "x"}] * 6}, ("/changes/5", "too-many")),
        (
            {"changes": [{"outcome": "x", "beneficiaries": ["cats"]}]},
            ("/changes/0/beneficiaries/0", "unknown-value"),
        ),
        (
            {"changes": [{"outcome": "x", "beneficiaries": ["carers", "carers"]}]},
            ("/changes/0/beneficiaries", "answered-twice"),
        ),
        ({"overall": 4, "poetform": "poet-staff@2"}, ("/poetform", "another-version")),
    ],
)
def test_each_fault_is_pointed_at_where_the_tool_had_it(sent, found):
    assert faults(FORM, sent) == [found]


def test_an_easy_answer_beside_a_full_one_is_refused():
    sent = {"scale": "easy3", "respect": 4, "erespect": 4}

    assert ("/erespect", "answered-twice") in faults(CARER, sent)
    assert ("/respect", "not-asked") in faults(CARER, sent)


def test_more_than_three_at_the_top_are_refused():
    outcomes = [PutOutcome(str(number), {"en": "x"}) for number in range(4)]
    sent = {"top": [one.id for one in outcomes]}

    assert faults(building.of_ranking(outcomes), sent) == [("/top", "too-many")]


def test_of_a_document_with_a_thousand_faults_the_first_hundred_are_said():
    assert len(faults(FORM, {"changes": [0] * 1000})) == MOST_FAULTS == 100
