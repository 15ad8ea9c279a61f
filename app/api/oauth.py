"""Machines fetch access tokens, and ask who they are."""

import base64
import binascii
import uuid
from typing import Annotated, Any

from fastapi import Form, Header
from pydantic import BaseModel

from app.api.dependencies import Deployment, Machine, Now, Reading
from app.api.routes import PUBLIC, machine, public, router
from app.errors import ClientInvalid, Malformed, ScopeMissing
from app.security.credentials import LIFETIME
from app.use_cases import accounts

routes = router("Access", prefix="")


class AccessToken(BaseModel):
    """RFC 6749, section 5.1."""

    access_token: str
    token_type: str
    expires_in: int
    scope: str


class Me(BaseModel):
    """Who the caller is."""

    client: uuid.UUID
    account: uuid.UUID
    account_name: str
    partnership: uuid.UUID | None
    scopes: list[str]


@routes.post(
    "/v1/oauth/token",
    summary="Fetch an access token",
    responses=public(ClientInvalid, ScopeMissing, body=True),
    openapi_extra=PUBLIC,
)
def fetch_access_token(
    deployment: Deployment,
    session: Reading,
    now: Now,
    grant_type: Annotated[str, Form(examples=["client_credentials"])],
    client_id: Annotated[str | None, Form(max_length=64)] = None,
    client_secret: Annotated[str | None, Form(max_length=128)] = None,
    scope: Annotated[str | None, Form(max_length=1000, examples=["reports:read"])] = None,
    authorization: Annotated[str | None, Header(include_in_schema=False)] = None,
) -> AccessToken:
    """Exchange a client's id and secret (Basic, or in the form) for a token of ten minutes."""
    if grant_type != "client_credentials":
        raise Malformed("The only grant_type is client_credentials.")
    credential = _basic(authorization) or (client_id or "", client_secret or "")
    token, caller = accounts.fetch_token(
        session, deployment.access, credential=credential, scope=scope, now=now
    )
    return AccessToken(
        access_token=token,
        token_type="Bearer",
        expires_in=int(LIFETIME.total_seconds()),
        scope=" ".join(sorted(caller.scopes)),
    )


@routes.get("/v1/me", summary="Who am I", responses=machine())
def read_me(caller: Machine, session: Reading) -> Me:
    """The client, its account, the partnership it is limited to, and its scopes."""
    return Me(
        client=caller.client,
        account=caller.account,
        account_name=accounts.account_of(session, caller).name,
        partnership=caller.partnership,
        scopes=sorted(caller.scopes),
    )


@routes.get(
    "/.well-known/jwks.json", summary="Public keys", responses=public(), openapi_extra=PUBLIC
)
def read_jwks(deployment: Deployment) -> dict[str, Any]:
    """The public keys that verify our access tokens."""
    return deployment.access.jwks()


def _basic(authorization: str | None) -> tuple[str, str] | None:
    scheme, _, encoded = (authorization or "").partition(" ")
    if scheme.lower() != "basic":
        return None
    try:
        client_id, _, secret = base64.b64decode(encoded, validate=True).decode().partition(":")
    except (binascii.Error, UnicodeDecodeError):
        raise ClientInvalid from None
    return client_id, secret
