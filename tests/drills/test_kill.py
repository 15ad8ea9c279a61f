"""The service is killed again and again while sixteen clients send: nothing is lost or doubled."""

import random
import time
from dataclasses import dataclass

import pytest

from tests.drills.controls import spends_and_keeps_apart
from tests.drills.fleets import ALONE, fleet_of
from tests.drills.processes import open_survey
from tests.drills.respondents import Crowd, included, lost, one_receipt_each, stored
from tests.walkthrough import go, ok


@dataclass(frozen=True)
class Drill:
    """What is left after a drill.

    Attributes:
        issued: How many tokens there were.
        crowd: What became of those who held them.
        included: The keys whose answer is in.
        answers, live: What the database held before the close.
        answered: What the report says afterwards.
    """

    issued: int
    crowd: Crowd
    included: set
    answers: int
    live: int
    answered: int


def drill(fleet, *, people, kills, seed=1):
    """Let people answer, and kill every process as often while they do, then one alone."""
    chance, poet = random.Random(seed), fleet.poet
    with poet.machine() as client:
        evaluation, codes = open_survey(client, people)
        with Crowd(fleet.addresses, codes, leaving=0.05, seed=seed) as crowd:
            for number in range(kills):
                crowd.wait_for((number + 1) * people // (kills + 1))
                time.sleep(chance.uniform(0, 0.03))
                if number % 2:
                    fleet.kill_one(chance)
                else:
                    fleet.kill_all()
        there = included(poet.address, crowd.tokens)
        answers, live = stored(poet)
        go(client, evaluation, "surfacing")
        report = ok(client.get(f"/v1/evaluations/{evaluation['id']}/reports/health"))
        return Drill(people, crowd, there, answers, live, report["answered"])


def test_no_kill_loses_or_doubles_an_answer(fleet, large):
    people, kills = (3000, 10) if large else (200, 2)

    done = drill(fleet, people=people, kills=kills)

    assert done.crowd.cut_off >= kills, "somebody was waiting at every kill"
    assert done.crowd.refused == {}
    assert lost(done.crowd.receipts, done.included) == set()
    assert one_receipt_each(done.crowd.receipts)
    assert any(len(replies) > 1 for replies in done.crowd.receipts.values()), "some were lost"
    assert set(done.crowd.receipts) | set(done.crowd.gone) == set(done.crowd.tokens)
    assert done.included - set(done.crowd.receipts) <= set(done.crowd.gone)
    assert done.answers + done.live == done.issued, "a token is live or has its answer"
    assert done.answered == done.answers == len(done.included)


@pytest.mark.parametrize("url", ["sqlite"], indirect=True)
def test_a_service_that_spends_and_keeps_in_two_transactions_is_found(url, tmp_path):
    with fleet_of(url, tmp_path / "home", ALONE, serve=spends_and_keeps_apart) as fleet:
        done = drill(fleet, people=100, kills=3)

    assert done.answers + done.live < done.issued
    assert set(done.crowd.refused.values()) == {"token-unusable"}
