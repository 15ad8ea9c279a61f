"""A survey tool's document is handed in as it is, where all answers come; or only checked."""

import json

import pytest

from tests.walkthrough import faults, go, issue, new_key, ok, plan, refusal, send

SURVEYJS = {"format": "surveyjs"}
ONLY_CHECKED = {"validate_only": "true"}


def surveying(client, **design):
    evaluation = plan(client, **design)
    go(client, evaluation, "surveying")
    return evaluation, issue(client, evaluation, "staff", "council", 5)


def handed_in(service, token, document, key=None, *, path="responses", **options):
    """The reply to a document of a tool; `options` say which tool."""
    headers = {"Authorization": f"Bearer {token}"} | ({"Idempotency-Key": key} if key else {})
    headers |= {"Content-Type": "application/json"} | options.pop("headers", {})
    with service.http() as anybody:
        content = document if isinstance(document, bytes) else json.dumps(document)
        return anybody.post(f"/v1/{path}", content=content, headers=headers, **options)


@pytest.mark.parametrize(
    "how",
    [{"params": SURVEYJS}, {"headers": {"Content-Type": "application/vnd.surveyjs+json"}}],
    ids=["by the address", "by the media type"],
)
def test_a_tools_document_is_handed_in_as_it_is(service, evaluator, how):
    _, (token, *_) = surveying(evaluator)
    key = new_key()
    sent = {"trust": {"trust1": 4}, "email": "a@example.org", "userAgent": "x"}

    first = ok(handed_in(service, token, sent, key, **how), 201)
    again = ok(handed_in(service, token, sent, key, **how), 201)

    assert first["stripped"] == ["email", "userAgent"]
    assert first == again
    ours = ok(send(evaluator, "responses", token, {"answers": {"trust1": 4}}, key), 201)
    assert ours["receipt"] == first["receipt"]
    other = handed_in(service, token, {"trust": {"trust1": 5}}, key, **how)
    assert refusal(other, 422) == "key-reused"


def test_a_fhir_answer_may_come_where_all_answers_come(service, evaluator):
    evaluation, (token, *_) = surveying(evaluator)
    asks = f"/v1/evaluations/{evaluation['id']}/questionnaire"
    form = ok(evaluator.get(asks, params={"format": "fhir-r4"}))
    sent = {"resourceType": "QuestionnaireResponse", "status": "completed"}
    sent |= {"questionnaire": f"{form['url']}|{form['version']}", "author": {"display": "Me"}}
    sent |= {"item": [{"linkId": "unwritten", "answer": [{"valueString": "Trust"}]}]}
    as_fhir = {"Content-Type": "application/fhir+json"}

    told = ok(handed_in(service, token, sent, new_key(), headers=as_fhir), 201)

    assert told["stripped"] == ["author"]
    assert evaluation["id"] == told["evaluation"]


def test_what_a_tool_got_wrong_is_pointed_at_and_nothing_is_spent(service, evaluator):
    _, (token, *_) = surveying(evaluator)

    for document, pointer in (
        ({"nothing": 1}, "/nothing"),
        ({"trust": {"trust1": 9}}, "/trust/trust1"),
        ({"overall": 4, "poetform": "poet-staff@2"}, "/poetform"),
        (b'{"overall": 4, "overall": 5}', "/overall"),
    ):
        told = faults(handed_in(service, token, document, new_key(), params=SURVEYJS))
        assert [at for at, _ in told] == [pointer]
    unknown = handed_in(service, token, {"overall": 4}, new_key(), params={"format": "other"})
    assert [at for at, _ in faults(unknown)] == ["/query/format"]
    ok(handed_in(service, token, {"overall": 4}, new_key(), params=SURVEYJS), 201)


@pytest.mark.parametrize("tool", [{}, SURVEYJS], ids=["ours", "a tool's"])
def test_an_answer_may_be_checked_without_a_key_and_the_token_stays(service, evaluator, tool):
    _, (token, *_) = surveying(evaluator)
    asked = {"params": ONLY_CHECKED | tool}

    told = ok(handed_in(service, token, {"overall": 4}, **asked))

    assert told == {"valid": True} | ({"stripped": []} if tool else {})
    assert [at for at, _ in faults(handed_in(service, token, {"overall": 9}, **asked))] == [
        "/overall"
    ]
    assert refusal(handed_in(service, token, {}, **asked), 422) == "nothing-answered"
    elsewhere = handed_in(service, token, {}, path="rankings", **asked)
    assert refusal(elsewhere, 403) == "wrong-audience"
    ok(send(evaluator, "responses", token, {"overall": 4}), 201)
    assert refusal(handed_in(service, token, {"overall": 4}, **asked), 410) == "token-unusable"
