"""What a batch of submissions asks of the database, in as few statements as there can be.

They are plain SQL and the driver runs them: through SQLAlchemy each costs as much as ten of them,
and one respondent who answers alone waits for all. Lists of values are filled up to a power of two,
so that there are few texts of a statement, which both drivers keep prepared.
"""

import uuid
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import lru_cache
from typing import Any

from sqlalchemy import Connection

from app.storage.responses import Known
from app.storage.tokens import Right

# {} is a list of values.
_LOOK_UP = """
SELECT 0, fingerprint, evaluation_id, audience, cell, NULL FROM tokens WHERE fingerprint IN ({})
UNION ALL SELECT 1, key, evaluation_id, NULL, NULL, sealed FROM responses WHERE key IN ({})
UNION ALL SELECT 1, key, evaluation_id, NULL, NULL, NULL FROM closed_keys WHERE key IN ({})
"""
_OPENED = """
SELECT id, stage, closes_at, number, CAST(design AS TEXT), CAST(organisations AS TEXT)
FROM evaluations WHERE id IN ({}) ORDER BY id
"""
_HELD = {"sqlite": ("", ""), "postgresql": (" FOR SHARE", " FOR UPDATE")}
_SALT = "SELECT evaluation_id, salt FROM salts WHERE evaluation_id IN ({})"
_SPEND = "DELETE FROM tokens WHERE fingerprint IN ({})"
_ADD = "INSERT INTO responses (key, evaluation_id, sealed) VALUES ({}, {}, {})"
_PLACE = {"sqlite": "?", "postgresql": "%s"}
_MOST_TEXTS = 128


@dataclass(frozen=True, repr=False)
class Opened:
    """An evaluation to whoever answers it.

    Attributes:
        asks: Two of the same evaluation and stage are equal while it asks the same.
        salt: While a stage is open.
    """

    id: uuid.UUID
    stage: str
    closes_at: datetime | None
    sandbox: bool
    asks: tuple[str, str | None]
    salt: bytes | None


def look_up(
    connection: Connection, *, tokens: Collection[bytes], keys: Collection[bytes]
) -> tuple[dict[bytes, Right], dict[bytes, Known]]:
    """What those of the tokens that are live allow, and those of the keys that were used before.

    One statement, so that both are of one moment: a submission that another process commits
    meanwhile has both spent its token and used its key, or neither.
    """
    held: dict[bytes, Right] = {}
    known: dict[bytes, Known] = {}
    found = _run(connection, _LOOK_UP, tokens, keys, keys)
    for of_key, name, evaluation, audience, cell, sealed in found:
        if of_key:
            known[name] = Known(_id(evaluation), sealed)
        else:
            held[name] = Right(_id(evaluation), audience, cell)
    return held, known


def opened(
    connection: Connection, ids: Collection[uuid.UUID], *, alone: bool = False
) -> dict[uuid.UUID, Opened]:
    """These evaluations, held so that none is closed before this transaction ends.

    With `alone`, nobody else answers them or gives places away meanwhile.
    """
    if not ids:
        return {}
    stored = _stored(connection, ids).values()
    rows = _run(connection, _OPENED + _HELD[connection.dialect.name][alone], stored).fetchall()
    # Only once they are held: a join would show the salt of before beside the stage of after.
    salts = dict(_run(connection, _SALT, stored).fetchall())
    return {
        (of := _id(name)): Opened(
            of, stage, _moment(closes_at), number < 0, (design, organisations), salts.get(name)
        )
        for name, stage, closes_at, number, design, organisations in rows
    }


def spend(connection: Connection, fingerprints: Collection[bytes]) -> int:
    """Use tokens up; how many were still there to be used."""
    return _run(connection, _SPEND, fingerprints).rowcount if fingerprints else 0


def add(
    connection: Connection, evaluation_of: Mapping[bytes, uuid.UUID], sealed: Mapping[bytes, bytes]
) -> None:
    """Keep sealed answers, in the order of `sealed`."""
    ids = _stored(connection, evaluation_of.values())
    rows = [(key, ids[evaluation_of[key]], content) for key, content in sealed.items()]
    statement = _text(_ADD, _PLACE[connection.dialect.name], 1)
    connection.connection.cursor().executemany(statement, rows)


def _run(connection: Connection, statement: str, *lists: Collection[Any]) -> Any:
    """The driver's cursor with the results of a statement, with a list for each of its places."""
    size = 1 << (max(map(len, lists)) - 1).bit_length()
    text = _text(statement, _PLACE[connection.dialect.name], size)
    driver: Any = connection.connection.driver_connection
    return driver.execute(text, [value for some in lists for value in _filled(some, size)])


@lru_cache(_MOST_TEXTS)
def _text(statement: str, place: str, size: int) -> str:
    """A statement with so many places for values in each of its lists."""
    return statement.replace("{}", ", ".join([place] * size))


def _filled(values: Collection[Any], size: int) -> list[Any]:
    """The values, the last one as often as there is room left; where there is none, nothing's."""
    given = list(values)
    return given + [given[-1] if given else b""] * (size - len(given))


def _stored(connection: Connection, ids: Iterable[uuid.UUID]) -> dict[uuid.UUID, uuid.UUID | str]:
    """Ids as the database keeps them: SQLite as text."""
    native = connection.dialect.name == "postgresql"
    return {one: one if native else one.hex for one in set(ids)}


@lru_cache
def _id(stored: str | uuid.UUID) -> uuid.UUID:
    """An id that was kept."""
    return uuid.UUID(stored) if isinstance(stored, str) else stored


@lru_cache
def _moment(stored: str | datetime | None) -> datetime | None:
    """A moment, which SQLite keeps as text in UTC."""
    if isinstance(stored, str):
        return datetime.fromisoformat(stored).replace(tzinfo=UTC)
    return stored
