"""How many durable answers a second: this service beside a bare commit and two textbook services.

    python -m tests.benchmark.submitting [--databases sqlite postgresql] [--clients 1 8 32]
        [--rounds 5] [--seconds 2] [--commit-ms 0]

Needs `wrk`. Every contender runs in a process of its own over a fresh database; the rounds
alternate between them, and the table gives medians. Ratios are to the bare commit of the same
round: machines are noisy.
"""

import argparse
import os
import re
import secrets
import socket
import statistics
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.request
import uuid
from collections import defaultdict
from contextlib import ExitStack, contextmanager
from datetime import UTC, datetime
from pathlib import Path

from app.security import tokens
from app.security.keys import load_or_make
from app.storage import schema
from app.storage import tokens as stored
from app.storage.database import Database
from app.storage.tables import Issuance
from tests.benchmark import contenders
from tests.conftest import postgres_server
from tests.service import RunningService
from tests.walkthrough import DOMAINS, go, plan, register

HERE = Path(__file__).parent
CONTENDERS = ("bare", "orm", "core", "ours")
ITEMS = [f"{domain}{number}" for domain in DOMAINS[:8] for number in range(1, 6)]
LINE = 40  # bytes of a respondent's line: 16 of token, a blank, 22 of key, the end
RATE = 14_000  # answers a second that no contender will reach on two cores


def main():
    """Play all rounds and print the table."""
    given = _arguments()
    for database in given.databases:
        figures = defaultdict(list)
        with tempfile.TemporaryDirectory() as folder, ExitStack() as stack:
            needed = int(sum(RATE * given.seconds for _ in given.clients) * given.rounds)
            services = {}
            for name in CONTENDERS:
                url = _fresh(database, Path(folder) / name, stack)
                services[name] = stack.enter_context(
                    _serving(name, url, Path(folder) / name, needed, given)
                )
            first = dict.fromkeys(CONTENDERS, 0)
            for clients in given.clients:
                for _ in range(given.rounds):
                    for name in CONTENDERS:
                        found, first[name] = services[name](clients, first[name])
                        figures[name, clients].append(found)
        _print(database, given, figures)


def _arguments():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--databases", nargs="+", default=["sqlite", "postgresql"])
    parser.add_argument("--clients", nargs="+", type=int, default=[1, 8, 32])
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--seconds", type=int, default=2)
    parser.add_argument("--commit-ms", type=float, default=0)
    return parser.parse_args()


def _fresh(database, folder, stack):
    folder.mkdir()
    if database == "sqlite":
        return f"sqlite:///{folder / 'benchmark.sqlite'}"
    return stack.enter_context(postgres_server())


@contextmanager
def _serving(name, url, folder, needed, given):
    """A contender in a process of its own; calling what is given puts load on it for a while."""
    letters = _letters(name, url, folder, needed)
    body = folder / "body.json"
    body.write_text(contenders.body_of(ITEMS))
    port = _free_port()
    environment = os.environ | {
        "DATABASE": url,
        "POET_DATABASE_URL": url,
        "POET_HOME": str(folder),
        "COMMIT_SECONDS": str(given.commit_ms / 1000),
    }
    started = [sys.executable, "-m", "uvicorn", f"tests.benchmark.contenders:{name}", "--factory"]
    options = ["--port", str(port), "--log-level", "warning", "--no-access-log"]
    process = subprocess.Popen([*started, *options], env=environment)

    def load(clients, first):
        threads = min(clients, 2)
        each = int(RATE * given.seconds / threads)
        told = {"RESPONDENTS": letters, "BODY": body, "FIRST": first, "SLICE": each}
        command = ["wrk", f"-t{threads}", f"-c{clients}", f"-d{given.seconds}s"]
        command += ["-s", HERE / "submit.lua", f"http://127.0.0.1:{port}"]
        environment = os.environ | {key: str(value) for key, value in told.items()}
        printed = subprocess.run(
            command, env=environment, capture_output=True, text=True, check=True
        )
        return _read(printed.stdout), first + threads * each

    try:
        _wait_for(port)
        yield load
    finally:
        process.terminate()
        process.wait()


def _letters(name, url, folder, needed):
    """A file of tokens and keys, the tokens live in the contender's database."""
    if name == "ours":
        made = _tokens_of_an_open_survey(url, folder, needed)
    else:
        made = tokens.derive(secrets.token_bytes(32), call="benchmark", count=needed)
        contenders.textbook_tables(url, [token.replace("-", "") for token in made])
    path = folder / "respondents"
    lines = (f"{token.replace('-', '')} {secrets.token_urlsafe(16)}\n" for token in made)
    path.write_text("".join(lines))
    return path


def _tokens_of_an_open_survey(url, folder, needed):
    """Open a survey in a service of the tests; its tokens go straight into the database."""
    with RunningService(url, folder) as service, service.client_of_a_new_account() as client:
        service.clock.now = datetime.now(UTC)  # the contenders live today
        organisation = {"code": "trust", "name": "T", "sector": "nhs", "headcount": needed}
        evaluation = plan(client, register(client, organisations=[organisation]))
        go(client, evaluation, "surveying")
    keys, database = load_or_make(folder), Database(url)
    schema.migrate(database)
    made = tokens.derive(keys.tokens, call="benchmark", count=needed)
    with database.writing() as session:
        issuance = Issuance(
            call=secrets.token_bytes(32),
            evaluation_id=uuid.UUID(evaluation["id"]),
            audience="staff",
            cell="trust",
            count=needed,
        )
        stored.add(session, issuance, [tokens.fingerprint(keys.tokens, one) for one in made])
    database.dispose()
    return made


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


def _read(printed):
    """Answers a second, and the 50th and 99th percentile in milliseconds."""
    number, microseconds, half, most, refused = re.search(r"RESULT (.*)", printed)[1].split()
    assert int(refused) == 0, printed
    return int(number) / int(microseconds) * 1e6, float(half) / 1000, float(most) / 1000


def _print(database, given, figures):
    print(f"\n{database}, medians of {given.rounds}, {given.commit_ms} ms added to each commit")  # noqa: T201
    print("| clients | service | answers/s | of the bare commit | p50 ms | p99 ms |")  # noqa: T201
    print("|---|---|---|---|---|---|")  # noqa: T201
    for clients in given.clients:
        bare = [found[0] for found in figures["bare", clients]]
        for name in CONTENDERS:
            rates, halves, mosts = zip(*figures[name, clients], strict=True)
            ratio = statistics.median(r / b for r, b in zip(rates, bare, strict=True))
            row = (clients, name, f"{statistics.median(rates):.0f}", f"{ratio:.2f}")
            row += (f"{statistics.median(halves):.1f}", f"{statistics.median(mosts):.1f}")
            print("| " + " | ".join(map(str, row)) + " |")  # noqa: T201


if __name__ == "__main__":
    main()
