"""A service for the demonstration alone: a fresh SQLite file, a port, an account and a client."""

import os
import signal
import socket
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from types import FrameType

import httpx

from app.demo.calls import DemonstrationFailed
from app.storage import schema
from app.storage.database import Database
from app.use_cases import accounts

ACCOUNT = "Demonstration"
_SETTING = "POET_"
_START_WITHIN_SECONDS = 60
_STOP_WITHIN_SECONDS = 30


@dataclass(frozen=True)
class Hosted:
    """A running service.

    Attributes:
        process: Where it runs, so that somebody can wait for its end.
    """

    url: str
    client_id: str
    client_secret: str
    process: subprocess.Popen[bytes]


@contextmanager
def hosted() -> Iterator[Hosted]:
    """Start a service on a fresh database; end it and remove everything afterwards.

    Raises:
        DemonstrationFailed: It did not start.
    """
    with _ending_properly(), tempfile.TemporaryDirectory(prefix="poet-demo-") as folder:
        home = Path(folder)
        database = f"sqlite:///{home / 'poet.sqlite'}"
        client_id, secret = _first_client(database)
        port = _free_port()
        url = f"http://127.0.0.1:{port}"
        log = home / "service.log"
        with log.open("wb") as lines:
            process = subprocess.Popen(
                [sys.executable, "-m", "app.demo.served", str(port)],
                # Where `app` lies; the reader's own folder may hold another.
                cwd=Path(__file__).parents[2],
                env=_environment(HOME=str(home), DATABASE_URL=database, PUBLIC_URL=url),
                stdin=subprocess.PIPE,
                stdout=lines,
                stderr=lines,
                # Ctrl-C is for the demonstration, which then ends the service in good order.
                start_new_session=True,
            )
        try:
            _wait_until_ready(url, process, log)
            yield Hosted(url, client_id, secret, process)
        finally:
            _end(process)


@contextmanager
def _ending_properly() -> Iterator[None]:
    """Let a request to terminate clean up like Ctrl-C does."""
    if threading.current_thread() is not threading.main_thread():
        yield
        return

    def interrupt(number: int, frame: FrameType | None) -> None:
        raise KeyboardInterrupt

    before = signal.signal(signal.SIGTERM, interrupt)
    try:
        yield
    finally:
        signal.signal(signal.SIGTERM, before)


def _first_client(database_url: str) -> tuple[str, str]:
    database = Database(database_url)
    try:
        schema.migrate(database)
        with database.writing() as session:
            accounts.add_account(session, ACCOUNT)
            made = accounts.add_client(session, ACCOUNT)
        return str(made.client), made.secret
    finally:
        database.dispose()


def _environment(**settings: str) -> dict[str, str]:
    """The caller's environment with settings of the demonstration's own."""
    others = {name: value for name, value in os.environ.items() if not name.startswith(_SETTING)}
    return others | {f"{_SETTING}{name}": value for name, value in settings.items()}


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def _wait_until_ready(url: str, process: subprocess.Popen[bytes], log: Path) -> None:
    give_up_at = time.monotonic() + _START_WITHIN_SECONDS
    while time.monotonic() < give_up_at and process.poll() is None:
        try:
            if httpx.get(f"{url}/readyz", timeout=5, trust_env=False).status_code == 200:
                return
        except httpx.TransportError:
            time.sleep(0.05)
    said = log.read_text(encoding="utf-8", errors="replace").strip().splitlines()[-5:]
    raise DemonstrationFailed("\n  ".join(["the service did not start", *said]))


def _end(process: subprocess.Popen[bytes]) -> None:
    if process.stdin is not None:
        process.stdin.close()
    try:
        process.wait(_STOP_WITHIN_SECONDS)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()
