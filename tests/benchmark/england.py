"""A round the size of England: 5,500 partnerships of 200 people each, answered by bulk import.

    python -m tests.benchmark.england [--partnerships 5500] [--people 200] [--freeze 5500]
        [--database sqlite|postgresql] [--workers 1] [--role]

`poet serve` runs in a process of its own, with real keys and the real clock. All partnerships are
surveyed at the same time, then each wave is frozen and its report published. Every answer is
counted twice, in the database before and in the reports after; one partnership more keeps an
answer back, and both counts must miss it. Take a folder with room for the database by `TMPDIR`.
"""

import argparse
import json
import math
import random
import secrets
import statistics
import tempfile
import threading
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from dataclasses import dataclass, field
from pathlib import Path

import sqlalchemy as sa

from app.instruments import built_in
from app.instruments.answers import Survey
from app.instruments.design import Design
from app.instruments.plausible import Staff
from app.storage.tables import Response
from tests.benchmark.watching import Watch, say
from tests.conftest import postgres_server
from tests.drills.processes import Poet, served
from tests.service import Machine
from tests.walkthrough import go, ok, plan, register, send_lines

INSTRUMENT = "poet-staff@1"
ORGANISATIONS = {"nhs": 0.345, "local_authority": 0.28, "voluntary": 0.19}
ORGANISATIONS |= {"independent": 0.125, "user_led": 0.06}  # sectors, and their shares of the people
MOODS = 25  # partnerships whose answers are made ahead; the others draw from theirs


def main():
    """Play the round and print what it took."""
    given = _arguments()
    with tempfile.TemporaryDirectory(prefix="england-") as folder, ExitStack() as stack:
        home = Path(folder) / "home"
        url = f"sqlite:///{folder}/england.sqlite"
        if given.database == "postgresql":
            url = stack.enter_context(postgres_server())
        serving = served(url, home, workers=given.workers, POET_RATE_LIMIT="0")
        poet = stack.enter_context(serving)
        watch = stack.enter_context(Watch(poet, Path(folder) / "england.sqlite"))
        Round(given, poet, watch).play()


def _arguments():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--partnerships", type=int, default=5500)
    parser.add_argument("--people", type=int, default=200)
    parser.add_argument("--freeze", type=int, default=None, help="only so many waves")
    parser.add_argument("--database", choices=["sqlite", "postgresql"], default="sqlite")
    parser.add_argument("--workers", type=int, choices=[1, 2], default=1)
    parser.add_argument("--role", action="store_true", help="cut by role as well")
    return parser.parse_args()


class FiveMinutes:
    """A clock for whoever needs a new access token now and then."""

    @property
    def now(self):
        """Which five minutes these are."""
        return time.monotonic() // 300


@dataclass
class Round:
    """Partnerships, each with an evaluation; the last one keeps an answer back.

    Attributes:
        expected: By evaluation, how many people answered.
        control: The evaluation that keeps an answer back.
    """

    given: argparse.Namespace
    poet: Poet
    watch: Watch
    expected: dict[str, int] = field(default_factory=dict)
    control: str = ""

    def play(self):
        """From the first partnership to the last report."""
        given, watch = self.given, self.watch
        self._credential = self.poet.credential()
        self._people = {
            sector.replace("_", "-"): round(share * given.people)
            for sector, share in ORGANISATIONS.items()
        }
        with watch.phase("answers made ahead"):
            self._made = self._make()
        with watch.phase("planning"):
            evaluations = self._all(self._plan, range(given.partnerships + 1))
        self.expected = dict.fromkeys(evaluations, sum(self._people.values()))
        self.control = evaluations[-1]
        with watch.phase("import"):
            sizes = self._all(self._import, evaluations)
        self._verify("stored", self._stored())
        freezing = [*evaluations[: given.freeze or given.partnerships], evaluations[-1]]
        with watch.phase("freezing"):
            seconds = sorted(self._all(self._freeze, freezing))
        self.expected = {one: self.expected[one] for one in freezing}
        with watch.phase("reading"):
            self._verify(
                "in reports", dict(zip(freezing, self._all(self._answered, freezing), strict=True))
            )
        hundredth = seconds[min(len(seconds) - 1, math.ceil(0.99 * len(seconds)) - 1)]
        say(f"bytes sent: {sum(sizes) / 1e6:.0f} MB")
        say(f"a wave: median {statistics.median(seconds):.3f} s, p99 {hundredth:.3f} s")
        say(f"largest database: {watch.largest / 1e6:.0f} MB")

    def _all(self, work: Callable, over):
        """Do the same to each, as many at once as there are processes that serve."""
        mine, over = threading.local(), list(over)
        step = max(1, len(over) // 10)

        def one(at):
            if not hasattr(mine, "client"):
                mine.client = Machine(self.poet.address, self._credential, FiveMinutes())
            if at % step == 0:
                self.watch.room()
                say(f"  {time.strftime('%H:%M:%S')} {work.__name__.strip('_')} {at}")
            return work(mine.client, over[at])

        with ThreadPoolExecutor(self.given.workers) as pool:
            return list(pool.map(one, range(len(over))))

    def _make(self):
        """Answers of twice as many people as answer, in each group of some partnerships."""
        survey = Survey(built_in()[INSTRUMENT], Design(instrument=INSTRUMENT), list(self._people))
        made = []
        for mood in range(MOODS):
            staff = Staff(survey, f"england/{mood}")
            made.append(
                {
                    group: [
                        json.dumps(staff.answer(group, at)).encode() for at in range(2 * people)
                    ]
                    for group, people in self._people.items()
                }
            )
        return made

    def _plan(self, client, number):
        """The id of a new evaluation, open for answers."""
        organisations = [
            {"code": code, "name": f"Organisation {code} of {number}", "sector": sector}
            | {"headcount": math.ceil(1.6 * people)}
            for (code, people), sector in zip(self._people.items(), ORGANISATIONS, strict=True)
        ]
        named = {"name": f"Partnership {number}", "organisations": organisations}
        cuts = {"cuts": ["organisation", "role"]} if self.given.role else {}
        evaluation = plan(client, register(client, **named), **cuts)
        go(client, evaluation, "surveying")
        return evaluation["id"]

    def _import(self, client, evaluation):
        """Give the answers of one partnership; bytes that were sent."""
        chance = random.Random(evaluation)
        mood = chance.choice(self._made)
        lines = [
            b'{"key":"%s","group":"%s","answer":%s}\n'
            % (secrets.token_urlsafe(16).encode(), group.encode(), answer)
            for group, people in self._people.items()
            for answer in chance.sample(mood[group], people)
        ]
        if evaluation == self.control:
            lines.pop()
        reply = send_lines(client, {"id": evaluation}, "responses", lines)
        became = [json.loads(line)["status"] for line in reply.text.splitlines()]
        assert became == [201] * len(lines), became
        return sum(map(len, lines))

    def _freeze(self, client, evaluation):
        """Close the survey; seconds until its report is published."""
        began = time.monotonic()
        done = go(client, {"id": evaluation}, "surfacing")
        assert done["published"] == ["health"]
        return time.monotonic() - began

    def _answered(self, client, evaluation):
        """How many people its report speaks of."""
        return ok(client.get(f"/v1/evaluations/{evaluation}/reports/health"))["answered"]

    def _stored(self):
        """How many answers of each open survey the database has."""
        counted = sa.select(Response.evaluation_id, sa.func.count()).group_by(
            Response.evaluation_id
        )
        with self.watch.database.reading() as session:
            return {str(one): count for one, count in session.execute(counted)}

    def _verify(self, where, found):
        """Everybody is there but the one answer that was kept back."""
        short = {
            one: number - found.get(one, 0)
            for one, number in self.expected.items()
            if found.get(one, 0) != number
        }
        assert short == {self.control: 1}, short
        total = sum(found.values()) - found[self.control]
        say(f"{where}: {total:,} of {len(found) - 1:,} partnerships; the control lacks one")


if __name__ == "__main__":
    main()
