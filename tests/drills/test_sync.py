"""Every 201 is sent after a sync to the disk that began after the one before, seen from outside."""

import re
import shutil
import signal
import subprocess
import time
from contextlib import contextmanager

import httpx
import psycopg
import pytest

from tests.drills.controls import acknowledges_before_it_is_on_disk
from tests.drills.processes import open_survey, served
from tests.drills.respondents import answer
from tests.walkthrough import new_key

SENT = re.compile(r'"HTTP/1\.1 201')
SYNCED = re.compile(r"(fsync|fdatasync)(\(.*| resumed>.*)\) += 0$")
CALLS = "trace=fsync,fdatasync,sendto,sendmsg,write,writev"
ANSWERS = 25
ATTACH_SECONDS = 20

pytestmark = pytest.mark.skipif(not shutil.which("strace"), reason="strace is not installed")


@contextmanager
def observed(processes, folder):
    """The calls of some processes to the system, line by line, once it is left."""
    path, calls = folder / "calls", []
    which = [part for process in processes for part in ("-p", str(process))]
    watching = subprocess.Popen(
        ["strace", "-f", "-o", path, "-e", CALLS, "-e", "signal=none", *which],
        stderr=subprocess.PIPE,
        text=True,
    )
    attached = watching.stderr.readline()
    if "attached" not in attached:
        watching.wait(ATTACH_SECONDS)
        pytest.skip(f"processes may not be observed here: {attached.strip()}")
    time.sleep(0.2)
    try:
        yield calls
    finally:
        watching.send_signal(signal.SIGINT)
        watching.wait(ATTACH_SECONDS)
        watching.stderr.close()
        calls += path.read_text(errors="replace").splitlines()


def syncs_before_each_reply(calls):
    """How many syncs ended between each 201 and the one before."""
    counts, since = [], 0
    for call in calls:
        if SYNCED.search(call):
            since += 1
        if SENT.search(call):
            counts.append(since)
            since = 0
    return counts


def writing_for(poet):
    """The processes that write what the service keeps: itself, or those of PostgreSQL."""
    if poet.url.startswith("sqlite"):
        return [poet.process.pid]
    with psycopg.connect(poet.url) as asking:
        others = asking.execute(
            "SELECT pid FROM pg_stat_activity WHERE pid <> pg_backend_pid()"
            " AND (datname = current_database() OR backend_type = 'walwriter')"
        )
        return [poet.process.pid, *(pid for (pid,) in others)]


def drill(poet, folder):
    """How many syncs there were before each 201."""
    with poet.machine() as client:
        _, codes = open_survey(client, ANSWERS + 1)
    with httpx.Client(base_url=poet.address, timeout=60, verify=False) as client:
        first = answer(client, new_key(), codes[0]).status_code
        with observed(writing_for(poet), folder) as calls:
            statuses = [answer(client, new_key(), code).status_code for code in codes[1:]]
    assert {first, *statuses} == {201}
    return syncs_before_each_reply(calls)


def test_no_answer_is_acknowledged_before_it_is_on_disk(poet, tmp_path):
    counts = drill(poet, tmp_path)

    assert len(counts) == ANSWERS
    assert min(counts) >= 1


@pytest.mark.parametrize("url", ["sqlite"], indirect=True)
def test_a_service_that_leaves_it_to_the_system_is_found(url, tmp_path):
    serve = acknowledges_before_it_is_on_disk
    with served(url, tmp_path / "home", serve=serve) as poet:
        counts = drill(poet, tmp_path)

    assert len(counts) == ANSWERS
    assert min(counts) == 0
