"""An evaluation goes its way, one stage at a time and never back.

What is not ready is named; what would be lost has to be given up in so many words.
"""

import pytest

from tests.walkthrough import (
    CONTACT,
    approve,
    go,
    issue,
    ok,
    plan,
    refusal,
    register,
    send,
    send_all,
    surface,
    surveyed,
)

STAGES = ["draft", "surveying", "surfacing", "verifying", "interpreting", "concluded"]
ANSWER = {"overall": 4}
STATEMENT = {"overall": 4, "statements": [{"outcome": "People stay at home"}]}
VOICE = {"code": "older", "label": "Older people", "audience": "service_user", "invited": 30}


def step(client, evaluation, stage, **options):
    body = {"stage": stage} | options
    return client.post(f"/v1/evaluations/{evaluation['id']}/stage", json=body)


def stage_of(client, evaluation):
    return ok(client.get(f"/v1/evaluations/{evaluation['id']}"))["stage"]


def answered(client, evaluation, count, group="trust"):
    tokens = issue(client, evaluation, "staff", group, count)
    return send_all(client, "responses", tokens, [ANSWER] * count)


def ready_to_verify(client, **design):
    """An evaluation whose schedule is approved, and the one outcome on it."""
    evaluation = surveyed(client, [ANSWER] * 10, voices=[VOICE], **design)
    outcome = surface(client, evaluation, "home")
    approve(client, evaluation, [outcome])
    return evaluation, outcome


def reports(client, evaluation):
    listed = ok(client.get(f"/v1/evaluations/{evaluation['id']}/reports"))["items"]
    return {(one["report"], one["edition"]) for one in listed}


def test_each_stage_publishes_what_belongs_to_it_before_it_answers(evaluator):
    evaluation, outcome = ready_to_verify(evaluator)
    assert reports(evaluator, evaluation) == {("health", None)}

    verifying = ok(step(evaluator, evaluation, "verifying"))
    assert verifying["published"] == ["outcomes"]
    assert reports(evaluator, evaluation) == {("health", None), ("outcomes", "staff")}

    tokens = issue(evaluator, evaluation, "service_user", "older", 10)
    verdicts = {"verdicts": [{"outcome": outcome["id"], "importance": 4}]}
    send_all(evaluator, "verifications", tokens, [verdicts] * 10)
    assert ok(step(evaluator, evaluation, "interpreting"))["published"] == []

    assert ok(step(evaluator, evaluation, "concluded"))["published"] == ["outcomes", "combined"]
    assert reports(evaluator, evaluation) == {
        ("health", None),
        ("outcomes", "staff"),
        ("outcomes", "all"),
        ("combined", None),
    }


@pytest.mark.parametrize("wanted", ["surfacing", "verifying", "interpreting", "concluded"])
def test_no_stage_can_be_passed_over(evaluator, wanted):
    evaluation = plan(evaluator)

    reply = step(evaluator, evaluation, wanted, abandon=True, early=True)

    assert refusal(reply, 409) == "wrong-stage"
    assert reply.json()["stage"] == "draft"
    assert reply.json()["needed"] == [STAGES[STAGES.index(wanted) - 1]]
    assert stage_of(evaluator, evaluation) == "draft"


def test_there_is_no_way_back(evaluator):
    evaluation = surveyed(evaluator, [ANSWER] * 10)

    for earlier in ("draft", "surveying"):
        assert refusal(step(evaluator, evaluation, earlier), 409) == "wrong-stage"
    assert stage_of(evaluator, evaluation) == "surfacing"


def test_a_step_whose_reply_was_lost_can_be_repeated(evaluator):
    evaluation = plan(evaluator)
    first = ok(step(evaluator, evaluation, "surveying"))
    (token,) = issue(evaluator, evaluation, "staff", "trust", 1)

    again = ok(step(evaluator, evaluation, "surveying"))

    assert again == first
    ok(send(evaluator, "responses", token, ANSWER), 201)


def test_a_step_says_when_the_stage_ends(evaluator):
    summer = plan(evaluator, closes={"staff": "2027-06-30"})
    elsewhere = plan(evaluator, closes={"staff": "2027-06-30"}, timezone="America/New_York")
    open_ended = plan(evaluator)

    assert ok(step(evaluator, summer, "surveying"))["closes_at"] == "2027-06-30T23:00:00Z"
    assert ok(step(evaluator, elsewhere, "surveying"))["closes_at"] == "2027-07-01T04:00:00Z"
    assert ok(step(evaluator, open_ended, "surveying"))["closes_at"] == "2027-05-30T12:00:00Z"


def test_a_stage_ends_before_its_closing_day_only_when_that_is_meant(evaluator):
    evaluation = plan(evaluator, closes={"staff": "2027-03-31"})
    go(evaluator, evaluation, "surveying")
    answered(evaluator, evaluation, 10)

    refused = step(evaluator, evaluation, "surfacing", abandon=True)

    assert refusal(refused, 409) == "closes-early"
    assert refused.json()["closes"] == "2027-03-31"
    assert stage_of(evaluator, evaluation) == "surveying"
    assert go(evaluator, evaluation, "surfacing", early=True)["stage"] == "surfacing"


def test_answers_too_few_to_be_shown_are_lost_only_when_that_is_meant(evaluator):
    evaluation = plan(evaluator)
    go(evaluator, evaluation, "surveying")
    answered(evaluator, evaluation, 9)

    refused = step(evaluator, evaluation, "surfacing", early=True)

    assert refusal(refused, 409) == "too-few-answers"
    assert refused.json()["smallest_group"] == 10
    assert stage_of(evaluator, evaluation) == "surveying"
    (token,) = issue(evaluator, evaluation, "staff", "trust", 1)
    ok(send(evaluator, "responses", token, ANSWER), 201)
    go(evaluator, evaluation, "surfacing")
    health = ok(evaluator.get(f"/v1/evaluations/{evaluation['id']}/reports/health"))
    assert health["answered"] == 10


def test_given_up_answers_are_deleted_unread(evaluator, anybody):
    evaluation = plan(evaluator)
    go(evaluator, evaluation, "surveying")
    tokens = issue(evaluator, evaluation, "staff", "trust", 9)
    (key, *_) = send_all(evaluator, "responses", tokens, [STATEMENT] * 9)

    go(evaluator, evaluation, "surfacing", abandon=True)

    path = f"/v1/evaluations/{evaluation['id']}"
    health = ok(evaluator.get(f"{path}/reports/health"))
    assert health["answered"] is None
    assert all(domain["suppressed"] for domain in health["domains"])
    assert ok(evaluator.get(f"{path}/statements"))["items"] == []
    assert not ok(anybody.post("/v1/receipts/check", json={"key": key}))["included"]


def test_giving_up_takes_nothing_when_there_are_enough(evaluator):
    evaluation = plan(evaluator)
    go(evaluator, evaluation, "surveying")
    answered(evaluator, evaluation, 10)

    go(evaluator, evaluation, "surfacing", abandon=True)

    health = ok(evaluator.get(f"/v1/evaluations/{evaluation['id']}/reports/health"))
    assert health["answered"] == 10


@pytest.mark.parametrize("answers", [0, 10])
def test_a_dry_run_says_what_would_happen_and_changes_nothing(evaluator, answers):
    evaluation = plan(evaluator)
    go(evaluator, evaluation, "surveying")
    tokens = issue(evaluator, evaluation, "staff", "trust", answers + 1)
    send_all(evaluator, "responses", tokens[:-1], [ANSWER] * answers)

    dry = ok(step(evaluator, evaluation, "surfacing", abandon=not answers, dry_run=True))

    assert dry["dry_run"] is True
    assert dry["stage"] == "surfacing"
    assert dry["published"] == ["health"]
    assert stage_of(evaluator, evaluation) == "surveying"
    assert reports(evaluator, evaluation) == set()
    ok(send(evaluator, "responses", tokens[-1], ANSWER), 201)


def test_a_dry_run_is_refused_like_the_step_itself(evaluator):
    evaluation = plan(evaluator)
    go(evaluator, evaluation, "surveying")

    reply = step(evaluator, evaluation, "surfacing", dry_run=True)

    assert refusal(reply, 409) == "too-few-answers"


def test_groups_that_are_too_small_have_to_be_pooled_first(evaluator):
    organisations = [{"code": "a", "headcount": 9}, {"code": "b", "headcount": 40}]
    evaluation = plan(evaluator, register(evaluator, organisations=organisations))

    reply = step(evaluator, evaluation, "surveying")

    assert refusal(reply, 409) == "groups-too-small"
    assert reply.json()["groups"] == ["a"]
    pooled = [{"code": "ab", "label": "A and B", "organisations": ["a", "b"]}]
    ok(evaluator.patch(f"/v1/evaluations/{evaluation['id']}", json={"groups": pooled}))
    assert go(evaluator, evaluation, "surveying")["stage"] == "surveying"


def test_no_survey_opens_with_a_text_missing_in_a_declared_language(evaluator):
    pooled = {"code": "vol", "label": "Others", "organisations": ["mind", "council"]}
    contact = {"help": {"cy": "Ffoniwch ni"}}
    evaluation = plan(evaluator, languages=["en", "cy"], groups=[pooled], contact=contact)

    reply = step(evaluator, evaluation, "surveying")

    assert refusal(reply, 409) == "translation-missing"
    assert reply.json()["missing"] == ["/groups/vol/cy", "/contact/help/en"]
    translated = {
        "groups": [pooled | {"label": {"en": "Others", "cy": "Eraill"}}],
        "contact": {"help": {"cy": "Ffoniwch ni", "en": "Ring us"}},
    }
    ok(evaluator.patch(f"/v1/evaluations/{evaluation['id']}", json=translated))
    assert go(evaluator, evaluation, "surveying")["stage"] == "surveying"


def test_nobody_is_asked_to_verify_before_the_schedule_is_approved(evaluator):
    evaluation = surveyed(evaluator, [ANSWER] * 10, voices=[VOICE])
    outcome = surface(evaluator, evaluation, "home")
    path = f"/v1/evaluations/{evaluation['id']}/schedule"

    assert refusal(step(evaluator, evaluation, "verifying"), 409) == "schedule-not-approved"
    asked = [{"outcome": outcome["id"], "plain": "I stay at home", "reason": "Chosen"}]
    ok(evaluator.put(path, json={"status": "draft", "outcomes": asked}))
    assert refusal(step(evaluator, evaluation, "verifying"), 409) == "schedule-not-approved"
    ok(evaluator.put(path, json={"status": "approved", "outcomes": asked}))
    surface(evaluator, evaluation, "late")
    assert refusal(step(evaluator, evaluation, "verifying"), 409) == "schedule-not-approved"


def test_nobody_is_asked_to_verify_without_a_safeguarding_contact(evaluator):
    evaluation, _ = ready_to_verify(evaluator, contact={"help": "Ring us"})

    assert refusal(step(evaluator, evaluation, "verifying"), 409) == "contact-missing"

    ok(evaluator.patch(f"/v1/evaluations/{evaluation['id']}", json={"contact": CONTACT}))
    assert go(evaluator, evaluation, "verifying")["stage"] == "verifying"


def test_nobody_is_asked_to_verify_in_words_that_are_missing(evaluator):
    contact = {"safeguarding": {"en": "Call 0300 000 000"}}
    evaluation, outcome = ready_to_verify(evaluator, languages=["en", "cy"], contact=contact)

    reply = step(evaluator, evaluation, "verifying")

    assert refusal(reply, 409) == "translation-missing"
    assert reply.json()["missing"] == [
        "/voices/older/cy",
        "/contact/safeguarding/cy",
        f"/schedule/{outcome['id']}/cy",
    ]
    assert stage_of(evaluator, evaluation) == "surfacing"
