"""What monitoring sees: every call of a machine, and respondents only a hundred at a time."""

import re

import pytest

from app.use_cases.tally import STEP
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


def survey(client, **design):
    """An open survey of a hundred people, with their tokens."""
    organisations = [{"code": "trust", "name": "T", "sector": "nhs", "headcount": STEP}]
    evaluation = plan(client, register(client, organisations=organisations), **design)
    go(client, evaluation, "surveying")
    return issue(client, evaluation, "staff", "trust", STEP)


def test_answers_are_told_a_hundred_at_a_time_and_once_a_day(service, evaluator, anybody, operator):
    tokens = survey(evaluator)
    before = shown(operator, "poet_answers_total")

    send_all(anybody, "responses", tokens, [{"overall": 4}] * STEP)

    assert shown(operator, "poet_answers_total") == before
    service.clock.advance(days=1)
    after = shown(operator, "poet_answers_total")
    assert after - before >= STEP
    assert (after - before) % STEP == 0


def test_an_answer_that_is_sent_again_counts_once(service, evaluator, anybody, operator):
    token = survey(evaluator)[0]
    service.clock.advance(days=1)
    before = shown(operator, "poet_answers_total")
    headers = {"Authorization": f"Bearer {token}", "Idempotency-Key": new_key()}

    for _ in range(STEP):
        ok(anybody.post("/v1/responses", json={"overall": 4}, headers=headers), 201)

    service.clock.advance(days=1)
    # What others sent before stands within the step that was begun.
    assert shown(operator, "poet_answers_total") - before in (0, STEP)
    taken = service.deployment.tally._taken
    ok(anybody.post("/v1/responses", json={"overall": 4}, headers=headers), 201)
    assert service.deployment.tally._taken == taken


def test_answers_to_a_sandbox_are_not_counted(service, evaluator, anybody):
    before = service.deployment.tally._taken

    send_all(anybody, "responses", survey(evaluator, sandbox=True), [{"overall": 4}] * STEP)

    assert service.deployment.tally._taken == before


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
