"""Who imports at the same moment draws from the same places, also from several processes."""

import threading
import time
import uuid

import pytest
import sqlalchemy as sa

from app.errors import TokensExhausted
from app.storage import tokens
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


def record(connection, service, batch):
    now = service.clock()
    return submissions.record(connection, service.deployment.keys, batch, now=now)


@pytest.mark.parametrize(("people", "places"), [(1, 6), (16, 21), (59, 64), (60, 66), (1000, 1100)])
def test_a_group_has_places_for_its_people_and_for_lost_letters(people, places):
    assert quota(people) == places


def test_what_another_process_draws_is_waited_for(service, evaluation):
    database, results = service.deployment.database, []

    def draw_too():
        with database.batch() as connection:
            results.extend(record(connection, service, placed(service, evaluation, 15)))

    other = threading.Thread(target=draw_too)
    with database.batch() as connection:
        first = record(connection, service, placed(service, evaluation, 15))
        other.start()
        time.sleep(0.3)
        assert results == []
    other.join()

    assert [type(one) for one in first] == [Accepted] * 15
    assert [type(one) for one in results] == [Accepted] * 5 + [TokensExhausted] * 10
    assert stored(service, evaluation) == QUOTA


def test_two_imports_in_one_commit_share_the_places(service, evaluation):
    lines = placed(service, evaluation, 15) + placed(service, evaluation, 15)

    with service.deployment.database.batch() as connection:
        results = record(connection, service, lines)

    assert [type(one) for one in results] == [Accepted] * 20 + [TokensExhausted] * 10
    assert stored(service, evaluation) == QUOTA


def explained(session, run):
    """How the database says that it carries out the statements of `run`."""
    asked, connection = [], session.connection()

    def note(_connection, _cursor, statement, parameters, _context, _many):
        asked.append((statement, parameters))

    sa.event.listen(connection, "before_cursor_execute", note)
    run(session)
    sa.event.remove(connection, "before_cursor_execute", note)
    how = "EXPLAIN QUERY PLAN " if connection.dialect.name == "sqlite" else "EXPLAIN "
    rows = [
        row
        for statement in asked
        for row in connection.exec_driver_sql(how + statement[0], statement[1])
    ]
    return "\n".join(str(row[-1]) for row in rows)


def test_a_draw_reads_no_token_of_others_and_sorts_none(service):
    right = Right(uuid.uuid4(), "staff", "trust")
    with service.deployment.database.reading() as session:
        if session.connection().dialect.name == "postgresql":
            # The table of the tests is small enough to be read as a whole.
            session.execute(sa.text("SET LOCAL enable_seqscan = off"))
            session.execute(sa.text("SET LOCAL enable_bitmapscan = off"))
        plan = explained(session, lambda session: tokens.unspent(session, right, most=256))

    assert "ix_tokens_evaluation_id" in plan
    assert "cell" in plan
    assert "sort" not in plan.lower()
    assert "order by" not in plan.lower()
    assert "filter" not in plan.lower()
