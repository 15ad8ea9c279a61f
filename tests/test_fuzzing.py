"""Whatever is sent, anywhere in the contract: no 500, and nothing that is not in the contract."""

from pathlib import Path

import pytest
import schemathesis
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from schemathesis import GenerationMode
from schemathesis.checks import not_a_server_error
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    ignored_auth,
    response_headers_conformance,
    response_schema_conformance,
    status_code_conformance,
)

from tests.receiving import register as register_webhook
from tests.walkthrough import approve, go, issue, new_key, ok, plan, register, surface
from tests.whole import VOICES

CHECKS = [
    not_a_server_error,
    status_code_conformance,
    content_type_conformance,
    response_schema_conformance,
    response_headers_conformance,
    ignored_auth,
]


@pytest.fixture(scope="module")
def world(running):
    """Evaluations in several stages whose ids requests may hit, and credentials for each side."""
    running.clock.reset()
    with running.client_of_a_new_account() as evaluator:
        partnership = register(evaluator)
        draft, open_round = plan(evaluator, partnership), plan(evaluator, partnership)
        go(evaluator, open_round, "surveying")
        tokens = issue(evaluator, open_round, "staff", "trust", 40)
        coded = plan(evaluator, partnership)
        go(evaluator, coded, "surveying")
        go(evaluator, coded, "surfacing", abandon=True)
        outcome = {"code": "home", "title": "Home", "type": "change", "rationale": "Why"}
        made = ok(evaluator.post(f"/v1/evaluations/{coded['id']}/outcomes", json=outcome), 201)
        action = {"domain": "trust", "what": "Meet"}
        acted = ok(evaluator.post(f"/v1/evaluations/{coded['id']}/actions", json=action), 201)
        yield {
            "machine": evaluator._access_token(),
            "staff": tokens,
            "/v1/rankings": issue(evaluator, coded, "ranking", "trust", 30),
            "/v1/verifications": _verifying(evaluator, partnership),
            "ids": {
                "partnership_id": [partnership["id"]],
                "evaluation_id": [draft["id"], open_round["id"], coded["id"]],
                "outcome_id": [made["id"]],
                "action_id": [acted["id"]],
                "webhook_id": [
                    register_webhook(evaluator, "https://hooks.example.org/")["id"]
                    for _ in range(20)
                ],
            },
        }


def _verifying(evaluator, partnership):
    """Tokens of an evaluation that asks service users."""
    evaluation = plan(evaluator, partnership, voices=VOICES)
    go(evaluator, evaluation, "surveying")
    go(evaluator, evaluation, "surfacing", abandon=True)
    approve(evaluator, evaluation, [surface(evaluator, evaluation, "home")])
    go(evaluator, evaluation, "verifying")
    return issue(evaluator, evaluation, "service_user", "older", 30)


# One document is one line.
schemathesis.serializer.alias("application/x-ndjson", "application/json")
CONTRACT = schemathesis.openapi.from_path(Path(__file__).parent.parent / "openapi" / "openapi.json")
OPERATIONS = [
    pytest.param(operation.ok(), id=operation.ok().label)
    for operation in CONTRACT.get_all_operations()
]


def anything(operation):
    """Requests that fit the contract, and requests that break it."""
    return st.one_of(
        operation.as_strategy(generation_mode=GenerationMode.POSITIVE),
        operation.as_strategy(generation_mode=GenerationMode.NEGATIVE),
    )


@pytest.mark.parametrize("operation", OPERATIONS)
def test_every_answer_is_in_the_contract(operation, world, running):
    respondent = any("respondent" in one for one in operation.definition.raw["security"])
    tokens = world.get(operation.path, world["staff"]) if respondent else [world["machine"]]

    @given(case=anything(operation))
    @settings(
        max_examples=25, deadline=None, suppress_health_check=list(HealthCheck), database=None
    )
    def fuzz(case):
        for name, known in world["ids"].items():
            # Ids that are really there, so that the requests come past the look-up.
            if name in (case.path_parameters or {}):
                case.path_parameters[name] = known[len(str(case.body)) % len(known)]
        case.headers.setdefault("Idempotency-Key", new_key())
        # Apart from what is generated: a good token in the place of a made-up one would look wrong.
        case.headers.pop("Authorization", None)
        presented = {"Authorization": f"Bearer {tokens[-1]}"}
        reply = case.call_and_validate(base_url=running.url, checks=CHECKS, headers=presented)
        if respondent and reply.status_code == 201:
            tokens.pop()  # it is used up

    fuzz()


def test_the_fuzzer_would_notice(running):
    """A control: a contract that promises another status is found out."""
    wrong = {
        "openapi": "3.1.0",
        "info": {"title": "wrong", "version": "1"},
        "paths": {"/livez": {"get": {"responses": {"418": {"description": "a teapot"}}}}},
    }
    operation = next(schemathesis.openapi.from_dict(wrong).get_all_operations()).ok()

    with pytest.raises(BaseException, match="Undocumented status code"):
        operation.Case().call_and_validate(base_url=running.url, checks=[status_code_conformance])
