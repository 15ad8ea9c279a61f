"""Answers are taken in front of FastAPI: what anybody can see of it is the same as behind it."""

import asyncio

import httpx
import pytest

from app import main
from app.api import submissions
from tests.walkthrough import OpenSurvey, new_key

DIRECTLY, THE_LONG_WAY = "application/json", "application/json; charset=utf-8"
ORIGIN = {"Origin": "https://survey.example.org"}
PASSING = {"date", "content-length"}


@pytest.fixture(scope="module")
def survey(running):
    """A survey that asks everything."""
    running.clock.reset()
    with running.client_of_a_new_account() as client:
        yield OpenSurvey(client)


def sent(service, media_type, content, path="/v1/responses", **headers):
    with service.http() as anybody:
        named = {name.replace("_", "-"): value for name, value in headers.items() if value}
        return anybody.post(
            path, content=content, headers=ORIGIN | named | {"Content-Type": media_type}
        )


def seen(reply):
    """Everything of a reply but the moment."""
    headers = {name: value for name, value in reply.headers.items() if name not in PASSING}
    return reply.status_code, headers, reply.content


REFUSED = {
    "no JSON": (b"{", 400),
    "nothing": (b"", 422),
    "no object": (b"[]", 422),
    "nothing answered": (b"{}", 422),
    "an item that is not asked": (b'{"answers": {"nothing1": 4}}', 422),
    "an answer off the scale": (b'{"answers": {"trust1": 9}}', 422),
    "an answer of another type": (b'{"answers": {"trust1": "4"}}', 422),
    "a member that nobody knows": (b'{"statements": [{"outcome": "x", "more": 1}]}', 422),
    "half a character": (b'{"unwritten": "\\ud800"}', 422),
}


@pytest.mark.parametrize(("content", "status"), REFUSED.values(), ids=REFUSED)
def test_a_body_is_refused_alike(service, survey, content, status):
    presented = {"Authorization": f"Bearer {survey.token()}", "Idempotency_Key": new_key()}

    directly = sent(service, DIRECTLY, content, **presented)

    assert directly.status_code == status
    assert seen(directly) == seen(sent(service, THE_LONG_WAY, content, **presented))


@pytest.mark.parametrize("authorization", [None, "Basic x", "Bearer x"])
@pytest.mark.parametrize("language", ["en", "cy"])
def test_a_token_is_refused_alike(service, authorization, language):
    presented = {
        "Authorization": authorization,
        "Idempotency_Key": new_key(),
        "Accept_Language": language,
    }

    directly = sent(service, DIRECTLY, b'{"overall": 4}', **presented)

    assert directly.status_code == 401
    assert seen(directly) == seen(sent(service, THE_LONG_WAY, b'{"overall": 4}', **presented))


@pytest.mark.parametrize("key", [None, "short", '"spaces are not allowed in one"'])
def test_a_key_is_refused_alike(service, survey, key):
    presented = {"Authorization": f"Bearer {survey.token()}", "Idempotency_Key": key}

    directly = sent(service, DIRECTLY, b'{"overall": 4}', **presented)

    assert directly.status_code == 400
    assert seen(directly) == seen(sent(service, THE_LONG_WAY, b'{"overall": 4}', **presented))


def test_an_answer_is_the_same_answer_on_both_ways(service, survey):
    presented = {"Authorization": f"Bearer {survey.token()}", "Idempotency_Key": new_key()}

    directly = sent(service, DIRECTLY, b'{"overall": 4}', **presented)

    assert directly.status_code == 201
    assert seen(directly) == seen(sent(service, THE_LONG_WAY, b'{"overall": 4}', **presented))


def test_of_two_keys_the_same_one_counts_on_both_ways(service, survey):
    first, second = new_key(), new_key()
    named = [("Authorization", f"Bearer {survey.token()}"), ("Content-Type", DIRECTLY)]
    twice = [*named, ("Idempotency-Key", first), ("Idempotency-Key", second)]

    with service.http() as anybody:
        taken = anybody.post("/v1/responses", content=b'{"overall": 4}', headers=twice)
        checked = [
            anybody.post("/v1/receipts/check", json={"key": key}).json() for key in (first, second)
        ]

    assert taken.status_code == 201
    assert checked == [{"included": True}, {"included": False}]


@pytest.mark.parametrize("path", ["/v1/rankings", "/v1/verifications"])
def test_who_is_asked_something_else_is_told_so_alike(service, survey, path):
    presented = {"Authorization": f"Bearer {survey.token()}", "Idempotency_Key": new_key()}

    directly = sent(service, DIRECTLY, b'{"top": ["x"]}', path, **presented)

    assert directly.status_code == 403
    assert seen(directly) == seen(sent(service, THE_LONG_WAY, b'{"top": ["x"]}', path, **presented))


class BeyondDirect(Exception):
    """FastAPI was reached."""


async def beyond(scope, receive, send):
    raise BeyondDirect


def test_only_what_is_unusual_reaches_fastapi(service, survey):
    app = main.create_app(service.deployment)
    app.middleware_stack._app = beyond
    presented = {"Authorization": f"Bearer {survey.token()}", "Idempotency-Key": new_key()}

    async def post(media_type):
        at = httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url="http://here")
        headers = presented | {"Content-Type": media_type}
        async with at:
            return await at.post("/v1/responses", content=b"{", headers=headers)

    assert asyncio.run(post(DIRECTLY)).json()["code"] == "malformed"
    with pytest.raises(BeyondDirect):
        asyncio.run(post(THE_LONG_WAY))


def shown(schema):
    """A schema as the contract shows it: what is missing is not said to be null."""
    if isinstance(schema, dict):
        return {
            name: shown(value)
            for name, value in schema.items()
            if (name, value) != ("default", None)
        }
    return [shown(one) for one in schema] if isinstance(schema, list) else schema


def test_what_checks_a_body_is_what_the_contract_shows(service, anybody):
    contract = anybody.get("/openapi.json").json()
    models = contract["components"]["schemas"]

    for route in submissions.routes.routes:
        body = contract["paths"][route.path]["post"]["requestBody"]
        name = body["content"]["application/json"]["schema"]["$ref"].rpartition("/")[2]
        checked = shown(route.shape.json_schema(ref_template="#/components/schemas/{model}"))
        parts = checked.pop("$defs", {})

        assert models[name] == checked
        assert {part: models[part] for part in parts} == parts
