"""The connection to SQLite or PostgreSQL, and the base of every table."""

import sqlite3
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager, suppress
from datetime import UTC, datetime
from typing import Any, ClassVar

import psycopg
from psycopg.errors import LockNotAvailable
from sqlalchemy import (
    JSON,
    Connection,
    DateTime,
    Dialect,
    Engine,
    LargeBinary,
    MetaData,
    create_engine,
    event,
    text,
)
from sqlalchemy.exc import OperationalError
from sqlalchemy.orm import DeclarativeBase, Session
from sqlalchemy.types import TypeDecorator

from app.errors import Unavailable

__all__ = ["Connection", "Database", "Instant", "Session", "Table"]

_SQLITE_SETTINGS = (
    "PRAGMA journal_mode = WAL",
    # NORMAL was seen to acknowledge a commit before it was on disk.
    "PRAGMA synchronous = FULL",
    "PRAGMA foreign_keys = ON",
    # What is deleted is overwritten: a spent token leaves nothing behind in the file.
    "PRAGMA secure_delete = ON",
)
_KEPT_OPEN = 20  # connections: opening one for a single read costs as much as several reads
_LARGE = "CREATE TABLE probe AS SELECT zeroblob(65536) AS written"


class Instant(TypeDecorator[datetime]):
    """A moment, stored and read as UTC on both databases."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """Store UTC; a moment without a zone is refused."""
        if value is not None and value.tzinfo is None:
            raise ValueError("a moment needs its time zone")
        return value and value.astimezone(UTC)

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """Read UTC; SQLite returns it without a zone."""
        return value and (value.replace(tzinfo=UTC) if value.tzinfo is None else value)


class Table(DeclarativeBase):
    """The base of every stored record."""

    metadata = MetaData(
        naming_convention={
            "ix": "ix_%(column_0_label)s",
            "uq": "uq_%(table_name)s_%(column_0_name)s",
            "ck": "ck_%(table_name)s_%(constraint_name)s",
            "fk": "fk_%(table_name)s_%(column_0_name)s",
            "pk": "pk_%(table_name)s",
        }
    )
    type_annotation_map: ClassVar[dict[Any, Any]] = {
        datetime: Instant,
        bytes: LargeBinary,
        dict[str, Any]: JSON,
        list[Any]: JSON,
    }


def _nothing_is_noted(session: Session) -> None:
    if session.info:
        raise RuntimeError("this database keeps no ledgers, and something was noted for them")


class Database:
    """Opens transactions on one database.

    A transaction that writes says so at its start: SQLite then takes the write lock at once, where
    taking it later would fail whenever somebody else wrote in between.

    Args:
        url: Where it is.
        before_commit: What is done last in every transaction that writes.
    """

    def __init__(
        self, url: str, *, before_commit: Callable[[Session], None] = _nothing_is_noted
    ) -> None:
        self.engine = _engine(url)
        self._before_commit = before_commit
        self._writing_engine = self.engine.execution_options(writes=True)

    @contextmanager
    def reading(self) -> Iterator[Session]:
        """A transaction that changes nothing."""
        with _patient(), Session(self.engine) as session:
            yield session

    @contextmanager
    def writing(self) -> Iterator[Session]:
        """A transaction that is committed when its block ends well, and undone otherwise.

        Raises:
            Unavailable: The database is busy, or gave this transaction up for another.
        """
        with _patient(), Session(self._writing_engine) as session, session.begin():
            yield session
            if session.in_transaction():
                self._before_commit(session)

    @contextmanager
    def batch(self) -> Iterator[Connection]:
        """A transaction that writes, without a session: for what every answer waits for.

        Raises:
            Unavailable: As `writing`.
        """
        with _patient(), self._writing_engine.begin() as connection:
            yield connection

    def probe(self) -> None:
        """Try a write that takes room on the disk, and undo it.

        What is undone takes none by itself: SQLite would keep it in memory, so it is given hardly
        any; PostgreSQL makes a file for a table that has a row.

        Raises:
            Unavailable: The database cannot be written.
        """
        if self.engine.dialect.name == "sqlite":
            with _patient():
                self._alone("PRAGMA cache_size = 1", "BEGIN IMMEDIATE", _LARGE, "ROLLBACK")
            return
        with self.writing() as session:
            session.execute(text("CREATE TEMPORARY TABLE probe AS SELECT 1 AS written"))
            session.rollback()

    def tidy(self) -> None:
        """Forget what a closed stage left behind: SQLite's log, PostgreSQL's dead rows."""
        if self.engine.dialect.name == "sqlite":
            self.truncate_log()
        else:
            # The salts are written anew: a plain VACUUM leaves the bytes of a dead row on disk.
            # A dump that reads them is not waited for: answers would wait behind us.
            with suppress(LockNotAvailable):
                self._alone(
                    "VACUUM tokens, responses", "SET lock_timeout = '1s'", "VACUUM FULL salts"
                )

    def copy_log(self) -> None:
        """Bring what stands in SQLite's write-ahead log into its place, while others write on.

        SQLite would do it inside every commit that finds a thousand pages in the log, and let
        everybody who answers then wait; so this is for another thread, and a commit does it only
        when nobody else did.
        """
        if self.engine.dialect.name == "sqlite":
            with closing(self.engine.raw_connection()) as connection:
                connection.execute("PRAGMA wal_checkpoint(PASSIVE)")

    def truncate_log(self) -> None:
        """Empty SQLite's write-ahead log, where rows stand in the order they came.

        A reader in its way is not waited for; the next time does it.
        """
        if self.engine.dialect.name == "sqlite":
            self._alone("PRAGMA busy_timeout = 0", "PRAGMA wal_checkpoint(TRUNCATE)")

    def _alone(self, *statements: str) -> None:
        """Run statements outside a transaction, on a connection that is not used again."""
        connection = self.engine.raw_connection()
        try:
            if self.engine.dialect.name == "postgresql":
                connection.driver_connection.autocommit = True  # type: ignore[union-attr]
            cursor = connection.cursor()
            for statement in statements:
                cursor.execute(statement)
            cursor.close()
        finally:
            connection.invalidate()
            connection.close()

    def dispose(self) -> None:
        """Close every connection."""
        self.engine.dispose()


@contextmanager
def _patient() -> Iterator[None]:
    """Turn a busy database, or a deadlock broken at our cost, into a refusal to be retried."""
    try:
        yield
    except (OperationalError, sqlite3.OperationalError, psycopg.OperationalError) as failure:
        raise Unavailable from failure


def _engine(url: str) -> Engine:
    if url.startswith("postgresql://"):
        return create_engine(
            url.replace("postgresql://", "postgresql+psycopg://", 1), pool_size=_KEPT_OPEN
        )
    if not url.startswith("sqlite:///"):
        raise ValueError("POET_DATABASE_URL starts with sqlite:/// or postgresql://")
    engine = create_engine(url, pool_size=_KEPT_OPEN, connect_args={"timeout": 10})
    event.listen(engine, "connect", _prepare_sqlite)
    event.listen(engine, "begin", _begin_sqlite)
    return engine


def _prepare_sqlite(connection: Any, _record: Any) -> None:
    # The driver's own transactions begin too late; `_begin_sqlite` begins them.
    connection.isolation_level = None
    for setting in _SQLITE_SETTINGS:
        connection.execute(setting)


def _begin_sqlite(connection: Connection) -> None:
    writes = connection.get_execution_options().get("writes", False)
    driver: Any = connection.connection.driver_connection
    driver.execute("BEGIN IMMEDIATE" if writes else "BEGIN")
