"""Backups bring nothing back that was withdrawn, revoked or closed since."""

import uuid
from dataclasses import asdict, dataclass, field
from datetime import datetime
from typing import Any

from app.security.keys import Keys
from app.security.ledger import Ledger, mark
from app.storage import accounts, evaluations, responses, tokens, webhooks
from app.storage.backups import BackupFailed
from app.storage.database import Database, Session
from app.storage.ledgers import Ledgers
from app.use_cases import closing, stages


@dataclass
class TakenOut:
    """What a ledger took out of a restored database; of respondents only whether anything was.

    Attributes:
        withdrawn: Whether answers were.
        revoked: Whether tokens, clients or webhooks were.
        closed: Evaluations whose stage was closed again, over the same answers as before.
        emptied: Evaluations whose stage was closed over other answers than the backup has.
    """

    withdrawn: bool = False
    revoked: bool = False
    closed: list[uuid.UUID] = field(default_factory=list)
    emptied: list[uuid.UUID] = field(default_factory=list)

    def said(self) -> dict[str, Any]:
        """The same in JSON."""
        found = asdict(self)
        return found | {name: [str(one) for one in found[name]] for name in ("closed", "emptied")}


def all_of(keys: Keys, ledgers: Ledgers) -> Ledger:
    """What all ledgers say together."""
    return Ledger(keys.ledger, frozenset(ledgers.all_marks()))


def of_backup(keys: Keys, ledgers: Ledgers, name: str) -> Ledger:
    """The ledger of one backup.

    Raises:
        BackupFailed: It is not there, or was written with other keys and would take nothing out.
    """
    found = frozenset(ledgers.marks(name))
    if mark(keys.ledger, "ledger") not in found:
        raise BackupFailed(f"the ledger {name} was written with another POET_TOKEN_KEY")
    return Ledger(keys.ledger, found)


def begin(database: Database, keys: Keys, ledgers: Ledgers, name: str) -> None:
    """Begin the ledger of a backup that is about to be made.

    Raises:
        BackupFailed: There is one of this name, or it cannot be written.
    """
    with database.writing() as session:
        ledgers.begin(session, name, [mark(keys.ledger, "ledger")])


def end(database: Database, ledgers: Ledgers, name: str) -> None:
    """Destroy the ledger of a backup that is gone.

    Raises:
        BackupFailed: There is no such ledger.
    """
    with database.writing() as session:
        ledgers.end(session, name)
    ledgers.destroy(name)


def apply(
    database: Database, keys: Keys, ledgers: Ledgers, ledger: Ledger, *, now: datetime
) -> TakenOut:
    """Take out of a restored database what its ledger names; doing it again changes nothing."""
    done = TakenOut()
    with database.writing() as session:
        _answers_and_tokens(session, ledger, done)
        for client in accounts.working_clients(session):
            if ledger.says("revoked", client.id.bytes):
                client.revoked = done.revoked = True
        for webhook in webhooks.every(session):
            if ledger.says("revoked", webhook.id.bytes):
                webhooks.remove(session, webhook)
                done.revoked = True
        for evaluation in evaluations.open_stages(session):
            if ledger.says("closed", evaluations.salt(session, evaluation.id)):
                # Closed over other people than before, the two reports would tell of the few.
                same = closing.marks(session, keys, evaluation)[1] in ledger.marks
                stages.end(session, keys, evaluation, now=now, unread=not same)
                (done.closed if same else done.emptied).append(evaluation.id)
        ledgers.adopt(session)
    database.tidy()
    return done


def _answers_and_tokens(session: Session, ledger: Ledger, done: TakenOut) -> None:
    withdrawn = [key for key in responses.keys(session) if ledger.says("withdrawn", key)]
    revoked = [token for token in tokens.every(session) if ledger.says("revoked", token)]
    responses.withdraw(session, withdrawn)
    tokens.revoke(session, revoked)
    done.withdrawn, done.revoked = bool(withdrawn), bool(revoked)
