"""Answers in bulk, for platforms that sync: lines of JSON in, a line for each result out.

Both streams run at the same time. What has come is decided together and answered before more is
read, so no import holds more than a piece of itself in memory.
"""

import json
import uuid
from collections.abc import AsyncIterator, Sequence
from contextlib import suppress
from dataclasses import dataclass
from typing import Annotated, Any, ClassVar

from fastapi import Depends, Request
from pydantic import BaseModel, ConfigDict, Field, ValidationError, model_validator
from starlette.requests import ClientDisconnect
from starlette.responses import StreamingResponse
from starlette.types import Receive, Scope, Send

from app.api.dependencies import Deployment, ImportsResponses, Now, Reading
from app.api.intake import NDJSON
from app.api.problems import FaultModel, invalid, status_of
from app.api.routes import Shape, machine, router
from app.api.submissions import StaffResponse, Verification, content_of
from app.errors import (
    AppError,
    CollectionIsBrowser,
    Malformed,
    NotFound,
    TooLarge,
    Unsupported,
    WrongStage,
)
from app.instruments.design import GroupCode
from app.use_cases import imports
from app.use_cases.deployment import Deployment as Running
from app.use_cases.imports import Import
from app.use_cases.submissions import Accepted, Submission
from app.use_cases.writer import LARGEST_BATCH

routes = router("Imports")


class Line(Shape):
    """One answer: under a key of its own, with a token or under what it counts."""

    model_config = ConfigDict(json_schema_extra={"required": ["key", "answer"]})
    under: ClassVar[str]

    key: Annotated[
        str | None,
        Field(
            description="22 to 128 random characters; an Idempotency-Key.",
            examples=["q2Jx8cVn0b3YhT7LkPz4Wd"],
        ),
    ] = None
    token: Annotated[str | None, Field(description="The respondent's, if there is one.")] = None

    @property
    def cell(self) -> str | None:
        """The group or voice that it counts under, when it has no token."""
        return getattr(self, self.under)  # type: ignore[no-any-return]

    @model_validator(mode="after")
    def _one_of_both(self) -> "Line":
        if (self.token is None) == (self.cell is None):
            raise ValueError("a line has either a token or what it counts under")
        return self


class ResponseLine(Line):
    """One answer to the staff survey, with a token or a group."""

    under = "group"

    group: Annotated[GroupCode | None, Field(description="Without a token.")] = None
    answer: StaffResponse


class VerificationLine(Line):
    """One verification, with a token or a voice."""

    under = "voice"

    voice: Annotated[GroupCode | None, Field(description="Without a token.")] = None
    answer: Verification


class LineResult(BaseModel):
    """What became of one line: its receipt, or why it was refused."""

    line: int = Field(description="Which line of the body; the first is 1.")
    status: int = Field(description="As the call for one answer would have had.")
    receipt: str | None = None
    code: str | None = None
    errors: Annotated[list[FaultModel] | None, Field(description="Pointers into the line.")] = None


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


def _taking(*audiences: str) -> Any:
    """The evaluation that a call names, open for the answers of these audiences."""

    def begin(
        caller: ImportsResponses, session: Reading, now: Now, evaluation_id: uuid.UUID
    ) -> Import:
        return imports.begin(session, caller, evaluation_id, audiences=audiences, now=now)

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
    openapi_extra={"requestBody": {"required": True, "content": _lines_of(ResponseLine)}},
)
async def import_responses(
    taking: Annotated[Import, _taking("staff")], deployment: Deployment, request: Request
) -> Results:
    """Give staff's answers in bulk, one a line, each with a token or a group.

    A line that is refused stops nothing. The same lines may be sent again: what was accepted gets
    the same line again, and nothing is counted twice.
    """
    return await _streamed(request, deployment, taking, ResponseLine)


@routes.post(
    "/evaluations/{evaluation_id}/verifications:import",
    summary="Import verifications",
    response_class=Results,
    responses=_SHOWN,
    openapi_extra={"requestBody": {"required": True, "content": _lines_of(VerificationLine)}},
)
async def import_verifications(
    taking: Annotated[Import, _taking("service_user", "carer")],
    deployment: Deployment,
    request: Request,
) -> Results:
    """Give service users' and carers' answers in bulk, one a line, each with a token or a voice."""
    return await _streamed(request, deployment, taking, VerificationLine)


async def _streamed(
    request: Request,
    deployment: Running,
    taking: Import,
    shape: type[ResponseLine | VerificationLine],
) -> Results:
    pieces = _pieces(request)
    # Before the reply begins: some callers wait to be told to send.
    first = await anext(pieces, b"")
    results = _results(first, pieces, _Clerk(deployment, taking, shape))
    return Results(results, headers={"Content-Type": NDJSON})


async def _pieces(request: Request) -> AsyncIterator[bytes]:
    """The body as it comes, its last line ended; nothing more of a caller who went away."""
    with suppress(ClientDisconnect):
        async for piece in request.stream():
            if piece:
                yield piece
        yield b"\n"


async def _results(
    piece: bytes, following: AsyncIterator[bytes], clerk: "_Clerk"
) -> AsyncIterator[bytes]:
    """The results of what has come, before more is read."""
    lines = _Lines(clerk.deployment.body_limit)
    while piece:
        whole = lines.cut(piece)
        for start in range(0, len(whole), LARGEST_BATCH):
            yield await clerk.decided(whole[start : start + LARGEST_BATCH])
        piece = await anext(following, b"")


class _Lines:
    """Cuts a body into numbered lines; of one that is too long it keeps what shows that."""

    def __init__(self, limit: int) -> None:
        self._kept = limit + 1
        self._begun = b""
        self._number = 0

    def cut(self, piece: bytes) -> list[tuple[int, bytes]]:
        """The lines that are whole now, without those that are blank."""
        *whole, begun = (self._begun + piece).split(b"\n")
        self._begun = begun[: self._kept]
        first, self._number = self._number + 1, self._number + len(whole)
        return [(number, line) for number, line in enumerate(whole, first) if line.strip()]


@dataclass(frozen=True)
class _Clerk:
    """Reads lines, has them decided, and writes down what became of each."""

    deployment: Running
    taking: Import
    shape: type[ResponseLine | VerificationLine]

    async def decided(self, lines: Sequence[tuple[int, bytes]]) -> bytes:
        read = [self._read(line) for _, line in lines]
        good = [one for one in read if isinstance(one, Submission)]
        results = iter(await imports.decide(self.deployment.writer, good) if good else ())
        return b"".join(
            _told(number, next(results), within="/answer")
            if isinstance(one, Submission)
            else _told(number, one)
            for (number, _), one in zip(lines, read, strict=True)
        )

    def _read(self, line: bytes) -> Submission | AppError:
        try:
            read = self._shaped(line)
            return imports.submission(
                self.deployment.keys,
                self.taking,
                key=read.key,
                token=read.token,
                cell=read.cell,
                content=content_of(read.answer),
            )
        except AppError as refusal:
            return refusal

    def _shaped(self, line: bytes) -> ResponseLine | VerificationLine:
        if len(line) > self.deployment.body_limit:
            raise TooLarge
        try:
            document = json.loads(line)
        except (ValueError, RecursionError):
            raise Malformed("The line is not JSON.") from None
        try:
            return self.shape.model_validate(document)
        except ValidationError as failure:
            faults = failure.errors(include_url=False, include_context=False, include_input=False)
            placed = [{**fault, "loc": ("body", *fault["loc"])} for fault in faults]
            raise invalid(placed, body=document) from None


def _told(number: int, result: Accepted | AppError, *, within: str = "") -> bytes:
    """A line of the reply; nothing of the line that it answers is in it.

    Args:
        number: Which line it answers.
        result: What became of it.
        within: Where in the line the faults are.
    """
    told: dict[str, Any] = {"line": number}
    if isinstance(result, Accepted):
        told |= {"status": 201, "receipt": result.receipt}
    else:
        told |= {"status": status_of(type(result)), "code": result.code()}
        if result.faults:
            told["errors"] = [
                {**vars(fault), "pointer": within + fault.pointer} for fault in result.faults
            ]
    return json.dumps(told, separators=(",", ":")).encode() + b"\n"
