"""Whatever is sent, the service stays polite: one form of refusal, that never repeats what it read.

Nothing of a refused request is kept.
"""

import json
import socket

import pytest

from tests.walkthrough import go, issue, new_key, ok, plan, refusal, register, send

CANARY = "Jane of Ward 7"
JSON = {"Content-Type": "application/json"}
NAME = b'{"organisations":[{"code":"a","headcount":10}],"name":'
# A machine may send longer lists than a respondent.
FOR_MACHINES = 16
DEEP = b"[" * 20_000 + b"]" * 20_000


@pytest.fixture
def token(evaluator):
    """A respondent's token for an open survey."""
    evaluation = plan(evaluator, languages=["en", "cy"])
    go(evaluator, evaluation, "surveying")
    return issue(evaluator, evaluation, "staff", "trust", 1)[0]


def post(client, content, headers=None):
    return client.post("/v1/partnerships", content=content, headers=JSON | (headers or {}))


def respond(client, token, content, headers=None):
    """Send a staff response of these bytes."""
    own = {"Authorization": f"Bearer {token}", "Idempotency-Key": new_key()}
    return client.post("/v1/responses", content=content, headers=own | JSON | (headers or {}))


def in_pieces(content, size=1024):
    for start in range(0, len(content), size):
        yield content[start : start + size]


def test_a_refusal_has_one_form(evaluator):
    reply = evaluator.post("/v1/partnerships", json={"name": "A"})

    assert reply.headers["Content-Type"] == "application/problem+json"
    problem = ok(reply, 422)
    assert set(problem) == {"type", "title", "status", "detail", "code", "errors"}
    assert problem["type"] == "/problems/invalid"
    assert problem["title"] == "Invalid"
    assert problem["status"] == 422
    (error,) = problem["errors"]
    assert set(error) == {"pointer", "code", "detail"}
    assert error["pointer"] == "/organisations"
    assert error["code"] == "required"


@pytest.mark.parametrize(
    ("method", "path", "status", "code"),
    [
        ("GET", "/v1/nothing", 404, "not-found"),
        ("GET", "/v1/evaluations/not-an-id", 404, "not-found"),
        ("GET", "/v1/partnerships/%00", 404, "not-found"),
        ("PUT", "/v1/partnerships", 405, "method-not-allowed"),
        ("GET", "/v1/responses", 405, "method-not-allowed"),
    ],
)
def test_what_is_not_there_is_refused_in_the_same_form(evaluator, method, path, status, code):
    reply = evaluator.request(method, path)

    assert refusal(reply, status) == code
    assert reply.headers["Content-Type"] == "application/problem+json"
    assert ("Allow" in reply.headers) == (status == 405)


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"{",
        b'{"name": "A",}',
        b"name=A",
        b"\xff\xfe",
        b'{"name": "\xff"}',
        NAME + DEEP + b"}",
        DEEP,
        NAME + b"9" * 5000 + b"}",
    ],
    ids=lambda content: repr(content[:20]),
)
def test_what_is_no_json_is_malformed(evaluator, content):
    reply = post(evaluator, content)

    if content:
        assert refusal(reply, 400) == "malformed"
    else:
        assert refusal(reply, 422) == "invalid"
    assert ok(evaluator.get("/v1/partnerships"))["items"] == []


@pytest.mark.parametrize(
    "content",
    [
        b"null",
        b"[]",
        b'"text"',
        NAME + b'"a lone \\ud800 surrogate"}',
        NAME + b'"A","context":{"\\ud800":"x"}}',
        NAME + b'"A","\\ud800":"x"}',
        NAME + b'"a nul \\u0000"}',
        NAME + b'"A","context":{"history":"a nul \\u0000"}}',
        NAME + b'"A","service_area":"a nul \\u0000"}',
        NAME + b'"A","governance":{"hierarchy":NaN,"market":0,"network":1}}',
        NAME + b'"A","governance":{"hierarchy":Infinity,"market":0,"network":1}}',
        NAME + b'"A","governance":{"hierarchy":1e999,"market":0,"network":1}}',
        NAME + b"NaN}",
        NAME + b'"A","nickname":"B"}',
        NAME + b"[" * 500 + b"]" * 500 + b"}",
        NAME + b'"' + b"x" * 201 + b'"}',
    ],
    ids=lambda content: repr(content[-40:]),
)
def test_what_breaks_a_rule_is_invalid(evaluator, content):
    reply = post(evaluator, content)

    assert refusal(reply, 422) == "invalid"
    assert ok(evaluator.get("/v1/partnerships"))["items"] == []


@pytest.mark.parametrize(
    "content",
    [
        b'{"overall":4,"unwritten":"\\ud800"}',
        b'{"overall":4,"unwritten":"\\u0000"}',
        b'{"overall":NaN}',
        b'{"overall":4,"answers":{"\\ud800":1}}',
        b'{"overall":4,"answers":{"\\u0000":1}}',
        b'{"overall":4,"role":"\\u0000"}',
        b'{"overall":4,"depth":{"\\ud800":{"current":"\\ud800"}}}',
        b'{"overall":4,"answers":' + b'{"a":' * 300 + b"1" + b"}" * 300 + b"}",
    ],
    ids=lambda content: repr(content[:50]),
)
def test_odd_answers_are_refused_and_the_token_is_not_used_up(anybody, token, content):
    reply = respond(anybody, token, content)

    assert refusal(reply, 422) == "invalid"
    assert respond(anybody, token, b'{"overall":4}').status_code == 201


@pytest.mark.parametrize("kind", ["text/plain", "application/xml", "multipart/form-data", None])
def test_another_media_type_is_not_supported(evaluator, token, kind):
    headers = {"Content-Type": kind} if kind else {}

    machine = evaluator.post("/v1/partnerships", content=b'{"name":"A"}', headers=headers)
    headers |= {"Authorization": f"Bearer {token}", "Idempotency-Key": new_key()}
    respondent = evaluator.post("/v1/responses", content=b'{"overall":4}', headers=headers)

    assert refusal(machine, 415) == refusal(respondent, 415) == "unsupported"


def test_a_media_type_may_say_more(evaluator):
    body = NAME + b'"A"}'

    reply = post(evaluator, body, {"Content-Type": "Application/JSON; charset=utf-8"})

    assert reply.status_code == 201


@pytest.mark.parametrize("how", ["announced", "chunked"])
def test_a_body_over_the_limit_is_too_large(service, evaluator, token, how):
    limit = service.settings.body_limit
    answer, partnership = b'{"overall":4}', NAME + b'"A"}'

    as_sent = (lambda content: content) if how == "announced" else in_pieces

    over = as_sent(answer.ljust(limit + 1))
    assert refusal(respond(evaluator, token, over), 413) == "too-large"
    over = as_sent(partnership.ljust(limit * FOR_MACHINES + 1))
    assert refusal(post(evaluator, over), 413) == "too-large"
    assert respond(evaluator, token, as_sent(answer.ljust(limit))).status_code == 201
    assert post(evaluator, as_sent(partnership.ljust(limit * FOR_MACHINES))).status_code == 201


@pytest.mark.parametrize("how", ["announced", "chunked"])
def test_a_body_over_the_limit_is_refused_before_its_end(service, anybody, how):
    size = service.settings.body_limit + 1
    length = f"Content-Length: {size}" if how == "announced" else "Transfer-Encoding: chunked"
    begun = b"" if how == "announced" else f"{size + 1000:x}\r\n".encode() + b" " * size
    head = f"POST /v1/receipts/check HTTP/1.1\r\nHost: poet\r\n{length}\r\n"

    with socket.create_connection((anybody.base_url.host, anybody.base_url.port), 10) as line:
        line.sendall(head.encode() + b"Content-Type: application/json\r\n\r\n" + begun)
        reply = line.recv(1000)

    assert reply.startswith(b"HTTP/1.1 413 ")


def everywhere(value):
    """Bodies that hold a value in every place where a body may hold one, or its name."""
    organisation = {"code": "a", "headcount": 10}
    whole = {"name": "A", "organisations": [organisation]}
    return [
        ("/v1/partnerships", whole | members)
        for members in (
            {"organisations": [organisation | {"sector": value}]},
            {"organisations": [organisation | {value: 1}]},
            {"organisations": [organisation | {"headcount": value}]},
            {"formed_on": value},
            {"predecessors": [value]},
            {"depth": {"current": value}},
            {"depth": {value: "coordination"}},
            {"context": {value: "x"}},
            {"governance": {value: 1}},
            {"service_user_groups": [value]},
            {value: 1},
        )
    ] + [
        ("/v1/instruments", {"code": value, value: 1, "scales": {value: {"min": value}}}),
        ("/v1/receipts/check", {"key": value}),
        ("/v1/receipts/check", {value: 1}),
    ]


@pytest.mark.parametrize("at", range(len(everywhere("x"))))
def test_what_a_machine_sent_is_never_repeated(evaluator, at):
    path, body = everywhere(CANARY)[at]

    reply = evaluator.post(path, json=body)

    assert reply.status_code in (400, 422)
    assert "Jane" not in reply.text
    assert "Ward" not in reply.text


@pytest.mark.parametrize(
    "body",
    [
        {CANARY: 1},
        {CANARY: "frontline"},
        {"role": CANARY, "overall": 4},
        {"overall": CANARY},
        {"answers": {CANARY: 4}},
        {"answers": {CANARY: 4.5}},
        {"answers": {CANARY: {CANARY: CANARY}}},
        {"answers": {"trust1": CANARY}},
        {"context": {CANARY: 4}},
        {"drivers": {CANARY: {"saving_money": 4}}},
        {"drivers": {"practice": {CANARY: 4}}},
        {"importance": {CANARY: 10}},
        {"depth": {CANARY: {"current": CANARY}}},
        {"depth": {"council": {CANARY: "coordination"}}},
        {"statements": [{"outcome": "x", CANARY: 1}]},
        {"statements": [{"outcome": "x", "horizon": CANARY}]},
        {"statements": [{"outcome": "x", "beneficiaries": [CANARY]}]},
        {"statements": [{"outcome": CANARY * 200}]},
        {"statements": CANARY},
        CANARY,
        [CANARY],
    ],
    ids=lambda body: json.dumps(body)[:50],
)
def test_what_a_respondent_wrote_is_never_repeated(anybody, token, body):
    reply = respond(anybody, token, json.dumps(body).encode())

    assert refusal(reply, 422) == "invalid"
    assert "Jane" not in reply.text
    assert respond(anybody, token, b'{"overall":4}').status_code == 201


def test_neither_a_token_nor_a_key_is_ever_repeated(anybody, token):
    key = new_key()
    replies = [
        anybody.get(f"/v1/questionnaire?t={token}"),
        send(anybody, "responses", token, {}, key),
        send(anybody, "rankings", token, {"top": []}, key),
        send(anybody, "responses", token, {"overall": 4}, token.replace("-", "") + "-" * 8),
        anybody.post("/v1/receipts/check", json={"key": key, "more": token}),
    ]

    for reply in replies:
        assert reply.status_code >= 400
        assert token not in reply.text
        assert key not in reply.text


def test_a_refused_change_changes_nothing(evaluator):
    partnership = register(evaluator)
    path = f"/v1/partnerships/{partnership['id']}"

    for content in (b"{", b'{"name":"B","colour":1}', b'{"name":"B\\u0000"}', b'{"formed_on":"x"}'):
        assert evaluator.patch(path, content=content, headers=JSON).status_code in (400, 422)

    assert ok(evaluator.get(path)) == partnership
