"""Webhooks and their deliveries."""

import uuid
from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Select, and_, delete, exists, func, or_, select, update
from sqlalchemy.orm import Session, aliased

from app.errors import CursorMalformed
from app.storage.paging import page
from app.storage.tables import Account, Delivery, Webhook


def _of(account: uuid.UUID, only: uuid.UUID | None) -> Select[Webhook]:
    statement = select(Webhook).where(Webhook.account_id == account)
    return statement if only is None else statement.where(Webhook.partnership_id == only)


def find(
    session: Session,
    webhook_id: uuid.UUID,
    *,
    account: uuid.UUID,
    only: uuid.UUID | None,
    lock: bool = False,
) -> Webhook | None:
    """A webhook of this account; with `lock`, nobody else changes or calls it meanwhile."""
    statement = _of(account, only).where(Webhook.id == webhook_id)
    if lock:
        statement = statement.with_for_update(key_share=True)
    return session.scalars(statement).one_or_none()


def listed(
    session: Session,
    *,
    account: uuid.UUID,
    only: uuid.UUID | None,
    limit: int,
    after: uuid.UUID | None,
) -> tuple[list[Webhook], uuid.UUID | None]:
    """A page of an account's webhooks."""
    return page(session, _of(account, only), Webhook.id, limit=limit, after=after)


def count(session: Session, account: uuid.UUID) -> int:
    """How many webhooks an account has; nobody else counts before the transaction ends."""
    session.scalars(
        select(Account.id).where(Account.id == account).with_for_update(key_share=True)
    ).one()
    statement = select(func.count()).select_from(Webhook).where(Webhook.account_id == account)
    return session.scalars(statement).one()


def every(session: Session) -> Sequence[Webhook]:
    """Every webhook of every account."""
    return session.scalars(select(Webhook)).all()


def enabled(session: Session, account: uuid.UUID) -> Sequence[Webhook]:
    """The webhooks of an account that may be called; none ends before the transaction does."""
    statement = _of(account, None).where(Webhook.disabled_because.is_(None))
    # In one order, so that no two wait for each other.
    return session.scalars(statement.order_by(Webhook.id).with_for_update(read=True)).all()


def save(session: Session, record: Webhook | Delivery) -> None:
    """Keep a webhook or a delivery as it is now."""
    session.add(record)
    session.flush()


def remove(session: Session, webhook: Webhook) -> None:
    """Remove a webhook and its deliveries."""
    session.delete(webhook)
    session.flush()


def deliveries(
    session: Session,
    webhook: Webhook,
    *,
    state: str | None,
    limit: int,
    after: uuid.UUID | None,
) -> tuple[list[Delivery], uuid.UUID | None]:
    """A page of a webhook's deliveries, the newest first.

    Raises:
        CursorMalformed: There is no such delivery any more, from which to go on.
    """
    statement = select(Delivery).where(Delivery.webhook_id == webhook.id)
    if state is not None:
        statement = statement.where(Delivery.state == state)
    if after is not None:
        last = session.get(Delivery, after)
        if last is None or last.webhook_id != webhook.id:
            raise CursorMalformed
        same_moment = and_(Delivery.happened_at == last.happened_at, Delivery.id > last.id)
        statement = statement.where(or_(Delivery.happened_at < last.happened_at, same_moment))
    ordered = statement.order_by(Delivery.happened_at.desc(), Delivery.id).limit(limit + 1)
    found = list(session.scalars(ordered))
    return found[:limit], found[limit - 1].id if len(found) > limit else None


def send_again(
    session: Session, webhook: Webhook, *, since: datetime | None, but: str, now: datetime
) -> int:
    """Make deliveries due again: those that failed, or all since a moment; how many.

    Args:
        session: The transaction.
        webhook: Whose deliveries.
        since: From when on all are sent again, and not only those that failed.
        but: The event that is never sent again.
        now: When they are due.
    """
    statement = update(Delivery).where(Delivery.webhook_id == webhook.id, Delivery.event != but)
    if since is None:
        statement = statement.where(Delivery.state == "failed")
    else:
        statement = statement.where(Delivery.state != "pending", Delivery.happened_at >= since)
    done: Any = session.execute(statement.values(state="pending", due_at=now, tries=0))
    return int(done.rowcount)


def give_up(session: Session, webhook: Webhook) -> None:
    """Send nothing of what is waiting for a webhook."""
    waiting = update(Delivery).where(Delivery.webhook_id == webhook.id, Delivery.state == "pending")
    session.execute(waiting.values(state="failed", due_at=None))


def _due(now: datetime) -> tuple[Any, ...]:
    """What makes a webhook one to be called now: something is due, and nobody is calling it."""
    waiting = exists().where(Delivery.webhook_id == Webhook.id, Delivery.due_at <= now)
    free = or_(Webhook.busy_until.is_(None), Webhook.busy_until <= now)
    return Webhook.disabled_because.is_(None), waiting, free


def any_due(session: Session, now: datetime) -> bool:
    """Whether anything is to be sent now."""
    return session.scalars(select(Webhook.id).where(*_due(now)).limit(1)).first() is not None


def take(
    session: Session, now: datetime, *, until: datetime, limit: int, of_one: int
) -> list[tuple[Webhook, Delivery]]:
    """Take webhooks in hand until a moment, each with what has waited longest for it.

    Those that were called longest ago come first. What another process has in hand is passed by.

    Args:
        session: The transaction.
        now: What is due by then.
        until: How long they are in hand.
        limit: How many at most.
        of_one: How many of one account are in hand at once, whoever has them.
    """
    first = (Webhook.busy_until.asc().nulls_first(), Webhook.id)
    turn = func.row_number().over(partition_by=Webhook.account_id, order_by=first).label("turn")
    turns = select(Webhook.id, turn).where(*_due(now)).subquery()
    busy = aliased(Webhook)
    held = (
        select(func.count())
        .where(busy.account_id == Webhook.account_id, busy.busy_until > now)
        .scalar_subquery()
    )
    statement = (
        select(Webhook)
        .join(turns, turns.c.id == Webhook.id)
        .where(*_due(now), turns.c.turn + held <= of_one)
        .order_by(*first)
        .limit(limit)
        .with_for_update(key_share=True, skip_locked=True, of=Webhook)
    )
    taken = []
    for webhook in session.scalars(statement).all():
        waiting = select(Delivery).where(Delivery.webhook_id == webhook.id, Delivery.due_at <= now)
        delivery = session.scalars(waiting.order_by(Delivery.due_at, Delivery.id).limit(1)).first()
        if delivery is not None:
            webhook.busy_until = until
            taken.append((webhook, delivery))
    return taken


def in_hand(
    session: Session, delivery_id: uuid.UUID, *, until: datetime
) -> tuple[Webhook, Delivery] | None:
    """What was taken in hand until that moment; None if somebody else has it since, or it is gone.

    Nobody else changes the webhook meanwhile.
    """
    statement = (
        select(Webhook)
        .join(Delivery, Delivery.webhook_id == Webhook.id)
        .where(Delivery.id == delivery_id, Webhook.busy_until == until)
        .with_for_update(key_share=True, of=Webhook)
    )
    webhook = session.scalars(statement).one_or_none()
    if webhook is None:
        return None
    return webhook, session.get_one(Delivery, delivery_id)


def _over(before: datetime) -> tuple[Any, ...]:
    return Delivery.state != "pending", Delivery.happened_at < before


def any_over(session: Session, before: datetime) -> bool:
    """Whether a delivery from before a moment is kept that is not to be sent any more."""
    return session.scalars(select(Delivery.id).where(*_over(before)).limit(1)).first() is not None


def _over_secrets(now: datetime) -> Select[Webhook]:
    return select(Webhook).where(Webhook.older_until <= now)


def any_secret_over(session: Session, now: datetime) -> bool:
    """Whether a secret is kept that signs no more."""
    return session.scalars(_over_secrets(now).limit(1)).first() is not None


def forget_secrets(session: Session, now: datetime) -> None:
    """Forget the secrets that sign no more, but of webhooks that somebody holds."""
    over = _over_secrets(now).with_for_update(key_share=True, skip_locked=True)
    for webhook in session.scalars(over):
        webhook.older_secret = webhook.older_until = None


def forget(session: Session, before: datetime) -> None:
    """Forget deliveries from before a moment, except what is still to be sent."""
    session.execute(delete(Delivery).where(*_over(before)))
