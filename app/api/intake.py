"""What stands around every route.

Large bodies, wrong media types and tokens in addresses are refused before it; what fails
unexpectedly inside it gets an answer that says nothing.
"""

import math
import re
from collections.abc import Awaitable, Callable, MutableMapping
from typing import Any
from urllib.parse import unquote_plus

from starlette.requests import ClientDisconnect, Request
from starlette.responses import Response

from app.api.access_log import RESPONDENTS
from app.api.problems import broken, reply
from app.errors import AppError, TokenInUrl, TooLarge, Unsupported
from app.formats.media_types import FHIR_JSON, SURVEYJS_JSON
from app.security import tokens

Scope = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[MutableMapping[str, Any]]]
Send = Callable[[MutableMapping[str, Any]], Awaitable[None]]
_JSON = ("application/json",)
_FOR_MACHINES = 16
_SHORT = (*RESPONDENTS, "/v1/oauth")  # where anybody may send a body
_TAKES = {
    "/v1/oauth/token": ("application/x-www-form-urlencoded", "multipart/form-data"),
    "/coding": ("application/json", "text/csv"),
    **dict.fromkeys(
        ("/v1/responses", "/v1/rankings", "/v1/verifications"), (*_JSON, FHIR_JSON, SURVEYJS_JSON)
    ),
    "/fhir/R4/QuestionnaireResponse": (FHIR_JSON, *_JSON),
}
NDJSON = "application/x-ndjson"
# These read what comes line by line, each line within the limit.
_IMPORTS = re.compile("/v1/evaluations/[^/]+/(responses|verifications):import")


class Intake:
    """Wraps the whole service.

    Args:
        limit: The most bytes that a respondent's body may have; more are not read. Machines send
            long lists, and may send sixteen times as much; what is imported line by line has no
            end.
    """

    def __init__(self, app: Callable[..., Awaitable[None]], *, limit: int) -> None:
        self._app = app
        self._limit = limit

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass a request on, or refuse it."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        refusal = self._refusal(scope)
        if refusal is not None:
            await _problem(refusal, scope)(scope, receive, send)
            return
        counted = _Counted(receive, send, self._most(scope["path"]))
        try:
            await self._app(scope, counted.receive, counted.send)
        except ClientDisconnect:
            return  # they went away; when, is nobody's business
        except Exception as failure:
            if not counted.exceeded:
                route = getattr(scope.get("route"), "path", "?")
                await counted.answer(broken(Request(scope), route, failure), scope)
        if counted.exceeded:
            await counted.answer(_problem(TooLarge(), scope), scope)

    def _most(self, path: str) -> float:
        if _IMPORTS.fullmatch(path):
            return math.inf
        return self._limit if path.startswith(_SHORT) else self._limit * _FOR_MACHINES

    def _refusal(self, scope: Scope) -> AppError | None:
        if tokens.within(scope["path"]) or tokens.within(
            unquote_plus(scope["query_string"].decode("latin-1"))
        ):
            return TokenInUrl()
        headers = dict(scope["headers"])
        length = headers.get(b"content-length", b"0")
        if length.isdigit() and int(length) > self._most(scope["path"]):
            return TooLarge()
        sent = length != b"0" or b"transfer-encoding" in headers
        if sent and scope["method"] in ("POST", "PUT", "PATCH"):
            kind = (
                headers.get(b"content-type", b"").split(b";")[0].strip().lower().decode("latin-1")
            )
            if kind not in _taken(scope["path"]):
                return Unsupported()
        return None


class _Counted:
    """Counts the bytes of a body as they come, and notes when the answer has begun."""

    def __init__(self, receive: Receive, send: Send, limit: float) -> None:
        self._receive = receive
        self._send = send
        self._left = limit
        self._answering = False
        self.exceeded = False

    async def receive(self) -> MutableMapping[str, Any]:
        message = await self._receive()
        self._left -= len(message.get("body", b""))
        if self._left < 0:
            self.exceeded = True
            raise TooLarge
        return message

    async def send(self, message: MutableMapping[str, Any]) -> None:
        if self.exceeded:
            return  # whatever was made of half a body is not said
        self._answering = True
        await self._send(message)

    async def answer(self, reply: Response, scope: Scope) -> None:
        """Send `reply`, unless another answer has begun."""
        if not self._answering:
            await reply(scope, self._receive, self._send)


def _problem(refusal: AppError, scope: Scope) -> Response:
    return reply(Request(scope), refusal)


def _taken(path: str) -> tuple[str, ...]:
    if _IMPORTS.fullmatch(path):
        return (NDJSON,)
    return next((kinds for end, kinds in _TAKES.items() if path.endswith(end)), _JSON)
