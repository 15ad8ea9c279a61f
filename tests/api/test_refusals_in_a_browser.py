"""A survey page in a browser, of any origin, can read every refusal, in its reader's language.

A token in an address is refused at once: addresses are written to logs.
"""

import html

import pytest

from tests.walkthrough import go, issue, new_key, ok, plan, refusal

ORIGIN = {"Origin": "https://survey.example.org"}
WELSH = {"Accept-Language": "cy-GB,cy;q=0.9,en;q=0.8"}
EXPOSED = {"Retry-After", "ETag"}
ALLOWED = {"authorization", "content-type", "idempotency-key", "accept-language"}


@pytest.fixture
def tokens(evaluator):
    """Tokens for an open survey in both languages."""
    evaluation = plan(evaluator, languages=["en", "cy"])
    go(evaluator, evaluation, "surveying")
    return issue(evaluator, evaluation, "staff", "trust", 3)


def attempts(anybody, service, token):
    """A reply of each status that a respondent may meet."""
    bearer = {"Authorization": f"Bearer {token}"}
    keyed = bearer | {"Idempotency-Key": new_key()}
    large = b" " * (service.settings.body_limit + 1)
    chunks = (large[:1024] for _ in range(len(large) // 1024 + 1))
    xml = keyed | {"Content-Type": "text/xml"}
    as_json = keyed | {"Content-Type": "application/json"}
    calls = [
        (200, "GET", "/v1/questionnaire", {"headers": bearer}),
        (400, "POST", "/v1/responses", {"headers": bearer, "json": {"overall": 4}}),
        (400, "POST", "/v1/responses", {"headers": as_json, "content": b"{"}),
        (400, "GET", f"/v1/questionnaire?t={token}", {}),
        (401, "GET", "/v1/questionnaire", {}),
        (401, "GET", "/v1/questionnaire", {"headers": {"Authorization": "Bearer x"}}),
        (403, "POST", "/v1/rankings", {"headers": keyed, "json": {"top": []}}),
        (413, "POST", "/v1/responses", {"headers": as_json, "content": large}),
        (413, "POST", "/v1/responses", {"headers": as_json, "content": chunks}),
        (415, "POST", "/v1/responses", {"headers": xml, "content": b"<a/>"}),
        (422, "POST", "/v1/responses", {"headers": keyed, "json": {}}),
        (422, "POST", "/v1/responses", {"headers": keyed, "json": {"overall": 9}}),
        (201, "POST", "/v1/responses", {"headers": keyed, "json": {"overall": 4}}),
        (410, "GET", "/v1/questionnaire", {"headers": bearer}),
        (405, "PUT", "/v1/responses", {"headers": keyed}),
        (200, "POST", "/v1/receipts/check", {"json": {"key": new_key()}}),
        (204, "POST", "/v1/receipts/withdraw", {"json": {"key": new_key()}}),
    ]
    for status, method, path, options in calls:
        headers = options.pop("headers", {}) | ORIGIN | WELSH
        yield status, anybody.request(method, path, headers=headers, **options)


def test_every_answer_may_be_read_by_any_page(service, anybody, tokens):
    for status, reply in attempts(anybody, service, tokens[0]):
        assert reply.status_code == status, reply.text
        assert reply.headers["Access-Control-Allow-Origin"] == "*", status
        assert set(reply.headers["Access-Control-Expose-Headers"].split(", ")) == EXPOSED
        assert "Access-Control-Allow-Credentials" not in reply.headers


def test_a_cookie_makes_no_difference(anybody, tokens):
    headers = ORIGIN | {"Authorization": f"Bearer {tokens[0]}", "Cookie": "session=1"}

    reply = anybody.get("/v1/questionnaire", headers=headers)

    assert reply.headers["Access-Control-Allow-Origin"] == "*"
    assert "Access-Control-Allow-Credentials" not in reply.headers


@pytest.mark.parametrize(
    ("path", "method"),
    [
        ("/v1/questionnaire", "GET"),
        ("/v1/responses", "POST"),
        ("/v1/rankings", "POST"),
        ("/v1/verifications", "POST"),
        ("/v1/receipts/check", "POST"),
    ],
)
def test_a_browser_may_ask_beforehand(anybody, path, method):
    asked = {
        "Access-Control-Request-Method": method,
        "Access-Control-Request-Headers": ", ".join(sorted(ALLOWED)),
    }

    reply = anybody.options(path, headers=ORIGIN | asked)

    assert reply.status_code == 200
    assert reply.headers["Access-Control-Allow-Origin"] == "*"
    assert "Access-Control-Allow-Credentials" not in reply.headers
    allowed = reply.headers["Access-Control-Allow-Headers"].lower().split(", ")
    assert set(allowed) >= ALLOWED
    assert "*" not in allowed
    assert method in reply.headers["Access-Control-Allow-Methods"]


def test_respondents_are_refused_in_their_language(service, anybody, tokens):
    seen = set()

    for status, reply in attempts(anybody, service, tokens[0]):
        if 400 <= status != 405:
            problem = reply.json()
            seen.add(problem["code"])
            page = html.unescape(anybody.get(f"/problems/{problem['code']}").text)
            assert f'<p lang="cy">{problem["detail"]}</p>' in page, problem

    assert {"token-in-url", "too-large", "unsupported", "token-unusable", "invalid"} <= seen


@pytest.mark.parametrize("accept", [None, "en", "fr", "en-GB,cy;q=0.5"])
def test_english_is_the_usual_language(anybody, accept):
    headers = {"Accept-Language": accept} if accept else {}

    detail = anybody.get("/v1/questionnaire", headers=headers).json()["detail"]

    assert detail == "This call needs the respondent's token as a bearer token."


def test_a_token_in_an_address_is_refused_in_whatever_spelling(anybody, evaluator, tokens):
    token = tokens[0]
    bare = token.replace("-", "")
    bearer = {"Authorization": f"Bearer {token}"}
    addresses = [
        f"/v1/questionnaire?token={token}",
        f"/v1/questionnaire?token={bare.lower()}",
        f"/v1/questionnaire?language=cy&t={bare}&x=1",
        f"/v1/questionnaire?{token}",
        f"/v1/questionnaire?token={token.replace('-', '%2D')}",
        f"/v1/questionnaire/{token}",
        f"/v1/{bare}/questionnaire",
        f"/{token}",
        f"/v1/instruments/{bare.lower()}/1",
        f"/problems/{token}",
    ]

    for address in addresses:
        for client in (anybody, evaluator):
            assert refusal(client.get(address, headers=bearer), 400) == "token-in-url", address
    reply = anybody.post(
        f"/v1/responses?token={token}",
        json={"overall": 4},
        headers=bearer | {"Idempotency-Key": new_key()},
    )
    assert refusal(reply, 400) == "token-in-url"
    ok(anybody.get("/v1/questionnaire", headers=bearer))


def test_an_id_is_not_taken_for_a_token(evaluator):
    evaluations = [plan(evaluator) for _ in range(3)]

    for evaluation in evaluations:
        path = f"/v1/partnerships/{evaluation['partnership']}/evaluations"
        first = ok(evaluator.get(path, params={"limit": 1}))
        assert first["items"][0]["id"] == evaluation["id"]
