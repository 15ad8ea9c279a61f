"""What a running service takes: memory, processor, room on disk."""

import math
import shutil
import threading
import time
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

import sqlalchemy as sa

from tests.drills.processes import Poet

FULL, EMPTY = 15e9, 5e9  # bytes of the database, and of the disk, at which it is given up


@dataclass
class Watch:
    """What the service takes: memory, processor, room on disk; looked at every second.

    Attributes:
        file: Where an embedded database is.
        seen: By phase, megabytes of memory of all processes that serve.
        largest: Most bytes that the database ever took.
    """

    poet: Poet
    file: Path
    seen: dict[str, list[float]] = field(default_factory=dict)
    largest: int = 0
    _phase: str = "start"
    _over: threading.Event = field(default_factory=threading.Event)

    def __enter__(self):
        self.database = self.poet.database()
        self._processes = self.poet.workers()
        self._thread = threading.Thread(target=self._look_on, daemon=True)
        self._thread.start()
        return self

    def __exit__(self, *_):
        self._over.set()
        self._thread.join()
        self.database.dispose()

    @contextmanager
    def phase(self, name):
        """A part of the round; what it took is printed."""
        self._phase = name
        began, used = time.monotonic(), self._processor()
        yield
        wall, used = time.monotonic() - began, self._processor() - used
        tenth = max(1, len(self.seen.get(name, ())) // 10)
        memory = self.seen.get(name) or [math.nan]
        sizes = f"{self.size() / 1e6:.0f} MB, {self.unused() / 1e6:.0f} of them unused"
        say(f"{name}: {wall:.0f} s, {used:.0f} s of processor, database {sizes}")
        first, last = max(memory[:tenth]), max(memory[-tenth:])
        say(f"  memory: first tenth {first:.0f} MB, last {last:.0f} MB, most {max(memory):.0f} MB")

    def size(self):
        """Bytes of the database, with its write-ahead log."""
        if self.poet.url.startswith("postgresql"):
            with self.database.reading() as session:
                return session.scalar(sa.text("SELECT pg_database_size(current_database())"))
        return sum(one.stat().st_size for one in self.file.parent.glob(f"{self.file.name}*"))

    def unused(self):
        """Bytes in an embedded database that the next rows will fill."""
        if self.poet.url.startswith("postgresql"):
            return 0
        with self.database.reading() as session:
            free, size = (
                session.scalar(sa.text(f"PRAGMA {of}")) for of in ("freelist_count", "page_size")
            )
        return free * size

    def room(self):
        """Stop before anybody else wants for room."""
        if self.largest > FULL or shutil.disk_usage(self.file.parent).free < EMPTY:
            raise SystemExit("the disk is too full to go on")

    def _look_on(self):
        while not self._over.wait(1):
            memory = sum(one.memory_info().rss for one in self._processes) / 1e6
            self.seen.setdefault(self._phase, []).append(memory)
            self.largest = max(self.largest, self.size())

    def _processor(self):
        times = [one.cpu_times() for one in self._processes]
        return sum(one.user + one.system for one in times)


def say(line):
    """Print a line now, though the output be a file."""
    print(line, flush=True)  # noqa: T201
