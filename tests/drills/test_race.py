"""Fifty at once with one token, at two processes on one database: the same service's, or not."""

import itertools
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from threading import Barrier

import httpx
import pytest

from tests.drills.controls import remembers_by_itself_what_is_used
from tests.drills.fleets import SERVICES, WORKERS, fleet_of
from tests.drills.processes import open_survey
from tests.drills.respondents import answer, stored
from tests.walkthrough import new_key

TOGETHER = 50
IN_TWO = pytest.mark.parametrize("fleet", [WORKERS, SERVICES], ids=str, indirect=True)


@pytest.fixture
def codes(fleet):
    """Tokens of an open survey."""
    with fleet.poet.machine() as client:
        yield open_survey(client, 20)[1]


def together(fleet, code, keys):
    """What each is told who sends with this token, all at the same moment, under these keys."""
    addresses = itertools.cycle(fleet.addresses)
    where = [next(addresses) for _ in range(TOGETHER)]
    begin = Barrier(TOGETHER, action=lambda: both_take_part(fleet))
    with ExitStack() as opened, ThreadPoolExecutor(TOGETHER) as pool:

        def send(number):
            client = httpx.Client(base_url=where[number], timeout=60, verify=False)
            opened.enter_context(client).get("/livez")
            begin.wait()
            reply = answer(client, keys[number], code)
            while reply.status_code == 503:
                reply = answer(client, keys[number], code)
            return reply

        return list(pool.map(send, range(TOGETHER)))


def both_take_part(fleet):
    """See to it that some of the fifty are at each process."""
    connected = fleet.connected()
    assert len(connected) == 2
    assert min(connected) > 0


@IN_TWO
def test_of_fifty_with_one_token_one_is_taken(fleet, codes, large):
    poet = fleet.poet
    for code in codes if large else codes[:3]:
        before = stored(poet)
        replies = together(fleet, code, [new_key() for _ in range(TOGETHER)])

        assert sorted(reply.status_code for reply in replies) == [201] + [410] * 49
        assert stored(poet) == (before[0] + 1, before[1] - 1)


@IN_TWO
def test_fifty_times_the_same_is_one_answer_with_one_receipt(fleet, codes, large):
    poet = fleet.poet
    for code in codes if large else codes[:3]:
        before = stored(poet)
        replies = together(fleet, code, [new_key()] * TOGETHER)

        assert {reply.status_code for reply in replies} == {201}
        assert len({reply.content for reply in replies}) == 1
        assert stored(poet) == (before[0] + 1, before[1] - 1)


@pytest.mark.parametrize("url", ["sqlite"], indirect=True)
def test_a_service_whose_processes_each_remember_what_is_used_is_found(url, tmp_path):
    how = {"serve": remembers_by_itself_what_is_used}
    with fleet_of(url, tmp_path / "home", SERVICES, **how) as fleet:
        with fleet.poet.machine() as client:
            code = open_survey(client, 20)[1][0]
        replies = together(fleet, code, [new_key() for _ in range(TOGETHER)])

    assert sorted(reply.status_code for reply in replies) == [201] * 2 + [410] * 48
