"""Whoever starts the service with an access log: no line of it is about a respondent."""

import logging
import threading
import time
from contextlib import contextmanager

import httpx
import pytest
import uvicorn

from tests.walkthrough import go, issue, new_key, plan, register

LINE = "uvicorn.access"


class Lines(logging.Handler):
    """Keeps what is written."""

    def __init__(self):
        super().__init__()
        self.lines = []

    def emit(self, record):
        self.lines.append(record.getMessage())


@contextmanager
def logged_by_uvicorn(app):
    """The address of `app` under a uvicorn with an access log, and its lines."""
    heard, logger = Lines(), logging.getLogger(LINE)
    config = uvicorn.Config(app, port=0, lifespan="off", access_log=True)
    logger.addHandler(heard)
    logger.setLevel(logging.INFO)
    server = uvicorn.Server(config)
    thread = threading.Thread(target=server.run, daemon=True)
    thread.start()
    while not server.started:
        time.sleep(0.01)
    yield f"http://127.0.0.1:{server.servers[0].sockets[0].getsockname()[1]}", heard.lines
    server.should_exit = True
    thread.join()
    logger.removeHandler(heard)


async def nothing(scope, receive, send):
    """Answers everything alike, as a control that knows nothing of respondents."""
    await send({"type": "http.response.start", "status": 204, "headers": []})
    await send({"type": "http.response.body"})


@pytest.fixture
def token(evaluator):
    evaluation = plan(evaluator, register(evaluator))
    go(evaluator, evaluation, "surveying")
    return evaluation, issue(evaluator, evaluation, "staff", "trust", 1)[0]


def visits(client, evaluation, token):
    """One call of every kind that a respondent makes or is spoken for, and two of a machine."""
    bearer = {"Authorization": f"Bearer {token}"}
    client.get("/v1/client.js")
    client.get("/v1/questionnaire?language=cy", headers=bearer)
    client.get(f"/v1/evaluations/{evaluation['id']}/privacy")
    for path in ("responses", "rankings", "verifications"):
        client.post(f"/v1/{path}", headers={**bearer, "Idempotency-Key": new_key()}, json={})
    client.post("/fhir/R4/QuestionnaireResponse", headers=bearer, json={})
    for path in ("check", "withdraw"):
        client.post(f"/v1/receipts/{path}", json={"key": new_key()})
    for path in ("responses", "verifications"):
        client.post(f"/v1/evaluations/{evaluation['id']}/{path}:import", content=b"{}")
    client.get(f"/v1/evaluations/{token}")
    client.get(f"/v1/partnerships?limit={token}")
    client.get("/v1/me")
    client.get(f"/v1/evaluations/{evaluation['id']}")


def test_calls_of_respondents_and_addresses_with_a_token_are_not_logged(service, token):
    app = service._server.config.app
    with logged_by_uvicorn(app) as (url, lines), httpx.Client(base_url=url) as client:
        visits(client, *token)

    asked = [line.split('"')[1].split(" ")[1] for line in lines]
    assert asked == ["/v1/me", f"/v1/evaluations/{token[0]['id']}"]


def test_without_the_service_the_same_log_names_every_call(token, monkeypatch):
    monkeypatch.setattr(logging.getLogger(LINE), "filters", [])
    with logged_by_uvicorn(nothing) as (url, lines), httpx.Client(base_url=url) as client:
        visits(client, *token)

    assert len(lines) == 15
