"""What an attacker who has every byte gets to see of a store: files, rows, hidden columns.

Nothing here knows what to look for. A piece of evidence is a file as bytes, or a row with all its
columns, the hidden ones among them; a row that is dead, but still on a page, is a row too.
"""

import json
import logging
import re
import sqlite3
import struct
import subprocess
import tempfile
import uuid
from contextlib import closing, contextmanager
from dataclasses import dataclass, field
from pathlib import Path

import psycopg
import psycopg.rows

_PAGE = 8192  # of a PostgreSQL file
_BESIDE = ("-wal", "-shm", "-journal")
_UUID = re.compile(r"[0-9a-fA-F]{8}-?(?:[0-9a-fA-F]{4}-?){3}[0-9a-fA-F]{12}")


@dataclass(frozen=True)
class Row:
    """One row of a table, one dead row on a page, or one line of a log."""

    table: str
    values: dict


@dataclass
class Evidence:
    """Everything that was found, by name."""

    files: dict[str, bytes] = field(default_factory=dict)
    rows: list[Row] = field(default_factory=list)

    def with_text(self, name, text):
        """The same evidence and a log or a transcript; each of its lines is a row."""
        lines = [
            Row(name, {"line": number, **{f"word {at}": word for at, word in enumerate(words)}})
            for number, words in enumerate(line.split() for line in text.splitlines())
        ]
        return Evidence({**self.files, name: text.encode()}, [*self.rows, *lines])

    def only(self, wanted):
        """The files whose names fulfil a condition."""
        return {name: content for name, content in self.files.items() if wanted(name)}


def plain(value):
    """One spelling for a value, however a database or a log writes it; None if it says nothing."""
    if isinstance(value, memoryview | bytearray):
        value = bytes(value)
    if isinstance(value, bytes):
        return value.hex()
    if isinstance(value, uuid.UUID):
        return value.hex
    if isinstance(value, str) and _UUID.fullmatch(value):
        return uuid.UUID(value).hex
    if isinstance(value, dict | list):
        return json.dumps(value, sort_keys=True)
    return None if value is None else str(value)


def of_sqlite(path):
    """Everything in and beside an SQLite file; the rows are read from a copy."""
    evidence = Evidence()
    with tempfile.TemporaryDirectory() as folder:
        # Whoever may write and closes the last connection empties the log; a reader must not.
        with closing(sqlite3.connect(f"file:{path}?mode=ro", uri=True)) as reader:
            reader.execute("BEGIN")
            reader.execute("SELECT count(*) FROM sqlite_master").fetchone()
            copies = copied([Path(f"{path}{end}") for end in ("", *_BESIDE)], folder)
        for copy in copies:
            evidence.files[f"file{copy.name.removeprefix(Path(path).name)}"] = copy.read_bytes()
        evidence.files["free pages"] = _free_pages(evidence.files["file"])
        (Path(folder) / f"{Path(path).name}-shm").unlink(missing_ok=True)
        with closing(sqlite3.connect(Path(folder) / Path(path).name)) as database:
            evidence.rows = list(_sqlite_rows(database))
    return evidence


def copied(paths, folder):
    """Copies of those of the files that are there.

    Another process makes them: closing a file gives up every lock that its process has on it.
    """
    there = [path for path in paths if path.exists()]
    subprocess.run(["cp", *there, folder], check=True)
    return [Path(folder) / path.name for path in there]


def _sqlite_rows(database):
    database.row_factory = sqlite3.Row
    tables = database.execute("SELECT name FROM sqlite_master WHERE type = 'table'").fetchall()
    for (table,) in tables:
        try:
            found = database.execute(f'SELECT rowid AS "hidden rowid", * FROM "{table}"')
        except sqlite3.OperationalError:  # it has none
            found = database.execute(f'SELECT * FROM "{table}"')
        for number, row in enumerate(found.fetchall()):
            yield Row(table, {**dict(row), "place in a scan": number})


def _free_pages(content):
    """The pages that the file does not use at the moment."""
    size = int.from_bytes(content[16:18], "big")
    size = 65536 if size == 1 else size
    trunk, pages = int.from_bytes(content[32:36], "big"), []
    while trunk:
        page = content[(trunk - 1) * size : trunk * size]
        trunk, leaves = struct.unpack(">II", page[:8])
        pages.append(page)
        pages += [
            content[(leaf - 1) * size : leaf * size]
            for leaf in struct.unpack(f">{leaves}I", page[8 : 8 + 4 * leaves])
        ]
    return b"".join(pages)


@dataclass(frozen=True)
class Server:
    """A PostgreSQL server on this machine, and where its write-ahead log stood at first."""

    url: str
    since: str

    @classmethod
    def now(cls, url):
        """The server as it is now: earlier parts of its log are of no concern."""
        with psycopg.connect(url, autocommit=True) as asking:
            asking.execute("SELECT pg_switch_wal()")
            return cls(url, _one(asking, "SELECT pg_walfile_name(pg_current_wal_lsn())"))

    def evidence(self):
        """Every file of the database, its log, its dump, and all rows, the dead among them."""
        found = Evidence()
        with psycopg.connect(self.url, autocommit=True) as asking:
            asking.execute("CHECKPOINT")
            folder = Path(_one(asking, "SHOW data_directory"))
            for name, path in _heap_files(asking, folder):
                found.files[name] = path.read_bytes()
            found.files["pg_wal"] = self._log(folder)
            server_log = folder / "log"
            found.files["server log"] = server_log.read_bytes() if server_log.is_file() else b""
            for table in _tables(asking):
                found.rows += _postgres_rows(asking, table)
                found.rows += carved(found.files[f"base {table}"], table, _width(asking, table))
            found.files["dump"] = _dump(self.url, folder)
        return found

    def _log(self, folder):
        segments = sorted(path for path in (folder / "pg_wal").iterdir() if path.is_file())
        contents = [path.read_bytes() for path in segments if path.name >= self.since]
        return b"".join(content.rstrip(b"\0") for content in contents)


def carved(content, table, columns):
    """The rows on the pages of a heap, alive, dead, or left over in the space between rows."""
    for page in range(0, len(content), _PAGE):
        starts = [
            at
            for at in range(page + 24, min(page + _PAGE, len(content)) - 24, 8)
            if _begins_row(content, at, columns)
        ]
        for at, end in zip(starts, [*starts[1:], page + _PAGE], strict=True):
            made, ended = struct.unpack("<II", content[at : at + 8])
            hidden = {"xmin": made, "xmax": ended, "offset": at, "raw": content[at:end]}
            yield Row(f"{table} (carved)", hidden)


def _begins_row(content, at, columns):
    """Whether the header of a row with so many columns seems to stand here."""
    made, _, _, block, _, _, width, _, header = struct.unpack("<IIIHHHHHB", content[at : at + 23])
    return made > 2 and block == 0 and width & 0x7FF == columns and header in (24, 32)


def _heap_files(asking, folder):
    """Each file of the database with a name for it, those that no table claims too."""
    known = asking.execute(
        "SELECT relname, pg_relation_filepath(oid) FROM pg_class"
        " WHERE pg_relation_filepath(oid) IS NOT NULL"
    ).fetchall()
    names = {Path(path).name: name for name, path in known if "base/" in path}
    number = _one(asking, "SELECT oid::text FROM pg_database WHERE datname = current_database()")
    for path in sorted((folder / "base" / number).iterdir()):
        stem, fork = re.fullmatch(r"([^_.]+)(.*)", path.name).groups()
        yield f"base {names.get(stem, stem)}{fork}", path


def _tables(asking):
    found = asking.execute("SELECT tablename FROM pg_tables WHERE schemaname = 'public'")
    return sorted(name for (name,) in found.fetchall())


def _width(asking, table):
    return _one(asking, f"SELECT relnatts FROM pg_class WHERE oid = 'public.\"{table}\"'::regclass")


def _postgres_rows(asking, table):
    with asking.cursor(row_factory=psycopg.rows.dict_row) as cursor:
        cursor.execute(
            f'SELECT ctid::text, xmin::text, xmax::text, cmin::text, t.* FROM public."{table}" AS t'
        )
        for number, row in enumerate(cursor.fetchall()):
            yield Row(table, {**row, "place in a scan": number})


def _dump(url, folder):
    """What a backup of the moment holds, made by the server's own program."""
    server = int((folder / "postmaster.pid").read_text().splitlines()[0])
    program = Path(f"/proc/{server}/exe").resolve().with_name("pg_dump")
    return subprocess.run(
        [program, "--inserts", f"--dbname={url}"], check=True, capture_output=True
    ).stdout


def _one(asking, query):
    return asking.execute(query).fetchone()[0]


class Lines(logging.Handler):
    """Everything that the service says to its logs, with what a careless formatter would add."""

    def __init__(self):
        super().__init__(logging.INFO)
        self.text = ""

    def emit(self, record):
        # The test's own client is not the service.
        if not record.name.startswith(("httpx", "httpcore")):
            self.text += f"{record.levelname} {record.name} {self.format(record)}\n"


@contextmanager
def listening():
    """What is logged meanwhile, at the level of production, by the server too.

    Nothing listens to `uvicorn.access`: its lines are written as soon as anybody does.
    """
    heard = Lines()
    loggers = [logging.getLogger(name) for name in (None, "uvicorn")]
    before = [(logger, logger.level) for logger in loggers]
    for logger, _ in before:
        logger.addHandler(heard)
        logger.setLevel(logging.INFO)
    try:
        yield heard
    finally:
        for logger, level in before:
            logger.removeHandler(heard)
            logger.setLevel(level)
