"""An evaluation with next to nothing in it still goes its way; calls that are early are told so.

Nobody answered, nobody was asked to rank, no statement, no voice, one organisation: each ends in
reports that say so.
"""

import uuid

import pytest

from tests.walkthrough import (
    approve,
    go,
    issue,
    ok,
    plan,
    refusal,
    register,
    send_all,
    surface,
    surveyed,
)

ONE = [{"code": "alone", "headcount": 20}]
ANSWER = {"overall": 4}
VOICE = {"code": "older", "label": "Older people", "audience": "service_user", "invited": 30}
OUTCOME = {"code": "home", "title": "Home", "type": "change", "rationale": "It helps"}
EVIDENCE = {
    "outcome": str(uuid.uuid4()),
    "method": "interview",
    "finding": "supports",
    "summary": "They agree",
    "strength": "weak",
}
SCHEDULE = {
    "status": "approved",
    "outcomes": [{"outcome": str(uuid.uuid4()), "plain": "I", "reason": "Chosen"}],
}
# Calls that belong to some stages only: what is sent, and where it works.
CALLS = [
    ("DELETE", "", None, ["draft"]),
    ("GET", "/progress", None, ["surfacing", "surveying", "verifying"]),
    (
        "POST",
        "/tokens",
        {"audience": "staff", "group": "alone", "count": 1},
        ["draft", "surveying"],
    ),
    ("POST", "/tokens", {"audience": "ranking", "group": "alone", "count": 1}, ["surfacing"]),
    (
        "POST",
        "/tokens",
        {"audience": "service_user", "voice": "older", "count": 1},
        ["surfacing", "verifying"],
    ),
    (
        "PUT",
        "/coding",
        [{"statement": str(uuid.uuid4()), "coder": "me", "not_an_outcome": "no"}],
        ["interpreting", "surfacing"],
    ),
    ("POST", "/outcomes", OUTCOME, ["interpreting", "surfacing"]),
    ("PUT", "/schedule", SCHEDULE, ["surfacing"]),
    ("POST", "/evidence", EVIDENCE, ["interpreting", "surfacing", "verifying"]),
]
STAGES = ["draft", "surveying", "surfacing", "verifying", "interpreting", "concluded"]


def taken_to(client, stage, **design):
    """An evaluation of one organisation that nobody answered, in this stage."""
    evaluation = plan(client, register(client, organisations=ONE), **design)
    for following in STAGES[1 : STAGES.index(stage) + 1]:
        if following == "verifying":
            outcome = surface(client, evaluation, "home", origin="policy")
            approve(client, evaluation, [outcome])
        go(client, evaluation, following, abandon=True)
    return evaluation


def report(client, evaluation, name):
    return ok(client.get(f"/v1/evaluations/{evaluation['id']}/reports/{name}"))


@pytest.mark.parametrize("stage", STAGES)
def test_a_call_in_the_wrong_stage_is_told_which_it_is(evaluator, stage):
    evaluation = taken_to(evaluator, stage, voices=[VOICE])

    for method, path, body, works_in in CALLS:
        if stage not in works_in:
            url = f"/v1/evaluations/{evaluation['id']}{path}"
            reply = evaluator.request(method, url, json=body)
            assert refusal(reply, 409) == "wrong-stage", path
            assert reply.json()["stage"] == stage
            assert reply.json()["needed"] == works_in


@pytest.mark.parametrize("voices", [[], [VOICE]], ids=["no voices", "one voice"])
def test_an_evaluation_that_nobody_answered_ends_in_reports(evaluator, voices):
    evaluation = taken_to(evaluator, "concluded", voices=voices)

    health = report(evaluator, evaluation, "health")
    outcomes = report(evaluator, evaluation, "outcomes")
    combined = report(evaluator, evaluation, "combined")

    assert health["answered"] is None
    assert health["overall"] == {"suppressed": True}
    assert [outcome["code"] for outcome in outcomes["outcomes"]] == ["home"]
    assert outcomes["outcomes"][0]["shared"] is None
    assert combined["evaluation"] == evaluation["id"]


def test_a_partnership_of_one_organisation_has_a_health_report(evaluator):
    evaluation = surveyed(evaluator, [{"answers": {"trust1": 4, "trust2": 5, "trust3": 3}}] * 10)

    health = report(evaluator, evaluation, "health")

    assert health["answered"] == 10
    trust = next(domain for domain in health["domains"] if domain["code"] == "trust")
    assert trust["between"] == {}


def test_nothing_is_waited_for_when_nobody_was_asked_to_rank(evaluator):
    closes = {"ranking": "2027-03-31"}
    evaluation = surveyed(evaluator, [ANSWER] * 10, closes=closes, voices=[VOICE])
    approve(evaluator, evaluation, [surface(evaluator, evaluation, "home")])

    assert go(evaluator, evaluation, "verifying")["stage"] == "verifying"


def test_a_ranking_that_was_asked_for_is_waited_for(evaluator):
    evaluation = surveyed(evaluator, [ANSWER] * 10, voices=[VOICE])
    outcome = surface(evaluator, evaluation, "home")
    approve(evaluator, evaluation, [outcome])
    tokens = issue(evaluator, evaluation, "ranking", "trust", 10)
    path = f"/v1/evaluations/{evaluation['id']}/stage"

    reply = evaluator.post(path, json={"stage": "verifying"})
    assert refusal(reply, 409) == "too-few-answers"

    send_all(evaluator, "rankings", tokens, [{"top": [outcome["id"]]}] * 10)
    assert go(evaluator, evaluation, "verifying")["stage"] == "verifying"


def test_people_can_verify_what_no_statement_named(evaluator):
    evaluation = surveyed(evaluator, [ANSWER] * 10, voices=[VOICE])
    outcome = surface(evaluator, evaluation, "home", origin="policy")
    approve(evaluator, evaluation, [outcome])
    go(evaluator, evaluation, "verifying")
    tokens = issue(evaluator, evaluation, "service_user", "older", 10)
    verdict = {"outcome": outcome["id"], "importance": 4, "delivered": 0}
    send_all(evaluator, "verifications", tokens, [{"verdicts": [verdict]}] * 10)
    go(evaluator, evaluation, "interpreting")
    go(evaluator, evaluation, "concluded")

    (reported,) = report(evaluator, evaluation, "outcomes")["outcomes"]

    voice = next(one for one in reported["voices"] if one["voice"] == "older")
    assert voice["importance"]["n"] == voice["delivered"]["n"] == 10
    assert report(evaluator, evaluation, "combined")["evaluation"] == evaluation["id"]
