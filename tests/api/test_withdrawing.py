"""A respondent asks whether their answer is in, and takes it out while that can be done."""

from concurrent.futures import ThreadPoolExecutor
from time import sleep
from uuid import UUID

import pytest

from app.storage import evaluations
from app.use_cases import closing
from tests.walkthrough import (
    OpenSurvey,
    go,
    issue,
    new_key,
    ok,
    plan,
    refusal,
    send_all,
)

ANSWER = {"overall": 4, "answers": {"trust1": 4, "trust2": 4, "trust3": 4}}


@pytest.fixture(scope="module")
def survey(running):
    """A survey that is open."""
    running.clock.reset()
    with running.client_of_a_new_account() as client:
        yield OpenSurvey(client)


def included(client, key):
    return ok(client.post("/v1/receipts/check", json={"key": key}))["included"]


def withdraw(client, key):
    return client.post("/v1/receipts/withdraw", json={"key": key})


def test_anybody_who_has_the_key_learns_whether_the_answer_is_in(survey, anybody):
    key = new_key()

    before = included(anybody, key)
    survey.send(ANSWER, key=key)
    after = included(anybody, key)

    assert (before, after) == (False, True)


def test_an_answer_can_be_taken_out_and_its_token_stays_spent(survey, anybody):
    token, key = survey.token(), new_key()
    survey.send(ANSWER, token, key)

    taken = withdraw(anybody, key)

    assert (taken.status_code, taken.content) == (204, b"")
    assert not included(anybody, key)
    assert refusal(survey.send(ANSWER, token, key), 410) == "token-unusable"
    assert refusal(survey.send(ANSWER, token), 410) == "token-unusable"


def test_withdrawing_is_harmless_twice_and_with_a_key_of_nobody(survey, anybody):
    key = new_key()
    survey.send(ANSWER, key=key)

    replies = [withdraw(anybody, key), withdraw(anybody, key), withdraw(anybody, new_key())]

    assert {(reply.status_code, reply.content) for reply in replies} == {(204, b"")}


def test_the_receipt_is_not_the_key_and_withdraws_nothing(survey, anybody):
    key = new_key()
    receipt = ok(survey.send(ANSWER, key=key), 201)["receipt"]

    withdraw(anybody, receipt)

    assert receipt not in key
    assert included(anybody, key)


@pytest.mark.parametrize("call", ["check", "withdraw"])
def test_what_cannot_be_a_key_is_refused(anybody, call):
    reply = anybody.post(f"/v1/receipts/{call}", json={"key": "short"})

    assert refusal(reply, 400) == "idempotency-key-malformed"


def test_what_was_withdrawn_is_not_counted_and_what_was_closed_cannot_be_withdrawn(
    evaluator, anybody
):
    survey = OpenSurvey(evaluator)
    keys = send_all(evaluator, "responses", [survey.token() for _ in range(14)], [ANSWER] * 14)
    ok(withdraw(anybody, keys[0]), 204)
    ok(withdraw(anybody, keys[1]), 204)

    go(evaluator, survey.evaluation, "surfacing")
    late = withdraw(anybody, keys[2])

    report = f"/v1/evaluations/{survey.evaluation['id']}/reports/health"
    assert ok(evaluator.get(report))["answered"] == 12
    assert refusal(late, 409) == "stage-closed"
    assert [included(anybody, key) for key in keys[:3]] == [False, False, True]


def test_after_the_last_day_it_is_too_late_even_before_the_stage_is_closed(
    evaluator, anybody, service
):
    survey = OpenSurvey(evaluator, closes={"staff": "2027-03-02"})
    key = new_key()
    survey.send(ANSWER, key=key)

    service.clock.advance(days=2)
    late = withdraw(anybody, key)

    assert refusal(late, 409) == "stage-closed"
    assert included(anybody, key)


def test_an_abandoned_answer_is_not_included_any_more(evaluator, anybody):
    survey = OpenSurvey(evaluator)
    key = new_key()
    survey.send(ANSWER, key=key)

    go(evaluator, survey.evaluation, "surfacing", abandon=True)

    assert not included(anybody, key)
    assert withdraw(anybody, key).status_code == 204


def close_while(service, evaluation, call):
    """What `call` answers when it comes in the middle of a close."""
    deployment = service.deployment
    with ThreadPoolExecutor(1) as pool:
        with deployment.database.writing() as session:
            row = evaluations.take(session, UUID(evaluation["id"]))
            waiting = pool.submit(call)
            sleep(0.3)
            closing.freeze(session, deployment.keys, row)
            row.stage = "surfacing"
            row.closes_at = deployment.clock().replace(year=2028)
        return waiting.result()


def test_a_withdrawal_in_the_middle_of_a_close_is_not_pretended(evaluator, anybody, service):
    survey = OpenSurvey(evaluator)
    keys = send_all(evaluator, "responses", [survey.token() for _ in range(10)], [ANSWER] * 10)

    reply = close_while(service, survey.evaluation, lambda: withdraw(anybody, keys[0]))

    assert refusal(reply, 409) == "stage-closed"
    assert included(anybody, keys[0])


def test_an_answer_in_the_middle_of_a_close_comes_too_late(evaluator, service):
    survey = OpenSurvey(evaluator)
    send_all(evaluator, "responses", [survey.token() for _ in range(10)], [ANSWER] * 10)

    reply = close_while(service, survey.evaluation, lambda: survey.send(ANSWER))

    assert refusal(reply, 410) == "token-unusable"


def test_a_stage_that_is_open_again_does_not_open_the_one_before(evaluator, anybody):
    evaluation = plan(evaluator)
    go(evaluator, evaluation, "surveying")
    tokens = issue(evaluator, evaluation, "staff", "trust", 10)
    keys = send_all(evaluator, "responses", tokens, [ANSWER] * 10)
    go(evaluator, evaluation, "surfacing")
    issue(evaluator, evaluation, "ranking", "trust", 1)

    reply = withdraw(anybody, keys[0])

    assert refusal(reply, 409) == "stage-closed"
