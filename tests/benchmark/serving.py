"""A contender in a process of its own, and the load that is put on it."""

import json
import os
import re
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.parse
import urllib.request
from contextlib import contextmanager
from pathlib import Path

HERE = Path(__file__).parent
LINE = 40  # bytes of a respondent's line: 16 of token, a blank, 22 of key, the end
RATE = 10_000  # answers a second that no contender will reach on two cores


class Served:
    """A contender that listens."""

    def __init__(self, port):
        self.url = f"http://127.0.0.1:{port}"

    def answered(self, letters, body, *, clients, seconds, path="/v1/responses"):
        """Let respondents answer: answers a second, 50th and 99th percentile in milliseconds."""
        threads = min(clients, 2)
        each = int(RATE * seconds / threads)
        told = {"RESPONDENTS": letters.path, "FIRST": letters.take(threads * each), "SLICE": each}
        return self._wrk("submit.lua", clients, seconds, told | {"BODY": body, "PATHNAME": path})

    def fetched(self, path, headers, *, clients, seconds):
        """Let machines read a document."""
        told = {"PATHNAME": path, "HEADERS": "\n".join(f"{k}: {v}" for k, v in headers.items())}
        return self._wrk("fetch.lua", clients, seconds, told)

    def access_token(self, credential):
        """A new access token of a machine."""
        form = {"grant_type": "client_credentials"}
        form |= dict(zip(("client_id", "client_secret"), credential, strict=True))
        body = urllib.parse.urlencode(form).encode()
        with urllib.request.urlopen(f"{self.url}/v1/oauth/token", body) as reply:
            return json.load(reply)["access_token"]

    def imported(self, evaluation, token, file):
        """Import a file of lines: answers a second."""
        url = f"{self.url}/v1/evaluations/{evaluation}/responses:import"
        headers = [
            "-H",
            f"Authorization: Bearer {token}",
            "-H",
            "Content-Type: application/x-ndjson",
        ]
        started = time.perf_counter()
        told = subprocess.run(
            ["curl", "-sS", "-X", "POST", *headers, "-T", file, url],
            capture_output=True,
            check=True,
        )
        seconds = time.perf_counter() - started
        taken = [json.loads(line)["status"] for line in told.stdout.splitlines()]
        assert set(taken) == {201}, told.stdout[:300]
        return len(taken) / seconds

    def _wrk(self, script, clients, seconds, told):
        command = ["wrk", f"-t{min(clients, 2)}", f"-c{clients}", f"-d{seconds}s"]
        printed = subprocess.run(
            [*command, "-s", HERE / script, self.url],
            env=os.environ | {key: str(value) for key, value in told.items()},
            capture_output=True,
            text=True,
            check=True,
        ).stdout
        number, microseconds, half, most, refused = re.search(r"RESULT (.*)", printed)[1].split()
        assert int(refused) == 0, printed
        return int(number) / int(microseconds) * 1e6, float(half) / 1000, float(most) / 1000


class Letters:
    """A file of respondents' tokens and keys, from which each load takes the next."""

    def __init__(self, path, lines):
        self.path, self._next = path, 0
        path.write_text("".join(f"{token.replace('-', '')} {key}\n" for token, key in lines))

    def take(self, count):
        """The number of the first of so many."""
        first, self._next = self._next, self._next + count
        return first

    def taken(self, count):
        """So many tokens with their keys."""
        with self.path.open() as file:
            file.seek(self.take(count) * LINE)
            return [file.readline().split() for _ in range(count)]


@contextmanager
def serving(name, url, folder, *, commit_ms=0):
    """Start a contender over a database; it is ended by its process id."""
    port = _free_port()
    environment = os.environ | {
        "DATABASE": url,
        "POET_DATABASE_URL": url,
        "POET_HOME": str(folder),
        "POET_RATE_LIMIT": "0",
        "COMMIT_SECONDS": str(commit_ms / 1000),
    }
    started = [sys.executable, "-m", "uvicorn", f"tests.benchmark.contenders:{name}", "--factory"]
    options = ["--port", str(port), "--log-level", "warning", "--no-access-log"]
    process = subprocess.Popen([*started, *options], env=environment)
    try:
        _wait_for(port)
        yield Served(port)
    finally:
        process.terminate()
        process.wait()


def _free_port():
    with socket.socket() as listening:
        listening.bind(("127.0.0.1", 0))
        return listening.getsockname()[1]


def _wait_for(port):
    for _ in range(600):
        try:
            urllib.request.urlopen(f"http://127.0.0.1:{port}/nothing", timeout=1)
        except urllib.error.HTTPError:
            return
        except OSError:
            time.sleep(0.1)
    raise TimeoutError(port)
