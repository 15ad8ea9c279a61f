"""Nobody is at the desk on the closing day: the stage ends all the same.

From the end of its last day nothing is accepted; soon after, any process freezes what came in.
"""

from datetime import UTC, datetime
from uuid import UUID

import pytest

from app.storage import evaluations
from app.use_cases import stages
from tests.walkthrough import (
    approve,
    go,
    issue,
    new_key,
    ok,
    plan,
    refusal,
    register,
    send,
    send_all,
    surface,
    surveyed,
)

ANSWER = {"overall": 4, "statements": [{"outcome": "People stay at home"}]}
ONE = [{"code": "alone", "headcount": 20}]
VOICE = {"code": "older", "label": "Older people", "audience": "service_user", "invited": 30}


@pytest.fixture(autouse=True)
def nothing_is_left_over(service):
    """Close whatever other tests left open, so that only this test's stages are due."""
    service.clock.advance(days=10_000)
    stages.close_due(service.deployment)
    service.clock.reset()


def surveying(client, **design):
    """An open survey of one organisation, with tokens."""
    evaluation = plan(client, register(client, organisations=ONE), **design)
    go(client, evaluation, "surveying")
    return evaluation, issue(client, evaluation, "staff", "alone", 12)


def stage_of(client, evaluation):
    return ok(client.get(f"/v1/evaluations/{evaluation['id']}"))["stage"]


def health(client, evaluation):
    return ok(client.get(f"/v1/evaluations/{evaluation['id']}/reports/health"))


def test_the_last_day_is_a_whole_day_where_the_evaluation_is(service, evaluator):
    design = {"closes": {"staff": "2027-06-30"}, "timezone": "Europe/London"}
    _, tokens = surveying(evaluator, **design)

    service.clock.now = datetime(2027, 6, 30, 22, 59, 59, tzinfo=UTC)
    ok(send(evaluator, "responses", tokens[0], ANSWER), 201)

    service.clock.now = datetime(2027, 6, 30, 23, tzinfo=UTC)
    assert refusal(send(evaluator, "responses", tokens[1], ANSWER), 410) == "token-unusable"


def test_after_the_last_day_nothing_is_accepted_though_nothing_has_closed_yet(service, evaluator):
    evaluation, tokens = surveying(evaluator, closes={"staff": "2027-03-10"})
    key = new_key()
    sent = ok(send(evaluator, "responses", tokens[0], ANSWER, key), 201)
    service.clock.now = datetime(2027, 3, 11, tzinfo=UTC)

    headers = {"Authorization": f"Bearer {tokens[1]}"}
    late = send(evaluator, "responses", tokens[1], ANSWER)
    looking = evaluator.get("/v1/questionnaire", headers=headers)
    withdrawing = evaluator.post("/v1/receipts/withdraw", json={"key": key})

    assert refusal(late, 410) == "token-unusable"
    assert refusal(looking, 410) == "token-unusable"
    assert refusal(withdrawing, 409) == "stage-closed"
    assert ok(send(evaluator, "responses", tokens[0], ANSWER, key), 201) == sent
    assert stage_of(evaluator, evaluation) == "surveying"


def test_a_survey_freezes_and_publishes_by_itself(service, evaluator, anybody):
    evaluation, tokens = surveying(evaluator, closes={"staff": "2027-03-10"})
    (key, *_) = send_all(evaluator, "responses", tokens[:11], [ANSWER] * 11)
    service.clock.now = datetime(2027, 3, 11, tzinfo=UTC)

    assert stages.close_due(service.deployment) == 1

    assert stage_of(evaluator, evaluation) == "surfacing"
    assert health(evaluator, evaluation)["answered"] == 11
    statements = ok(evaluator.get(f"/v1/evaluations/{evaluation['id']}/statements"))["items"]
    assert len(statements) == 11
    assert ok(anybody.post("/v1/receipts/check", json={"key": key}))["included"]
    assert refusal(send(evaluator, "responses", tokens[11], ANSWER), 410) == "token-unusable"


def test_nothing_closes_before_its_time_and_nothing_twice(service, evaluator):
    evaluation, _ = surveying(evaluator, closes={"staff": "2027-03-10"})

    service.clock.now = datetime(2027, 3, 10, 23, 59, 59, tzinfo=UTC)
    assert stages.close_due(service.deployment) == 0
    assert stage_of(evaluator, evaluation) == "surveying"

    service.clock.advance(seconds=1)
    assert stages.close_due(service.deployment) == 1
    assert stages.close_due(service.deployment) == 0
    assert stage_of(evaluator, evaluation) == "surfacing"


def test_without_a_closing_day_a_stage_lasts_ninety_days(service, evaluator):
    evaluation, tokens = surveying(evaluator)

    service.clock.advance(days=90, seconds=-1)
    ok(send(evaluator, "responses", tokens[0], ANSWER), 201)
    assert stages.close_due(service.deployment) == 0

    service.clock.advance(seconds=1)
    assert refusal(send(evaluator, "responses", tokens[1], ANSWER), 410) == "token-unusable"
    assert stages.close_due(service.deployment) == 1
    assert stage_of(evaluator, evaluation) == "surfacing"


def test_answers_too_few_to_be_shown_are_deleted_unread(service, evaluator, anybody):
    evaluation, tokens = surveying(evaluator, closes={"staff": "2027-03-10"})
    (key, *_) = send_all(evaluator, "responses", tokens[:9], [ANSWER] * 9)
    service.clock.now = datetime(2027, 3, 11, tzinfo=UTC)

    stages.close_due(service.deployment)

    assert health(evaluator, evaluation)["answered"] is None
    path = f"/v1/evaluations/{evaluation['id']}/statements"
    assert ok(evaluator.get(path))["items"] == []
    assert not ok(anybody.post("/v1/receipts/check", json={"key": key}))["included"]


def test_a_ranking_round_closes_by_itself_and_coding_goes_on(service, evaluator):
    evaluation = surveyed(
        evaluator, [ANSWER] * 10, closes={"ranking": "2027-03-20"}, voices=[VOICE]
    )
    outcome = surface(evaluator, evaluation, "home")
    tokens = issue(evaluator, evaluation, "ranking", "trust", 11)
    ranking = {"outcomes": [{"outcome": outcome["id"], "ours": "yes"}]}
    send_all(evaluator, "rankings", tokens[:10], [ranking] * 10)
    service.clock.now = datetime(2027, 3, 21, tzinfo=UTC)

    assert stages.close_due(service.deployment) == 1

    assert stage_of(evaluator, evaluation) == "surfacing"
    assert refusal(send(evaluator, "rankings", tokens[10], ranking), 410) == "token-unusable"
    approve(evaluator, evaluation, [outcome, surface(evaluator, evaluation, "later")])
    go(evaluator, evaluation, "verifying")
    outcomes = ok(evaluator.get(f"/v1/evaluations/{evaluation['id']}/reports/outcomes"))["outcomes"]
    shared = {one["code"]: one["shared"] for one in outcomes}
    assert shared["home"] is not None


def test_a_verification_freezes_by_itself_and_opens_its_texts(service, evaluator):
    evaluation = surveyed(
        evaluator, [ANSWER] * 10, closes={"verification": "2027-03-20"}, voices=[VOICE]
    )
    outcome = surface(evaluator, evaluation, "home")
    approve(evaluator, evaluation, [outcome])
    go(evaluator, evaluation, "verifying")
    tokens = issue(evaluator, evaluation, "service_user", "older", 11)
    verification = {"verdicts": [{"outcome": outcome["id"], "importance": 4}], "missing": ["time"]}
    send_all(evaluator, "verifications", tokens[:10], [verification] * 10)
    service.clock.now = datetime(2027, 3, 21, tzinfo=UTC)

    assert stages.close_due(service.deployment) == 1

    assert stage_of(evaluator, evaluation) == "interpreting"
    refused = send(evaluator, "verifications", tokens[10], verification)
    assert refusal(refused, 410) == "token-unusable"
    words = ok(evaluator.get(f"/v1/evaluations/{evaluation['id']}/statements"))["items"]
    assert [one["text"] for one in words if one["kind"] == "missing"] == ["time"] * 10


def test_a_stage_closes_though_the_day_of_the_next_has_passed_too(service, evaluator):
    closes = {"staff": "2027-03-10", "ranking": "2027-03-12"}
    evaluation, tokens = surveying(evaluator, closes=closes)
    send_all(evaluator, "responses", tokens[:10], [ANSWER] * 10)
    service.clock.now = datetime(2027, 3, 15, tzinfo=UTC)

    assert stages.close_due(service.deployment) == 1

    assert stage_of(evaluator, evaluation) == "surfacing"
    assert health(evaluator, evaluation)["answered"] == 10
    later = {"closes": {"ranking": "2027-03-20"}}
    ok(evaluator.patch(f"/v1/evaluations/{evaluation['id']}", json=later))
    outcome = surface(evaluator, evaluation, "home")
    (token,) = issue(evaluator, evaluation, "ranking", "alone", 1)
    ok(send(evaluator, "rankings", token, {"top": [outcome["id"]]}), 201)


def test_no_stage_is_opened_whose_day_has_passed(service, evaluator):
    evaluation = plan(evaluator, closes={"staff": "2027-02-28"})

    reply = evaluator.post(f"/v1/evaluations/{evaluation['id']}/stage", json={"stage": "surveying"})

    assert refusal(reply, 409) == "closes-later-only"
    assert stage_of(evaluator, evaluation) == "draft"


def test_a_closing_day_may_move_later_and_never_earlier(service, evaluator):
    closes = {"staff": "2027-03-10", "ranking": "2027-04-10", "verification": None}
    evaluation, tokens = surveying(evaluator, closes=closes)
    path = f"/v1/evaluations/{evaluation['id']}"

    earlier = evaluator.patch(path, json={"closes": {"staff": "2027-03-09"}})
    next_earlier = evaluator.patch(path, json={"closes": {"ranking": "2027-04-09"}})
    moved = ok(evaluator.patch(path, json={"closes": {"staff": "2027-03-12"}}))

    assert refusal(earlier, 409) == refusal(next_earlier, 409) == "closes-later-only"
    assert moved["closes"] == closes | {"staff": "2027-03-12"}
    service.clock.now = datetime(2027, 3, 12, 12, tzinfo=UTC)
    assert stages.close_due(service.deployment) == 0
    ok(send(evaluator, "responses", tokens[0], ANSWER), 201)


def test_one_evaluation_that_cannot_close_keeps_no_other_open(service, evaluator):
    days = {"closes": {"staff": "2027-03-10"}}
    broken, _ = surveying(evaluator, **days)
    sound, tokens = surveying(evaluator, **days)
    send_all(evaluator, "responses", tokens[:10], [ANSWER] * 10)
    _break(service, broken)
    service.clock.now = datetime(2027, 3, 11, tzinfo=UTC)

    try:
        assert stages.close_due(service.deployment) == 1
    finally:
        _mend(service, broken)

    assert stage_of(evaluator, sound) == "surfacing"
    assert stage_of(evaluator, broken) == "surveying"
    assert stages.close_due(service.deployment) == 1


def _break(service, evaluation):
    """Let the evaluation name an instrument that is not there."""
    _name_instrument(service, evaluation, "gone@1")


def _mend(service, evaluation):
    _name_instrument(service, evaluation, "poet-staff@1")


def _name_instrument(service, evaluation, name):
    with service.deployment.database.writing() as session:
        evaluations.by_id(session, UUID(evaluation["id"])).instrument = name
