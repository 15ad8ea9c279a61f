"""The routes on which everybody answers at once, served without FastAPI's layer.

On the last afternoon of a survey nearly all that comes is answers, and finding the route, passing
the middlewares, solving the endpoint's dependencies and encoding its reply cost several times what
taking an answer does. So what comes in the usual way (plain JSON of a stated length, no query) is
taken before FastAPI sees it: the headers are read once, the raw body is checked by the one compiled
adapter of the model that the route declares, and the route's endpoint is called as it stands.
Whatever is unusual goes the long way, to the same endpoint. The declaration makes the contract;
refusals are the same documents on both ways, and so are the headers for browsers.
"""

from collections.abc import Awaitable, Callable, Mapping
from typing import Any

from fastapi import APIRouter, FastAPI
from starlette.requests import ClientDisconnect, Request
from starlette.responses import Response
from starlette.types import ASGIApp, Receive, Scope, Send

from app.api.answering import AnswerRoute, told
from app.api.dependencies import bearer
from app.api.metrics import Metrics
from app.api.problems import broken
from app.api.problems import reply as refused
from app.api.reading import read
from app.errors import AppError

Headers = Mapping[bytes, bytes]
_JSON = b"application/json"


class Direct:
    """Takes answers that come in the usual way, and passes on whatever else comes.

    Args:
        app: What the rest is passed on to.
        deployment: What the endpoints are given.
        metrics: Where replies are counted.
        router: Its routes take a respondent's token, a key and a body, each with POST.
        limit: The most bytes that a body may have here.
        cors: The headers of a reply to a page of any origin.
    """

    def __init__(
        self,
        app: ASGIApp,
        *,
        deployment: Any,
        metrics: Metrics,
        router: APIRouter,
        limit: int,
        cors: Mapping[str, str],
    ) -> None:
        self._app = app
        self._metrics = metrics
        self._limit = limit
        self._vary = [(b"vary", b"Origin")]
        told = [(name.lower().encode(), value.encode()) for name, value in cors.items()]
        self._for_pages = [*told, *self._vary]
        declared = [route for route in router.routes if isinstance(route, AnswerRoute)]
        self._routes = {route.path: _Taking(route, deployment) for route in declared}

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Take an answer, or pass a request on."""
        taking = self._routes.get(scope.get("path", ""))
        headers = dict(scope["headers"]) if taking else {}
        if taking is None or not self._usual(scope, headers):
            await self._app(scope, receive, send)
            return
        try:
            reply = await taking(headers, await _body(receive))
        except AppError as refusal:
            reply = refused(Request(scope), refusal)
        except ClientDisconnect:
            return
        except Exception as failure:
            reply = broken(Request(scope), scope["path"], failure)
        reply.raw_headers += self._for_pages if b"origin" in headers else self._vary
        await reply(scope, receive, send)
        self._metrics.respondent_called(reply.status_code)

    def _usual(self, scope: Scope, headers: Headers) -> bool:
        """Whether an answer comes as nearly all do."""
        length = headers.get(b"content-length", b"")
        return (
            scope["type"] == "http"
            and scope["method"] == "POST"
            and not scope["query_string"]
            and headers.get(b"content-type") == _JSON
            and b"transfer-encoding" not in headers
            and len(headers) == len(scope["headers"])  # none is there twice
            and length.isdigit()
            and int(length) <= self._limit
        )


class _Taking:
    """What answers a request to one declared route."""

    def __init__(self, route: AnswerRoute, deployment: Any) -> None:
        self._shape = route.shape
        self._endpoint: Callable[..., Awaitable[Any]] = route.endpoint
        self._status = route.status_code or 200
        self._deployment = deployment

    async def __call__(self, headers: Headers, body: bytes) -> Response:
        key = headers.get(b"idempotency-key")
        reply = await self._endpoint(
            token=bearer(headers.get(b"authorization", b"").decode("latin-1")),
            deployment=self._deployment,
            body=read(self._shape, body),
            key=None if key is None else key.decode("latin-1"),
        )
        return told(reply, self._status)


async def _body(receive: Receive) -> bytes:
    """The body, whose length the server sees to."""
    body, more = b"", True
    while more:
        message = await receive()
        if message["type"] == "http.disconnect":
            raise ClientDisconnect
        body += message.get("body", b"")
        more = message.get("more_body", False)
    return body


def install(app: FastAPI, router: APIRouter, *, limit: int, cors: Mapping[str, str]) -> None:
    """Let `app` serve the routes of `router` directly. The last thing that is done to it."""
    app.middleware_stack = Direct(
        app.build_middleware_stack(),
        deployment=app.state.deployment,
        metrics=app.state.metrics,
        router=router,
        limit=limit,
        cors=cors,
    )
