"""The contract: current, complete, with one recorded example a call that fits its own schemas."""

import json
from pathlib import Path

import jsonschema
import pytest

from app.api.contract import text
from app.main import create_app
from tests import whole
from tests.recording import Recorder

OPENAPI = Path(__file__).parent.parent / "openapi"
OPERATIONS = [
    pytest.param(path, method, operation, id=operation["operationId"])
    for path, methods in json.loads((OPENAPI / "openapi.json").read_text())["paths"].items()
    for method, operation in methods.items()
]


@pytest.fixture(scope="module")
def recorded(running):
    """One call of each operation, from a whole evaluation."""
    running.clock.reset()
    with running.http() as anybody:
        recorder = Recorder(anybody.get("/openapi.json").json())
        recorder.listen(anybody)
        with running.client_of(running.new_account(), scopes=["metrics:read"]) as operator:
            recorder.listen(operator).get("/metrics")
        with running.client_of_a_new_account() as evaluator:
            recorder.listen(evaluator)
            whole.play(evaluator, anybody, running)
    return recorder.recorded


def test_the_committed_contract_is_the_one_that_is_served(running):
    committed = (OPENAPI / "openapi.json").read_text(encoding="utf-8")

    assert text(create_app(running.deployment)) == committed, "run `poe openapi`"


def test_it_is_openapi_3_1_and_public(anybody):
    contract = anybody.get("/openapi.json").json()

    assert contract["openapi"].startswith("3.1")


@pytest.mark.parametrize(("path", "method", "operation"), OPERATIONS)
def test_an_operation_says_what_it_is_who_may_call_it_and_what_it_refuses(path, method, operation):
    assert operation["summary"]
    assert operation["description"]
    assert "security" in operation, "scopes, a respondent's token, or public"
    refused = {status for status in operation["responses"] if status[0] in "45"}
    assert "422" in refused or "503" in refused
    for status in refused:
        told = "application/fhir+json" if path.startswith("/fhir") else "application/problem+json"
        assert told in operation["responses"][status]["content"]
        assert operation["responses"][status]["description"]


def test_every_operation_has_an_example_that_a_whole_evaluation_makes(recorded, request):
    committed = OPENAPI / "examples.json"
    if request.config.getoption("--rewrite-examples"):
        committed.write_text(json.dumps(recorded, indent=1, ensure_ascii=False) + "\n")
    kept = json.loads(committed.read_text(encoding="utf-8"))

    assert set(kept) == set(recorded) == {param.id for param in OPERATIONS}
    for name, call in recorded.items():
        assert kept[name]["status"] == call["status"], name
        assert _members(kept[name]["request"]) == _members(call["request"]), name
        assert _members(kept[name]["reply"]) == _members(call["reply"]), name


@pytest.mark.parametrize(("path", "method", "operation"), OPERATIONS)
def test_an_example_fits_the_schema_beside_it(path, method, operation):
    contract = json.loads((OPENAPI / "openapi.json").read_text(encoding="utf-8"))
    holders = [operation.get("requestBody", {}), *operation["responses"].values()]

    for holder in holders:
        for content in holder.get("content", {}).values():
            if "example" in content:
                schema = {**contract, **content["schema"]}
                jsonschema.Draft202012Validator(schema).validate(content["example"])


def _members(document):
    """The names of a document's members, as far down as objects nest."""
    return sorted(document) if isinstance(document, dict) else type(document).__name__
