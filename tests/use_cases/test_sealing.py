"""Whoever holds the database alone, with every byte of it, can read no answer to an open round."""

import secrets
from contextlib import contextmanager
from pathlib import Path
from uuid import UUID

import pytest
from cryptography.exceptions import InvalidTag
from pydantic_core import to_json
from sqlalchemy import MetaData, Table, inspect, select, text

from app.security.sealing import new_salt, seal
from app.storage import evaluations, responses
from app.use_cases import closing
from app.use_cases.submissions import seal_of
from tests.walkthrough import OpenSurvey, go, ok, send_all

CANARY = "a canary in a statement, 5f1e"
ANSWER = {
    "role": "support",
    "answers": {"trust1": 4, "trust2": 1, "trust3": 5, "trust4": 2, "trust5": 3},
    "statements": [{"outcome": CANARY}],
    "unwritten": "another canary, 77ab",
}
IN_ANSWERS = to_json(ANSWER["answers"])
CANARIES = [CANARY.encode(), b"another canary, 77ab", IN_ANSWERS, IN_ANSWERS[1:-1]]


@pytest.fixture
def survey(evaluator):
    """An open survey that twelve people answered."""
    survey = OpenSurvey(evaluator)
    send_all(evaluator, "responses", [survey.token() for _ in range(12)], [ANSWER] * 12)
    return survey


def found_in(database):
    """The canaries that whoever holds the database finds, in every byte or every row of it."""
    if database.engine.dialect.name == "sqlite":
        file = Path(database.engine.url.database)
        every = [file.read_bytes(), file.with_name(f"{file.name}-wal").read_bytes()]
    else:
        every = list(rows_of(database))
    return {canary for canary in CANARIES if any(canary in part for part in every)}


def rows_of(database):
    with database.engine.connect() as connection:
        for name in inspect(connection).get_table_names():
            table = Table(name, MetaData(), autoload_with=connection)
            for row in connection.execute(select(table)):
                yield b"\0".join(
                    part if isinstance(part, bytes) else str(part).encode() for part in row
                )


@contextmanager
def unsealed_table(database, content):
    """A table that keeps an answer as it is."""
    with database.engine.begin() as connection:
        connection.execute(text("CREATE TABLE unsealed (content TEXT)"))
        connection.execute(text("INSERT INTO unsealed VALUES (:it)"), {"it": content.decode()})
    yield
    with database.engine.begin() as connection:
        connection.execute(text("DROP TABLE unsealed"))
    database.tidy()


def test_no_answer_is_readable_in_the_database_of_an_open_round(survey, service):
    database = service.deployment.database

    found = found_in(database)

    assert found == set()


def test_the_same_search_finds_an_answer_that_is_not_sealed(survey, service):
    database = service.deployment.database

    with unsealed_table(database, to_json(ANSWER)):
        found = found_in(database)

    assert found == set(CANARIES)


def test_a_sealed_row_tells_its_length_in_steps_of_896_bytes(survey, service):
    survey.send(ANSWER | {"unwritten": secrets.token_hex(1000)})

    with service.deployment.database.reading() as session:
        lengths = {len(row) for _, row in responses.sealed(session, UUID(survey.evaluation["id"]))}

    assert lengths == {896 + 28, 2 * 896 + 28}


def test_whoever_has_keys_and_database_reads_an_open_round_as_the_privacy_statement_says(
    survey, service
):
    deployment = service.deployment
    with deployment.database.reading() as session:
        evaluation = evaluations.by_id(session, UUID(survey.evaluation["id"]))

        opened = list(closing.answers(session, deployment.keys, evaluation))

    assert opened == [("trust", ANSWER)] * 12


@pytest.mark.parametrize("missing", ["salt", "key"])
def test_without_the_salt_or_the_key_nothing_opens(survey, service, missing):
    deployment = service.deployment
    with deployment.database.reading() as session:
        row = evaluations.by_id(session, UUID(survey.evaluation["id"]))
        key, sealed = list(responses.sealed(session, row.id))[0]  # noqa: RUF015
        true = seal_of(session, deployment.keys, row)
        guessed = seal(
            deployment.keys.sealing if missing == "salt" else b"x" * 32,
            salt=new_salt() if missing == "salt" else evaluations.salt(session, row.id),
            evaluation=row.id,
            stage=row.stage,
        )

    assert true.open(sealed, row=key)
    with pytest.raises(InvalidTag):
        guessed.open(sealed, row=key)


def test_an_abandoned_round_is_deleted_unread(evaluator, service):
    survey = OpenSurvey(evaluator)
    send_all(evaluator, "responses", [survey.token() for _ in range(9)], [ANSWER] * 9)
    deployment, evaluation = service.deployment, UUID(survey.evaluation["id"])
    # Whoever tried to read them would fail: they do not open any more.
    with deployment.database.writing() as session:
        row = evaluations.by_id(session, evaluation)
        evaluations.destroy_salt(session, row.id)
        evaluations.keep_salt(session, row.id, new_salt())
        every = list(responses.sealed(session, evaluation))
        with pytest.raises(InvalidTag):
            seal_of(session, deployment.keys, row).open(every[0][1], row=every[0][0])

    go(evaluator, survey.evaluation, "surfacing", abandon=True)

    with deployment.database.reading() as session:
        assert responses.count(session, evaluation) == 0
    assert found_in(deployment.database) == set()
    path = f"/v1/evaluations/{survey.evaluation['id']}"
    assert ok(evaluator.get(f"{path}/statements"))["items"] == []
    assert ok(evaluator.get(f"{path}/reports/health"))["answered"] is None
