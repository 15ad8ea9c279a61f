"""One writer commits what many send, and answers each of them only when it is on disk."""

import asyncio
import dataclasses
import threading
from uuid import UUID

import pytest

from app.errors import TokenUnusable, Unavailable
from app.storage import evaluations, responses
from app.use_cases import submissions
from app.use_cases.submissions import Accepted
from app.use_cases.writer import Writer
from tests.service import RunningService
from tests.walkthrough import OpenSurvey, new_key, send

ANSWER = {"overall": 4}
# A text that no database can hold, as if a row were bad in a way that nobody foresaw.
BAD = {"unwritten": "\ud800"}


class Deciding:
    """Decides as the service does, once it is let; counts what is decided together."""

    def __init__(self, deployment):
        self.go = threading.Event()
        self.sizes = []
        self._deployment = deployment

    def __call__(self, batch):
        self.go.wait()
        self.sizes.append(len(batch))
        with self._deployment.database.batch() as connection:
            return submissions.record(
                connection, self._deployment.keys, batch, now=self._deployment.clock()
            )


@pytest.fixture
def survey(evaluator):
    """A survey that is open."""
    return OpenSurvey(evaluator)


@pytest.fixture
def deciding(service):
    """A decision that waits to be let."""
    return Deciding(service.deployment)


def submission(service, survey, content=ANSWER):
    return submissions.submission(
        service.deployment.keys,
        audiences=["staff"],
        token=survey.token(),
        key=new_key(),
        content=content,
    )


def stored(service, survey):
    with service.deployment.database.reading() as session:
        return responses.count(session, UUID(survey.evaluation["id"]))


async def submit_all(writer, waiting, deciding):
    """Submit while the writer is held up, then let it go on."""
    tasks = [asyncio.create_task(writer.submit(one)) for one in waiting]
    await asyncio.sleep(0.05)
    deciding.go.set()
    return await asyncio.gather(*tasks, return_exceptions=True)


def test_what_waits_together_is_committed_together(service, survey, deciding):
    writer = Writer(deciding, limit=100)
    writer.start()
    waiting = [submission(service, survey) for _ in range(40)]

    results = asyncio.run(submit_all(writer, waiting, deciding))
    writer.stop()

    assert [type(result) for result in results] == [Accepted] * 40
    assert [result.receipt for result in results] == [one.receipt for one in waiting]
    assert sum(deciding.sizes) == 40
    assert len(deciding.sizes) <= 2, "the first, and all that waited meanwhile"
    assert stored(service, survey) == 40


def test_one_bad_submission_harms_nobody_else(service, survey, deciding):
    writer = Writer(deciding, limit=100)
    writer.start()
    waiting = [submission(service, survey) for _ in range(10)]
    waiting[4] = submission(service, survey, BAD)

    results = asyncio.run(submit_all(writer, waiting, deciding))
    writer.stop()

    assert isinstance(results.pop(4), Unavailable)
    assert [type(result) for result in results] == [Accepted] * 9
    assert stored(service, survey) == 9


def test_a_refusal_in_a_batch_is_its_senders_alone(service, survey, deciding):
    writer = Writer(deciding, limit=100)
    writer.start()
    first = submission(service, survey)
    with_its_token = submissions.Submission(
        first.audiences, first.token, b"another key".ljust(32), "R", ANSWER
    )

    results = asyncio.run(submit_all(writer, [first, with_its_token], deciding))
    writer.stop()

    assert [type(result) for result in results] == [Accepted, TokenUnusable]
    assert stored(service, survey) == 1


def test_what_one_caller_sends_together_is_answered_together(service, survey, deciding):
    writer = Writer(deciding, limit=100)
    writer.start()
    deciding.go.set()
    lines = [submission(service, survey) for _ in range(5)]
    lines.insert(2, dataclasses.replace(lines[0], key=b"another key".ljust(32)))

    results = asyncio.run(writer.submit_all(lines))
    writer.stop()

    assert [type(one) for one in results] == [Accepted] * 2 + [TokenUnusable] + [Accepted] * 3
    assert deciding.sizes == [6]
    assert stored(service, survey) == 5


def test_one_bad_line_harms_no_other_of_its_caller(service, survey, deciding):
    writer = Writer(deciding, limit=100)
    writer.start()
    deciding.go.set()
    lines = [submission(service, survey) for _ in range(5)]
    lines[1] = submission(service, survey, BAD)

    results = asyncio.run(writer.submit_all(lines))
    writer.stop()

    assert [type(one) for one in results] == [Accepted, Unavailable] + [Accepted] * 3
    assert stored(service, survey) == 4


def test_of_a_busy_database_many_lines_ask_no_more_often_than_one():
    asked = []

    def busy(batch):
        asked.append(len(batch))
        raise Unavailable

    writer = Writer(busy, limit=100)
    writer.start()

    results = asyncio.run(writer.submit_all(range(200)))
    writer.stop()

    assert [type(one) for one in results] == [Unavailable] * 200
    assert asked == [200] * 4


def test_of_a_busy_database_many_callers_ask_no_more_often_than_one():
    asked, go = [], threading.Event()

    def busy(batch):
        go.wait()
        asked.append(len(batch))
        raise Unavailable

    async def submit_together():
        tasks = [asyncio.create_task(writer.submit(one)) for one in range(50)]
        await asyncio.sleep(0.05)
        go.set()
        return await asyncio.gather(*tasks, return_exceptions=True)

    writer = Writer(busy, limit=100)
    writer.start()

    results = asyncio.run(submit_together())
    writer.stop()

    assert [type(one) for one in results] == [Unavailable] * 50
    assert len(asked) <= 2 * 4, "the first, and all that waited meanwhile"


def test_when_the_queue_is_full_the_next_is_told_to_come_back(service, survey, deciding):
    writer = Writer(deciding, limit=3)
    writer.start()
    waiting = [submission(service, survey) for _ in range(6)]

    results = asyncio.run(submit_all(writer, waiting, deciding))
    writer.stop()

    turned_away = [result for result in results if isinstance(result, Unavailable)]
    assert len(turned_away) in (2, 3), "one may be in hand already, and three wait"
    assert stored(service, survey) == 6 - len(turned_away)


def test_on_stop_it_writes_what_is_waiting(service, survey, deciding):
    writer = Writer(deciding, limit=100)
    writer.start()
    waiting = [submission(service, survey) for _ in range(20)]

    async def submit_and_stop():
        tasks = [asyncio.create_task(writer.submit(one)) for one in waiting]
        await asyncio.sleep(0.05)
        stopping = threading.Thread(target=writer.stop)
        stopping.start()
        deciding.go.set()
        results = await asyncio.gather(*tasks)
        await asyncio.to_thread(stopping.join)
        return results

    results = asyncio.run(submit_and_stop())

    assert [type(result) for result in results] == [Accepted] * 20
    assert stored(service, survey) == 20


def test_a_caller_who_went_away_holds_nobody_up(service, survey, deciding):
    writer = Writer(deciding, limit=100)
    writer.start()

    async def one_leaves():
        leaving = asyncio.create_task(writer.submit(submission(service, survey)))
        staying = asyncio.create_task(writer.submit(submission(service, survey)))
        await asyncio.sleep(0.05)
        leaving.cancel()
        deciding.go.set()
        return await staying

    result = asyncio.run(one_leaves())
    writer.stop()

    assert isinstance(result, Accepted)
    assert stored(service, survey) == 2


def test_a_full_queue_is_503_with_retry_after(database_url, service, survey):
    held = UUID(survey.evaluation["id"])
    home, tokens = service.settings.home, [survey.token() for _ in range(6)]
    replies, threads = [], []
    with RunningService(database_url, home, queue=1) as small, small.http() as client:
        with small.deployment.database.writing() as session:
            evaluations.take(session, held)  # as a close does; nothing is decided meanwhile
            for token in tokens:
                arguments = (client, "responses", token, ANSWER)
                threads.append(
                    threading.Thread(target=lambda a=arguments: replies.append(send(*a)))
                )
                threads[-1].start()
            while len(replies) < 3:
                threading.Event().wait(0.01)
        for thread in threads:
            thread.join()

    turned_away = [reply for reply in replies if reply.status_code == 503]
    assert {reply.status_code for reply in replies} == {201, 503}
    assert len(turned_away) >= 3
    for reply in turned_away:
        assert reply.json()["code"] == "unavailable"
        assert int(reply.headers["Retry-After"]) > 0
    assert stored(service, survey) == 6 - len(turned_away)
