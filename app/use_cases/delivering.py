"""Deliver what webhooks are to be told: at least once, in no promised order.

Every process looks for what is due. It takes a webhook in hand for a minute, in a transaction of
its own, sends it what has waited longest, and writes down what became of it in another; no
transaction is open while somebody else's machine is waited for. A webhook that is in hand is
passed by, so that a slow one delays itself, and an account has half of the places at most. What a
process had in hand when it ended is sent again when the minute is over: the receiver knows it by
its `webhook-id`.
"""

import asyncio
import json
import logging
import uuid
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from app.gateways.webhooks import Reply
from app.security import webhooks as signing
from app.storage import webhooks
from app.storage.tables import Delivery, Webhook
from app.use_cases.deployment import Deployment
from app.use_cases.telling import PING
from app.use_cases.webhooks import disable

log = logging.getLogger("poet")

# From one attempt to the next, after the example in Standard Webhooks 1.0: over three days.
DELAYS = (
    *(timedelta(seconds=5), timedelta(minutes=5), timedelta(minutes=30)),
    *(timedelta(hours=hours) for hours in (2, 5, 10, 14, 20, 24)),
)
LONGEST_WAIT = timedelta(hours=24)  # however long a receiver asks to be left alone
IN_HAND = timedelta(minutes=1)
AT_ONCE = 16
AT_ONCE_OF_ONE = AT_ONCE // 2  # of one account, so that its slow receivers leave room
KEPT_FOR = timedelta(days=30)
FORGETTING_EVERY = timedelta(hours=1)
_ATTEMPTS_KEPT = 20


@dataclass(frozen=True, repr=False)
class Message:
    """One attempt.

    Attributes:
        webhook: To whom.
        url: Where it goes.
        delivery: Its id, the same at each attempt.
        body: What it says.
        secrets: What signs it, as it is stored.
        at: When the attempt was made.
        until: How long it is in hand.
    """

    webhook: uuid.UUID
    url: str
    delivery: uuid.UUID
    body: bytes
    secrets: tuple[bytes, ...]
    at: datetime
    until: datetime

    def headers(self, key: bytes) -> dict[str, str]:
        """What Standard Webhooks asks for: id, time of this attempt, signatures."""
        name, timestamp = str(self.delivery), int(self.at.timestamp())
        secrets = [signing.recalled(key, one, webhook=self.webhook) for one in self.secrets]
        return {
            "Content-Type": "application/json",
            "User-Agent": "POET webhooks",
            "webhook-id": name,
            "webhook-timestamp": str(timestamp),
            "webhook-signature": signing.signature(
                secrets, message=name, timestamp=timestamp, body=self.body
            ),
        }


async def deliver_forever(deployment: Deployment, *, every: float) -> None:
    """Deliver whatever is due, for as long as the service runs."""
    flying: set[asyncio.Task[None]] = set()
    forgetting = deployment.clock()
    try:
        while True:
            try:
                if deployment.clock() >= forgetting:
                    forgetting = deployment.clock() + FORGETTING_EVERY
                    await asyncio.to_thread(forget_old, deployment)
                flying |= await _take_off(deployment, AT_ONCE - len(flying))
            except Exception as failure:
                log.error("delivering failed (%s)", type(failure).__name__)
            if flying:
                # Whoever lands makes room at once.
                landing = asyncio.FIRST_COMPLETED
                _, flying = await asyncio.wait(flying, timeout=every, return_when=landing)
            else:
                await asyncio.sleep(every)
    finally:
        for task in flying:
            task.cancel()
        await asyncio.gather(*flying, return_exceptions=True)


async def deliver_due(deployment: Deployment) -> int:
    """Make one attempt at what is due, one message a webhook; how many attempts."""
    flying = await _take_off(deployment, AT_ONCE)
    await asyncio.gather(*flying)
    return len(flying)


async def _take_off(deployment: Deployment, room: int) -> set[asyncio.Task[None]]:
    messages = await asyncio.to_thread(take, deployment, room) if room else []
    return {asyncio.create_task(_deliver(deployment, message)) for message in messages}


async def _deliver(deployment: Deployment, message: Message) -> None:
    reply = await _sent(deployment, message)
    try:
        await asyncio.to_thread(write_down, deployment, message, reply)
    except Exception as failure:
        log.error("a delivery could not be written down (%s)", type(failure).__name__)


async def _sent(deployment: Deployment, message: Message) -> Reply:
    """What became of an attempt; a fault of our own is written down too, so that it ends."""
    try:
        headers = message.headers(deployment.keys.webhooks)
        return await deployment.gateway.post(message.url, message.body, headers, now=message.at)
    except Exception as failure:
        log.error("a delivery failed (%s)", type(failure).__name__)
        return Reply("unreachable")


def take(deployment: Deployment, room: int) -> list[Message]:
    """Take in hand what is due, of at most `room` webhooks."""
    now = deployment.clock()
    with deployment.database.reading() as session:
        if not webhooks.any_due(session, now):
            return []
    until = now + IN_HAND
    with deployment.database.writing() as session:
        taken = webhooks.take(session, now, until=until, limit=room, of_one=AT_ONCE_OF_ONE)
        return [
            Message(
                webhook=webhook.id,
                url=webhook.url,
                delivery=delivery.id,
                body=body_of(delivery),
                secrets=_secrets(webhook, now),
                at=now,
                until=until,
            )
            for webhook, delivery in taken
        ]


def write_down(deployment: Deployment, message: Message, reply: Reply) -> None:
    """Keep what became of an attempt, unless its time is over: then somebody else sends it."""
    now = deployment.clock()
    if now >= message.until:
        return
    with deployment.database.writing() as session:
        held = webhooks.in_hand(session, message.delivery, until=message.until)
        if held is None:
            return
        webhook, delivery = held
        webhook.busy_until = now
        attempt = {"at": _written(message.at), "result": reply.result}
        delivery.attempts = [*delivery.attempts, attempt][-_ATTEMPTS_KEPT:]
        delivery.tries += 1
        _decide(delivery, reply, now)
        if reply.result == "410":
            disable(session, webhook, because="gone")


def _decide(delivery: Delivery, reply: Reply, now: datetime) -> None:
    """Whether a delivery is done, and if it is not, when it is tried again."""
    delivery.due_at = None
    if reply.result == "2xx":
        delivery.state = "delivered"
    elif reply.result == "410" or delivery.event == PING or delivery.tries > len(DELAYS):
        delivery.state = "failed"
    else:
        # What was disabled while it was being sent is pending no more.
        asked = min(reply.retry_after or timedelta(), LONGEST_WAIT)
        if delivery.state == "pending":
            delivery.due_at = now + max(DELAYS[delivery.tries - 1], asked)


def forget_old(deployment: Deployment) -> None:
    """Forget secrets that sign no more, and what was sent or failed more than 30 days ago."""
    now = deployment.clock()
    before = now - KEPT_FOR
    with deployment.database.reading() as session:
        old = webhooks.any_over(session, before) or webhooks.any_secret_over(session, now)
    if old:
        with deployment.database.writing() as session:
            webhooks.forget(session, before)
            webhooks.forget_secrets(session, now)


def body_of(delivery: Delivery) -> bytes:
    """The bytes that are sent and signed; the same at each attempt."""
    content: dict[str, Any] = {
        "type": delivery.event,
        "timestamp": _written(delivery.happened_at),
        "data": delivery.data,
    }
    return json.dumps(content, separators=(",", ":")).encode()


def _secrets(webhook: Webhook, now: datetime) -> tuple[bytes, ...]:
    """What signs now, as it is stored: the newest secret, and for a day the one before."""
    if webhook.older_secret and webhook.older_until and now < webhook.older_until:
        return (webhook.secret, webhook.older_secret)
    return (webhook.secret,)


def _written(moment: datetime) -> str:
    return moment.astimezone(UTC).isoformat().replace("+00:00", "Z")
