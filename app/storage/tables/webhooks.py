"""Who wants to be told of what, and what they were told."""

import uuid
from datetime import datetime
from typing import Any

from sqlalchemy import ForeignKey, Index
from sqlalchemy.orm import Mapped, mapped_column

from app.storage.database import Table
from app.storage.tables.columns import one_of


class Webhook(Table):
    """An address that is called when something happens.

    `busy_until` is when whoever calls it now has given up, or when it was last called.
    """

    __tablename__ = "webhooks"
    __table_args__ = (one_of("disabled_because", "caller", "gone"),)

    id: Mapped[uuid.UUID] = mapped_column(primary_key=True)
    account_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("accounts.id"), index=True)
    partnership_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("partnerships.id"))
    evaluation_id: Mapped[uuid.UUID | None] = mapped_column(
        ForeignKey("evaluations.id", ondelete="CASCADE"), index=True
    )
    url: Mapped[str]
    events: Mapped[list[Any]]
    disabled_because: Mapped[str | None]
    secret: Mapped[bytes]
    older_secret: Mapped[bytes | None]
    older_until: Mapped[datetime | None]
    busy_until: Mapped[datetime | None]


class Delivery(Table):
    """One event for one webhook: to be sent while it has a `due_at`, and then what became of it.

    Written in the transaction in which the thing happened, so that neither is without the other.
    """

    __tablename__ = "deliveries"
    __table_args__ = (
        one_of("state", "pending", "delivered", "failed"),
        Index(None, "webhook_id", "happened_at"),
    )

    id: Mapped[uuid.UUID] = mapped_column(primary_key=True)
    webhook_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("webhooks.id", ondelete="CASCADE"))
    event: Mapped[str]
    data: Mapped[dict[str, Any]]
    happened_at: Mapped[datetime] = mapped_column(index=True)
    state: Mapped[str]
    due_at: Mapped[datetime | None] = mapped_column(index=True)
    tries: Mapped[int]
    attempts: Mapped[list[Any]]
