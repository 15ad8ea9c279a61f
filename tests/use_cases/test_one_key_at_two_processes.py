"""One submission, sent to two processes at once: the first comes while the second decides.

PostgreSQL lets each statement of a transaction see what others have committed by then. (SQLite has
one writer, and nobody comes in between.)
"""

import pytest

from app.errors import Unavailable
from app.storage import submitting
from app.use_cases import submissions
from tests.service import RunningService
from tests.walkthrough import go, issue, new_key, plan, register


@pytest.fixture
def service(postgres, tmp_path):
    with RunningService(postgres, tmp_path) as running:
        yield running


@pytest.fixture
def submission(service):
    """An answer with a live token."""
    with service.client_of_a_new_account() as client:
        evaluation = plan(client, register(client))
        go(client, evaluation, "surveying")
        (token,) = issue(client, evaluation, "staff", "trust", 1)
    return submissions.submission(
        service.deployment.keys,
        audiences=["staff"],
        token=token,
        key=new_key(),
        content={"overall": 4},
    )


def recorded(service, submission):
    """What a process decides on the submission."""
    with service.deployment.database.batch() as connection:
        (decided,) = submissions.record(
            connection, service.deployment.keys, [submission], now=service.clock()
        )
        return decided


def test_the_second_is_told_to_come_again_and_then_answered_like_the_first(
    service, submission, monkeypatch
):
    look_up, first = submitting.look_up, []

    def before_the_other(connection, **named):
        found = look_up(connection, **named)
        if not first:
            monkeypatch.setattr(submitting, "look_up", look_up)
            first.append(recorded(service, submission))
        return found

    monkeypatch.setattr(submitting, "look_up", before_the_other)
    with pytest.raises(Unavailable):  # which the writer does not pass on: it tries again
        recorded(service, submission)
    second = recorded(service, submission)

    assert isinstance(second, submissions.Accepted)
    assert [second] == first
