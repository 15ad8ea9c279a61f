"""What interviews, focus groups and indicators found stands beside the figures."""

import uuid

import pytest

from tests.walkthrough import faults, go, ok, plan, refusal, surface, surveyed

VOICE = {"code": "op", "label": "Older people", "audience": "service_user", "invited": 20}
FOUND = {
    "method": "Focus group",
    "finding": "mixed",
    "summary": "Some are visited together, some are not",
    "strength": "moderate",
    "voice": "op",
    "people": 9,
    "agreed_with_participants": True,
}


class Coded:
    """An evaluation with one outcome."""

    def __init__(self, client):
        self.client = client
        self.evaluation = surveyed(client, [{"overall": 4}] * 10, voices=[VOICE])
        self.home = surface(client, self.evaluation, "home")
        self.path = f"/v1/evaluations/{self.evaluation['id']}/evidence"

    def record(self, **members):
        body = {"outcome": self.home["id"]} | FOUND | members
        return self.client.post(self.path, json=body)


@pytest.fixture(scope="module")
def shared(running):
    """One such evaluation for the whole file."""
    running.clock.reset()
    with running.client_of_a_new_account() as client:
        yield Coded(client)


@pytest.fixture
def coded(shared, service):
    """The shared evaluation, with the clock at today."""
    return shared


def test_evidence_is_recorded_and_listed(coded):
    recorded = ok(coded.record(), 201)

    assert {name: recorded[name] for name in FOUND} == FOUND
    assert uuid.UUID(recorded["id"]).version == 4
    assert recorded in ok(coded.client.get(coded.path))["items"]


def test_evidence_need_not_come_from_a_voice(coded):
    recorded = ok(coded.record(voice=None, people=None, method="Admissions"), 201)

    assert (recorded["voice"], recorded["people"]) == (None, None)


@pytest.mark.parametrize(
    ("members", "pointer", "code"),
    [
        ({"outcome": str(uuid.uuid4())}, "/outcome", "unknown-outcome"),
        ({"voice": "nobody"}, "/voice", "unknown-voice"),
        ({"finding": "good"}, "/finding", "unknown-value"),
        ({"strength": "very"}, "/strength", "unknown-value"),
        ({"summary": ""}, "/summary", "string-too-short"),
        ({"people": -1}, "/people", "greater-than-equal"),
        ({"interval": [1, 2]}, "/interval", "unknown-field"),
    ],
)
def test_wrong_evidence_is_pointed_at(coded, members, pointer, code):
    assert (pointer, code) in faults(coded.record(**members))


def test_there_is_no_evidence_before_there_are_outcomes(evaluator):
    evaluation = plan(evaluator)
    go(evaluator, evaluation, "surveying")
    body = {"outcome": str(uuid.uuid4())} | FOUND

    reply = evaluator.post(f"/v1/evaluations/{evaluation['id']}/evidence", json=body)

    assert refusal(reply, 409) == "wrong-stage"


def test_evidence_of_another_account_is_not_there(coded, evaluator):
    assert refusal(evaluator.get(coded.path), 404) == "not-found"
