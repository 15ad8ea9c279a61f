"""What happens is told once, with ids and nothing else, and only if it happened."""

import json
import time
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime

import pytest

from app.storage import webhooks
from app.use_cases import stages, telling
from tests.receiving import Receiver, deliver, log_of, publish, register
from tests.walkthrough import (
    ORGANISATIONS,
    agreeing,
    go,
    issue,
    ok,
    plan,
    refusal,
    send_all,
    surveyed,
)
from tests.walkthrough import register as register_partnership

URL = "https://hooks.example.org/poet"
CANARY = "zebrafish"
ANSWER = {"answers": agreeing(4), "statements": [{"outcome": f"Fewer {CANARY}"}]}
ONE = [ORGANISATIONS[0]]


@pytest.fixture(autouse=True)
def nothing_is_left_over(service):
    """Take away what other tests registered, so that only this test's messages are sent."""
    with service.deployment.database.writing() as session:
        for webhook in webhooks.every(session):
            webhooks.remove(session, webhook)


def told(client, webhook):
    """What a webhook is told, without an order."""
    return sorted((one["type"], sorted(one["data"].items())) for one in log_of(client, webhook))


def of(evaluation, **more):
    about = {"evaluation": evaluation["id"], "partnership": evaluation["partnership"]}
    return sorted((about | more).items())


def test_a_whole_round_is_told_in_stages_and_reports(evaluator):
    webhook = register(evaluator, URL)
    evaluation = surveyed(evaluator, [ANSWER] * 12)

    assert told(evaluator, webhook) == sorted(
        [
            ("evaluation.stage_changed", of(evaluation, stage="surveying")),
            ("evaluation.stage_changed", of(evaluation, stage="surfacing")),
            ("report.published", of(evaluation, report="health")),
        ]
    )


def test_a_corrected_report_is_told_again(evaluator):
    evaluation = surveyed(evaluator, [ANSWER] * 12)
    webhook = register(evaluator, URL)

    wrong = {"reason": {"en": "A name was wrong"}}
    ok(evaluator.post(f"/v1/evaluations/{evaluation['id']}/reports/health/errata", json=wrong), 201)

    assert told(evaluator, webhook) == [("report.published", of(evaluation, report="health"))]


def test_a_published_questionnaire_is_told_once(evaluator):
    webhook = register(evaluator, URL)

    publish(evaluator)
    ok(evaluator.post("/v1/instruments", json=publish_again(evaluator)), 200)

    assert told(evaluator, webhook) == [
        ("instrument.published", [("code", "pulse"), ("version", 1)])
    ]


def publish_again(client):
    return ok(client.get("/v1/instruments/pulse/1"))


def test_a_stage_that_closes_by_itself_is_told_as_well(service, evaluator):
    partnership = register_partnership(evaluator, organisations=ONE)
    evaluation = plan(evaluator, partnership, closes={"staff": "2027-03-10"})
    go(evaluator, evaluation, "surveying")
    webhook = register(evaluator, URL)
    service.clock.now = datetime(2027, 3, 11, tzinfo=UTC)

    stages.close_due(service.deployment)

    assert told(evaluator, webhook) == [
        ("evaluation.stage_changed", of(evaluation, stage="surfacing")),
        ("report.published", of(evaluation, report="health")),
    ]
    assert {one["timestamp"] for one in log_of(evaluator, webhook)} == {"2027-03-11T00:00:00Z"}


def test_a_webhook_is_told_of_what_it_asked_for_and_no_more(service, evaluator):
    evaluation, other = plan(evaluator), plan(evaluator)
    sibling = plan(evaluator, {"id": evaluation["partnership"]})
    by_event = register(evaluator, URL, ["report.published"])
    by_partnership = register(evaluator, URL, partnership=evaluation["partnership"])
    by_evaluation = register(evaluator, URL, evaluation=evaluation["id"])
    with service.client_of_a_new_account() as stranger:
        of_stranger = register(stranger, URL)
        for one in (evaluation, other, sibling):
            go(evaluator, one, "surveying")
        publish(evaluator)

        assert told(stranger, of_stranger) == []
    published = ("instrument.published", [("code", "pulse"), ("version", 1)])
    changed = [
        ("evaluation.stage_changed", of(one, stage="surveying")) for one in (evaluation, sibling)
    ]
    assert told(evaluator, by_event) == []
    assert told(evaluator, by_partnership) == sorted([*changed, published])
    assert told(evaluator, by_evaluation) == sorted([changed[0], published])


def test_what_is_only_tried_is_not_told(evaluator):
    evaluation = plan(evaluator)
    webhook = register(evaluator, URL)

    tried = go(evaluator, evaluation, "surveying", dry_run=True)
    assert tried["stage"] == "surveying"
    assert log_of(evaluator, webhook) == []

    go(evaluator, evaluation, "surveying")
    assert len(log_of(evaluator, webhook)) == 1


def test_a_change_that_is_undone_leaves_no_message(evaluator):
    evaluation = plan(evaluator, closes={"staff": "2027-02-28"})
    webhook = register(evaluator, URL)

    # The stage begins, and is told, before its closing day is found to have passed.
    reply = evaluator.post(f"/v1/evaluations/{evaluation['id']}/stage", json={"stage": "surveying"})

    assert refusal(reply, 409) == "closes-later-only"
    assert log_of(evaluator, webhook) == []


@pytest.mark.parametrize("change", ["delete", "patch"])
def test_a_webhook_that_is_ended_while_something_happens_undoes_nothing(service, evaluator, change):
    webhook = register(evaluator, URL)
    path = f"/v1/webhooks/{webhook['id']}"
    body = {"json": {"enabled": False}} if change == "patch" else {}
    database, now = service.deployment.database, service.clock.now
    with ThreadPoolExecutor(1) as pool:
        with database.writing() as session:
            (account,) = {row.account_id for row in webhooks.every(session)}
            (told_of,) = webhooks.enabled(session, account)
            ending = pool.submit(evaluator.request, change.upper(), path, **body)
            time.sleep(0.3)
            telling.tell(session, told_of, "report.published", {}, now)
        assert ending.result().is_success

    if change == "patch":
        assert [one["state"] for one in log_of(evaluator, webhook)] == ["failed"]
    else:
        assert refusal(evaluator.get(path), 404) == "not-found"


def test_answers_are_not_told_and_nothing_of_them_is(service, evaluator):
    with Receiver() as receiver:
        webhook = register(evaluator, receiver.url)
        partnership = register_partnership(evaluator, organisations=ONE)
        evaluation = plan(evaluator, partnership)
        go(evaluator, evaluation, "surveying")
        deliver(service)
        before = log_of(evaluator, webhook)
        tokens = issue(evaluator, evaluation, "staff", "trust", 12)
        keys = send_all(evaluator, "responses", tokens, [ANSWER] * 12)

        assert deliver(service) == 0
        assert log_of(evaluator, webhook) == before

        go(evaluator, evaluation, "surfacing")
        deliver(service)

    assert len(receiver.received) == 3
    everything = b"".join(
        repr(sorted(one.headers.items())).encode() + one.body for one in receiver.received
    ).decode()
    assert [one for one in (CANARY, *tokens, *keys) if one in everything] == []
    for one in receiver.received:
        body = json.loads(one.body)
        assert body.keys() == {"type", "timestamp", "data"}
        assert body["data"].keys() <= {"evaluation", "partnership", "stage", "report"}
        assert len(one.body) < 1000
