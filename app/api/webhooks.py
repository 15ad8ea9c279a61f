"""Webhooks: be told when something happens, instead of asking again and again."""

import uuid
from datetime import UTC, datetime
from typing import Annotated, Any, Literal

from fastapi import Depends, Query, Request, Response
from pydantic import AwareDatetime, BaseModel, Field

from app.api.dependencies import Deployment, Now, Reading, ReadsWebhooks, WritesWebhooks, Writing
from app.api.routes import Limit, Page, Shape, cursor, machine, paged, router
from app.errors import Malformed, NotFound, WebhookDisabled, WebhooksExhausted
from app.gateways.webhooks import Result
from app.use_cases import webhooks
from app.use_cases.webhooks import Wanted

routes = router("Webhooks")
Event = Literal["evaluation.stage_changed", "report.published", "instrument.published"]
State = Literal["pending", "delivered", "failed"]
# Beyond these a moment cannot be said in every time zone.
_FIRST, _LAST = datetime(2000, 1, 1, tzinfo=UTC), datetime(3000, 1, 1, tzinfo=UTC)


class NewWebhook(Shape):
    """Where to call, and of what to tell; of one partnership or one evaluation if it is named."""

    url: Annotated[str, Field(max_length=2000, description="A public address, https alone.")]
    events: Annotated[list[Event], Field(min_length=1, max_length=3)]
    partnership: uuid.UUID | None = None
    evaluation: uuid.UUID | None = None


class Webhook(BaseModel):
    """A registered webhook; `gone` when its receiver answered 410."""

    id: uuid.UUID
    url: str
    events: list[Event]
    partnership: uuid.UUID | None
    evaluation: uuid.UUID | None
    enabled: bool
    disabled_because: Literal["caller", "gone"] | None


class WebhookWithSecret(Webhook):
    """A webhook with its secret, which is shown this once."""

    secret: str = Field(description="`whsec_` and 32 bytes in base64: it verifies signatures.")


class WebhookChanges(Shape):
    """Whether anything is sent."""

    enabled: bool


class Attempt(BaseModel):
    """One call of the receiver: when, and the kind of its reply or why there was none."""

    at: datetime
    result: Result


class Delivery(BaseModel):
    """One message: what it says, and what became of it."""

    id: uuid.UUID = Field(description="The `webhook-id`, the same at each attempt.")
    type: str
    timestamp: datetime
    data: dict[str, Any]
    state: State
    next_attempt_at: datetime | None
    attempts: list[Attempt]


class Replay(Shape):
    """From when on everything is sent again; without it, only what failed."""

    since: Annotated[AwareDatetime | None, Field(ge=_FIRST, lt=_LAST)] = None


class Replayed(BaseModel):
    """How many messages are sent again."""

    replayed: int


@routes.post(
    "/webhooks",
    status_code=201,
    summary="Register a webhook",
    responses=machine(NotFound, WebhooksExhausted, body=True),
)
def register_webhook(
    caller: WritesWebhooks, deployment: Deployment, session: Writing, body: NewWebhook
) -> WebhookWithSecret:
    """Be told of events at an address. Keep the secret: it is shown here and never again."""
    wanted = Wanted(**body.model_dump())
    made = webhooks.register(session, deployment, caller, wanted)
    return WebhookWithSecret.model_validate(made)


@routes.get("/webhooks", summary="List webhooks", responses=machine(Malformed))
def list_webhooks(
    caller: ReadsWebhooks,
    session: Reading,
    request: Request,
    response: Response,
    after: Annotated[uuid.UUID | None, Depends(cursor)],
    limit: Limit = 50,
) -> Page[Webhook]:
    """The account's webhooks, or those of the one partnership that the client is limited to."""
    found, following = webhooks.listed(session, caller, limit=limit, after=after)
    return Page[Webhook].model_validate(paged(found, following, request, response))


@routes.get("/webhooks/{webhook_id}", summary="Read a webhook", responses=machine(NotFound))
def read_webhook(caller: ReadsWebhooks, session: Reading, webhook_id: uuid.UUID) -> Webhook:
    """One webhook, without its secret."""
    return Webhook.model_validate(webhooks.read(session, caller, webhook_id))


@routes.patch(
    "/webhooks/{webhook_id}",
    summary="Enable or disable a webhook",
    responses=machine(NotFound, body=True),
)
def change_webhook(
    caller: WritesWebhooks, session: Writing, webhook_id: uuid.UUID, body: WebhookChanges
) -> Webhook:
    """While it is disabled nothing is sent or kept for it; what waited has failed."""
    changed = webhooks.switch(session, caller, webhook_id, enabled=body.enabled)
    return Webhook.model_validate(changed)


@routes.delete(
    "/webhooks/{webhook_id}",
    status_code=204,
    summary="Delete a webhook",
    responses=machine(NotFound),
)
def delete_webhook(
    caller: WritesWebhooks, deployment: Deployment, session: Writing, webhook_id: uuid.UUID
) -> None:
    """Delete a webhook and the log of its deliveries."""
    webhooks.delete(session, deployment, caller, webhook_id)


@routes.get(
    "/webhooks/{webhook_id}/deliveries",
    summary="List deliveries",
    responses=machine(Malformed, NotFound),
)
def list_deliveries(
    caller: ReadsWebhooks,
    session: Reading,
    request: Request,
    response: Response,
    webhook_id: uuid.UUID,
    after: Annotated[uuid.UUID | None, Depends(cursor)],
    state: Annotated[State | None, Query(description="Only these.")] = None,
    limit: Limit = 50,
) -> Page[Delivery]:
    """What the webhook was told in the last 30 days, the newest first."""
    found, following = webhooks.deliveries(
        session, caller, webhook_id, state=state, limit=limit, after=after
    )
    return Page[Delivery].model_validate(paged(found, following, request, response))


@routes.post(
    "/webhooks/{webhook_id}/ping",
    status_code=202,
    summary="Ping a webhook",
    responses=machine(NotFound, WebhookDisabled),
)
def ping_webhook(
    caller: WritesWebhooks, session: Writing, now: Now, webhook_id: uuid.UUID
) -> Delivery:
    """Send a signed `webhook.ping`, once; its delivery says what became of it."""
    return Delivery.model_validate(webhooks.ping(session, caller, webhook_id, now=now))


@routes.post(
    "/webhooks/{webhook_id}/replay",
    status_code=202,
    summary="Send messages again",
    responses=machine(NotFound, WebhookDisabled, body=True),
)
def replay_webhook(
    caller: WritesWebhooks, session: Writing, now: Now, webhook_id: uuid.UUID, body: Replay
) -> Replayed:
    """Send again what failed, or everything since a moment, each under the id that it had."""
    count = webhooks.replay(session, caller, webhook_id, since=body.since, now=now)
    return Replayed(replayed=count)


@routes.post(
    "/webhooks/{webhook_id}/rotate",
    summary="Give a webhook a new secret",
    responses=machine(NotFound),
)
def rotate_webhook(
    caller: WritesWebhooks,
    deployment: Deployment,
    session: Writing,
    now: Now,
    webhook_id: uuid.UUID,
) -> WebhookWithSecret:
    """From now on the new secret signs; for 24 hours the one before signs too."""
    made = webhooks.rotate(session, deployment, caller, webhook_id, now=now)
    return WebhookWithSecret.model_validate(made)
