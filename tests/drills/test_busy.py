"""Another process holds the file of SQLite: two workers wait for it, nobody's answer is lost."""

import time
from concurrent.futures import ThreadPoolExecutor

import httpx
import pytest

from app.storage import evaluations
from tests.drills.fleets import WORKERS, fleet_of
from tests.drills.processes import open_survey
from tests.drills.respondents import answer, stored
from tests.walkthrough import new_key

PEOPLE = 20
# SQLite waits ten seconds for the file, and the service four times for SQLite.
ONE_WAIT, ALL_WAITS = 12, 50


@pytest.mark.parametrize("url", ["sqlite"], indirect=True)
def test_a_file_that_is_held_is_waited_for_and_then_given_up(url, tmp_path, large):
    with fleet_of(url, tmp_path / "home", WORKERS) as fleet:
        poet, database = fleet.poet, fleet.poet.database()
        with poet.machine() as client:
            _, codes = open_survey(client, PEOPLE)
        letters = [(new_key(), code) for code in codes]

        def send(letter):
            with httpx.Client(base_url=poet.address, timeout=90, verify=False) as client:
                return answer(client, *letter)

        with ThreadPoolExecutor(PEOPLE) as pool:
            with database.writing() as session:
                evaluations.open_stages(session)  # from here on it is held
                sent = [pool.submit(send, letter) for letter in letters]
                time.sleep(ALL_WAITS if large else ONE_WAIT)
            replies = [one.result() for one in sent]
        kept, again = stored(poet), [send(letter).status_code for letter in letters]
        database.dispose()

        assert "a batch failed (Unavailable)" in poet.log.read_text()
        statuses = [reply.status_code for reply in replies]
        assert set(statuses) <= {201, 503}
        assert (503 in statuses) == large, "who came first waited as often as anybody may"
        assert kept == (statuses.count(201), statuses.count(503))
        assert all(int(reply.headers["Retry-After"]) > 0 for reply in replies if reply.is_error)
        assert again == [201] * PEOPLE
        assert stored(poet) == (PEOPLE, 0)
