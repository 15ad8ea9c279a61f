"""Brings a database to the schema this version of the service knows."""

import sqlite3
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from alembic import command
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from psycopg.errors import LockNotAvailable
from sqlalchemy import Connection, Engine
from sqlalchemy.exc import OperationalError

from app.errors import Unavailable
from app.storage.database import Database

_APP = Path(__file__).parent.parent
_BETWEEN_SECONDS = 2.0
_LOCK = 0x504F4554  # "POET": one migration at a time on a shared PostgreSQL


def shipped(folder: str) -> Path:
    """A folder that comes with the service, installed or in a checkout."""
    installed = _APP / "_shipped" / folder
    return installed if installed.exists() else _APP.parent / folder


def config(connection: Connection | None = None) -> Config:
    """Alembic's configuration, on one open connection."""
    settings = Config()
    settings.set_main_option("script_location", str(shipped("migrations")))
    settings.attributes["connection"] = connection
    return settings


def migrate(database: Database, revision: str = "head", *, patience: float = 60.0) -> None:
    """Bring the schema to `revision`; nothing is left half done.

    Whoever waits for a table stands in the way of all who come later. So a table that somebody
    holds is let go after a second, and tried again after two, as long as `patience` (seconds).

    Raises:
        Unavailable: Somebody holds a table all the time; nothing was changed.
    """
    until = time.monotonic() + patience
    while not _upgraded(database, revision):
        if time.monotonic() >= until:
            raise Unavailable("Somebody holds a table that has to be changed; nothing was changed.")
        time.sleep(_BETWEEN_SECONDS)


def _upgraded(database: Database, revision: str) -> bool:
    """Whether the schema is at `revision`, or else a table was held."""
    try:
        with alone(database) as connection:
            command.upgrade(config(connection), revision)
    except OperationalError as failure:
        if not _held(failure.orig):
            raise
        return False
    return True


def _held(failure: object) -> bool:
    """Whether a table, or the whole of SQLite's file, was held by somebody else."""
    busy = getattr(failure, "sqlite_errorcode", None) == sqlite3.SQLITE_BUSY
    return busy or isinstance(failure, LockNotAvailable)


def downgrade(database: Database, revision: str) -> None:
    """Take the schema back to `revision`."""
    with alone(database) as connection:
        command.downgrade(config(connection), revision)


def current(database: Database) -> str | None:
    """The revision the database is at; None when it is empty."""
    with _connected(database.engine) as connection:
        return MigrationContext.configure(connection).get_current_revision()


def newest() -> str | None:
    """The revision this version of the service needs."""
    return ScriptDirectory.from_config(config()).get_current_head()


@contextmanager
def alone(database: Database) -> Iterator[Connection]:
    """One transaction to change the schema in, while nobody else does."""
    engine = database.engine.execution_options(writes=True)
    with _connected(engine) as connection, connection.begin():
        if connection.dialect.name == "postgresql":
            # Another migration is waited for, however long it takes; a busy table is not.
            connection.exec_driver_sql(f"SELECT pg_advisory_xact_lock({_LOCK})")
            connection.exec_driver_sql("SET LOCAL lock_timeout = '1s'")
        yield connection


@contextmanager
def _connected(engine: Engine) -> Iterator[Connection]:
    try:
        connection = engine.connect()
    except OperationalError as failure:
        raise Unavailable("The database cannot be reached.") from failure
    with connection:
        yield connection
