"""Migrations: there and back without a difference, on both databases, whoever runs them at once."""

import ast
import subprocess
import sys
import time
from concurrent.futures import ThreadPoolExecutor

import psycopg
import pytest
from alembic import command
from alembic.script import ScriptDirectory

from app.errors import Unavailable
from app.storage import schema, tables  # noqa: F401 - registers every table
from app.storage.database import Database, Table

LONGEST_REVISION = 32  # what Alembic's own table holds
SCRIPTS = ScriptDirectory.from_config(schema.config())
VERSIONS = sorted((schema.shipped("migrations") / "versions").glob("*.py"))
# SQLite would number their rows in order of arrival.
WITHOUT_ROWID = {"tokens", "responses", "closed_keys", "statements"}
MIGRATE = """
import sys
from app.storage import schema
from app.storage.database import Database

schema.migrate(Database(sys.argv[1]))
"""
# Everything that distinguishes two schemas, the order of columns apart.
ON_POSTGRESQL = """
    SELECT 'column', table_name, column_name, data_type, is_nullable, column_default
      FROM information_schema.columns WHERE table_schema = 'public'
     UNION ALL
    SELECT 'constraint', conrelid::regclass::text, conname, pg_get_constraintdef(oid), '', ''
      FROM pg_constraint WHERE connamespace = 'public'::regnamespace
     UNION ALL
    SELECT 'index', tablename, indexname, indexdef, '', ''
      FROM pg_indexes WHERE schemaname = 'public'
     UNION ALL
    SELECT 'other', relname, relkind::text, '', '', ''
      FROM pg_class WHERE relnamespace = 'public'::regnamespace AND relkind NOT IN ('r', 'i')
     UNION ALL
    SELECT 'type', typname, typtype::text, '', '', ''
      FROM pg_type WHERE typnamespace = 'public'::regnamespace AND typtype IN ('e', 'd')
"""
# A schema whose upgrade changes tables, and such tables.
BEFORE, CHANGED = "0004_call_webhooks", ("partnerships", "evaluations")
NO_ROWID = "WITHOUT ROWID"
ON_SQLITE = "SELECT name, sql FROM sqlite_master"


@pytest.fixture
def database(url):
    """An empty database of each kind."""
    opened = Database(url)
    yield opened
    opened.dispose()


def described(database):
    """Everything that the schema holds, Alembic's own table apart."""
    on_sqlite = database.engine.dialect.name == "sqlite"
    with database.engine.connect() as connection:
        rows = connection.exec_driver_sql(ON_SQLITE if on_sqlite else ON_POSTGRESQL).all()
    return {tuple(row) for row in rows if not any("alembic_version" in str(cell) for cell in row)}


def without_rowid(database):
    return {name for name, sql in described(database) if (sql or "").rstrip().endswith(NO_ROWID)}


def test_down_and_up_again_leaves_no_difference(database):
    schema.migrate(database)
    at_first = described(database)

    schema.downgrade(database, "base")
    schema.migrate(database)

    assert at_first
    assert described(database) == at_first
    assert schema.current(database) == schema.newest()


def test_down_to_nothing_leaves_nothing(database):
    schema.migrate(database)

    schema.downgrade(database, "base")

    assert described(database) == set()
    assert schema.current(database) is None


def test_migrations_and_tables_say_the_same(database):
    schema.migrate(database)

    with database.engine.begin() as connection:
        command.check(schema.config(connection))


def test_migrations_and_tables_say_the_same_of_constraints_too(new_postgres):
    migrated, declared = Database(new_postgres()), Database(new_postgres())

    schema.migrate(migrated)
    Table.metadata.create_all(declared.engine)

    assert described(migrated) == described(declared)
    migrated.dispose()
    declared.dispose()


def test_no_order_of_arrival_is_kept_even_after_down_and_up(tmp_path):
    database = Database(f"sqlite:///{tmp_path / 'poet.sqlite'}")

    schema.migrate(database)
    at_first = without_rowid(database)
    schema.downgrade(database, "base")
    schema.migrate(database)

    assert at_first == without_rowid(database) == WITHOUT_ROWID


def test_processes_that_migrate_at_once_all_succeed(url, database):
    running = [subprocess.Popen([sys.executable, "-c", MIGRATE, url]) for _ in range(2)]

    assert [process.wait(timeout=60) for process in running] == [0, 0]
    assert schema.current(database) == schema.newest()


def hold(connection, *names):
    """Hold tables as a transaction does that reads them and goes on for long."""
    connection.execute(f"LOCK TABLE {', '.join(names)} IN ACCESS SHARE MODE")


def test_a_table_that_is_held_is_not_waited_for_at_the_cost_of_all_others(new_postgres):
    url = new_postgres()
    database = Database(url)
    schema.migrate(database, BEFORE)
    impatient = psycopg.connect(url, options="-c statement_timeout=20s")
    with psycopg.connect(url) as reader, impatient as other:
        hold(reader, *CHANGED)
        with ThreadPoolExecutor(1) as pool:
            migrating = pool.submit(schema.migrate, database, patience=0)
            time.sleep(0.3)
            other.execute(f"SELECT count(*) FROM {CHANGED[0]}")
            with pytest.raises(Unavailable, match="unavailable") as refused:
                migrating.result()

    assert "holds a table" in refused.value.in_language("en")
    assert schema.current(database) == BEFORE
    database.dispose()


def test_a_table_that_is_held_for_a_while_is_changed_afterwards(new_postgres):
    url = new_postgres()
    database = Database(url)
    schema.migrate(database, BEFORE)
    with ThreadPoolExecutor(1) as pool:
        with psycopg.connect(url) as reader:
            hold(reader, *CHANGED)
            migrating = pool.submit(schema.migrate, database)
            time.sleep(1.5)
            assert not migrating.done()
        migrating.result()

    assert schema.current(database) == schema.newest()
    database.dispose()


def test_there_is_one_newest_schema():
    assert len(SCRIPTS.get_heads()) == 1


@pytest.mark.parametrize("file", VERSIONS, ids=lambda file: file.stem)
def test_a_migration_is_numbered_and_says_what_it_does(file):
    module = ast.parse(file.read_text())
    said = (ast.get_docstring(module) or "").splitlines()[0]

    script = SCRIPTS.get_revision(file.stem)

    assert script.revision == file.stem
    assert len(file.stem) <= LONGEST_REVISION
    assert file.stem.startswith(f"{VERSIONS.index(file) + 1:04}_")
    assert said[0].isupper()
    assert said.endswith(".")
