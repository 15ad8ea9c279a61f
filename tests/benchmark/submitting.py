"""How many durable answers a second: this service beside a bare commit and two textbook services.

    python -m tests.benchmark.submitting [--databases sqlite postgresql] [--clients 1 8 32]
        [--rounds 5] [--seconds 2] [--commit-ms 0]

Needs `wrk` and `curl`. Every contender runs in a process of its own over a fresh database; the
rounds alternate between them, and the table gives medians. Ratios are to the bare commit of the
same round: machines are noisy.
"""

import argparse
import json
import secrets
import statistics
import tempfile
from collections import defaultdict
from contextlib import ExitStack
from pathlib import Path

from app.security import tokens
from tests.benchmark import contenders, prepared
from tests.benchmark.serving import RATE, serving
from tests.conftest import postgres_server

OTHERS = ("bare", "orm", "core")
ROWS = (*OTHERS, "ours", "ours, verifications", "ours, one import")


def main():
    """Play all rounds and print the tables."""
    given = _arguments()
    for database in given.databases:
        figures = defaultdict(list)
        with tempfile.TemporaryDirectory() as folder, ExitStack() as stack:
            loads = _loads(database, Path(folder), given, stack)
            for clients in given.clients:
                for _ in range(given.rounds):
                    for name in ROWS:
                        figures[name, clients].append(loads[name](clients))
        _print(database, given, figures)


def _arguments():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--databases", nargs="+", default=["sqlite", "postgresql"])
    parser.add_argument("--clients", nargs="+", type=int, default=[1, 8, 32])
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--seconds", type=int, default=2)
    parser.add_argument("--commit-ms", type=float, default=0)
    return parser.parse_args()


def _loads(database, folder, given, stack):
    """What puts the load of each row on its contender."""
    needed = int(RATE * given.seconds * len(given.clients) * given.rounds)
    loads = {}
    for name in OTHERS:
        url = _fresh(database, folder / name, stack)
        loads[name] = _load_on_another(name, url, folder / name, needed, given, stack)
    url = _fresh(database, folder / "ours", stack)
    return loads | _loads_on_ours(url, folder / "ours", needed, given, stack)


def _load_on_another(name, url, folder, needed, given, stack):
    made = tokens.derive(secrets.token_bytes(32), call="benchmark", count=needed)
    contenders.textbook_tables(url, [token.replace("-", "") for token in made])
    letters = prepared.with_keys(folder / "letters", made)
    body = _written(folder / "body", prepared.ANSWER)
    served = stack.enter_context(serving(name, url, folder, commit_ms=given.commit_ms))
    return lambda clients: served.answered(letters, body, clients=clients, seconds=given.seconds)


def _loads_on_ours(url, folder, needed, given, stack):
    holds = prepared.prepare(url, folder)
    staff = prepared.letters(url, folder, holds.surveying, "staff", "trust", 2 * needed)
    users = prepared.letters(url, folder, holds.verifying, "service_user", "ld", needed)
    answer = _written(folder / "answer", prepared.ANSWER)
    verdicts = _written(folder / "verdicts", holds.verdicts)
    served = stack.enter_context(serving("ours", url, folder, commit_ms=given.commit_ms))
    seconds = given.seconds

    def verified(clients):
        path = "/v1/verifications"
        return served.answered(users, verdicts, clients=clients, seconds=seconds, path=path)

    def imported(_):
        file = prepared.lines(folder / "lines", staff, RATE * seconds // 2)
        rate = served.imported(holds.surveying, served.access_token(holds.credential), file)
        return rate, float("nan"), float("nan")

    return {
        "ours": lambda clients: served.answered(staff, answer, clients=clients, seconds=seconds),
        "ours, verifications": verified,
        "ours, one import": imported,
    }


def _fresh(database, folder, stack):
    folder.mkdir()
    if database == "sqlite":
        return f"sqlite:///{folder / 'benchmark.sqlite'}"
    return stack.enter_context(postgres_server())


def _written(path, body):
    path.write_text(json.dumps(body))
    return path


def _print(database, given, figures):
    print(f"\n{database}, medians of {given.rounds}, {given.commit_ms} ms added to each commit")  # noqa: T201
    print("| clients | service | answers/s | of the bare commit | p50 ms | p99 ms |")  # noqa: T201
    print("|---|---|---|---|---|---|")  # noqa: T201
    for clients in given.clients:
        bare = [found[0] for found in figures["bare", clients]]
        for name in ROWS:
            rates, halves, mosts = zip(*figures[name, clients], strict=True)
            ratio = statistics.median(r / b for r, b in zip(rates, bare, strict=True))
            row = (clients, name, f"{statistics.median(rates):.0f}", f"{ratio:.2f}")
            row += (f"{statistics.median(halves):.1f}", f"{statistics.median(mosts):.1f}")
            print("| " + " | ".join(map(str, row)) + " |")  # noqa: T201


if __name__ == "__main__":
    main()
