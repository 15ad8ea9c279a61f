"""What webhooks are told: written for each in the transaction in which it happens.

A message names things and says nothing about them: whoever is told fetches the rest with a
credential of their own. Nothing that a respondent does is an event.
"""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from app.security import chance
from app.storage import webhooks
from app.storage.database import Session
from app.storage.tables import Delivery, Evaluation, PublishedInstrument, Webhook

STAGE_CHANGED = "evaluation.stage_changed"
REPORT_PUBLISHED = "report.published"
INSTRUMENT_PUBLISHED = "instrument.published"
PING = "webhook.ping"


def stage_changed(
    session: Session, evaluation: Evaluation, published: Sequence[str], *, now: datetime
) -> None:
    """Tell that an evaluation has reached a stage, and of the reports that this published."""
    _announce(session, STAGE_CHANGED, {"stage": evaluation.stage}, evaluation, now)
    for report in published:
        report_published(session, evaluation, report, now=now)


def report_published(
    session: Session, evaluation: Evaluation, report: str, *, now: datetime
) -> None:
    """Tell that a report is published, for the first time or corrected."""
    _announce(session, REPORT_PUBLISHED, {"report": report}, evaluation, now)


def instrument_published(
    session: Session, instrument: PublishedInstrument, *, now: datetime
) -> None:
    """Tell every webhook of the account: instruments belong to all of it."""
    data = {"code": instrument.code, "version": instrument.version}
    for webhook in webhooks.enabled(session, instrument.account_id):
        if INSTRUMENT_PUBLISHED in webhook.events:
            tell(session, webhook, INSTRUMENT_PUBLISHED, data, now)


def _announce(
    session: Session, event: str, more: dict[str, Any], evaluation: Evaluation, now: datetime
) -> None:
    """Tell the webhooks of the account that want to hear of this evaluation."""
    of = {"evaluation": evaluation.id, "partnership": evaluation.partnership_id}
    data = {name: str(one) for name, one in of.items()} | more
    for webhook in webhooks.enabled(session, evaluation.partnership.account_id):
        listens = (
            event in webhook.events
            and webhook.partnership_id in (None, of["partnership"])
            and webhook.evaluation_id in (None, of["evaluation"])
        )
        if listens:
            tell(session, webhook, event, data, now)


def tell(
    session: Session, webhook: Webhook, event: str, data: dict[str, Any], now: datetime
) -> Delivery:
    """Write down what a webhook is to be told; it is due at once."""
    delivery = Delivery(
        id=chance.new_id(),
        webhook_id=webhook.id,
        event=event,
        data=data,
        happened_at=now,
        state="pending",
        due_at=now,
        tries=0,
        attempts=[],
    )
    webhooks.save(session, delivery)
    return delivery
