"""Who imports at the same moment draws from the same places, also from several processes."""

import threading
import time
import uuid

import pytest

from app.errors import TokensExhausted
from app.storage.tokens import Right
from app.use_cases import submissions
from app.use_cases.places import Place, quota
from app.use_cases.submissions import Accepted
from tests.importing import ANSWER, imported, line, opened, stored
from tests.walkthrough import new_key

HEADCOUNT = 16
QUOTA = 21


@pytest.fixture
def evaluation(evaluator):
    """An open survey of which one place is taken."""
    evaluation = opened(evaluator, HEADCOUNT)
    imported(evaluator, evaluation, [line()])
    return evaluation


def placed(service, evaluation, count):
    """Lines without a token, as they reach the decision."""
    of = uuid.UUID(evaluation["id"])
    return [
        submissions.submission(
            service.deployment.keys,
            audiences=["staff"],
            token=None,
            key=new_key(),
            content=ANSWER,
            evaluation=of,
            place=Place(Right(of, "staff", "trust"), QUOTA),
        )
        for _ in range(count)
    ]


def record(session, service, batch):
    now = service.clock()
    return submissions.record(session, service.deployment.keys, batch, now=now)


@pytest.mark.parametrize(("people", "places"), [(1, 6), (16, 21), (59, 64), (60, 66), (1000, 1100)])
def test_a_group_has_places_for_its_people_and_for_lost_letters(people, places):
    assert quota(people) == places


def test_what_another_process_draws_is_waited_for(service, evaluation):
    database, results = service.deployment.database, []

    def draw_too():
        with database.writing() as session:
            results.extend(record(session, service, placed(service, evaluation, 15)))

    other = threading.Thread(target=draw_too)
    with database.writing() as session:
        first = record(session, service, placed(service, evaluation, 15))
        other.start()
        time.sleep(0.3)
        assert results == []
    other.join()

    assert [type(one) for one in first] == [Accepted] * 15
    assert [type(one) for one in results] == [Accepted] * 5 + [TokensExhausted] * 10
    assert stored(service, evaluation) == QUOTA


def test_two_imports_in_one_commit_share_the_places(service, evaluation):
    lines = placed(service, evaluation, 15) + placed(service, evaluation, 15)

    with service.deployment.database.writing() as session:
        results = record(session, service, lines)

    assert [type(one) for one in results] == [Accepted] * 20 + [TokensExhausted] * 10
    assert stored(service, evaluation) == QUOTA
