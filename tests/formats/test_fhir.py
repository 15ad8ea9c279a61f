"""FHIR R4: the models of the field read what is written, and every answer comes back the same."""

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from app.formats import building, fhir
from app.instruments import built_in
from tests.formats.fhir_forms import URL, good_response, place_of, schedule_form, staff_form
from tests.formats.fhir_tool import is_valid, parts, questions, respond
from tests.formats.strategies import asked_of_anyone, fillings, forms

thorough = settings(
    max_examples=25, deadline=None, database=None, suppress_health_check=list(HealthCheck)
)


STAFF = staff_form()
SCHEDULE = schedule_form()


@pytest.fixture
def asked():
    """What the Questionnaire of the built-in survey asks, by link."""
    return questions(fhir.export(STAFF, url=URL))


@pytest.fixture
def sent():
    """A good response to the built-in survey."""
    return good_response(STAFF)


def read(form, document):
    return fhir.read(form, document, url=URL)


@given(form=forms())
@thorough
def test_any_form_is_a_valid_questionnaire(form):
    exported = fhir.export(form, url=URL)

    assert is_valid(exported)
    links = [part["linkId"] for part in parts(exported) if "linkId" in part]
    assert len(links) == len(set(links))
    assert {question.name for _, question in form.questions} <= set(links)


@given(form=forms())
@thorough
def test_a_condition_refers_to_a_choice_that_was_offered_before(form):
    seen = {}
    for part in parts(fhir.export(form, url=URL)):
        for condition in part.get("enableWhen", []):
            offered = [
                {"system": one["valueCoding"]["system"], "code": one["valueCoding"]["code"]}
                for one in seen[condition["question"]]["answerOption"]
            ]
            assert condition["answerCoding"] in offered
        if "linkId" in part:
            seen[part["linkId"]] = part


@given(data=st.data())
@thorough
def test_any_answer_to_any_form_comes_back_as_it_would_be_stored(data):
    asked = data.draw(asked_of_anyone())
    filled = data.draw(fillings(asked.form))
    exported = fhir.export(asked.form, url=URL)
    entries = {f"section-{code}": found for code, found in filled.entries.items()}

    sent = respond(exported, filled.values, entries, flat=data.draw(st.booleans()))
    reading = read(asked.form, sent)

    assert is_valid(sent)
    assert reading.answer == filled.answer
    assert not reading.stripped
    assert asked.faults(reading.answer) == []


def test_each_language_is_there(asked):
    item = asked["trust1"]
    question = next(question for _, question in STAFF.questions if question.name == "trust1")
    (extension,) = item["_text"]["extension"]

    assert item["text"] == question.text["en"]
    assert extension["url"].endswith("/StructureDefinition/translation")
    assert extension["extension"] == [
        {"url": "lang", "valueCode": "cy"},
        {"url": "content", "valueString": question.text["cy"]},
    ]
    assert all("_display" in one["valueCoding"] for one in item["answerOption"])


def test_points_of_a_scale_have_their_weight_and_what_stands_beside_it_has_none(asked):
    weights = {
        one["valueCoding"]["code"]: one.get("extension", [{}])[0].get("valueDecimal")
        for one in asked["trust1"]["answerOption"]
    }

    assert weights == {str(point): point for point in range(1, 6)} | {
        "dont_know": None,
        "not_applicable": None,
    }


def test_limits_are_carried(asked):
    def limits(item):
        return {one["url"].rsplit("/", 1)[1]: one["valueInteger"] for one in item["extension"]}

    statements = next(item for item in asked.values() if item.get("repeats") and "item" in item)

    assert asked["outcome"]["required"] is True
    assert asked["outcome"]["maxLength"] == 2000
    assert limits(asked["importance1"]) == {"minValue": 0, "maxValue": 10}
    assert limits(statements) == {"questionnaire-maxOccurs": 5}
    top = questions(fhir.export(SCHEDULE, url=URL))["top"]
    assert (top["repeats"], limits(top)) == (True, {"questionnaire-maxOccurs": 3})


def test_the_contact_comes_first_and_what_matters_most_before_the_outcomes(asked):
    titles = [item.get("text") for item in fhir.export(SCHEDULE, url=URL)["item"]]
    links = list(questions(fhir.export(SCHEDULE, url=URL)))

    assert asked["intro-to-safeguarding"]["text"] == "Ring 2"
    assert next(iter(asked)) == "section-safeguarding"
    assert links.index("mattersmost") < min(
        at for at, link in enumerate(links) if link.startswith(("importance", "section-outcome"))
    ), titles


def test_answers_outside_their_groups_are_the_same_answers():
    exported = fhir.export(STAFF, url=URL)
    nested, flat = (respond(exported, {"trust1": 4, "gain2": 2}, flat=flat) for flat in (0, 1))

    assert nested != flat
    assert read(STAFF, nested).answer == read(STAFF, flat).answer


def test_what_was_amended_before_it_was_sent_is_complete(sent):
    assert read(STAFF, sent | {"status": "amended"}).answer == read(STAFF, sent).answer


def test_a_reference_need_not_say_the_version(sent):
    assert read(STAFF, sent | {"questionnaire": URL}).answer


def test_the_questionnaire_of_the_instrument_is_answered_alike():
    own = URL.replace("/form", "/poet-staff")
    asked = fhir.export(building.of_instrument(built_in()["poet-staff@1"]), url=own)
    expected = read(STAFF, respond(fhir.export(STAFF, url=URL), {"trust1": 4})).answer

    assert read(STAFF, respond(asked, {"trust1": 4})).answer == expected


def test_a_coding_need_not_repeat_its_system(sent):
    expected = read(STAFF, sent).answer
    item, _ = place_of(sent, "trust1")
    item["answer"] = [{"valueCoding": {"code": "4"}}]

    assert read(STAFF, sent).answer == expected


def test_questions_without_an_answer_and_texts_to_read_say_nothing(sent):
    expected = read(STAFF, sent).answer
    group, _ = place_of(sent, "section-trust")
    group["item"] += [
        {"linkId": "trust3"},
        {"linkId": "trust4", "answer": []},
        {"linkId": "intro-to-trust", "text": "Trust"},
    ]
    sent["item"].append({"linkId": "section-safeguarding"})

    assert read(STAFF, sent).answer == expected


WHO = {"reference": "Patient/jane", "display": "Jane of Ward 7"}


def test_whatever_could_tell_who_answered_is_left_behind_and_named(sent):
    expected = read(STAFF, sent).answer
    item, _ = place_of(sent, "trust1")
    item["extension"] = [{"url": "https://example.org/device", "valueString": "Jane's phone"}]
    item["answer"][0]["id"] = "jane-1"
    full = sent | {
        "id": "jane-1",
        "meta": {"lastUpdated": "2027-03-01T12:00:00Z", "source": "https://example.org/jane"},
        "language": "cy",
        "text": {"status": "generated", "div": "<div xmlns='http://www.w3.org/1999/xhtml'>J</div>"},
        "contained": [{"resourceType": "Patient", "id": "jane"}],
        "extension": [{"url": "https://example.org/ip", "valueString": "192.0.2.1"}],
        "identifier": {"value": "jane-1"},
        "basedOn": [WHO],
        "partOf": [WHO],
        "subject": WHO,
        "encounter": WHO,
        "authored": "2027-03-01T12:00:00Z",
        "_authored": {"extension": [{"url": "https://example.org/zone", "valueString": "Wales"}]},
        "author": WHO,
        "source": WHO,
    }

    reading = read(STAFF, full)

    assert is_valid(full)
    assert reading.answer == expected
    assert set(reading.stripped) == {*full} - {*sent} | {"item.extension", "item.answer.id"}
    assert "Jane" not in str(reading)
