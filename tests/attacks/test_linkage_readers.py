"""Somebody reads the database while a stage closes: a backup, or a report that takes its time.

What they read is kept for them as it was, and the salt with it. When they are done, and the
service has looked after its evaluations once more, it must be gone all the same.
"""

import sqlite3
import time
from concurrent.futures import ThreadPoolExecutor, wait
from contextlib import closing, contextmanager

import psycopg
import pytest

from app.use_cases import stages
from app.use_cases.writer import IDLE_SECONDS
from tests.attacks.linkage_population import population
from tests.attacks.linkage_rounds import (
    answer,
    drop,
    fresh_postgres,
    fresh_sqlite,
    opened,
    submit,
)
from tests.attacks.linkage_seals import left_in, salts_in
from tests.service import RunningService
from tests.walkthrough import go

PATIENCE = 30  # seconds; what waits for the dump would wait for ever


@pytest.fixture(params=["sqlite", "postgresql"])
def place(request, tmp_path):
    if request.param == "sqlite":
        made = fresh_sqlite(tmp_path)
    else:
        made = fresh_postgres(request.getfixturevalue("postgres"))
    yield made
    drop(made)


@contextmanager
def reading(place):
    """A transaction that sees the database as it is now."""
    if place.url.startswith("sqlite"):
        path = place.url.removeprefix("sqlite:///")
        reader = sqlite3.connect(f"file:{path}?mode=ro", uri=True, isolation_level=None)
        begin = "BEGIN"
    else:
        reader = psycopg.connect(place.url, autocommit=True)
        begin = "BEGIN ISOLATION LEVEL REPEATABLE READ"
    with closing(reader):
        reader.execute(begin)
        reader.execute("SELECT count(*) FROM statements").fetchall()
        yield


def salts_left(place, salts):
    """How many salts stand in the files of the live database."""
    return left_in(place.evidence().only(lambda name: name != "pg_wal").values(), salts)


def test_answers_are_taken_while_a_dump_reads_the_salts_and_the_service_tidies(postgres, tmp_path):
    place = fresh_postgres(postgres)
    people = population(20, seed=6)
    service = RunningService(place.url, tmp_path / "home")
    with service, service.client_of_a_new_account() as client, ThreadPoolExecutor() as pool:
        _, codes = opened(client, people)
        with psycopg.connect(place.url) as dump:
            dump.execute("LOCK TABLE salts IN ACCESS SHARE MODE")
            tidying = pool.submit(stages.close_due, service.deployment)
            answering = pool.submit(submit, service.url, people[0], codes[0])
            wait([tidying, answering], timeout=PATIENCE)
            before_the_dump_ends = answering.done(), tidying.done()
        status = answering.result()
    drop(place)

    assert before_the_dump_ends == (True, True)
    assert status == 201


@pytest.mark.parametrize("somebody_reads", [False, True], ids=["nobody reads", "somebody reads"])
def test_the_salt_is_gone_when_a_stage_is_closed_and_nobody_reads_any_more(
    place, tmp_path, somebody_reads
):
    people = population(40, seed=5)
    service = RunningService(place.url, tmp_path / "home")
    with service, service.client_of_a_new_account() as client:
        evaluation, codes = opened(client, people)
        answer(service.url, zip(people, codes, strict=True), at_once=True)
        salts = [salt for _, salt in salts_in(place.evidence())]
        if somebody_reads:
            with reading(place):
                go(client, evaluation, "surfacing")
                time.sleep(2 * IDLE_SECONDS)  # the writer takes its rest in vain
            stages.close_due(service.deployment)
        else:
            go(client, evaluation, "surfacing")

        assert len(salts) == 1
        assert salts_left(place, salts) == 0
