"""The service is told to stop while sixteen clients send: whoever was heard gets an answer."""

import time
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager

import httpx
import pytest

from app.storage import evaluations
from tests.drills.fleets import ALONE, WORKERS
from tests.drills.processes import open_survey
from tests.drills.respondents import AT_ONCE, Crowd, answer, included, lost, stored
from tests.walkthrough import new_key

CLEANLY = (0, -15)  # the server ends itself by the signal that it got, when it is done


pytestmark = pytest.mark.parametrize("fleet", [ALONE, WORKERS], ids=str, indirect=True)


@pytest.fixture
def poet(fleet):
    """One service, of one process or of two."""
    return fleet.poet


@pytest.fixture
def codes(poet):
    """Tokens of an open survey."""
    with poet.machine() as client:
        yield open_survey(client, 200)[1]


@contextmanager
def nobody_is_answered(poet):
    """The evaluation is held, as a close holds it; whoever sends has to wait."""
    database = poet.database()
    with database.writing() as session:
        (evaluation,) = evaluations.open_stages(session)
        evaluations.take(session, evaluation.id)
        yield
    database.dispose()


def test_who_is_waiting_when_it_is_told_to_stop_is_answered(poet, codes):
    keys = [new_key() for _ in range(AT_ONCE)]

    def send(key, code):
        with httpx.Client(base_url=poet.address, timeout=60, verify=False) as client:
            return answer(client, key, code).status_code

    with ThreadPoolExecutor(AT_ONCE) as pool:
        with nobody_is_answered(poet):
            waiting = [pool.submit(send, *pair) for pair in zip(keys, codes, strict=False)]
            time.sleep(1)
            assert not any(reply.done() for reply in waiting)
            poet.process.terminate()
            time.sleep(0.5)
        statuses = [reply.result() for reply in waiting]

    assert poet.stop() in CLEANLY
    assert statuses == [201] * AT_ONCE
    assert stored(poet) == (AT_ONCE, len(codes) - AT_ONCE)


def test_no_stop_under_load_loses_or_doubles_an_answer(poet, codes, large):
    with Crowd([poet.address], codes) as crowd:
        for number in range(5 if large else 2):
            crowd.wait_for(30 * (number + 1))
            assert poet.stop() in CLEANLY
            poet.start()

    assert crowd.refused == {}
    assert lost(crowd.receipts, included(poet.address, crowd.tokens)) == set()
    assert stored(poet) == (len(codes), 0)
