"""Nothing more fits on the disk: answers are turned away, none is half kept, and it recovers."""

import os
import subprocess
import tempfile
from contextlib import contextmanager, suppress
from pathlib import Path

import httpx
import psycopg
import pytest
import sqlalchemy as sa

from tests.drills.processes import open_survey, served
from tests.drills.respondents import answer, included, stored
from tests.walkthrough import new_key

PEOPLE = 30


@contextmanager
def no_file_grows(poet):
    """The service may not make its files larger."""
    poet.may_write(1)
    yield
    poet.may_write(None)


@contextmanager
def no_room(folder):
    """The file system of a folder is full."""
    filling = folder / "filling"
    with filling.open("wb", buffering=0) as file, suppress(OSError):
        while file.write(b"\0" * 4096):
            pass
    yield
    filling.unlink()


@pytest.fixture
def small_disk():
    """A file system of some megabytes, where PostgreSQL may come too."""
    folder = Path(tempfile.mkdtemp(prefix="poet-disk-"))
    folder.chmod(0o755)
    mounting = ["mount", "-t", "tmpfs", "-o", "size=32m", "tmpfs", folder]
    try:
        done = subprocess.run(mounting, check=False, capture_output=True)
    except FileNotFoundError:
        pytest.skip("there is no mount")
    if done.returncode:
        pytest.skip("file systems may not be mounted here")
    yield folder
    subprocess.run(["umount", folder], check=True)
    folder.rmdir()


@pytest.fixture
def small_postgres(postgres, small_disk):
    """The address of a PostgreSQL database whose tables are on a small disk."""
    name = "on_a_small_disk"
    with psycopg.connect(postgres, autocommit=True) as operator:
        where = Path(operator.execute("SHOW data_directory").fetchone()[0])
        tables = small_disk / "tables"
        tables.mkdir()
        os.chown(tables, where.stat().st_uid, where.stat().st_gid)
        operator.execute(f"CREATE TABLESPACE {name} LOCATION '{tables}'")
        operator.execute(f"CREATE DATABASE {name} TABLESPACE {name}")
        yield sa.make_url(postgres).set(database=name).render_as_string(hide_password=False)
        operator.execute(f"DROP DATABASE {name} WITH (FORCE)")
        operator.execute(f"DROP TABLESPACE {name}")


def ready(poet):
    """What whoever spreads the load is told."""
    return httpx.get(f"{poet.address}/readyz").status_code


def drill(poet, full):
    """What people are told when the disk is full, and what those are told who try again."""
    with poet.machine() as client:
        _, codes = open_survey(client, PEOPLE)
    letters = [(new_key(), code) for code in codes]
    with httpx.Client(base_url=poet.address, timeout=60, verify=False) as client:
        before = [answer(client, *letter).status_code for letter in letters[:10]]
        with full:
            during = [answer(client, *letter) for letter in letters[10:]]
            kept, readiness = stored(poet), ready(poet)
        turned_away = [
            letter
            for letter, reply in zip(letters[10:], during, strict=True)
            if reply.status_code == 503
        ]
        after = [answer(client, *letter).status_code for letter in turned_away]
    assert before == [201] * 10
    assert turned_away, "it was full"
    assert {reply.status_code for reply in during} <= {201, 503}
    assert all(int(reply.headers["Retry-After"]) > 0 for reply in during if reply.is_error)
    assert kept == (PEOPLE - len(turned_away), len(turned_away))
    assert (readiness, ready(poet)) == (503, 200)
    assert after == [201] * len(turned_away)
    assert included(poet.address, [key for key, _ in letters]) == {key for key, _ in letters}
    assert stored(poet) == (PEOPLE, 0)


@pytest.mark.parametrize("url", ["sqlite"], indirect=True)
def test_when_no_file_may_grow_nothing_is_half_kept_and_it_recovers(url, tmp_path):
    with served(url, tmp_path / "home") as poet:
        drill(poet, no_file_grows(poet))


def test_when_the_disk_is_full_nothing_is_half_kept_and_it_recovers(small_disk):
    with served(f"sqlite:///{small_disk / 'poet.sqlite'}", small_disk / "home") as poet:
        drill(poet, no_room(small_disk))


def test_when_the_disk_of_postgresql_is_full_nothing_is_half_kept_and_it_recovers(
    small_postgres, small_disk, tmp_path
):
    with served(small_postgres, tmp_path / "home") as poet:
        drill(poet, no_room(small_disk))
