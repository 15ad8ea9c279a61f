"""What the service writes on standard error: machines' calls, and of respondents nothing.

These are real processes, as an operator starts them.
"""

import json
from datetime import UTC, datetime

import httpx
import pytest

from app.settings import Settings
from tests.api.test_access_log import visits
from tests.drills.controls import HUSH, fails_with_what_it_was_sent
from tests.drills.processes import open_survey, served
from tests.drills.respondents import answer
from tests.walkthrough import new_key, ok


@pytest.fixture
def url(tmp_path):
    """The address of an embedded database; what is written does not depend on it."""
    return f"sqlite:///{tmp_path / 'poet.sqlite'}"


@pytest.fixture
def poet(url, tmp_path):
    """A service that writes JSON."""
    with served(url, tmp_path / "home", POET_LOG="json") as running:
        yield running


def written(poet):
    """What it wrote until it was told to stop, line by line."""
    poet.stop()
    return [json.loads(line) for line in poet.log.read_text().splitlines()]


def calls(lines):
    return [line for line in lines if line["message"] == "call"]


def test_a_call_of_a_machine_leaves_one_line_that_a_program_can_read(poet):
    with poet.machine() as client:
        began = datetime.now(UTC)
        ok(client.get("/v1/partnerships?limit=7"))
        client.get("/v1/evaluations/2c1e4e3c-58a5-4c3a-9d15-7d4c37c1a4a8")
        client_id = client._credential[0]

    listed, missing = calls(written(poet))

    assert (listed["client"], listed["level"]) == (client_id, "info")
    assert (listed["method"], listed["route"], listed["status"]) == ("GET", "/v1/partnerships", 200)
    assert 0 < listed["seconds"] < 60
    assert began <= datetime.fromisoformat(listed["time"]) <= datetime.now(UTC)
    assert (missing["route"], missing["status"]) == ("/v1/evaluations/{evaluation_id}", 404)


def test_a_respondent_leaves_nothing(poet):
    with poet.machine() as client:
        evaluation, codes = open_survey(client, 20)
        key = new_key()
        with httpx.Client(base_url=poet.address, verify=False) as anybody:
            before = poet.log.read_bytes()
            visits(anybody, evaluation, codes[0])
            taken = answer(anybody, key, codes[1]).status_code
            withdrawn = anybody.post("/v1/receipts/withdraw", json={"key": key}).status_code
            after = poet.log.read_bytes()

    said = json.dumps(written(poet))

    assert (taken, withdrawn) == (201, 204)
    assert after == before
    assert not any(secret in said for secret in (key, evaluation["id"], *codes))


def test_whoever_shows_no_credential_and_whoever_watches_leaves_nothing(poet):
    with poet.machine() as client, httpx.Client(base_url=poet.address, verify=False) as anybody:
        statuses = [
            anybody.get(path).status_code for path in ("/guides/operating", "/readyz", "/v1/me")
        ]
        watched = client.get("/metrics").status_code

    assert (statuses, watched) == ([200, 200, 401], 403)
    assert calls(written(poet)) == []


def test_what_fails_is_named_by_its_class_alone(url, tmp_path):
    how = {"serve": fails_with_what_it_was_sent, "POET_LOG": "json"}
    with served(url, tmp_path / "home", **how) as poet, poet.machine() as client:
        status = client.get("/v1/partnerships").status_code
        lines = written(poet)

    errors = {(line["message"], line.get("error")) for line in lines if line["level"] == "error"}
    assert status == 500
    assert errors == {
        ("GET /v1/partnerships failed: ValueError", None),
        ("that", "ValueError"),
        ("a thread failed", "ValueError"),
    }
    assert [line for line in lines if line["message"] == "this"]
    assert [line for line in lines if line["message"].endswith(": UserWarning")]
    assert HUSH not in json.dumps(lines)


def test_every_process_of_a_service_writes_such_lines(url, tmp_path):
    with served(url, tmp_path / "home", workers=2, POET_LOG="json") as poet:
        said = [line["message"] for line in written(poet)]

    assert len([one for one in said if one.startswith("Started parent process")]) == 1
    assert len([one for one in said if one.startswith("Started server process")]) == 2


def test_lines_are_json_in_production_and_text_for_a_developer():
    assert Settings(env="production").log_style == "json"
    assert Settings().log_style == "text"
    assert Settings(env="production", log="text").log_style == "text"


def test_text_says_the_same_in_one_line(url, tmp_path):
    with served(url, tmp_path / "home") as poet, poet.machine() as client:
        ok(client.get("/v1/partnerships"))
        poet.stop()
        (line,) = [line for line in poet.log.read_text().splitlines() if "method=GET" in line]

    assert " info call client=" in line
    assert " route=/v1/partnerships status=200 seconds=" in line
