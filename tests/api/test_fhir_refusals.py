"""Under /fhir every refusal is an OperationOutcome, and a refused answer spends nothing."""

import copy
import json

import pytest

from tests.formats.fhir_forms import place_of
from tests.formats.fhir_tool import respond
from tests.speaking_fhir import BASE, FHIR, codes, create, found, questionnaire
from tests.walkthrough import OpenSurvey, issue, new_key, ok, plan

CANARY = "Jane of Ward 7"
CODED = {"valueCoding": {"code": "4"}}
ANSWERS = f"{BASE}/QuestionnaireResponse"


@pytest.fixture(scope="module")
def surveying(running):
    """A survey that staff answer, and what it asks."""
    running.clock.reset()
    with running.client_of_a_new_account() as client:
        survey = OpenSurvey(client, languages=["en", "cy"])
        yield survey, questionnaire(client, survey.evaluation)


@pytest.fixture
def token(service, surveying):
    """A token that nobody has used."""
    return surveying[0].token()


@pytest.fixture
def sent(surveying):
    """A good response, that a test may spoil."""
    values = {"trust1": 4, "importance1": 10, "unwritten": "Trust"}
    return copy.deepcopy(respond(surveying[1], values))


def with_status(status):
    return lambda sent: sent | {"status": status}


def of_another_version(sent):
    return sent | {"questionnaire": sent["questionnaire"].replace("|1", "|2")}


def of_another_evaluation(sent):
    url, version = sent["questionnaire"].split("|")
    return sent | {"questionnaire": f"{url[:-4]}0000|{version}"}


def of_an_instrument(sent):
    return sent | {"questionnaire": sent["questionnaire"].split("/poet-")[0] + "/poet-staff|2"}


def with_item(item):
    return lambda sent: sent | {"item": [*sent["item"], item]}


def with_another_code(sent):
    item, _ = place_of(sent, "trust1")
    item["answer"][0]["valueCoding"]["system"] = "http://loinc.org"
    return sent


def with_nine_points(sent):
    item, _ = place_of(sent, "importance1")
    item["answer"][0]["valueInteger"] = 9
    return sent


REPEATED = {"linkId": "trust1", "answer": [CODED]}
UNKNOWN = {"linkId": "trust9", "answer": [CODED]}
LAST = "QuestionnaireResponse.item[3].linkId"
BAD = {
    "in progress": (with_status("in-progress"), "not-completed", "business-rule", "/status"),
    "stopped": (with_status("stopped"), "not-completed", "business-rule", "/status"),
    "in error": (with_status("entered-in-error"), "not-completed", "business-rule", "/status"),
    "another version": (of_another_version, "another-version", "conflict", "/questionnaire"),
    "another evaluation": (
        *(of_another_evaluation, "unknown-value", "code-invalid", "/questionnaire"),
    ),
    "another instrument": (of_an_instrument, "another-version", "conflict", "/questionnaire"),
    "a repeated item": (with_item(REPEATED), "answered-twice", "duplicate", "/item/3/linkId"),
    "an unknown link": (with_item(UNKNOWN), "unknown-question", "not-found", "/item/3/linkId"),
    "another code system": (
        *(with_another_code, "another-system", "code-invalid"),
        "/item/0/item/0/answer/0/valueCoding/system",
    ),
    "points that do not add up": (
        *(with_nine_points, "points-sum", "invariant"),
        "/item/1/item/0/answer/0/valueInteger",
    ),
}


@pytest.mark.parametrize("bad", BAD, ids=lambda name: name.replace(" ", "-"))
def test_a_mistake_is_told_with_its_place_and_nothing_is_spent(anybody, token, sent, bad):
    spoil, code, issue_type, pointer = BAD[bad]
    key = new_key()
    good = copy.deepcopy(sent)

    outcome = found(create(anybody, token, spoil(sent), key), 422)

    (told,) = [one for one in outcome["issue"] if one.get("diagnostics") == pointer]
    assert told["severity"] == "error"
    assert told["code"] == issue_type
    assert [one["code"] for one in told["details"]["coding"]] == ["invalid", code]
    assert told["expression"][0].startswith("QuestionnaireResponse.")
    assert not ok(anybody.post("/v1/receipts/check", json={"key": key}))["included"]
    found(create(anybody, token, good, key), 201)


def test_the_place_of_a_mistake_is_told_in_fhirpath(anybody, token, sent):
    outcome = found(create(anybody, token, with_another_code(sent)), 422)

    (told,) = outcome["issue"]
    assert told["expression"] == ["QuestionnaireResponse.item[0].item[0].answer[0].value.system"]


@pytest.mark.parametrize(
    ("method", "path", "status", "code", "kind"),
    [
        ("GET", f"{BASE}/Patient", 404, "not-found", "not-found"),
        ("GET", f"{BASE}/Questionnaire/x/y", 404, "not-found", "not-found"),
        ("GET", "/fhir/", 404, "not-found", "not-found"),
        ("PUT", f"{BASE}/Questionnaire", 405, "method-not-allowed", "not-supported"),
        ("GET", ANSWERS, 405, "method-not-allowed", "not-supported"),
        ("GET", f"{BASE}/metadata?_format=xml", 406, "not-acceptable", "not-supported"),
        ("GET", f"{BASE}/metadata?t=0000-0000-0000-0000", 400, "token-in-url", "structure"),
    ],
)
def test_what_is_not_there_is_an_operation_outcome(anybody, method, path, status, code, kind):
    outcome = found(anybody.request(method, path), status)

    (told,) = outcome["issue"]
    (coding,) = told["details"]["coding"]
    assert coding["code"] == code
    assert coding["system"].endswith("/problems")
    assert told["code"] == kind
    assert told["details"]["text"]


def test_a_credential_is_asked_for_in_the_same_form(anybody, evaluator, sent):
    machine = anybody.get(f"{BASE}/Questionnaire")
    respondent = anybody.post(ANSWERS, json=sent)
    mistaken = create(anybody, evaluator._access_token(), sent)

    for reply, code in (
        (machine, "credential-invalid"),
        (respondent, "token-missing"),
        (mistaken, "token-mistyped"),
    ):
        assert codes(found(reply, 401)) == [[code]]
        assert reply.headers["WWW-Authenticate"] == "Bearer"


@pytest.mark.parametrize("kind", ["application/xml", "application/fhir+xml", "text/plain"])
def test_another_media_type_is_not_supported(anybody, token, sent, kind):
    reply = create(anybody, token, sent, headers={"Content-Type": kind})

    assert codes(found(reply, 415)) == [["unsupported"]]


@pytest.mark.parametrize("kind", ["application/json", "application/fhir+json; fhirVersion=4.0"])
def test_both_names_of_json_are_taken(anybody, token, sent, kind):
    found(create(anybody, token, sent, headers={"Content-Type": kind}), 201)


@pytest.mark.parametrize(
    ("accepted", "status"),
    [
        ("application/fhir+json", 200),
        ("application/fhir+xml, application/json;q=0.5", 200),
        ("text/html, */*;q=0.1", 200),
        ("application/fhir+xml", 406),
        ("text/turtle", 406),
    ],
)
def test_json_alone_is_spoken(anybody, accepted, status):
    found(anybody.get(f"{BASE}/metadata", headers={"Accept": accepted}), status)


DEEP = b'{"item":' * 400 + b"1" + b"}" * 400


@pytest.mark.parametrize(
    ("body", "status"),
    [
        (b"", 400),
        (b"{", 400),
        (b"\xff", 400),
        (b"[" * 20_000 + b"]" * 20_000, 400),
        (DEEP, 422),
        (b'{"item":[' * 450 + b"]}" * 450, 422),
        (b'{"resourceType":"QuestionnaireResponse","status":"completed","status":"x"}', 422),
        (b"null", 422),
        (b"{}", 422),
        (b'{"resourceType":"Patient"}', 422),
        (b'{"resourceType":"QuestionnaireResponse","item":[[[]]]}', 422),
    ],
    ids=lambda body: repr(body)[:30],
)
def test_what_cannot_be_read_is_refused_and_spends_nothing(anybody, token, sent, body, status):
    found(create(anybody, token, body), status)

    found(create(anybody, token, sent), 201)


@pytest.mark.parametrize("how", ["announced", "chunked"])
def test_ten_megabytes_are_too_large(anybody, token, how):
    body = b" " * 10_000_000
    content = body if how == "announced" else (body[:65536] for _ in range(160))
    headers = {"Content-Type": FHIR, "Authorization": f"Bearer {token}"}

    reply = anybody.post(ANSWERS, content=content, headers=headers)

    outcome = found(reply, 413)
    assert outcome["issue"][0]["code"] == "too-long"


def test_a_key_must_be_there_and_secret(anybody, token, sent):
    headers = {"Content-Type": FHIR, "Authorization": f"Bearer {token}"}
    missing = anybody.post(ANSWERS, content=json.dumps(sent), headers=headers)

    assert codes(found(missing, 400)) == [["idempotency-key-missing"]]
    assert missing.json()["issue"][0]["code"] == "required"
    short, made = create(anybody, token, sent, "short"), create(anybody, token, sent, token * 2)
    assert codes(found(short, 400)) == [["idempotency-key-malformed"]]
    assert codes(found(made, 400)) == [["key-not-secret"]]
    found(create(anybody, token, sent), 201)


def test_a_stage_that_has_not_come_is_told(evaluator, sent):
    evaluation = plan(evaluator)
    (token,) = issue(evaluator, evaluation, "staff", "trust", 1)

    outcome = found(create(evaluator, token, sent), 409)

    assert codes(outcome) == [["wrong-stage"]]
    assert json.loads(outcome["issue"][0]["diagnostics"]) == {
        "stage": "draft",
        "needed": ["surveying"],
    }


def test_a_refusal_is_in_welsh_for_whoever_asks_in_it(anybody):
    welsh = anybody.get(f"{BASE}/Patient", headers={"Accept-Language": "cy"})

    assert found(welsh, 404)["issue"][0]["details"]["text"] == "Nid oes dim byd yma."


@pytest.mark.parametrize(
    "spoil",
    [
        with_item({"linkId": CANARY, "answer": [CODED]}),
        with_item({"linkId": "gain1", CANARY: 1}),
        with_item({"linkId": "gain1", "answer": [{"valueCoding": {"code": CANARY}}]}),
        with_item({"linkId": "gain1", "answer": [{f"value{CANARY}": 1}]}),
        with_item({"linkId": "unwritten", "answer": [{"valueString": CANARY * 200}]}),
        lambda sent: sent | {CANARY: CANARY},
        lambda sent: sent | {"status": CANARY},
        lambda sent: sent | {"questionnaire": CANARY},
        lambda sent: sent | {"resourceType": CANARY},
        lambda sent: sent | {"item": CANARY},
        lambda sent: CANARY,
    ],
)
def test_what_was_written_is_never_repeated(anybody, token, sent, spoil):
    reply = create(anybody, token, spoil(sent))

    found(reply, 422)
    assert "Jane" not in reply.text
    assert "Ward" not in reply.text
