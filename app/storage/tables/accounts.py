"""Accounts, and what they register and publish."""

import uuid
from datetime import date
from typing import Any

from sqlalchemy import ForeignKey
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.storage.database import Table
from app.storage.tables.columns import Changed


class Account(Table):
    """Who runs evaluations; the boundary that nothing crosses."""

    __tablename__ = "accounts"

    id: Mapped[uuid.UUID] = mapped_column(primary_key=True)
    name: Mapped[str] = mapped_column(unique=True)


class Client(Table):
    """A machine credential of an account; two secrets may be good while one replaces the other."""

    __tablename__ = "clients"

    id: Mapped[uuid.UUID] = mapped_column(primary_key=True)
    account_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("accounts.id"), index=True)
    partnership_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("partnerships.id"))
    secret: Mapped[bytes]
    older_secret: Mapped[bytes | None]
    scopes: Mapped[list[Any]]
    revoked: Mapped[bool] = mapped_column(default=False)


class Partnership(Table):
    """The organisations evaluated together, and what kind of partnership they are."""

    __tablename__ = "partnerships"

    id: Mapped[uuid.UUID] = mapped_column(primary_key=True)
    account_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("accounts.id"), index=True)
    name: Mapped[str]
    country: Mapped[str | None]
    service_area: Mapped[str | None]
    formed_on: Mapped[date | None]
    profile: Mapped[dict[str, Any]]
    updated_at: Mapped[Changed]

    organisations: Mapped[list["Organisation"]] = relationship(
        order_by="Organisation.position", cascade="all, delete-orphan", lazy="selectin"
    )


class Organisation(Table):
    """A partner, and how many of its staff are asked."""

    __tablename__ = "organisations"

    partnership_id: Mapped[uuid.UUID] = mapped_column(
        ForeignKey("partnerships.id"), primary_key=True
    )
    code: Mapped[str] = mapped_column(primary_key=True)
    position: Mapped[int]
    name: Mapped[str]
    sector: Mapped[str]
    headcount: Mapped[int]


class PublishedInstrument(Table):
    """An instrument that a client published; it never changes."""

    __tablename__ = "instruments"

    account_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("accounts.id"), primary_key=True)
    code: Mapped[str] = mapped_column(primary_key=True)
    version: Mapped[int] = mapped_column(primary_key=True)
    digest: Mapped[str]
    document: Mapped[dict[str, Any]]
    published_at: Mapped[Changed]
