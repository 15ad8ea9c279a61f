"""A questionnaire is taken away as a file that a survey tool loads, in every language it has."""

import pytest

from app.formats.registry import FORMATS
from tests.walkthrough import (
    CONTACT,
    approve,
    go,
    issue,
    ok,
    plan,
    refusal,
    send,
    surface,
    surveyed,
)
from tests.whole import INSTRUMENT

VOICES = [
    {"code": "carers", "label": {"en": "Carers", "cy": "Gofalwyr"}, "invited": 30}
    | {"audience": "carer"}
]
BOTH = {"languages": ["en", "cy"], "contact": CONTACT, "voices": VOICES}


def take(client, format, code="poet-staff", **params):
    return client.get(f"/v1/instruments/{code}/1/formats/{format}", params=params)


def questionnaire(client, evaluation, format="surveyjs", **params):
    path = f"/v1/evaluations/{evaluation['id']}/questionnaire"
    return client.get(path, params={"format": format} | params)


def elements(model):
    return {
        element["name"]: element for page in model["pages"] for element in page.get("elements", [])
    }


def verifying(client):
    evaluation = surveyed(client, [{"overall": 4}] * 10, contact=CONTACT, voices=VOICES)
    outcome = surface(client, evaluation, "home")
    approve(client, evaluation, [outcome])
    go(client, evaluation, "verifying")
    return evaluation, outcome


@pytest.mark.parametrize("format", ["surveyjs", "fhir-r4", "xlsform", "limesurvey", "redcap"])
def test_any_published_instrument_can_be_had_in_any_format(evaluator, format):
    reply = take(evaluator, format)

    assert reply.status_code == 200, reply.text
    assert reply.headers["Content-Type"].startswith(FORMATS[format].media_type)
    name = f'attachment; filename="poet-staff-1.{FORMATS[format].suffix}"'
    assert reply.headers["Content-Disposition"] == name
    assert b"trust1" in reply.content or format == "xlsform"


@pytest.mark.parametrize("format", ["surveyjs", "fhir-r4", "xlsform", "limesurvey", "redcap"])
def test_the_same_questionnaire_is_not_sent_twice(evaluator, format):
    evaluation = plan(evaluator)
    for path, params in (
        (f"/v1/instruments/poet-staff/1/formats/{format}", {}),
        (f"/v1/evaluations/{evaluation['id']}/questionnaire", {"format": format}),
    ):
        etag = evaluator.get(path, params=params).headers["ETag"]
        again = evaluator.get(path, params=params, headers={"If-None-Match": etag})

        assert etag.startswith('"')
        assert (again.status_code, again.content) == (304, b"")
        assert again.headers["ETag"] == etag


def test_an_account_takes_what_it_published_itself(evaluator):
    ok(evaluator.post("/v1/instruments", json=INSTRUMENT), 201)

    model = ok(take(evaluator, "surveyjs", "pulse"))

    assert model["title"] == "A short pulse"
    assert [choice["value"] for choice in elements(model)["pace1"]["choices"]] == [
        *(1, 2, 3),
        *("dont_know", "not_applicable"),
    ]


def test_wording_that_may_not_be_handed_on_is_refused_with_the_licence(evaluator):
    licence = {"name": "By permission", "holder": "The Institute", "permission": "No. 7"}
    closed = INSTRUMENT | {"licence": licence, "redistributable": False}
    ok(evaluator.post("/v1/instruments", json=closed), 201)
    evaluation = plan(evaluator, instrument="pulse@1")

    refused = take(evaluator, "surveyjs", "pulse")

    assert refusal(refused, 403) == "not-redistributable"
    assert refused.json()["licence"] == licence
    assert "pace1" in elements(ok(questionnaire(evaluator, evaluation)))


def test_what_is_not_there_or_is_anothers_is_not_found(service, evaluator):
    ok(evaluator.post("/v1/instruments", json=INSTRUMENT), 201)

    with service.client_of_a_new_account() as stranger:
        assert refusal(take(stranger, "surveyjs", "pulse"), 404) == "not-found"
        evaluation = plan(evaluator)
        assert refusal(questionnaire(stranger, evaluation), 404) == "not-found"
    assert refusal(take(evaluator, "docx"), 404) == "not-found"
    assert questionnaire(evaluator, evaluation, "docx").status_code == 422


def test_a_tool_with_one_language_is_given_the_one_that_is_named(evaluator):
    english = take(evaluator, "redcap").text
    welsh = take(evaluator, "redcap", language="cy").text

    assert "Strongly agree" in english
    assert "Cytuno'n gryf" in welsh
    assert "Strongly agree" not in welsh
    refused = take(evaluator, "redcap", language="fr")
    assert refusal(refused, 422) == "invalid"
    assert refused.json()["errors"][0]["pointer"] == "/language"


def test_an_evaluation_asks_only_what_it_declared_of_the_partners_it_has(evaluator):
    evaluation = plan(evaluator, form="short", modules=["health", "depth"], languages=["en", "cy"])

    model = ok(questionnaire(evaluator, evaluation))
    found = elements(model)

    assert [row["value"] for row in found["trust"]["rows"]] == ["trust1", "trust2", "trust5"]
    assert [row["value"] for row in found["withmind"]["rows"]] == ["nowmind", "rightmind"]
    assert "unwritten" not in found
    assert model["title"]["cy"].startswith("Pecyn Cymorth")


def test_whom_to_turn_to_and_what_happens_to_the_answers_come_first(evaluator):
    evaluation = plan(evaluator, **BOTH)

    pages = ok(questionnaire(evaluator, evaluation))["pages"]

    assert "0300 000 000" in pages[0]["elements"][0]["html"]["default"]
    assert "Ffoniwch" in pages[0]["elements"][0]["html"]["cy"]
    stated = ok(evaluator.get(f"/v1/evaluations/{evaluation['id']}/privacy"))["statement"]
    assert stated[0][:40] in pages[1]["elements"][0]["html"]["default"]


def test_every_audience_has_its_own_file(evaluator):
    evaluation, outcome = verifying(evaluator)
    found = {
        audience: ok(questionnaire(evaluator, evaluation, audience=audience))
        for audience in ("staff", "ranking", "service_user", "carer")
    }

    assert "trust" in elements(found["staff"])
    top = elements(found["ranking"])["top"]
    assert [choice["value"] for choice in top["choices"]] == [outcome["id"]]
    assert "life" in elements(found["carer"])
    assert "life" not in elements(found["service_user"])
    names = list(elements(found["carer"]))
    assert names.index("mattersmost") < min(names.index(n) for n in names if "importance" in n)


def test_without_a_format_the_questionnaire_is_what_a_page_of_ones_own_needs(evaluator):
    evaluation = plan(evaluator)

    plain = ok(evaluator.get(f"/v1/evaluations/{evaluation['id']}/questionnaire"))

    assert plain["schema"]["type"] == "object"


@pytest.mark.parametrize("format", ["surveyjs", "fhir-r4"])
def test_a_respondent_has_the_same_file_and_keeps_the_token(evaluator, anybody, format):
    evaluation = plan(evaluator, **BOTH)
    go(evaluator, evaluation, "surveying")
    (token,) = issue(evaluator, evaluation, "staff", "trust", 1)
    asks = {"headers": {"Authorization": f"Bearer {token}"}, "params": {"format": format}}

    theirs = anybody.get("/v1/questionnaire", **asks)

    assert theirs.status_code == 200, theirs.text
    assert theirs.content == questionnaire(evaluator, evaluation, format).content
    ok(send(anybody, "responses", token, {"overall": 4}), 201)
    assert refusal(anybody.get("/v1/questionnaire", **asks), 410) == "token-unusable"
