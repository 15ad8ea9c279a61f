"""Routers whose operations say what they refuse, and what the contract shows of a list."""

import base64
import uuid
from datetime import UTC, datetime
from typing import Annotated, Any, Generic, TypeVar

from fastapi import APIRouter, Query, Request, Response
from pydantic import AfterValidator, AwareDatetime, BaseModel, BeforeValidator, ConfigDict

from app.api.problems import problems
from app.api.route import Route
from app.errors import (
    AppError,
    CredentialInvalid,
    CursorMalformed,
    Invalid,
    Malformed,
    RateLimited,
    ScopeMissing,
    TokenInUrl,
    TokenMissing,
    TokenMistyped,
    TooLarge,
    Unavailable,
    Unsupported,
)

Thing = TypeVar("Thing")
PUBLIC: dict[str, Any] = {"security": []}


class Shape(BaseModel):
    """The base of what clients send: an unknown member is a mistake, and is said to be one."""

    model_config = ConfigDict(extra="forbid")


class Page(BaseModel, Generic[Thing]):
    """Part of a list."""

    items: list[Thing]
    next: str | None


Limit = Annotated[int, Query(ge=1, le=200, description="How many at most.")]


def _in_utc(instant: datetime) -> datetime:
    try:
        return instant.astimezone(UTC)
    except OverflowError:
        raise ValueError("there is no such moment in UTC") from None


def _written_out(instant: str) -> str:
    if "T" not in instant.upper():  # Pydantic would take a number for seconds since 1970
        raise ValueError("an instant has a date and a time")
    return instant


Since = Annotated[
    Annotated[AwareDatetime, BeforeValidator(_written_out), AfterValidator(_in_utc)] | None,
    Query(
        alias="updated_since",
        description="Only what was changed then or later (RFC 3339, such as 2027-03-01T12:00:00Z).",
    ),
]


async def cursor(
    cursor: Annotated[
        str | None, Query(max_length=64, description="`next` of the page before.")
    ] = None,
) -> uuid.UUID | None:
    """The id after which a page begins.

    Raises:
        CursorMalformed: It is not one that this service gave.
    """
    if cursor is None:
        return None
    try:
        return uuid.UUID(bytes=base64.b64decode(f"{cursor}==", b"-_", validate=True))
    except ValueError:
        raise CursorMalformed from None


def paged(
    items: list[Any], following: uuid.UUID | None, request: Request, response: Response
) -> dict[str, Any]:
    """A page, with its link to the next one: the same request from where this page ends."""
    if following is None:
        return {"items": items, "next": None}
    text = base64.urlsafe_b64encode(following.bytes).rstrip(b"=").decode()
    query = request.url.include_query_params(cursor=text).query
    response.headers["Link"] = f'<?{query}>; rel="next"'
    return {"items": items, "next": text}


_OF_BODIES = (Malformed, TooLarge, Unsupported)


def machine(*kinds: type[AppError], body: bool = False) -> dict[int | str, dict[str, Any]]:
    """The refusals of a call for machines."""
    return public(CredentialInvalid, ScopeMissing, RateLimited, *kinds, body=body)


def respondents(*kinds: type[AppError], body: bool = False) -> dict[int | str, dict[str, Any]]:
    """The refusals of a call for respondents."""
    return public(TokenMissing, TokenMistyped, *kinds, body=body)


def public(*kinds: type[AppError], body: bool = False) -> dict[int | str, dict[str, Any]]:
    """The refusals of a call for everybody."""
    return problems(*(_OF_BODIES if body else ()), TokenInUrl, *kinds, Invalid, Unavailable)


def router(tag: str, *, prefix: str = "/v1", **options: Any) -> APIRouter:
    """A router for one resource."""
    named: dict[str, Any] = {
        "route_class": Route,
        "generate_unique_id_function": lambda route: route.name,
    }
    return APIRouter(prefix=prefix, tags=[tag], **named | options)
