"""What a route says beside the body: which bytes these are, how many calls are left, its end."""

from collections.abc import Callable, Coroutine
from dataclasses import dataclass
from datetime import UTC, date, datetime, time
from email.utils import format_datetime
from typing import Any, TypeVar

from fastapi import Request, Response
from fastapi.dependencies.models import Dependant
from fastapi.routing import APIRoute
from starlette.responses import StreamingResponse
from starlette.types import Message, Receive, Scope, Send

from app.api.dependencies import BESIDE, authorised, in_one_thread
from app.security import chance

Endpoint = TypeVar("Endpoint", bound=Callable[..., Any])
_CACHED = {
    "Cache-Control": "private, max-age=0, must-revalidate",
    "Vary": "Accept, Accept-Language",
}
_KNOWN: dict[int | str, dict[str, Any]] = {
    304: {"description": "The caller has the same already: its `ETag` is in If-None-Match."}
}
_CONDITIONAL: dict[str, Any] = {
    "parameters": [
        {
            "name": "If-None-Match",
            "in": "header",
            "required": False,
            "schema": {"type": "string"},
            "description": "The `ETag` of the reply that the caller has; the same again is 304.",
        }
    ],
    "responses": {
        "200": {
            "headers": {
                "ETag": {
                    "description": "Strong: made of the bytes of the reply.",
                    "schema": {"type": "string"},
                }
            }
        }
    },
}


@dataclass(frozen=True)
class Ending:
    """When a route was deprecated, when it is switched off, and the page that says what instead."""

    since: date
    sunset: date
    page: str

    @property
    def headers(self) -> dict[str, str]:
        """RFC 9745, RFC 8594, and the link to the page."""
        return {
            "Deprecation": f"@{int(_midnight(self.since).timestamp())}",
            "Sunset": format_datetime(_midnight(self.sunset), usegmt=True),
            "Link": f'<{self.page}>; rel="deprecation"; type="text/html"',
        }


def deprecated(*, since: date, sunset: date, page: str) -> Callable[[Endpoint], Endpoint]:
    """Let the route of an endpoint say that it goes away; stands below the route's decorator.

    Args:
        since: The first day on which callers should no longer use it.
        sunset: The first day on which it no longer answers.
        page: Address of what to use instead.
    """

    def declare(endpoint: Endpoint) -> Endpoint:
        endpoint.ending = Ending(since, sunset, page)  # type: ignore[attr-defined]
        return endpoint

    return declare


class Route(APIRoute):
    """A route whose replies say what their callers need to come again."""

    def __init__(self, path: str, endpoint: Callable[..., Any], **options: Any) -> None:
        super().__init__(path, in_one_thread(endpoint), **options)
        ending: Ending | None = getattr(endpoint, "ending", None)
        self._ending = ending.headers if ending else {}
        self._for_machines = _asks_machines(self.dependant)
        if ending:
            self.deprecated = True
        if self.revalidates:
            self.responses = self.responses | _KNOWN
            self.openapi_extra = {**(self.openapi_extra or {}), **_CONDITIONAL}

    @property
    def revalidates(self) -> bool:
        """Whether a machine reads a document here, or a list; what is measured is always new."""
        reads = "GET" in (self.methods or ()) and "Status" not in self.tags
        return reads and _asks_machines(self.dependant)

    def get_route_handler(self) -> Callable[[Request], Coroutine[Any, Any, Response]]:
        """What answers a request: with an entity tag, or not at all who has the same already."""
        answer = super().get_route_handler()
        if not self.revalidates:
            return answer

        async def revalidating(request: Request) -> Response:
            return _revalidated(request, await answer(request))

        return revalidating

    async def handle(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer a request, refused or not, with the headers that stand on every reply."""
        if not (self._for_machines or self._ending):
            await super().handle(scope, receive, send)
            return
        # What is learned on the way, such as how many calls are left, is put in here.
        beside: dict[str, str] = scope.setdefault(BESIDE, dict(self._ending))

        async def telling(message: Message) -> None:
            if message["type"] == "http.response.start":
                told = [(name.lower().encode(), text.encode()) for name, text in beside.items()]
                message["headers"] = [*message["headers"], *told]
            await send(message)

        await super().handle(scope, receive, telling)


def knows(request: Request, etag: str) -> bool:
    """Whether the caller named this entity tag as one that it has."""
    named = ",".join(request.headers.getlist("If-None-Match")).split(",")
    known = {tag.strip().removeprefix("W/") for tag in named}
    return not known.isdisjoint({etag, "*"})


def _asks_machines(dependant: Dependant) -> bool:
    """Whether a machine's access token is asked for."""
    return any(one.call is authorised or _asks_machines(one) for one in dependant.dependencies)


def _revalidated(request: Request, reply: Response) -> Response:
    """The reply with its entity tag; only the tag where the caller named it."""
    if reply.status_code != 200 or isinstance(reply, StreamingResponse):
        return reply
    if "ETag" not in reply.headers:
        reply.headers["ETag"] = f'"{chance.digest(bytes(reply.body))}"'
    reply.headers.update(_CACHED)
    if not knows(request, reply.headers["ETag"]):
        return reply
    kept = {
        name: value
        for name, value in reply.headers.items()
        if name not in ("content-length", "content-type")
    }
    return Response(status_code=304, headers=kept)


def _midnight(day: date) -> datetime:
    return datetime.combine(day, time(), tzinfo=UTC)
