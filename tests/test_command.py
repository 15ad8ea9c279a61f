"""The `poet` command: what an operator types, what it prints, and what it refuses to start with.

Most of these call the command's own function, in the process of the tests; starting, stopping and
refusing to serve are tried on real processes.
"""

import json
import os
import signal
import socket
import subprocess
import sys
import time
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import httpx
import pytest
import sqlalchemy as sa

from app import cli
from app.security.keys import new_signing_keys
from app.storage import schema
from app.storage.database import Database

POET = Path(sys.executable).with_name("poet")
HUSH = "hush-hush"  # stands for a secret, which no message may repeat
LONG = "kX3_uQ9vT2mZ7rB5nL8wY1cH6jD4fS0a"
START_SECONDS, STOP_SECONDS = 60, 15


@dataclass(frozen=True)
class Done:
    """What a command left behind."""

    code: int
    out: str
    err: str

    @property
    def said(self):
        return json.loads(self.out.splitlines()[-1])


@pytest.fixture
def home(tmp_path):
    """A folder for the embedded database and the keys, not made yet."""
    return tmp_path / "home"


@pytest.fixture
def poet(home, monkeypatch, capsys):
    """Runs a command with these settings and no others."""
    for name in [name for name in os.environ if name.startswith("POET_")]:
        monkeypatch.delenv(name)
    monkeypatch.setenv("POET_HOME", str(home))

    def run(*arguments, **settings):
        with monkeypatch.context() as patch:
            for name, value in settings.items():
                patch.setenv(name, str(value))
            capsys.readouterr()
            return Done(cli.main(arguments), *capsys.readouterr())

    return run


@contextmanager
def serving(home, **settings):
    """A `poet serve` of its own, and its address."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    environment = {"POET_HOME": str(home), "PATH": os.environ["PATH"]} | settings
    process = subprocess.Popen([POET, "serve", "--port", str(port)], env=environment)
    try:
        yield process, f"http://127.0.0.1:{port}"
    finally:
        process.kill()
        process.wait()


def ready(process, url):
    """The first answer of a service that is starting."""
    until = time.monotonic() + START_SECONDS
    while time.monotonic() < until and process.poll() is None:
        try:
            return httpx.get(f"{url}/readyz")
        except httpx.TransportError:
            time.sleep(0.05)
    pytest.fail("the service did not start")


def test_serve_answers_until_it_is_told_to_stop(home):
    with serving(home) as (process, url):
        reply = ready(process, url)
        told = time.monotonic()
        process.send_signal(signal.SIGTERM)
        process.wait(timeout=STOP_SECONDS)

    assert reply.json() == {"ready": True, "schema_revision": schema.newest()}
    assert process.returncode in {0, -signal.SIGTERM}
    assert time.monotonic() - told < STOP_SECONDS


def test_serve_refuses_a_postgresql_without_the_schema_and_names_the_remedy(postgres, home):
    empty = sa.make_url(postgres).set(database="template1").render_as_string(hide_password=False)
    environment = {"POET_HOME": str(home), "POET_DATABASE_URL": empty}

    done = subprocess.run(
        [POET, "serve"], env=environment, capture_output=True, text=True, check=False
    )

    assert done.returncode == 1
    assert done.stdout == ""
    assert len(done.stderr.splitlines()) == 1
    assert "`poet migrate`" in done.stderr


def test_a_client_keeps_its_older_secret_until_the_next_rotation(home, poet):
    with serving(home) as (process, url):
        ready(process, url)

        def statuses(*secrets):
            form = {"grant_type": "client_credentials"}
            token = f"{url}/v1/oauth/token"
            replies = [httpx.post(token, data=form, auth=(client, given)) for given in secrets]
            return [reply.status_code for reply in replies]

        assert poet("account", "add", "Northshire").code == 0
        made = poet("client", "add", "--account", "Northshire").said
        client, first = made["client_id"], made["client_secret"]
        at_first = statuses(first)
        second = poet("client", "rotate", client).said["client_secret"]
        after_one = statuses(first, second)
        third = poet("client", "rotate", client).said["client_secret"]
        after_two = statuses(first, second, third)
        assert poet("client", "revoke", client).said == {"client_id": client, "revoked": True}
        at_last = statuses(second, third)

    assert at_first == [200]
    assert after_one == [200, 200]
    assert after_two == [401, 200, 200]
    assert at_last == [401, 401]


def test_an_account_is_added_once(poet):
    added = poet("account", "add", "Northshire")
    again = poet("account", "add", "Northshire")

    assert added.said["name"] == "Northshire"
    assert set(added.said) == {"account", "name"}
    assert (again.code, again.out) == (1, "")
    assert "already-exists" in again.err


def test_a_client_has_the_scopes_named_or_all(poet):
    poet("account", "add", "Northshire")

    everything = poet("client", "add", "--account", "Northshire").said
    named = poet("client", "add", "--account", "Northshire", "--scope", "reports:read").said

    assert set(everything) == {"client_id", "client_secret", "scopes"}
    assert "reports:read" in everything["scopes"]
    assert len(everything["scopes"]) > 10
    assert named["scopes"] == ["reports:read"]


def test_a_list_of_clients_shows_no_secret(poet):
    poet("account", "add", "Northshire")
    made = poet("client", "add", "--account", "Northshire", "--scope", "reports:read").said

    listed = poet("client", "list", "--account", "Northshire")

    assert [row["client_id"] for row in listed.said] == [made["client_id"]]
    assert [row["scopes"] for row in listed.said] == [["reports:read"]]
    assert made["client_secret"] not in listed.out


@pytest.mark.parametrize(
    "arguments",
    [
        ("client", "add", "--account", "Nobody"),
        ("client", "list", "--account", "Nobody"),
        ("client", "rotate", "00000000-0000-4000-8000-000000000000"),
        ("client", "revoke", "00000000-0000-4000-8000-000000000000"),
        ("restore", "no-such-file"),
    ],
)
def test_what_is_not_there_is_refused_in_one_line(poet, arguments):
    done = poet(*arguments)

    assert (done.code, done.out) == (1, "")
    assert len(done.err.splitlines()) == 1


@pytest.mark.parametrize(
    ("settings", "reason"),
    [
        ({"POET_SIGNING_KEY": HUSH}, "POET_SIGNING_KEY: no such setting"),
        ({"POET_SMALLEST_GROUP": "4"}, "POET_SMALLEST_GROUP: Input should be greater than or"),
        ({"POET_ENV": HUSH}, "POET_ENV: Input should be 'development' or 'production'"),
        ({"POET_ENV": "production"}, "POET_TOKEN_KEY and POET_SIGNING_KEYS must be set"),
        ({"POET_TOKEN_KEY": HUSH}, "POET_TOKEN_KEY: "),
        ({"POET_TOKEN_KEY": LONG}, "POET_TOKEN_KEY and POET_SIGNING_KEYS are set together"),
        ({"POET_TOKEN_KEY": LONG, "POET_SIGNING_KEYS": HUSH}, "POET_SIGNING_KEYS"),
        ({"POET_TOKEN_KEY_FILE": "/no/such/file"}, "POET_TOKEN_KEY_FILE names a file that"),
        ({"POET_DATABASE_URL": f"mysql://poet:{HUSH}@db/poet"}, "starts with sqlite:/// or"),
        ({"POET_DATABASE_URL": f"postgresql://p:{HUSH}@127.0.0.1:1/p"}, "cannot be reached"),
        ({"POET_HOME": "/dev/null/home"}, "/dev/null"),
    ],
    ids=lambda value: "-".join(value) if isinstance(value, dict) else "",
)
def test_settings_that_cannot_be_used_stop_the_start_without_being_repeated(poet, settings, reason):
    done = poet("doctor", **settings)

    assert (done.code, done.out) == (1, "")
    assert done.err.startswith("poet: ")
    assert reason in done.err
    assert len(done.err.splitlines()) == 1
    assert HUSH not in done.err


def test_what_kubernetes_injects_is_no_setting(poet):
    done = poet("migrate", POET_PORT="tcp://[::1]:1", POET_PORT_1_TCP="", POET_SERVICE_HOST="")

    assert (done.code, done.err) == (0, "")


def test_secrets_are_read_from_files(poet, tmp_path):
    token_key, signing_keys = tmp_path / "token_key", tmp_path / "signing_keys"
    token_key.write_text(f"{LONG}\n")
    signing_keys.write_text(new_signing_keys())
    settings = {"POET_TOKEN_KEY_FILE": token_key, "POET_SIGNING_KEYS_FILE": signing_keys}

    poet("migrate")
    done = poet("doctor", POET_ENV="production", **settings)

    assert done.code == 0
    assert done.said["env"] == "production"


def test_doctor_finds_an_old_schema_and_migrate_mends_it(poet, home):
    before = poet("doctor")
    migrated = poet("migrate")
    after = poet("doctor")

    assert before.code == 1
    assert "`poet migrate`" in before.err
    assert before.said["schema"] is None
    assert (migrated.code, migrated.out.strip()) == (0, schema.newest())
    assert after.code == 0
    assert after.said["schema"] == after.said["newest_schema"] == schema.newest()


def test_nobody_else_may_look_into_the_home(poet, home):
    poet("account", "add", "Northshire")

    assert home.stat().st_mode & 0o777 == 0o700
    assert (home / "keys.json").stat().st_mode & 0o777 == 0o600


def test_openapi_prints_the_contract_and_nothing_else(poet):
    done = poet("openapi")

    assert done.code == 0
    assert json.loads(done.out)["openapi"].startswith("3.1")


def test_a_restored_backup_holds_what_was_there_and_nothing_since(poet, home, tmp_path):
    kept = tmp_path / "kept.sqlite"
    poet("account", "add", "Before")
    backed_up = poet("backup", str(kept))
    poet("account", "add", "Since")

    restored = poet("restore", str(kept))

    database = Database(f"sqlite:///{home / 'poet.sqlite'}")
    with database.reading() as session:
        names = session.scalars(sa.text("SELECT name FROM accounts")).all()
    database.dispose()
    assert backed_up.said == {"backup": str(kept)}
    assert kept.stat().st_mode & 0o777 == 0o600
    assert restored.said["restored"] == str(kept)
    assert names == ["Before"]


def test_a_backup_overwrites_nothing(poet, tmp_path):
    kept = tmp_path / "kept.sqlite"
    poet("migrate")
    kept.write_text("something dear")

    done = poet("backup", str(kept))

    assert (done.code, done.out) == (1, "")
    assert kept.read_text() == "something dear"
