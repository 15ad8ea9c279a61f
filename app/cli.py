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
from app.api.contract import text as contract_text
from app.errors import AppError
from app.settings import Settings, SettingsRefused
from app.storage import backups, schema
from app.storage.database import Database, Session
from app.use_cases import accounts

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
    # Access logs would tie respondents to moments; the service writes what is safe itself.
    uvicorn.run(
        "app.main:from_environment",
        factory=True,
        host=given.host,
        port=given.port,
        workers=given.workers,
        access_log=False,
        server_header=False,
        timeout_graceful_shutdown=30,
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
    print(
        json.dumps(
            {
                "env": settings.env,
                "database": database.engine.dialect.name,
                "schema": found,
                "newest_schema": schema.newest(),
                "smallest_group": settings.smallest_group,
                "unsafe": service.unsafe(settings),
            }
        )
    )
    if found != schema.newest():
        raise ValueError("the database has not the newest schema: run `poet migrate`")


def demonstrate(settings: Settings, given: argparse.Namespace) -> None:
    """Play a whole evaluation on a real staff survey."""
    demo.play(serve=given.serve)


def backup(settings: Settings, given: argparse.Namespace) -> None:
    """Copy the database to a file."""
    backups.backup(settings.database, given.file)
    print(json.dumps({"backup": str(given.file)}))


def restore(settings: Settings, given: argparse.Namespace) -> None:
    """Put the database back as a file has it; the service must be stopped."""
    backups.restore(settings.database, given.file)
    print(json.dumps({"restored": str(given.file)}))


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
        accounts.revoke(session, given.client_id)
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
    return Database(settings.database)


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
    _command(commands, "migrate", migrate)
    _command(commands, "openapi", openapi)
    _command(commands, "doctor", doctor)
    demonstration = _command(commands, "demo", demonstrate)
    demonstration.add_argument(
        "--serve", action="store_true", help="leave the service up to explore"
    )
    for name, command in (("backup", backup), ("restore", restore)):
        _command(commands, name, command).add_argument("file", type=Path)
    _accounts(commands)
    return parser


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
