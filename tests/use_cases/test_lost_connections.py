"""PostgreSQL goes away and comes back: whoever answers then is answered all the same."""

from contextlib import ExitStack

import pytest
import sqlalchemy as sa

from tests.service import RunningService
from tests.walkthrough import OpenSurvey, ok

ANSWER = {"overall": 4}
MANY = 10
_OTHERS = """
SELECT pg_terminate_backend(pid) FROM pg_stat_activity
WHERE datname = current_database() AND pid <> pg_backend_pid()
"""


@pytest.fixture
def service(postgres, tmp_path):
    with RunningService(postgres, tmp_path) as running:
        yield running


def open_many(service):
    """Let the service have many connections, none of them in use."""
    with ExitStack() as held:
        for _ in range(MANY):
            held.enter_context(service.deployment.database.reading()).connection()


def broken_off(service):
    """How many connections of the service to its database were ended, all that it had."""
    engine = sa.create_engine(service.deployment.database.engine.url, poolclass=sa.NullPool)
    with engine.connect() as connection:
        return len(connection.execute(sa.text(_OTHERS)).all())


def test_an_answer_is_taken_after_every_connection_was_lost(service):
    with service.client_of_a_new_account() as client:
        survey = OpenSurvey(client)
        tokens = [survey.token() for _ in range(4)]
        open_many(service)

        lost = broken_off(service)
        replies = [survey.send(ANSWER, token) for token in tokens]

    assert lost >= MANY, "the control: more than are tried one after another"
    for reply in replies:
        ok(reply, 201)
