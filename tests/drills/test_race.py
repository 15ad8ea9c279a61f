"""Fifty at once with one token, at two processes on one database."""

from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from threading import Barrier

import httpx
import pytest

from tests.drills.processes import Poet, open_survey
from tests.drills.respondents import answer, stored
from tests.walkthrough import new_key

TOGETHER = 50


@pytest.fixture
def addresses(poet):
    """Two processes that serve the same database."""
    second = Poet(poet.url, poet.home).start()
    yield [poet.address, second.address]
    second.kill()


@pytest.fixture
def codes(poet):
    """Tokens of an open survey."""
    with poet.machine() as client:
        yield open_survey(client, 20)[1]


def together(addresses, code, keys):
    """What each is told who sends with this token, all at the same moment, under these keys."""
    begin = Barrier(TOGETHER)
    with ExitStack() as opened, ThreadPoolExecutor(TOGETHER) as pool:

        def send(number):
            client = httpx.Client(base_url=addresses[number % 2], timeout=60, verify=False)
            opened.enter_context(client).get("/livez")
            begin.wait()
            reply = answer(client, keys[number], code)
            while reply.status_code == 503:
                reply = answer(client, keys[number], code)
            return reply

        return list(pool.map(send, range(TOGETHER)))


def test_of_fifty_with_one_token_one_is_taken(poet, addresses, codes, large):
    for code in codes if large else codes[:3]:
        before = stored(poet)
        replies = together(addresses, code, [new_key() for _ in range(TOGETHER)])

        assert sorted(reply.status_code for reply in replies) == [201] + [410] * 49
        assert stored(poet) == (before[0] + 1, before[1] - 1)


def test_fifty_times_the_same_is_one_answer_with_one_receipt(poet, addresses, codes, large):
    for code in codes if large else codes[:3]:
        before = stored(poet)
        replies = together(addresses, code, [new_key()] * TOGETHER)

        assert {reply.status_code for reply in replies} == {201}
        assert len({reply.content for reply in replies}) == 1
        assert stored(poet) == (before[0] + 1, before[1] - 1)
