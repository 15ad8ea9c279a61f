"""The `poet` command."""

import argparse
import dataclasses
import json
import sys
import uuid
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import uvicorn

from app import demo
from app import main as service
from app.api import logs
from app.api.contract import text as contract_text
from app.errors import AppError
from app.security.ledger import EMPTY, Ledger
from app.settings import Settings, SettingsRefused
from app.storage import backups, schema
from app.storage.database import Database, Session
from app.storage.ledgers import Ledgers
from app.use_cases import accounts, ledgers

Command = Callable[[Settings, argparse.Namespace], None]


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command; 0 only when it is done."""
    given = _parser().parse_args(arguments)
    try:
        given.run(Settings.from_environment(), given)
    except (
        SettingsRefused,
        ValueError,
        OSError,
        backups.BackupFailed,
        demo.DemonstrationFailed,
    ) as refused:
        print(f"poet: {refused}", file=sys.stderr)
        return 1
    except AppError as refusal:
        why = str(refusal.__cause__ or refusal.code()).splitlines()[0]
        print(f"poet: {refusal.in_language('en')} ({why})", file=sys.stderr)
        return 1
    return 0


def serve(settings: Settings, given: argparse.Namespace) -> None:
    """Serve; an embedded database is brought to the newest schema first."""
    service.prepare(settings)
    logs.install(settings.log_style)
    # Access logs would tie respondents to moments; the service writes what is safe itself.
    uvicorn.run(
        "app.main:from_environment",
        factory=True,
        host=given.host,
        port=given.port,
        workers=given.workers,
        log_config=None,
        access_log=False,
        server_header=False,
        timeout_graceful_shutdown=30,
        timeout_worker_healthcheck=60,  # a worker says nothing until it has imported everything
    )


def migrate(settings: Settings, given: argparse.Namespace) -> None:
    """Bring the database to the newest schema."""
    database = _database(settings)
    schema.migrate(database)
    print(schema.current(database))


def openapi(settings: Settings, given: argparse.Namespace) -> None:
    """Write the contract to standard output."""
    print(contract_text(service.create_app(service.deploy(settings))), end="")


def doctor(settings: Settings, given: argparse.Namespace) -> None:
    """Say what is set up, what is wrong with it, and what production would refuse."""
    service.keys_of(settings)
    database = _database(settings)
    found = schema.current(database)
    with database.reading() as session:
        missing = _ledgers(settings).missing(session) if found == schema.newest() else []
    print(
        json.dumps(
            {
                "env": settings.env,
                "database": database.engine.dialect.name,
                "schema": found,
                "newest_schema": schema.newest(),
                "smallest_group": settings.smallest_group,
                "missing_ledgers": missing,
                "unsafe": service.unsafe(settings),
            }
        )
    )
    if found != schema.newest():
        raise ValueError("the database has not the newest schema: run `poet migrate`")
    if missing:
        raise ValueError("a ledger is missing, and nothing can be withdrawn or closed without it")


def demonstrate(settings: Settings, given: argparse.Namespace) -> None:
    """Play a whole evaluation on a real staff survey."""
    demo.play(serve=given.serve)


def backup(settings: Settings, given: argparse.Namespace) -> None:
    """Copy the database to a file, and begin the ledger that goes with it."""
    backups.ready(settings.database, given.file)
    _begin(settings, given.file.name)
    try:
        backups.backup(settings.database, given.file)
    except (backups.BackupFailed, OSError):
        ledgers.end(_database(settings), _ledgers(settings), given.file.name)
        raise
    print(json.dumps({"backup": str(given.file)}))


def restore(settings: Settings, given: argparse.Namespace) -> None:
    """Put the database back as a file has it, without what was withdrawn since."""
    name = given.ledger or backups.found(given.file).name
    ledger = EMPTY if given.without_ledger else _ledger(settings, name)
    backups.restore(settings.database, given.file)
    schema.migrate(_database(settings))
    print(json.dumps({"restored": str(given.file), "taken_out": _take_out(settings, ledger)}))


def begin_ledger(settings: Settings, given: argparse.Namespace) -> None:
    """Begin a ledger, before a copy of the database is made by other means."""
    _begin(settings, given.name)
    print(json.dumps({"ledger": given.name}))


def apply_ledger(settings: Settings, given: argparse.Namespace) -> None:
    """Take out of a copy that was put back what its ledger names; the service must be stopped."""
    taken_out = _take_out(settings, _ledger(settings, given.name))
    print(json.dumps({"ledger": given.name, "taken_out": taken_out}))


def end_ledger(settings: Settings, given: argparse.Namespace) -> None:
    """Destroy a ledger; the copy that it belongs to must be gone."""
    ledgers.end(_database(settings), _ledgers(settings), given.name)
    print(json.dumps({"ended": given.name}))


def _begin(settings: Settings, name: str) -> None:
    database = _database(settings)
    if schema.current(database) != schema.newest():
        raise ValueError("the database has not the newest schema: run `poet migrate`")
    ledgers.begin(database, service.keys_of(settings), _ledgers(settings), name)


def _ledger(settings: Settings, name: str) -> Ledger:
    return ledgers.of_backup(service.keys_of(settings), _ledgers(settings), name)


def _ledgers(settings: Settings) -> Ledgers:
    return Ledgers(settings.ledger_folder)


def _take_out(settings: Settings, ledger: Ledger) -> dict[str, Any]:
    keys, now = service.keys_of(settings), service.utc_now()
    return ledgers.apply(_database(settings), keys, _ledgers(settings), ledger, now=now).said()


def add_account(settings: Settings, given: argparse.Namespace) -> None:
    """Open an account."""

    def add(session: Session) -> Any:
        account = accounts.add_account(session, given.name)
        return {"account": str(account.id), "name": account.name}

    _change(settings, add)


def add_client(settings: Settings, given: argparse.Namespace) -> None:
    """Give an account a client; its secret is shown this once."""

    def add(session: Session) -> Any:
        made = accounts.add_client(
            session, given.account, scopes=given.scope, partnership=given.partnership
        )
        return _secret(made)

    _change(settings, add)


def list_clients(settings: Settings, given: argparse.Namespace) -> None:
    """List an account's clients, without their secrets."""

    def show(session: Session) -> Any:
        return [
            {
                "client_id": str(row.id),
                "partnership": str(row.partnership_id) if row.partnership_id else None,
                "scopes": row.scopes,
                "revoked": row.revoked,
            }
            for row in accounts.clients(session, given.account)
        ]

    _change(settings, show)


def rotate_client(settings: Settings, given: argparse.Namespace) -> None:
    """Give a client a new secret; the one before stays good until the next rotation."""
    _change(settings, lambda session: _secret(accounts.rotate(session, given.client_id)))


def revoke_client(settings: Settings, given: argparse.Namespace) -> None:
    """End a client."""

    def end(session: Session) -> Any:
        accounts.revoke(session, service.keys_of(settings), given.client_id)
        return {"client_id": str(given.client_id), "revoked": True}

    _change(settings, end)


def _secret(made: accounts.NewClient) -> dict[str, Any]:
    found = dataclasses.asdict(made)
    return {
        "client_id": str(found["client"]),
        "client_secret": found["secret"],
        "scopes": found["scopes"],
    }


def _database(settings: Settings) -> Database:
    if settings.database.startswith("sqlite"):
        settings.home.mkdir(mode=0o700, parents=True, exist_ok=True)
    return service.database_of(settings)


def _change(settings: Settings, change: Callable[[Session], Any]) -> None:
    """Make a change in one transaction and print its result as the last line."""
    service.prepare(settings)
    with _database(settings).writing() as session:
        result = change(session)
    print(json.dumps(result))


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="poet", description="POET, the Partnership Outcomes Evaluation Toolkit."
    )
    commands = parser.add_subparsers(required=True, metavar="COMMAND")
    serving = _command(commands, "serve", serve)
    serving.add_argument("--host", default="127.0.0.1")
    serving.add_argument("--port", type=int, default=8000)
    serving.add_argument("--workers", type=int, default=1)
    for name, command in (("migrate", migrate), ("openapi", openapi), ("doctor", doctor)):
        _command(commands, name, command)
    _command(commands, "demo", demonstrate).add_argument(
        "--serve", action="store_true", help="leave the service up to explore"
    )
    _backups(commands)
    _accounts(commands)
    return parser


def _backups(commands: Any) -> None:
    _command(commands, "backup", backup).add_argument("file", type=Path)
    restoring = _command(commands, "restore", restore)
    restoring.add_argument("file", type=Path)
    which = restoring.add_mutually_exclusive_group()
    which.add_argument("--ledger", metavar="NAME", help="the backup had another name")
    which.add_argument(
        "--without-ledger", action="store_true", help="bring back what was withdrawn, too"
    )
    of_ledgers = commands.add_parser("ledger", help="Ledgers of copies.").add_subparsers(
        required=True
    )
    for name, command in (("begin", begin_ledger), ("apply", apply_ledger), ("end", end_ledger)):
        _command(of_ledgers, name, command).add_argument("name")


def _accounts(commands: Any) -> None:
    of_accounts = commands.add_parser("account", help="Accounts.").add_subparsers(required=True)
    _command(of_accounts, "add", add_account).add_argument("name")
    of_clients = commands.add_parser("client", help="Clients.").add_subparsers(required=True)
    adding = _command(of_clients, "add", add_client)
    adding.add_argument("--account", required=True, help="the account's name")
    adding.add_argument("--partnership", type=uuid.UUID, help="limit it to one partnership")
    adding.add_argument("--scope", action="append", default=[], choices=accounts.SCOPES)
    _command(of_clients, "list", list_clients).add_argument("--account", required=True)
    for name, command in (("rotate", rotate_client), ("revoke", revoke_client)):
        _command(of_clients, name, command).add_argument("client_id", type=uuid.UUID)


def _command(commands: Any, name: str, run: Command) -> argparse.ArgumentParser:
    said = (run.__doc__ or "").strip()
    added: argparse.ArgumentParser = commands.add_parser(name, help=said, description=said)
    added.set_defaults(run=run)
    return added
