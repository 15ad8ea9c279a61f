"""Accounts and their clients."""

import uuid
from collections.abc import Sequence

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.storage.tables import Account, Client


def add(session: Session, record: Account | Client) -> None:
    """Keep an account or a client."""
    session.add(record)
    session.flush()


def named(session: Session, name: str) -> Account | None:
    """The account with this name."""
    return session.scalars(select(Account).where(Account.name == name)).one_or_none()


def client(session: Session, client_id: uuid.UUID) -> Client | None:
    """The client with this id, revoked or not."""
    return session.get(Client, client_id)


def clients(session: Session, account_id: uuid.UUID) -> Sequence[Client]:
    """Every client of an account."""
    return session.scalars(
        select(Client).where(Client.account_id == account_id).order_by(Client.id)
    ).all()


def working_clients(session: Session) -> Sequence[Client]:
    """Every client of every account that is not revoked."""
    return session.scalars(select(Client).where(~Client.revoked)).all()


def account(session: Session, account_id: uuid.UUID) -> Account:
    """The account with this id."""
    return session.get_one(Account, account_id)
