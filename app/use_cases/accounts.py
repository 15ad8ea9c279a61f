"""Accounts, their clients, and the access tokens that clients fetch."""

import uuid
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime

from app.errors import AlreadyExists, ClientInvalid, NotFound, ScopeMissing
from app.security import chance, credentials
from app.security.credentials import AccessTokens, Caller
from app.security.keys import Keys
from app.security.ledger import mark
from app.storage import accounts, ledgers, partnerships
from app.storage.database import Session
from app.storage.tables import Account, Client

SCOPES = (
    "partnerships:read",
    "partnerships:write",
    "instruments:read",
    "instruments:write",
    "evaluations:read",
    "evaluations:write",
    "tokens:issue",
    "responses:import",
    "statements:read",
    "statements:redact",
    "outcomes:read",
    "outcomes:write",
    "reports:read",
    "actions:read",
    "actions:write",
    "webhooks:read",
    "webhooks:write",
    "metrics:read",
)
# What the whole deployment does is for its operator: only who asks for it by name gets it.
_BY_NAME = frozenset({"metrics:read"})


@dataclass(frozen=True)
class NewClient:
    """A client with its secret, which is shown this once."""

    client: uuid.UUID
    secret: str
    scopes: list[str]


def add_account(session: Session, name: str) -> Account:
    """Open an account.

    Raises:
        AlreadyExists: Another account has this name.
    """
    if accounts.named(session, name):
        raise AlreadyExists
    account = Account(id=chance.new_id(), name=name)
    accounts.add(session, account)
    return account


def add_client(
    session: Session,
    account_name: str,
    *,
    scopes: Collection[str] = (),
    partnership: uuid.UUID | None = None,
) -> NewClient:
    """Give an account a client; no scope named means all.

    Raises:
        NotFound: There is no such account, or it has no such partnership.
        ScopeMissing: There is no such scope.
    """
    account = accounts.named(session, account_name)
    if account is None:
        raise NotFound
    if unknown := set(scopes) - set(SCOPES):
        raise ScopeMissing(f"There is no scope {', '.join(sorted(unknown))}.")
    if partnership and not partnerships.find(session, partnership, account=account.id, only=None):
        raise NotFound
    secret = credentials.new_secret()
    client = Client(
        id=chance.new_id(),
        account_id=account.id,
        partnership_id=partnership,
        secret=credentials.secret_digest(secret),
        older_secret=None,
        scopes=sorted(scopes or set(SCOPES) - _BY_NAME),
        revoked=False,
    )
    accounts.add(session, client)
    return NewClient(client.id, secret, client.scopes)


def clients(session: Session, account_name: str) -> Sequence[Client]:
    """The clients of an account.

    Raises:
        NotFound: There is no such account.
    """
    account = accounts.named(session, account_name)
    if account is None:
        raise NotFound
    return accounts.clients(session, account.id)


def rotate(session: Session, client_id: uuid.UUID) -> NewClient:
    """Give a client a new secret; the one before stays good until the next rotation.

    Raises:
        NotFound: There is no such client.
    """
    client = _client(session, client_id)
    secret = credentials.new_secret()
    client.older_secret = client.secret
    client.secret = credentials.secret_digest(secret)
    return NewClient(client.id, secret, client.scopes)


def revoke(session: Session, keys: Keys, client_id: uuid.UUID) -> None:
    """End a client; its access tokens run out within ten minutes.

    Raises:
        NotFound: There is no such client.
    """
    _client(session, client_id).revoked = True
    ledgers.note(session, mark(keys.ledger, "revoked", client_id.bytes))


def fetch_token(
    session: Session,
    access: AccessTokens,
    *,
    credential: tuple[str, str],
    scope: str | None,
    now: datetime,
) -> tuple[str, Caller]:
    """An access token for a client, with the scopes it asks for or all that it has.

    Raises:
        ClientInvalid: The client is unknown or revoked, or the secret is wrong.
        ScopeMissing: The client does not have a scope that it asks for.
    """
    client_id, secret = credential
    client = _known(session, client_id)
    right = client is not None and (
        credentials.same_secret(secret, client.secret)
        | credentials.same_secret(secret, client.older_secret)
    )
    if client is None or not right or client.revoked:
        raise ClientInvalid
    asked = frozenset((scope or "").split()) or frozenset(client.scopes)
    if not asked <= frozenset(client.scopes):
        raise ScopeMissing
    caller = Caller(client.id, client.account_id, client.partnership_id, asked)
    return access.issue(caller, now=now), caller


def account_of(session: Session, caller: Caller) -> Account:
    """The account that a caller belongs to."""
    return accounts.account(session, caller.account)


def _known(session: Session, client_id: str) -> Client | None:
    try:
        return accounts.client(session, uuid.UUID(client_id))
    except ValueError:
        return None


def _client(session: Session, client_id: uuid.UUID) -> Client:
    client = accounts.client(session, client_id)
    if client is None:
        raise NotFound
    return client
