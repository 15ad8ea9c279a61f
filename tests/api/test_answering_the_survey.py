"""A member of staff answers the survey, in full or in part; what cannot be an answer is said."""

import jsonschema
import pytest

from tests.walkthrough import OpenSurvey, faults, new_key, ok, refusal

STATEMENT = {
    "outcome": "People stay at home for longer",
    "for_whom": "people who leave hospital",
    "beneficiaries": ["older_people"],
    "context": "beds are short",
    "mechanism": "we visit together",
    "horizon": "1-3y",
    "first_sign": "fewer readmissions",
    "evidence": "our own figures",
    "distinctive": "yes",
    "unintended": "families do more",
}
EVERYTHING = {
    "role": "frontline",
    "answers": {"trust1": 4, "rules2": "dont_know", "means3": "not_applicable"},
    "context": {"context1": 4, "context2": "dont_know"},
    "overall": 4,
    "statements": [STATEMENT] * 5,
    "unwritten": "who decides",
    "drivers": {"practice": {"saving_money": 0}, "official": {"better_lives": "dont_know"}},
    "importance": {"trust": 3, "means": 7},
    "depth": {"council": {"current": "coordination", "right": "joint_management"}},
}
LONG = "a" * 2001


@pytest.fixture(scope="module")
def survey(running):
    """A survey that asks everything."""
    running.clock.reset()
    with running.client_of_a_new_account() as client:
        yield OpenSurvey(client)


def test_everything_that_is_asked_can_be_answered(survey, service):
    token = survey.token()

    reply = survey.send(EVERYTHING, token)

    assert ok(reply, 201).keys() == {"receipt", "evaluation"}
    assert reply.json()["evaluation"] == survey.evaluation["id"]


def test_the_questionnaire_says_what_a_valid_answer_is(survey, service):
    schema = ok(survey.asked(survey.token()))["schema"]

    jsonschema.validate(EVERYTHING, schema)

    for body in ({"answers": {"trust1": 6}}, {"role": "boss"}, {"statements": [STATEMENT] * 6}):
        with pytest.raises(jsonschema.ValidationError):
            jsonschema.validate(body, schema)


@pytest.mark.parametrize(
    "body",
    [
        {"answers": {"trust1": 1}},
        {"answers": {"trust1": "dont_know"}},
        {"context": {"context1": 5}},
        {"overall": "not_applicable"},
        {"statements": [{"outcome": "People are well"}]},
        {"unwritten": "a" * 2000},
        {"drivers": {"official": {"saving_money": 4}}},
        {"importance": {"trust": 10}},
        {"depth": {"trust": {"right": "formal_merger"}}},
    ],
)
def test_one_thing_that_counts_is_enough(survey, service, body):
    assert survey.send(body).status_code == 201


@pytest.mark.parametrize(
    "body",
    [
        {},
        {"role": "frontline"},
        {"answers": {}},
        {"statements": []},
        {"unwritten": ""},
        {"drivers": {"practice": {}}},
        {"depth": {"council": {}}},
        {"importance": {}},
    ],
)
def test_what_says_nothing_spends_no_token(survey, service, body):
    token = survey.token()

    reply = survey.send(body, token)

    assert refusal(reply, 422) == "nothing-answered"
    assert survey.asked(token).status_code == 200


@pytest.mark.parametrize(
    ("body", "pointer", "code"),
    [
        ({"answers": {"trust9": 4}}, "/answers/trust9", "unknown-item"),
        ({"answers": {"trust1": 6}}, "/answers/trust1", "off-scale"),
        ({"answers": {"trust1": 0}}, "/answers/trust1", "off-scale"),
        ({"context": {"context9": 4}}, "/context/context9", "unknown-item"),
        ({"context": {"context1": 6}}, "/context/context1", "off-scale"),
        ({"overall": 6}, "/overall", "off-scale"),
        ({"overall": 4, "role": "boss"}, "/role", "unknown-value"),
        ({"overall": 4, "job": "nurse"}, "/job", "unknown-field"),
        ({"importance": {"trust": 9}}, "/importance", "points-sum"),
        ({"importance": {"love": 10}}, "/importance/love", "unknown-item"),
        ({"drivers": {"practice": {"fun": 1}}}, "/drivers/practice/fun", "unknown-item"),
        (
            {"drivers": {"practice": {"saving_money": 5}}},
            "/drivers/practice/saving_money",
            "off-scale",
        ),
        (
            {"drivers": {"official": {"saving_money": "not_applicable"}}},
            "/drivers/official/saving_money",
            "off-scale",
        ),
        ({"depth": {"police": {"right": "coordination"}}}, "/depth/police", "unknown-item"),
        ({"depth": {"council": {"right": "love"}}}, "/depth/council/right", "unknown-value"),
        (
            {"statements": [{"outcome": "Well", "horizon": "soon"}]},
            "/statements/0/horizon",
            "unknown-value",
        ),
        (
            {"statements": [STATEMENT, {"outcome": "Well", "beneficiaries": ["cats"]}]},
            "/statements/1/beneficiaries",
            "unknown-value",
        ),
        (
            {"statements": [{"outcome": "Well", "distinctive": "perhaps"}]},
            "/statements/0/distinctive",
            "unknown-value",
        ),
        (
            {"statements": [{"outcome": "Well", "name": "Ann"}]},
            "/statements/0/name",
            "unknown-field",
        ),
        ({"statements": [{"mechanism": "we meet"}]}, "/statements/0/outcome", "required"),
        ({"statements": [STATEMENT] * 6}, "/statements", "too-long"),
        ({"statements": [{"outcome": LONG}]}, "/statements/0/outcome", "string-too-long"),
        ({"unwritten": LONG}, "/unwritten", "string-too-long"),
    ],
)
def test_a_wrong_answer_is_pointed_at_and_spends_nothing(survey, service, body, pointer, code):
    token = survey.token()

    reply = survey.send(body, token)

    assert (pointer, code) in faults(reply)
    assert survey.asked(token).status_code == 200


@pytest.mark.parametrize("value", [3.5, "often", True, "4", [4], {"answer": 4}])
def test_an_answer_is_a_whole_number_or_one_of_two_words(survey, service, value):
    reply = survey.send({"answers": {"trust1": value}})

    assert {pointer for pointer, _ in faults(reply)} == {"/answers/trust1"}


def test_every_fault_of_a_body_is_said_at_once(survey, service):
    reply = survey.send({"answers": {"trust1": 9, "trust2": 0}, "role": "boss"})

    assert faults(reply) == {
        ("/answers/trust1", "off-scale"),
        ("/answers/trust2", "off-scale"),
        ("/role", "unknown-value"),
    }


@pytest.mark.parametrize(
    "body",
    [
        {"Margaret on the front desk told me": "so"},
        {"Margaret": "so"},
        {"answers": {"Margaret9434765919": 3, "trust1": 4}},
        {"statements": [{"outcome": "Well", "Margaret": "told me"}]},
        {"overall": 4, "role": "Margaret on the front desk"},
        {"answers": {"Margaret on the front desk": 3}},
        {"answers": {"Margaret on the front desk told me, and all the others who were there": 3}},
        {"answers": {"trust1": "Margaret on the front desk"}},
        {"depth": {"Margaret on the front desk, who is always the first to know everything": {}}},
        {"depth": {"council": {"right": "Margaret"}}},
        {"statements": [{"outcome": "Well", "Margaret on the front desk": "told me"}]},
        {"unwritten": "Margaret " * 300},
    ],
)
def test_a_refusal_repeats_nothing_that_was_sent(survey, service, body):
    reply = survey.send(body)

    assert reply.status_code == 422
    assert "Margaret" not in reply.text


def test_after_a_refusal_the_same_token_and_key_give_the_mended_answer(survey, service):
    token, key = survey.token(), new_key()

    refused = survey.send({"answers": {"trust1": 9}}, token, key)
    accepted = survey.send({"answers": {"trust1": 5}}, token, key)

    assert (refused.status_code, accepted.status_code) == (422, 201)


@pytest.mark.parametrize(
    ("content", "status"),
    [
        ('{"answers":', 400),
        ("", 422),
        ("null", 422),
        ("[]", 422),
        ('{"answers": {"trust1": NaN}}', 422),
        ('{"unwritten": "\\ud800"}', 422),
        ('{"unwritten": "\\u0000"}', 422),
        ('{"overall": 4, "role": "\\ud800"}', 422),
    ],
)
def test_what_cannot_be_read_is_refused_before_anything_is_spent(survey, service, content, status):
    token = survey.token()
    headers = {"Authorization": f"Bearer {token}", "Idempotency-Key": new_key()}
    headers["Content-Type"] = "application/json"

    reply = survey.client.post("/v1/responses", content=content, headers=headers)

    assert reply.status_code == status
    assert survey.asked(token).status_code == 200


@pytest.mark.parametrize(
    ("design", "body", "pointer", "code"),
    [
        ({"modules": ["health"]}, {"statements": [STATEMENT]}, "/statements", "not-asked"),
        ({"modules": ["health"]}, {"context": {"context1": 1}}, "/context", "not-asked"),
        ({"modules": ["outcomes"]}, {"answers": {"trust1": 1}}, "/answers", "not-asked"),
        ({"form": "short"}, {"answers": {"trust3": 1}}, "/answers/trust3", "unknown-item"),
    ],
)
def test_what_this_evaluation_does_not_ask_is_no_answer(evaluator, design, body, pointer, code):
    survey = OpenSurvey(evaluator, **design)

    reply = survey.send(body | {"overall": 4})

    assert (pointer, code) in faults(reply)


def test_an_item_is_answered_only_where_its_condition_is_met(evaluator):
    asked = [
        {"code": "meet", "text": "We meet."},
        {"code": "useful", "text": "It is useful.", "show_if": {"item": "meet", "in": [2, 3]}},
    ]
    instrument = {
        "code": "conditional",
        "version": 1,
        "title": "Meetings",
        "languages": ["en"],
        "scales": {"three": {"min": 1, "max": 3, "labels": {"en": ["No", "Some", "Yes"]}}},
        "domains": [{"code": "meetings", "label": "Meetings", "scale": "three", "items": asked}],
    }
    ok(evaluator.post("/v1/instruments", json=instrument), 201)
    survey = OpenSurvey(evaluator, instrument="conditional@1")

    met = survey.send({"answers": {"meet": 2, "useful": 3}})
    unmet = survey.send({"answers": {"meet": 1, "useful": 3}})
    unsaid = survey.send({"answers": {"useful": 3}})

    assert met.status_code == 201
    assert faults(unmet) == faults(unsaid) == {("/answers/useful", "not-asked")}
