"""How many reads of a stored report a second, as shares of what the server can do at all.

    python -m tests.benchmark.reading [--clients 32] [--rounds 5] [--seconds 2]

Needs `wrk`. The floor is an answer of the same length from memory, without any check; the rounds
alternate, and the table gives medians.
"""

import argparse
import statistics
import tempfile
import urllib.request
from collections import defaultdict
from contextlib import ExitStack
from pathlib import Path

from tests.benchmark import prepared
from tests.benchmark.serving import serving


def main():
    """Play all rounds and print the table."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--clients", type=int, default=32)
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--seconds", type=int, default=2)
    given = parser.parse_args()
    figures = defaultdict(list)
    with tempfile.TemporaryDirectory() as home, ExitStack() as stack:
        folder, url = Path(home), f"sqlite:///{Path(home) / 'benchmark.sqlite'}"
        holds = prepared.prepare(url, folder)
        echo = stack.enter_context(serving("echo", url, folder))
        ours = stack.enter_context(serving("ours", url, folder))
        path = f"/v1/evaluations/{holds.reported}/reports/health"
        headers = {"Authorization": f"Bearer {ours.access_token(holds.credential)}"}
        with urllib.request.urlopen(
            urllib.request.Request(ours.url + path, headers=headers)
        ) as reply:
            etag, size = reply.headers["ETag"], len(reply.read())
        rows = {
            "floor": (echo, f"/{size}", {}),
            "200, from its bytes": (ours, path, headers),
            "304": (ours, path, headers | {"If-None-Match": etag}),
        }
        for _ in range(given.rounds):
            for name, (served, at, sent) in rows.items():
                found = served.fetched(at, sent, clients=given.clients, seconds=given.seconds)
                figures[name].append(found)
    _print(given, size, figures)


def _print(given, size, figures):
    print(f"\n{size} bytes, {given.clients} clients, medians of {given.rounds}")  # noqa: T201
    print("| reply | reads/s | of the floor | p50 ms | p99 ms |")  # noqa: T201
    print("|---|---|---|---|---|")  # noqa: T201
    floor = [found[0] for found in figures["floor"]]
    for name, found in figures.items():
        rates, halves, mosts = zip(*found, strict=True)
        share = statistics.median(r / f for r, f in zip(rates, floor, strict=True))
        row = (name, f"{statistics.median(rates):.0f}", f"{share:.2f}")
        row += (f"{statistics.median(halves):.1f}", f"{statistics.median(mosts):.1f}")
        print("| " + " | ".join(row) + " |")  # noqa: T201


if __name__ == "__main__":
    main()
