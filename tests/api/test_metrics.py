"""What monitoring sees: every call of a machine, and respondents only a hundred at a time."""

import re
from itertools import pairwise

import pytest

from app.api.metrics import STEP
from tests.walkthrough import go, issue, new_key, ok, plan, refusal, register, send_all


@pytest.fixture
def operator(service):
    """A client that was given the scope by name."""
    account = service.new_account()
    with service.client_of(account, scopes=["metrics:read"]) as client:
        yield client


def shown(client, name):
    """The value of a counter without labels of its own, over all processes."""
    text = client.get("/metrics").text
    return sum(float(value) for value in re.findall(rf"^{name}{{[^}}]*}} (\S+)$", text, re.M))


def test_a_call_of_a_machine_is_counted_by_its_route(evaluator, operator):
    counter = 'poet_call_seconds_count{method="GET",process="[0-9]+",route="/v1/me",status="200"}'

    def calls():
        found = re.search(rf"^{counter} (\S+)$", operator.get("/metrics").text, re.M)
        return float(found[1]) if found else 0

    before = calls()
    ok(evaluator.get("/v1/me"))

    assert calls() == before + 1


def test_no_path_and_no_id_is_told(evaluator, operator):
    evaluation = plan(evaluator)
    ok(evaluator.get(f"/v1/evaluations/{evaluation['id']}"))

    text = operator.get("/metrics").text

    assert evaluation["id"] not in text
    assert 'route="/v1/evaluations/{evaluation_id}"' in text


def test_answers_are_counted_a_hundred_at_a_time(evaluator, anybody, operator):
    organisations = [{"code": "trust", "name": "T", "sector": "nhs", "headcount": STEP}]
    evaluation = plan(evaluator, register(evaluator, organisations=organisations))
    go(evaluator, evaluation, "surveying")
    tokens = issue(evaluator, evaluation, "staff", "trust", STEP)
    seen = [shown(operator, "poet_answers_total")]

    for token in tokens:
        headers = {"Authorization": f"Bearer {token}", "Idempotency-Key": new_key()}
        ok(anybody.post("/v1/responses", json={"overall": 4}, headers=headers), 201)
        seen.append(shown(operator, "poet_answers_total"))

    steps = {after - before for before, after in pairwise(seen)}
    assert steps == {0, STEP}
    assert seen[-1] == seen[0] + STEP


def test_answers_to_a_sandbox_are_not_counted(evaluator, anybody, operator):
    organisations = [{"code": "trust", "name": "T", "sector": "nhs", "headcount": STEP}]
    evaluation = plan(evaluator, register(evaluator, organisations=organisations), sandbox=True)
    go(evaluator, evaluation, "surveying")
    before = shown(operator, "poet_answers_total")

    tokens = issue(evaluator, evaluation, "staff", "trust", STEP)
    spelled = [token.lower() if at % 2 else token for at, token in enumerate(tokens)]
    send_all(anybody, "responses", spelled, [{"overall": 4}] * STEP)

    assert shown(operator, "poet_answers_total") == before


def test_a_call_of_a_respondent_leaves_no_other_trace(evaluator, anybody, operator):
    evaluation = plan(evaluator)
    anybody.get("/v1/questionnaire", headers={"Authorization": "Bearer 0000-0000-0000-0000"})
    anybody.get(f"/v1/evaluations/{evaluation['id']}/privacy")

    text = operator.get("/metrics").text

    assert 'route="/v1/questionnaire"' not in text
    assert "/privacy" not in text


def test_a_client_has_the_scope_only_when_it_was_given_by_name(evaluator):
    assert "metrics:read" not in ok(evaluator.get("/v1/me"))["scopes"]
    assert refusal(evaluator.get("/metrics"), 403) == "scope-missing"
