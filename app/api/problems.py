"""A refusal as `application/problem+json` (RFC 9457)."""

import logging
from collections.abc import Collection, Iterator, Sequence
from typing import Any

from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse
from pydantic import BaseModel, Field
from starlette.exceptions import HTTPException

from app.api import operation_outcomes
from app.errors import (
    AppError,
    Conflict,
    CredentialInvalid,
    CursorMalformed,
    Fault,
    Forbidden,
    Gone,
    Invalid,
    Malformed,
    MethodNotAllowed,
    NotAcceptable,
    NotFound,
    RateLimited,
    TooLarge,
    Unauthenticated,
    Unavailable,
    Unsupported,
    nameable,
    refusals,
)
from app.formats.media_types import FHIR_JSON

log = logging.getLogger("poet")

MEDIA_TYPE = "application/problem+json"
_FHIR = "/fhir/"
STATUS: dict[type[AppError], int] = {
    Malformed: 400,
    Unauthenticated: 401,
    Forbidden: 403,
    NotFound: 404,
    MethodNotAllowed: 405,
    NotAcceptable: 406,
    Conflict: 409,
    Gone: 410,
    TooLarge: 413,
    Unsupported: 415,
    Invalid: 422,
    RateLimited: 429,
    Unavailable: 503,
}
_RETRY_AFTER = "2"
# Pydantic's words for the faults that clients branch on; any other keeps its own.
_CODES = {
    "extra_forbidden": "unknown-field",
    "unexpected_keyword_argument": "unknown-field",
    "missing": "required",
    "literal_error": "unknown-value",
}
# And the words for those whose own say little, or repeat a character of what was sent.
_WORDS = {
    "extra_forbidden": "There is no such member.",
    "unexpected_keyword_argument": "There is no such member.",
    "uuid_parsing": "This is not an id.",
}


class FaultModel(BaseModel):
    """One thing wrong with a body."""

    pointer: str = Field(description="A JSON Pointer (RFC 6901) into the body.")
    code: str
    detail: str


class Problem(BaseModel):
    """Why a request was refused. Some codes carry further members, such as `stage`."""

    type: str = Field(description="A page that explains the problem.")
    title: str
    status: int
    detail: str
    code: str = Field(description="Stable; branch on it.")
    errors: list[FaultModel] | None = Field(
        default=None,
        description="For bodies: every fault, up to a hundred. What was sent is never repeated.",
    )


_SCHEMA = Problem.model_json_schema(ref_template="#/components/schemas/{model}")


def status_of(kind: type[AppError]) -> int:
    """The HTTP status of a refusal."""
    return next(STATUS[category] for category in kind.__mro__ if category in STATUS)


def problems(*kinds: type[AppError]) -> dict[int | str, dict[str, Any]]:
    """The refusals of an operation, for its contract."""
    by_status: dict[int | str, dict[str, Any]] = {}
    for kind in kinds:
        entry = by_status.setdefault(
            status_of(kind), {"description": "", "content": {MEDIA_TYPE: {"schema": _SCHEMA}}}
        )
        line = f"`{kind.code()}`: {kind.meaning()}"
        entry["description"] = "\n\n".join(filter(None, [entry["description"], line]))
    return by_status


def problem(
    refusal: AppError, *, language: str = "en", headers: dict[str, str] | None = None
) -> JSONResponse:
    """The reply to a refused request."""
    status = status_of(type(refusal))
    content: dict[str, Any] = {
        "type": f"/problems/{refusal.code()}",
        "title": refusal.title(),
        "status": status,
        "detail": refusal.in_language(language),
        "code": refusal.code(),
        **refusal.facts,
    }
    if refusal.faults:
        content["errors"] = [vars(fault) for fault in refusal.faults]
    return JSONResponse(content, status, _headers(refusal, headers), MEDIA_TYPE)


def reply(
    request: Request, refusal: AppError, *, headers: dict[str, str] | None = None
) -> JSONResponse:
    """The reply to a refused request, as whoever asks there expects it."""
    language = language_of(request)
    if not request.url.path.startswith(_FHIR):
        return problem(refusal, language=language, headers=headers)
    said = operation_outcomes.refused(refusal, language=language, base=_base(request))
    status = status_of(type(refusal))
    return JSONResponse(said.document(), status, _headers(refusal, headers), FHIR_JSON)


def _headers(refusal: AppError, headers: dict[str, str] | None) -> dict[str, str]:
    headers = dict(headers or {})
    if isinstance(refusal, Unauthenticated):
        headers["WWW-Authenticate"] = "Bearer"
    if isinstance(refusal, Unavailable):
        headers["Retry-After"] = _RETRY_AFTER
    if isinstance(refusal, RateLimited):
        headers["Retry-After"] = str(refusal.facts["retry_after"])
    return headers


def _base(request: Request) -> str:
    return str(request.app.state.deployment.public_url).rstrip("/")


def language_of(request: Request) -> str:
    """Welsh when the caller asks for it first, else English."""
    return "cy" if request.headers.get("Accept-Language", "").lower().startswith("cy") else "en"


def install(app: FastAPI) -> None:
    """Give every failure of `app` the same form."""

    @app.exception_handler(AppError)
    async def refused(request: Request, refusal: AppError) -> JSONResponse:
        return reply(request, refusal)

    @app.exception_handler(RequestValidationError)
    async def unreadable(request: Request, failure: RequestValidationError) -> JSONResponse:
        return reply(request, invalid(failure.errors(), body=failure.body))

    @app.exception_handler(HTTPException)
    async def unrouted(request: Request, failure: HTTPException) -> JSONResponse:
        kinds: dict[int, type[AppError]] = {404: NotFound, 405: MethodNotAllowed}
        kind = kinds.get(failure.status_code, Malformed)
        return reply(request, kind(), headers=dict(failure.headers or {}))


def broken(request: Request, route: str, failure: Exception) -> JSONResponse:
    """The reply when something fails that should not.

    The class and the route are logged and nothing else: a message may repeat what somebody sent.
    """
    log.error("%s %s failed: %s", request.method, route, type(failure).__name__)
    if request.url.path.startswith(_FHIR):
        said = operation_outcomes.broken(base=_base(request))
        return JSONResponse(said.document(), 500, media_type=FHIR_JSON)
    content = {
        "type": "about:blank",
        "title": "Internal error",
        "status": 500,
        "detail": "Something went wrong here. It may be sent again, an answer with the same key.",
        "code": "internal-error",
    }
    return JSONResponse(content, 500, media_type=MEDIA_TYPE)


def invalid(faults: Sequence[Any], *, body: Any = None) -> AppError:
    """What a request that failed its model is refused with; `body` as it was read, if it was."""
    places = {fault["loc"][0] for fault in faults if fault["loc"]}
    if any(fault["type"] == "json_invalid" for fault in faults):
        return Malformed("The body is not JSON.")
    if "path" in places:
        return NotFound()
    if any(fault["loc"][:2] == ("query", "cursor") for fault in faults):
        return CursorMalformed()
    if ("header", "authorization") in {fault["loc"][:2] for fault in faults}:
        return CredentialInvalid()
    return Invalid(faults=(_fault(fault, body) for fault in faults))


def _fault(fault: Any, body: Any) -> Fault:
    kind = str(fault["type"])
    pointer = "".join(f"/{part}" for part in _place(fault, body))
    detail = _WORDS.get(kind) or str(fault["msg"])
    return Fault(pointer, _CODES.get(kind, kind.replace("_", "-")), detail)


def _place(fault: Any, body: Any) -> Iterator[str]:
    """The members that lead to a fault, without what Pydantic adds to them."""
    loc = list(fault["loc"])
    if loc[-1:] == ["[key]"]:  # a member's name is at fault
        loc = loc[:-2]
    walking = loc[:1] == ["body"]
    for part in loc[walking:]:
        if walking and part in _members(body):
            body = body[part]
        elif walking and fault["type"] != "missing":
            continue  # the branch of a union that was tried
        if not nameable(str(part)):
            return
        yield str(part)


def _members(value: Any) -> Collection[Any]:
    if isinstance(value, list):
        return range(len(value))
    return value if isinstance(value, dict) else ()


def every_refusal() -> list[type[AppError]]:
    """All refusals that have a page of their own."""
    return sorted(set(refusals()), key=lambda kind: kind.code())
