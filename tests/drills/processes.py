"""`poet serve` as a process of its own, to be killed and started again.

The processes are forked from one that has imported the command already: a start takes no longer
than the service itself needs for it.
"""

import json
import multiprocessing
import os
import resource
import socket
import sys
import time
from contextlib import contextmanager
from pathlib import Path

import httpx
import psutil
import psycopg

from app import cli
from app.storage import schema
from app.storage.database import Database
from app.use_cases import accounts
from tests.service import Clock, Machine
from tests.walkthrough import go, issue, plan, register

FORKED = multiprocessing.get_context("forkserver")
FORKED.set_forkserver_preload(["app.cli"])
ACCOUNT = "Northshire"
START_SECONDS, STOP_SECONDS = 120, 45
STARTED = "Application startup complete"


def command(arguments, environment, output):
    """Run a command of `poet` in this process, its output in a file."""
    into(output)
    os.environ.update(environment)
    sys.exit(cli.main(arguments))


def into(output):
    """Let this process write to a file."""
    written = os.open(output, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
    os.dup2(written, 1)
    os.dup2(written, 2)
    sys.stdin = None  # it cannot be passed on to workers


class Poet:
    """One deployment: a database, a home, and the processes that are started on them.

    Args:
        url: Address of its database.
        home: Its folder.
        workers: How many processes serve; beyond one, another starts them and sees to them.
        settings: What else is set in its environment.
        serve: What is run to serve; a control runs something else.
    """

    def __init__(self, url, home, *, workers=1, serve=command, **settings):
        self.url, self.home, self._serve = url, Path(home), serve
        self._workers = workers
        self.home.mkdir(mode=0o700, exist_ok=True)
        self._environment = {"POET_HOME": str(home), "POET_DATABASE_URL": url} | settings
        self.port, self.process = _free_port(), None
        self.log = self.home / "service.log"

    @property
    def address(self):
        return f"http://127.0.0.1:{self.port}"

    def start(self):
        """Start to serve, and wait until every worker does."""
        arguments = ["serve", "--workers", str(self._workers), "--port", str(self.port)]
        with self._starting(self._workers):
            self.process = self._process(self._serve, arguments, self.log)
        # It says that it serves a moment before it listens.
        with httpx.Client(transport=httpx.HTTPTransport(retries=6)) as client:
            assert client.get(f"{self.address}/readyz").status_code == 200
        return self

    @contextmanager
    def _starting(self, count):
        """Wait until so many more processes serve than before."""
        before, until = self._begun(), time.monotonic() + START_SECONDS
        yield
        while self._begun() < before + count:
            waiting = time.monotonic() < until and self.process.is_alive()
            assert waiting, f"the service did not start: {self.log.read_text()}"
            time.sleep(0.02)

    def _begun(self):
        """How many processes have said that they serve."""
        return self.log.read_text().count(STARTED) if self.log.exists() else 0

    def workers(self):
        """The processes that serve."""
        itself = psutil.Process(self.process.pid)
        beside = (one for one in itself.children() if any("spawn_main" in w for w in one.cmdline()))
        return list(beside) if self._workers > 1 else [itself]

    def kill(self):
        """End it at once with all its workers, as a loss of power does."""
        if self.process.is_alive():
            itself = psutil.Process(self.process.pid)
            workers = itself.children(recursive=True)
            itself.kill()  # first: it would start the others anew
            for worker in workers:
                worker.kill()
            psutil.wait_procs(workers, timeout=STOP_SECONDS)
        self.process.join()

    def kill_one(self, chance):
        """End one of the processes that serve at once, and wait until there are as many again."""
        if self._workers == 1:
            self.kill()
            self.start()
        else:
            with self._starting(1):
                chance.choice(self.workers()).kill()

    def stop(self):
        """End it as an operator does; its exit code."""
        self.process.terminate()
        self.process.join(STOP_SECONDS)
        return self.process.exitcode

    def run(self, *arguments):
        """Run another command to its end; what it said."""
        code, lines = self._run(arguments)
        assert code == 0, lines
        return json.loads(lines[-1])

    def refused(self, *arguments):
        """Run a command that has to refuse; why it does."""
        code, lines = self._run(arguments)
        assert code == 1, lines
        return lines[-1]

    def _run(self, arguments):
        output = self.home / "command.log"
        output.unlink(missing_ok=True)
        process = self._process(command, list(arguments), output, **programs(self.url))
        process.join(START_SECONDS)
        return process.exitcode, output.read_text().splitlines()

    def _process(self, target, arguments, output, **more):
        environment = self._environment | more
        process = FORKED.Process(target=target, args=(arguments, environment, output))
        process.start()
        return process

    def may_write(self, size):
        """Let no file of the process grow beyond a size, as on a full disk; None for any size."""
        most = resource.RLIM_INFINITY
        limits = (most if size is None else size, most)
        resource.prlimit(self.process.pid, resource.RLIMIT_FSIZE, limits)

    def database(self):
        """The database, opened by the test itself."""
        return Database(self.url)

    def credential(self):
        """The id and secret of a new client."""
        database = self.database()
        with database.writing() as session:
            made = accounts.add_client(session, ACCOUNT)
        database.dispose()
        return str(made.client), made.secret

    def machine(self):
        """A new client, which may do everything."""
        return Machine(self.address, self.credential(), Clock())


@contextmanager
def served(url, home, **how):
    """A deployment on an empty database, serving; whatever is left of it is ended."""
    database = Database(url)
    schema.migrate(database)
    with database.writing() as session:
        accounts.add_account(session, ACCOUNT)
    database.dispose()
    poet = Poet(url, home, **how)
    try:
        yield poet.start()
    finally:
        poet.kill()


def programs(url):
    """Where to find PostgreSQL's client programs that are as new as the server."""
    if url.startswith("sqlite"):
        return {}
    with psycopg.connect(url) as asking:
        folder = Path(asking.execute("SHOW data_directory").fetchone()[0])
    server = int((folder / "postmaster.pid").read_text().splitlines()[0])
    beside = Path(f"/proc/{server}/exe").resolve().parent
    return {"PATH": os.pathsep.join([str(beside), os.environ["PATH"]])}


def open_survey(client, people):
    """An evaluation that is open, and a token for each of its people."""
    one = {"code": "trust", "name": "Trust", "sector": "nhs", "headcount": people}
    evaluation = plan(client, register(client, organisations=[one]))
    go(client, evaluation, "surveying")
    return evaluation, issue(client, evaluation, "staff", "trust", people)


def _free_port():
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        return free.getsockname()[1]
