"""Respondents' words: read, redacted, and coded into outcomes, as JSON or in a spreadsheet."""

import csv
import io
import uuid
from typing import Annotated, Any, Literal

from fastapi import Depends, Query, Request, Response
from pydantic import BaseModel, ConfigDict, Field, TypeAdapter, ValidationError

from app.api.dependencies import (
    Now,
    Reading,
    ReadsStatements,
    RedactsStatements,
    WritesOutcomes,
    Writing,
)
from app.api.problems import invalid
from app.api.routes import Shape, cursor, machine, paged, router
from app.api.submissions import Text
from app.errors import Malformed, NotFound, WrongStage
from app.instruments.model import NO_NUL
from app.use_cases import statements
from app.use_cases.spreadsheets import csv_of

routes = router("Outcomes")

_MOST = 5000
_COLUMNS = [
    "id",
    "kind",
    "outcome",
    "for_whom",
    "beneficiaries",
    "context",
    "mechanism",
    "horizon",
    "first_sign",
    "evidence",
    "distinctive",
    "unintended",
    "text",
    "outcomes",
    "withheld",
]
CSV: dict[str, Any] = {"text/csv": {"schema": {"type": "string"}}}


class StatementShown(BaseModel):
    """One respondent's words, apart from everything else that they said."""

    id: uuid.UUID
    kind: Literal["statement", "unwritten", "matters_most", "missing", "worse"]
    outcome: str | None = None
    for_whom: str | None = None
    beneficiaries: list[str] | None = None
    context: str | None = None
    mechanism: str | None = None
    horizon: str | None = None
    first_sign: str | None = None
    evidence: str | None = None
    distinctive: str | None = None
    unintended: str | None = None
    text: str | None = None
    outcomes: list[uuid.UUID]
    withheld: bool


class Statements(BaseModel):
    """Part of the statements, in random order."""

    items: list[StatementShown]
    next: str | None


class Redaction(Shape):
    """The words as they may be read, and whether they may be."""

    outcome: Text | None = None
    for_whom: Text | None = None
    context: Text | None = None
    mechanism: Text | None = None
    first_sign: Text | None = None
    evidence: Text | None = None
    unintended: Text | None = None
    text: Text | None = None
    withheld: bool | None = None


class CodingLine(Shape):
    """One coder's reading of one statement."""

    model_config = ConfigDict(extra="forbid", str_strip_whitespace=True)

    statement: uuid.UUID
    coder: Annotated[str, Field(min_length=1, max_length=40, pattern=NO_NUL)]
    outcome: Annotated[str | None, Field(max_length=40)] = None
    not_an_outcome: Annotated[str | None, Field(max_length=500, pattern=NO_NUL)] = None


class Coded(BaseModel):
    """How many decisions were recorded."""

    coded: int


_CODING = {
    "type": "array",
    "items": CodingLine.model_json_schema(),
    "minItems": 1,
    "maxItems": _MOST,
}
_LINES = TypeAdapter(Annotated[list[CodingLine], Field(min_length=1, max_length=_MOST)])


@routes.get(
    "/evaluations/{evaluation_id}/statements",
    summary="Read statements",
    response_model=Statements,
    responses={200: {"content": CSV}, **machine(Malformed, NotFound)},
)
def list_statements(
    caller: ReadsStatements,
    session: Reading,
    request: Request,
    response: Response,
    evaluation_id: uuid.UUID,
    after: Annotated[uuid.UUID | None, Depends(cursor)],
    state: Annotated[Literal["readable", "withheld"] | None, Query()] = None,
    limit: Annotated[int, Query(ge=1, le=_MOST)] = 200,
) -> Any:
    """Statements once their stage is closed, in random order; as CSV with `Accept: text/csv`.

    Words that seem to name somebody are withheld from all but those who may redact them.
    """
    withheld = None if state is None else state == "withheld"
    found, following = statements.listed(
        session, caller, evaluation_id, withheld=withheld, limit=limit, after=after
    )
    page = paged(found, following, request, response)
    if "text/csv" in request.headers.get("Accept", ""):
        text = csv_of(_COLUMNS, found)
        return Response(text, media_type="text/csv", headers=dict(response.headers))
    return page


@routes.patch(
    "/statements/{statement_id}",
    summary="Redact or release a statement",
    responses=machine(NotFound, body=True),
)
def redact_statement(
    caller: RedactsStatements, session: Writing, statement_id: uuid.UUID, body: Redaction
) -> StatementShown:
    """Replace words that name somebody; `"withheld": false` lets coders read the statement."""
    changes = body.model_dump(exclude_unset=True, exclude_none=True)
    return StatementShown.model_validate(statements.redact(session, caller, statement_id, changes))


async def _lines(request: Request) -> list[CodingLine]:
    """The lines of a coding, from JSON or CSV."""
    body = await request.body()
    try:
        if request.headers.get("Content-Type", "").startswith("text/csv"):
            return _LINES.validate_python(_rows(body))
        return _LINES.validate_json(body)
    except ValidationError as failure:
        raise invalid(failure.errors()) from None


@routes.put(
    "/evaluations/{evaluation_id}/coding",
    summary="Code statements into outcomes",
    responses=machine(NotFound, WrongStage, body=True),
    openapi_extra={
        "requestBody": {
            "required": True,
            "content": {
                "application/json": {"schema": _CODING},
                **CSV,
            },
        }
    },
)
def code_statements(
    caller: WritesOutcomes,
    session: Writing,
    now: Now,
    evaluation_id: uuid.UUID,
    lines: Annotated[list[CodingLine], Depends(_lines)],
) -> Coded:
    """Record coders' readings, as JSON or as CSV with the same columns.

    Each line names a statement, a coder, and either an outcome's code or why it is none. The lines
    of a coder on a statement replace what that coder sent before; two coders stand side by side.
    """
    decisions = [statements.Decision(**line.model_dump()) for line in lines]
    return Coded(coded=statements.code(session, caller, evaluation_id, decisions, now=now))


def _rows(body: bytes) -> list[dict[str, str]]:
    try:
        reader = csv.DictReader(io.StringIO(body.decode("utf-8-sig")), strict=True)
        # A spreadsheet writes an empty cell where nothing is meant.
        return [{key or "": cell for key, cell in row.items() if cell} for row in reader]
    except (UnicodeDecodeError, csv.Error):
        raise Malformed("The body is not CSV in UTF-8.") from None
