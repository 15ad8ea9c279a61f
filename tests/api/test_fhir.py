"""FHIR R4: systems that speak it find the questionnaires, and respondents answer with it."""

import pytest

from tests.formats.fhir_tool import is_valid, questions, respond
from tests.speaking_fhir import BASE, codes, create, found, questionnaire
from tests.walkthrough import (
    approve,
    go,
    issue,
    new_key,
    ok,
    plan,
    refusal,
    register,
    send,
    surface,
    surveyed,
)
from tests.whole import INSTRUMENT

VOICES = [
    {"code": "older", "label": "Older people", "audience": "service_user", "invited": 30},
    {"code": "carers", "label": "Carers", "audience": "carer", "invited": 30},
]


@pytest.fixture
def surveying(evaluator):
    evaluation = plan(evaluator, languages=["en", "cy"])
    go(evaluator, evaluation, "surveying")
    return evaluation, issue(evaluator, evaluation, "staff", "council", 5)


@pytest.fixture
def verifying(evaluator):
    evaluation = surveyed(evaluator, [{"overall": 4}] * 10, voices=VOICES)
    outcome = surface(evaluator, evaluation, "home")
    approve(evaluator, evaluation, [outcome])
    go(evaluator, evaluation, "verifying")
    return evaluation, outcome


def test_what_is_spoken_is_public(anybody):
    statement = found(anybody.get(f"{BASE}/metadata"))

    spoken = {
        one["type"]: [interaction["code"] for interaction in one["interaction"]]
        for one in statement["rest"][0]["resource"]
    }
    assert statement["fhirVersion"] == "4.0.1"
    assert spoken == {"Questionnaire": ["read", "search-type"], "QuestionnaireResponse": ["create"]}


def test_an_instrument_is_read_as_it_is_exported(evaluator):
    read = found(evaluator.get(f"{BASE}/Questionnaire/poet-staff.1"))

    assert is_valid(read)
    assert read == ok(evaluator.get("/v1/instruments/poet-staff/1/formats/fhir-r4"))
    assert read["id"] == "poet-staff.1"


@pytest.mark.parametrize("audience", ["staff", "ranking", "service_user", "carer"])
def test_what_an_evaluation_asks_is_read_as_it_is_exported(evaluator, verifying, audience):
    evaluation, outcome = verifying
    wish = {"audience": audience, "format": "fhir-r4"}

    read = questionnaire(evaluator, evaluation, audience)

    exported = evaluator.get(f"/v1/evaluations/{evaluation['id']}/questionnaire", params=wish)
    assert read == ok(exported)
    assert audience == "staff" or outcome["title"]["en"] in str(read)


def search(client, **parameters):
    """The ids of the Questionnaires that a search finds."""
    bundle = found(client.get(f"{BASE}/Questionnaire", params=parameters))
    entries = bundle.get("entry", [])
    assert bundle["total"] == len(entries)
    for entry in entries:
        assert entry["fullUrl"].endswith(f"{BASE}/Questionnaire/{entry['resource']['id']}")
        assert entry["search"] == {"mode": "match"}
    return [entry["resource"]["id"] for entry in entries]


def test_a_questionnaire_is_found_by_its_address_with_or_without_a_version(evaluator, surveying):
    asked = questionnaire(evaluator, surveying[0])
    instrument = ok(evaluator.get(f"{BASE}/Questionnaire/poet-staff.1"))

    for resource in (asked, instrument):
        assert search(evaluator, url=resource["url"]) == [resource["id"]]
        assert search(evaluator, url=f"{resource['url']}|1") == [resource["id"]]
        assert search(evaluator, url=f"{resource['url']}|2") == []
        assert search(evaluator, url=resource["url"].replace("://", "://other.")) == []
    assert search(evaluator, url="nothing") == search(evaluator, url="") == []


def test_every_version_of_an_instrument_is_found_unless_it_may_not_be_handed_on(evaluator):
    for version in (1, 2):
        ok(evaluator.post("/v1/instruments", json=INSTRUMENT | {"version": version}), 201)
    kept = INSTRUMENT | {"code": "kept", "redistributable": False}
    ok(evaluator.post("/v1/instruments", json=kept), 201)
    (url,) = {
        ok(evaluator.get(f"{BASE}/Questionnaire/pulse.{version}"))["url"] for version in (1, 2)
    }

    assert is_valid(ok(evaluator.get(f"{BASE}/Questionnaire", params={"url": url})))
    assert search(evaluator) == ["poet-staff.1", "pulse.1", "pulse.2"]
    assert search(evaluator, url=url) == ["pulse.1", "pulse.2"]
    assert search(evaluator, url=f"{url}|2") == ["pulse.2"]
    assert search(evaluator, url=url.replace("pulse", "kept")) == []
    refused = found(evaluator.get(f"{BASE}/Questionnaire/kept.1"), 403)
    assert codes(refused) == [["not-redistributable"]]


@pytest.mark.parametrize("id", ["poet-staff", "poet-staff.2", "poet-staff.01", "nothing.1", "x.y"])
def test_what_is_not_there_is_not_found(evaluator, id):
    outcome = found(evaluator.get(f"{BASE}/Questionnaire/{id}"), 404)

    assert codes(outcome) == [["not-found"]]


def test_another_accounts_questionnaires_are_like_those_that_never_were(
    service, evaluator, surveying
):
    ok(evaluator.post("/v1/instruments", json=INSTRUMENT), 201)
    asked = questionnaire(evaluator, surveying[0])

    with service.client_of_a_new_account() as stranger:
        for id in (asked["id"], "pulse.1"):
            theirs = stranger.get(f"{BASE}/Questionnaire/{id}")
            nobodys = stranger.get(f"{BASE}/Questionnaire/nothing.1")
            assert found(theirs, 404) == found(nobodys, 404)
        assert search(stranger, url=asked["url"]) == []
        assert search(stranger) == ["poet-staff.1"]


def test_each_kind_of_questionnaire_needs_its_own_scope(service, evaluator, surveying):
    asked = questionnaire(evaluator, surveying[0])
    needed = {"poet-staff.1": "instruments:read", asked["id"]: "evaluations:read"}
    account = service.new_account()

    for id, scope in needed.items():
        (other,) = set(needed.values()) - {scope}
        with service.client_of(account, scopes=[other]) as lacking:
            for reply in (
                lacking.get(f"{BASE}/Questionnaire/{id}"),
                lacking.get(f"{BASE}/Questionnaire", params={"url": f"x/{id.split('.')[0]}"}),
            ):
                outcome = found(reply, 403)
                assert codes(outcome) == [["scope-missing"]]
                assert scope in outcome["issue"][0]["diagnostics"]


def test_an_answer_of_staff_is_the_answer_that_it_would_be_in_our_shape(evaluator, surveying):
    evaluation, (token, *_) = surveying
    values = {"trust1": 4, "trust2": "dont_know", "role": "frontline", "unwritten": "Trust"}
    entries = {"section-changes": [{"outcome": "Home", "beneficiaries": ["carers"]}]}
    key = new_key()

    reply = create(
        evaluator, token, respond(questionnaire(evaluator, evaluation), values, entries), key
    )

    outcome = found(reply, 201)
    assert "Location" not in reply.headers
    assert codes(outcome) == [["recorded"]]
    same = {
        "answers": {"trust1": 4, "trust2": "dont_know"},
        "role": "frontline",
        "unwritten": "Trust",
        "statements": [{"outcome": "Home", "beneficiaries": ["carers"]}],
    }
    again = ok(send(evaluator, "responses", token, same, key), 201)
    assert again["receipt"] == outcome["issue"][0]["diagnostics"]


def test_the_same_answer_may_be_sent_again_and_another_is_refused(evaluator, surveying):
    evaluation, (token, *_) = surveying
    asked, key = questionnaire(evaluator, evaluation), new_key()
    sent, other = respond(asked, {"trust1": 4}), respond(asked, {"trust1": 5})

    first = found(create(evaluator, token, sent, key), 201)

    assert found(create(evaluator, token, sent, key), 201) == first
    refused = found(create(evaluator, token, other, key), 422)
    assert codes(refused) == [["key-reused"]]
    assert refused["issue"][0]["code"] == "duplicate"
    assert codes(found(create(evaluator, token, sent), 410)) == [["token-unusable"]]


def test_the_questionnaire_of_the_instrument_is_answered_alike(evaluator, surveying):
    asked = ok(evaluator.get(f"{BASE}/Questionnaire/poet-staff.1"))

    outcome = found(create(evaluator, surveying[1][0], respond(asked, {"trust1": 4})), 201)

    assert codes(outcome) == [["recorded"]]


@pytest.mark.parametrize(("audience", "voice"), [("service_user", "older"), ("carer", "carers")])
def test_those_who_verify_answer_in_the_same_way(evaluator, verifying, audience, voice):
    evaluation, outcome = verifying
    (token,) = issue(evaluator, evaluation, audience, voice, 1)
    asked = questionnaire(evaluator, evaluation, audience)
    links = questions(asked)
    delivered = next(link for link in links if link.startswith("delivered"))
    key = new_key()

    sent = respond(asked, {delivered: 3, "mattersmost": "Time", "top": [outcome["id"]]})
    first = found(create(evaluator, token, sent, key), 201)

    assert found(create(evaluator, token, sent, key), 201) == first
    same = {
        "verdicts": [{"outcome": outcome["id"], "delivered": 3}],
        "matters_most": "Time",
        "top": [outcome["id"]],
    }
    again = ok(send(evaluator, "verifications", token, same, key), 201)
    assert again["receipt"] == first["issue"][0]["diagnostics"]


def test_staff_rank_in_the_same_way(evaluator):
    evaluation = surveyed(evaluator, [{"overall": 4}] * 10)
    outcome = surface(evaluator, evaluation, "home")
    (token,) = issue(evaluator, evaluation, "ranking", "trust", 1)
    asked = questionnaire(evaluator, evaluation, "ranking")

    sent = respond(asked, {"top": [outcome["id"]]})

    assert codes(found(create(evaluator, token, sent), 201)) == [["recorded"]]


def test_a_retry_after_the_stage_has_closed_is_still_taken_for_the_same(evaluator):
    evaluation = plan(evaluator, register(evaluator))
    go(evaluator, evaluation, "surveying")
    asked = questionnaire(evaluator, evaluation)
    sent, keys = respond(asked, {"trust1": 4}), [new_key() for _ in range(10)]
    tokens = issue(evaluator, evaluation, "staff", "trust", 10)
    first = [
        found(create(evaluator, *one), 201) for one in zip(tokens, [sent] * 10, keys, strict=True)
    ]
    go(evaluator, evaluation, "surfacing")

    assert found(create(evaluator, tokens[0], sent, keys[0]), 201) == first[0]


def test_what_tells_who_answered_is_left_behind_and_named(evaluator, surveying):
    evaluation, (token, *_) = surveying
    asked = questionnaire(evaluator, evaluation)
    who = {"reference": "Patient/jane", "display": "Jane of Ward 7"}
    more = {"subject": who, "author": who, "authored": "2027-03-01", "id": "jane"}

    reply = create(evaluator, token, respond(asked, {"trust1": 4}, **more))

    outcome = found(reply, 201)
    assert codes(outcome) == [["recorded"], ["stripped"]]
    assert set(outcome["issue"][1]["diagnostics"].split(", ")) == set(more)
    assert "jane" not in reply.text.lower()


def test_an_answer_can_be_checked_without_being_given(evaluator, surveying):
    evaluation, (token, *_) = surveying
    asked = questionnaire(evaluator, evaluation)
    only = {"params": {"validate_only": "true"}}
    key = new_key()

    good = found(create(evaluator, token, respond(asked, {"trust1": 4}), key, **only))
    bad = found(create(evaluator, token, respond(asked, {}), key, **only), 422)

    assert codes(good) == [["valid"]]
    assert codes(bad) == [["nothing-answered"]]
    assert not ok(evaluator.post("/v1/receipts/check", json={"key": key}))["included"]
    found(create(evaluator, token, respond(asked, {"trust1": 4}), key), 201)


def test_answers_are_not_counted_among_the_calls_of_machines(service, evaluator, surveying):
    evaluation, (token, *_) = surveying
    found(
        create(evaluator, token, respond(questionnaire(evaluator, evaluation), {"gain1": 4})), 201
    )

    with service.client_of(service.new_account(), scopes=["metrics:read"]) as operator:
        text = operator.get("/metrics").text

    assert f'route="{BASE}/Questionnaire/{{id}}"' in text
    assert "QuestionnaireResponse" not in text


def test_our_own_calls_refuse_as_ever(evaluator):
    assert refusal(evaluator.get("/v1/evaluations/nothing"), 404) == "not-found"
