"""One submission, sent to two processes at once: the second sees the first come in between.

PostgreSQL lets each statement of a transaction see what others have committed by then. (SQLite has
one writer, who sees nobody come in between.)
"""

import pytest

from app.storage import responses
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
    with service.deployment.database.writing() as session:
        (decided,) = submissions.record(
            session, service.deployment.keys, [submission], now=service.clock()
        )
        return decided


def test_it_is_answered_like_the_first(service, submission, monkeypatch):
    look_up, first = responses.known, []

    def after_the_other(session, keys):
        if not first:
            monkeypatch.setattr(responses, "known", look_up)
            first.append(recorded(service, submission))
        return look_up(session, keys)

    monkeypatch.setattr(responses, "known", after_the_other)
    second = recorded(service, submission)

    assert isinstance(second, submissions.Accepted)
    assert [second] == first
