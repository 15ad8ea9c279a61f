"""Stores without the defences: each keeps one thing too much, and the attacker must find it.

They receive the same people in the same order as the service does.
"""

import hashlib
import json
import os
import random
import sqlite3
import uuid
from contextlib import closing
from datetime import UTC, datetime, timedelta

import psycopg

from app.scoring.waves import Column, blobs, encode
from app.security.sealing import seal
from tests.attacks.artefacts import Evidence, Row, of_sqlite
from tests.attacks.linkage_population import ITEMS, SHARES

_START = datetime(2027, 3, 1, 12, tzinfo=UTC)


def codes_of(people):
    """An access code for each."""
    chance = random.Random(1)
    return [chance.randbytes(12).hex() for _ in people]


def fingerprint(code):
    """The form in which these stores keep a code."""
    return hashlib.sha256(code.encode()).digest()


def marks(people):
    """What the attacker knows of everybody."""
    known = {fingerprint(code): person.place
             for code, person in zip(codes_of(people), people, strict=True)}  # fmt: skip
    return known | {person.address.encode(): person.place for person in people}


def with_a_time(folder, people):
    """Random keys and no hidden number, rewritten at the end; but each row has its time."""
    rows = [
        (_new_id(), _text(person), (_START + timedelta(seconds=7 * person.place)).isoformat())
        for person in people
    ]
    table = "answers (id TEXT PRIMARY KEY, body TEXT, created_at TEXT) WITHOUT ROWID"
    return _sqlite(folder, table, rows)


def with_a_rowid(folder, people):
    """An ordinary table with a random key, rewritten at the end."""
    rows = [(_new_id(), _text(person)) for person in people]
    return _sqlite(folder, "answers (id TEXT PRIMARY KEY, body TEXT)", rows)


def with_its_log(folder, people):
    """Random keys and no hidden number; but SQLite's log is still there, and nothing is sealed."""
    rows = [(_new_id(), _text(person)) for person in people]
    table = "answers (id TEXT PRIMARY KEY, body TEXT) WITHOUT ROWID"
    return _sqlite(folder, table, rows, tidy=False)


def with_an_access_log(folder, people):
    """Nothing in the file tells people apart; but a line was logged for each of them."""
    rows = [(_new_id(), _text(person)) for person in people]
    lines = [
        f"INFO {person.address} POST /v1/responses 201 {row[0]}\n"
        for person, row in zip(people, rows, strict=True)
    ]
    table = "answers (id TEXT PRIMARY KEY, body TEXT) WITHOUT ROWID"
    return _sqlite(folder, table, rows).with_text("access log", "".join(lines))


def with_a_visible_spend(place, people):
    """PostgreSQL: one transaction deletes the code and inserts the answer, in clear.

    Somebody reads all along, a backup say, so that dead rows stay on their pages.
    """
    with (
        psycopg.connect(place.url, autocommit=True) as store,
        psycopg.connect(place.url) as reader,
    ):
        reader.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ")
        reader.execute("SELECT 1")
        store.execute("CREATE TABLE tokens (code bytea) WITH (autovacuum_enabled = false)")
        store.execute("CREATE TABLE answers (id uuid, body text)")
        with store.cursor() as cursor, store.transaction():
            prints = sorted(fingerprint(code) for code in codes_of(people))
            cursor.executemany("INSERT INTO tokens VALUES (%s)", [(one,) for one in prints])
        for person, code in zip(people, codes_of(people), strict=True):
            with store.transaction():
                store.execute("DELETE FROM tokens WHERE code = %s", [fingerprint(code)])
                store.execute("INSERT INTO answers VALUES (%s, %s)", [uuid.uuid4(), _text(person)])
    return place.evidence()


def with_a_salt_left(place, people):
    """PostgreSQL: answers are sealed and deleted, but the salt was only overwritten with nothing.

    Returns:
        The evidence, the key outside the database, the salt, and the sealed rows.
    """
    key, salt, round_id = os.urandom(32), os.urandom(32), uuid.uuid4()
    closing_seal = seal(key, salt=salt, evaluation=round_id, stage="surveying")
    rows = [(row, closing_seal.close(_text(person).encode(), row=row))
            for person, row in zip(people, map(_row_key, people), strict=True)]  # fmt: skip
    with psycopg.connect(place.url, autocommit=True) as store:
        store.execute("CREATE TABLE rounds (id uuid, salt bytea)")
        store.execute("CREATE TABLE responses (key bytea, sealed bytea)")
        store.execute("INSERT INTO rounds VALUES (%s, %s)", [round_id, salt])
        with store.cursor() as cursor:
            cursor.executemany("INSERT INTO responses VALUES (%s, %s)", rows)
        store.execute("DELETE FROM responses")
        store.execute("UPDATE rounds SET salt = NULL")
    return place.evidence(), key, (round_id, salt), rows


def with_an_unsorted_wave(people):
    """The rows of a wave, in the order in which people came."""
    columns = [Column(item, ("answers", item), 1) for item in ITEMS]
    sheet = encode(columns, list(SHARES), [(person.group, person.body) for person in people])
    group_of_row, answers = blobs(sheet)
    values = {"name": "health", "columns": list(sheet.columns), "groups": list(sheet.groups)}
    row = Row("sheets", values | {"group_of_row": group_of_row, "answers": answers})
    return Evidence(rows=[row])


def _sqlite(folder, table, rows, *, tidy=True):
    path = folder / "control.sqlite"
    with closing(sqlite3.connect(path, isolation_level=None)) as store:
        store.execute("PRAGMA journal_mode = WAL")
        store.execute("PRAGMA secure_delete = ON")
        store.execute(f"CREATE TABLE {table}")
        for row in rows:
            places = ", ".join("?" * len(row))
            store.execute(f"INSERT INTO answers VALUES ({places})", row)
        if tidy:
            store.execute("VACUUM")
            store.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        return of_sqlite(path)


def _text(person):
    return json.dumps(person.body)


def _row_key(person):
    return hashlib.sha256(person.key.encode()).digest()


def _new_id():
    return str(uuid.uuid4())
