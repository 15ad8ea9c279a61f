"""Webhooks: who is told when something happens, and what they were told.

What they are told is written by `telling`, and sent by `delivering`.
"""

import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from app.errors import Fault, Invalid, NotFound, WebhookDisabled, WebhooksExhausted
from app.gateways.addresses import AddressRefused
from app.security import chance
from app.security import webhooks as signing
from app.security.credentials import Caller
from app.security.ledger import mark
from app.storage import ledgers, webhooks
from app.storage.database import Session
from app.storage.tables import Delivery, Webhook
from app.use_cases import access
from app.use_cases.deployment import Deployment
from app.use_cases.telling import PING, tell

OLDER_SIGNS_FOR = timedelta(hours=24)
MOST = 50


@dataclass(frozen=True)
class Wanted:
    """What a caller asks to be told of, and where.

    Attributes:
        url: The address to call.
        events: Of what.
        partnership: Only of this partnership.
        evaluation: Only of this evaluation.
    """

    url: str
    events: Sequence[str]
    partnership: uuid.UUID | None = None
    evaluation: uuid.UUID | None = None


def register(
    session: Session, deployment: Deployment, caller: Caller, wanted: Wanted
) -> dict[str, Any]:
    """Register a webhook; its secret is shown this once.

    Raises:
        Invalid: The address is not one that is called, or a partnership and an evaluation is named.
        NotFound: There is no such partnership or evaluation, or it is another's.
        WebhooksExhausted: The account has as many as it may have.
    """
    try:
        deployment.gateway.check(wanted.url)
    except AddressRefused as refused:
        raise Invalid(faults=[Fault("/url", "address-refused", str(refused))]) from None
    webhook = Webhook(
        id=chance.new_id(),
        account_id=caller.account,
        partnership_id=_partnership(session, caller, wanted),
        evaluation_id=wanted.evaluation,
        url=wanted.url,
        events=sorted(set(wanted.events)),
    )
    document = _with_new_secret(session, deployment, webhook)
    # Counted afterwards: nobody who has the evaluation in hand waits for the account meanwhile.
    if webhooks.count(session, caller.account) > MOST:
        raise WebhooksExhausted(most=MOST)
    return document


def _partnership(session: Session, caller: Caller, wanted: Wanted) -> uuid.UUID | None:
    if wanted.evaluation is None:
        if wanted.partnership is None:
            return caller.partnership
        return access.partnership(session, caller, wanted.partnership).id
    if wanted.partnership is not None:
        said = "An evaluation has one partnership: name one of the two."
        raise Invalid(faults=[Fault("/partnership", "one-of-two", said)])
    return access.evaluation(session, caller, wanted.evaluation).partnership_id


def _with_new_secret(session: Session, deployment: Deployment, webhook: Webhook) -> dict[str, Any]:
    secret = signing.new_secret()
    webhook.secret = signing.kept(deployment.keys.webhooks, secret, webhook=webhook.id)
    webhooks.save(session, webhook)
    return {**_document(webhook), "secret": signing.shown(secret)}


def listed(
    session: Session, caller: Caller, *, limit: int, after: uuid.UUID | None
) -> tuple[list[dict[str, Any]], uuid.UUID | None]:
    """A page of the webhooks that the caller may see."""
    found, following = webhooks.listed(
        session, account=caller.account, only=caller.partnership, limit=limit, after=after
    )
    return [_document(webhook) for webhook in found], following


def read(session: Session, caller: Caller, webhook_id: uuid.UUID) -> dict[str, Any]:
    """One webhook.

    Raises:
        NotFound: There is none, or it is another's.
    """
    return _document(_webhook(session, caller, webhook_id))


def switch(
    session: Session, caller: Caller, webhook_id: uuid.UUID, *, enabled: bool
) -> dict[str, Any]:
    """Enable or disable a webhook; what waits for one that is disabled has failed.

    Raises:
        NotFound: There is none, or it is another's.
    """
    webhook = _webhook(session, caller, webhook_id, lock=True)
    if enabled:
        webhook.disabled_because = None
    elif webhook.disabled_because is None:
        disable(session, webhook, because="caller")
    webhooks.save(session, webhook)
    return _document(webhook)


def disable(session: Session, webhook: Webhook, *, because: str) -> None:
    """Send nothing more to a webhook, what is waiting for it included."""
    webhook.disabled_because = because
    webhooks.give_up(session, webhook)


def delete(session: Session, deployment: Deployment, caller: Caller, webhook_id: uuid.UUID) -> None:
    """Delete a webhook and its deliveries; no backup brings it back.

    Raises:
        NotFound: There is none, or it is another's.
    """
    webhook = _webhook(session, caller, webhook_id, lock=True)
    ledgers.note(session, mark(deployment.keys.ledger, "revoked", webhook.id.bytes))
    webhooks.remove(session, webhook)


def rotate(
    session: Session,
    deployment: Deployment,
    caller: Caller,
    webhook_id: uuid.UUID,
    *,
    now: datetime,
) -> dict[str, Any]:
    """Give a webhook a new secret; the one before signs too for a day.

    Raises:
        NotFound: There is none, or it is another's.
    """
    webhook = _webhook(session, caller, webhook_id, lock=True)
    webhook.older_secret, webhook.older_until = webhook.secret, now + OLDER_SIGNS_FOR
    return _with_new_secret(session, deployment, webhook)


def deliveries(
    session: Session,
    caller: Caller,
    webhook_id: uuid.UUID,
    *,
    state: str | None,
    limit: int,
    after: uuid.UUID | None,
) -> tuple[list[dict[str, Any]], uuid.UUID | None]:
    """A page of what a webhook was told, the newest first.

    Raises:
        NotFound: There is no such webhook, or it is another's.
        CursorMalformed: The page before is not kept any more.
    """
    webhook = _webhook(session, caller, webhook_id)
    found, following = webhooks.deliveries(session, webhook, state=state, limit=limit, after=after)
    return [_delivery(one) for one in found], following


def ping(
    session: Session, caller: Caller, webhook_id: uuid.UUID, *, now: datetime
) -> dict[str, Any]:
    """Send a webhook a message that says nothing, once.

    Raises:
        NotFound: There is no such webhook, or it is another's.
        WebhookDisabled: It is disabled.
    """
    webhook = _ready(session, caller, webhook_id)
    return _delivery(tell(session, webhook, PING, {"webhook": str(webhook.id)}, now))


def replay(
    session: Session,
    caller: Caller,
    webhook_id: uuid.UUID,
    *,
    since: datetime | None,
    now: datetime,
) -> int:
    """Send again what failed, or everything since a moment; how many messages.

    Raises:
        NotFound: There is no such webhook, or it is another's.
        WebhookDisabled: It is disabled.
    """
    webhook = _ready(session, caller, webhook_id)
    return webhooks.send_again(session, webhook, since=since, but=PING, now=now)


def _webhook(
    session: Session, caller: Caller, webhook_id: uuid.UUID, *, lock: bool = False
) -> Webhook:
    found = webhooks.find(
        session, webhook_id, account=caller.account, only=caller.partnership, lock=lock
    )
    if found is None:
        raise NotFound
    return found


def _ready(session: Session, caller: Caller, webhook_id: uuid.UUID) -> Webhook:
    """A webhook that may be called, held against changes."""
    webhook = _webhook(session, caller, webhook_id, lock=True)
    if webhook.disabled_because is not None:
        raise WebhookDisabled
    return webhook


def _document(webhook: Webhook) -> dict[str, Any]:
    return {
        "id": webhook.id,
        "url": webhook.url,
        "events": webhook.events,
        "partnership": webhook.partnership_id,
        "evaluation": webhook.evaluation_id,
        "enabled": webhook.disabled_because is None,
        "disabled_because": webhook.disabled_because,
    }


def _delivery(delivery: Delivery) -> dict[str, Any]:
    return {
        "id": delivery.id,
        "type": delivery.event,
        "timestamp": delivery.happened_at,
        "data": delivery.data,
        "state": delivery.state,
        "next_attempt_at": delivery.due_at,
        "attempts": delivery.attempts,
    }
