"""Answers in bulk, for platforms that sync: lines of JSON in, a line for each result out.

Both streams run at the same time. What has come is decided together, and answered as soon as it is;
meanwhile the next piece is read, and no more: an import holds a few pieces of itself in memory.
"""

import asyncio
import uuid
from collections.abc import AsyncIterator
from contextlib import suppress
from typing import Annotated, Any, Literal

from fastapi import Depends, Query, Request
from pydantic import BaseModel
from starlette.requests import ClientDisconnect
from starlette.responses import StreamingResponse
from starlette.types import Receive, Scope, Send

from app.api.clerk import Clerk
from app.api.dependencies import Deployment, ImportsResponses, Now, Reading, in_one_thread
from app.api.intake import NDJSON
from app.api.lines import LineResult, Lines, ResponseLine, VerificationLine
from app.api.routes import machine, router
from app.errors import CollectionIsBrowser, NotFound, Unsupported, WrongStage
from app.use_cases import imports
from app.use_cases.imports import Import
from app.use_cases.writer import LARGEST_BATCH

routes = router("Imports")

_UnderWay = asyncio.Queue[asyncio.Future[bytes] | None]

Tool = Annotated[
    Literal["odk", "kobo", "limesurvey", "redcap", "formbricks"] | None,
    Query(alias="format", description="Whose records the lines are; of ours without it."),
]
OnlyChecks = Annotated[
    bool,
    Query(alias="validate_only", description="Say what would become of each line; keep nothing."),
]


class Results(StreamingResponse):
    """A stream of results that begins while the body is still being read."""

    media_type = None  # so that the contract shows the shape of a line instead of a text

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Send what comes; nobody else may listen to the caller, who is still sending."""
        await self.stream_response(send)


def _lines_of(shape: type[BaseModel]) -> dict[str, Any]:
    schema = shape.model_json_schema(ref_template="#/components/schemas/{model}")
    schema.pop("$defs", None)
    return {NDJSON: {"schema": schema}}


def _body(shape: type[BaseModel]) -> dict[str, Any]:
    """What is sent: lines of ours, or with `format` the records of a tool."""
    ours = _lines_of(shape)[NDJSON]["schema"]
    theirs = {
        "type": "object",
        "title": "Record",
        "description": "With `format`: a record as the tool has it; the first line may be a map.",
    }
    return {
        "requestBody": {
            "required": True,
            "content": {NDJSON: {"schema": {"anyOf": [ours, theirs]}}},
        }
    }


def _taking(*audiences: str) -> Any:
    """The evaluation that a call names, open for the answers of these audiences."""

    @in_one_thread
    def begin(
        caller: ImportsResponses,
        session: Reading,
        now: Now,
        evaluation_id: uuid.UUID,
        tool: Tool = None,
    ) -> Import:
        return imports.begin(
            session, caller, evaluation_id, audiences=audiences, tool=tool, now=now
        )

    return Depends(begin)


_SHOWN: dict[int | str, dict[str, Any]] = {
    200: {
        "description": "A line of JSON for each line, in the same order, as they are decided.",
        "content": _lines_of(LineResult),
    },
    **machine(NotFound, CollectionIsBrowser, WrongStage, Unsupported),
}


@routes.post(
    "/evaluations/{evaluation_id}/responses:import",
    summary="Import staff responses",
    response_class=Results,
    responses=_SHOWN,
    openapi_extra=_body(ResponseLine),
)
async def import_responses(
    taking: Annotated[Import, _taking("staff")],
    deployment: Deployment,
    request: Request,
    only_checks: OnlyChecks = False,
) -> Results:
    """Give staff's answers in bulk, one a line, each with a token or a group.

    A line that is refused stops nothing. The same lines may be sent again: what was accepted gets
    the same line again, and nothing is counted twice.
    """
    return await _streamed(request, Clerk(deployment, taking, ResponseLine, only_checks))


@routes.post(
    "/evaluations/{evaluation_id}/verifications:import",
    summary="Import verifications",
    response_class=Results,
    responses=_SHOWN,
    openapi_extra=_body(VerificationLine),
)
async def import_verifications(
    taking: Annotated[Import, _taking("service_user", "carer")],
    deployment: Deployment,
    request: Request,
    only_checks: OnlyChecks = False,
) -> Results:
    """Give service users' and carers' answers in bulk, one a line, each with a token or a voice."""
    return await _streamed(request, Clerk(deployment, taking, VerificationLine, only_checks))


async def _streamed(request: Request, clerk: Clerk) -> Results:
    pieces = _pieces(request)
    # Before the reply begins: some callers wait to be told to send.
    first = await anext(pieces, b"")
    return Results(_results(first, pieces, clerk), headers={"Content-Type": NDJSON})


async def _pieces(request: Request) -> AsyncIterator[bytes]:
    """The body as it comes, its last line ended; nothing more of a caller who went away."""
    with suppress(ClientDisconnect):
        async for piece in request.stream():
            if piece:
                yield piece
        yield b"\n"


async def _results(
    piece: bytes, following: AsyncIterator[bytes], clerk: Clerk
) -> AsyncIterator[bytes]:
    """The results of what has come, each as soon as it is there; the next lines are read meanwhile.

    Whoever does not take the results is not read on from.
    """
    under_way: _UnderWay = asyncio.Queue(1)
    reading = asyncio.create_task(_hand_in(piece, following, clerk, under_way))
    try:
        while (decided := await under_way.get()) is not None:
            yield await decided
    finally:
        reading.cancel()


async def _hand_in(
    piece: bytes, following: AsyncIterator[bytes], clerk: Clerk, under_way: _UnderWay
) -> None:
    """Have the lines decided in their order, as far as there is room under way."""
    lines = Lines(clerk.deployment.body_limit)
    try:
        while piece:
            whole = lines.cut(piece)
            for start in range(0, len(whole), LARGEST_BATCH):
                some = whole[start : start + LARGEST_BATCH]
                await under_way.put(asyncio.ensure_future(clerk.decided(some)))
            piece = await anext(following, b"")
        await under_way.put(None)
    except Exception as failure:
        broken = asyncio.get_running_loop().create_future()
        broken.set_exception(failure)
        await under_way.put(broken)
