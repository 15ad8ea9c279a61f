"""The partnership writes down what it will do about what it read."""

import uuid

import pytest

from tests.walkthrough import faults, go, ok, plan, refusal, surface, surveyed

ACTION = {
    "domain": "trust",
    "what": "Meet in each other's offices",
    "owner": "The joint board",
    "due_on": "2027-09-30",
    "status": "open",
}


class Reported:
    """An evaluation with a health report and an outcome."""

    def __init__(self, client):
        self.client = client
        self.evaluation = surveyed(client, [{"overall": 4}] * 10)
        self.home = surface(client, self.evaluation, "home")
        self.path = f"/v1/evaluations/{self.evaluation['id']}/actions"

    def record(self, **members):
        return self.client.post(self.path, json=members)


@pytest.fixture(scope="module")
def shared(running):
    """One such evaluation for the whole file."""
    running.clock.reset()
    with running.client_of_a_new_account() as client:
        yield Reported(client)


@pytest.fixture
def reported(shared, service):
    """The shared evaluation, with the clock at today."""
    return shared


def test_an_action_is_recorded_and_listed(reported):
    recorded = ok(reported.record(**ACTION), 201)

    assert {name: recorded[name] for name in ACTION} == ACTION
    assert (recorded["outcome"], recorded["seen"]) == (None, "not_measured")
    assert recorded in ok(reported.client.get(reported.path))["items"]


def test_an_action_may_be_about_an_outcome(reported):
    recorded = ok(reported.record(outcome=reported.home["id"], what="Visit together"), 201)

    assert (recorded["outcome"], recorded["domain"]) == (reported.home["id"], None)
    assert recorded["status"] == "open"


def test_an_action_is_carried_on(reported):
    recorded = ok(reported.record(**ACTION), 201)
    at = f"/v1/actions/{recorded['id']}"

    changed = ok(reported.client.patch(at, json={"status": "done", "owner": "The board"}))

    assert changed == recorded | {"status": "done", "owner": "The board"}
    assert changed in ok(reported.client.get(reported.path))["items"]


@pytest.mark.parametrize(
    ("members", "pointer", "code"),
    [
        ({"what": "Meet"}, "", "one-of"),
        ({"what": "Meet", "domain": "trust", "outcome": str(uuid.uuid4())}, "", "one-of"),
        ({"what": "Meet", "domain": "love"}, "/domain", "unknown-domain"),
        ({"what": "Meet", "outcome": str(uuid.uuid4())}, "/outcome", "unknown-outcome"),
        ({"domain": "trust"}, "/what", "required"),
        ({"what": "", "domain": "trust"}, "/what", "string-too-short"),
        ({"what": "Meet", "domain": "trust", "status": "late"}, "/status", "unknown-value"),
        ({"what": "Meet", "domain": "trust", "seen": "better"}, "/seen", "unknown-field"),
        ({"what": "Meet", "domain": "trust", "due_on": "soon"}, "/due_on", None),
    ],
)
def test_a_wrong_action_is_pointed_at(reported, members, pointer, code):
    found = faults(reported.record(**members))

    assert (pointer, code) in found or (code is None and pointer in dict(found))


@pytest.mark.parametrize(
    "change", [{"domain": "means"}, {"seen": "better"}, {"status": "late"}, {"what": ""}]
)
def test_what_an_action_is_about_stays(reported, change):
    recorded = ok(reported.record(**ACTION), 201)

    reply = reported.client.patch(f"/v1/actions/{recorded['id']}", json=change)

    assert {pointer for pointer, _ in faults(reply)} == {f"/{next(iter(change))}"}


def test_there_is_nothing_to_act_on_before_there_is_a_report(evaluator):
    evaluation = plan(evaluator)
    go(evaluator, evaluation, "surveying")

    reply = evaluator.post(f"/v1/evaluations/{evaluation['id']}/actions", json=ACTION)

    assert refusal(reply, 409) == "wrong-stage"


def test_an_action_of_another_account_is_not_there(reported, evaluator):
    recorded = ok(reported.record(**ACTION), 201)

    replies = [
        evaluator.get(reported.path),
        evaluator.post(reported.path, json=ACTION),
        evaluator.patch(f"/v1/actions/{recorded['id']}", json={"status": "done"}),
    ]

    assert [refusal(reply, 404) for reply in replies] == ["not-found"] * 3
