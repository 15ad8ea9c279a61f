"""Reports: documents computed once, served from their bytes."""

import uuid
from typing import Annotated, Any, Literal

from fastapi import Header, Query, Response
from pydantic import BaseModel

from app.api.dependencies import Reading, ReadsReports
from app.api.report_shapes import CombinedReport, HealthReport, OutcomesReport
from app.api.routes import machine, router
from app.errors import NotFound
from app.use_cases import reports

routes = router("Reports")

IfNoneMatch = Annotated[str | None, Header(max_length=1000)]
_UNCHANGED: dict[int | str, dict[str, Any]] = {
    304: {"description": "The report has the digest that If-None-Match names."}
}


class PublishedReport(BaseModel):
    """A report that can be fetched."""

    report: Literal["health", "outcomes", "combined"]
    edition: Literal["staff", "all"] | None
    digest: str
    path: str


class PublishedReports(BaseModel):
    """The reports of an evaluation."""

    items: list[PublishedReport]
    next: str | None


@routes.get(
    "/evaluations/{evaluation_id}/reports", summary="List reports", responses=machine(NotFound)
)
def list_reports(
    caller: ReadsReports, session: Reading, evaluation_id: uuid.UUID
) -> PublishedReports:
    """The reports that are published, with their digests."""
    found = reports.listed(session, caller, evaluation_id)
    return PublishedReports.model_validate({"items": found, "next": None})


@routes.get(
    "/evaluations/{evaluation_id}/reports/health",
    summary="Read the health report",
    response_model=HealthReport,
    responses={**_UNCHANGED, **machine(NotFound)},
)
def read_health(
    caller: ReadsReports,
    session: Reading,
    evaluation_id: uuid.UUID,
    if_none_match: IfNoneMatch = None,
) -> Response:
    """How the partnership is: what staff say, where to celebrate, where to develop."""
    return _served(reports.read(session, caller, evaluation_id, "health"), if_none_match)


@routes.get(
    "/evaluations/{evaluation_id}/reports/outcomes",
    summary="Read the outcomes report",
    response_model=OutcomesReport,
    responses={**_UNCHANGED, **machine(NotFound)},
)
def read_outcomes(
    caller: ReadsReports,
    session: Reading,
    evaluation_id: uuid.UUID,
    if_none_match: IfNoneMatch = None,
    edition: Annotated[Literal["staff", "all"] | None, Query()] = None,
) -> Response:
    """What the partnership works for; in edition `all` with what users and carers say of it.

    Without `edition`, the fullest that is published.
    """
    report = reports.read(session, caller, evaluation_id, "outcomes", edition=edition)
    return _served(report, if_none_match)


@routes.get(
    "/evaluations/{evaluation_id}/reports/combined",
    summary="Read the combined report",
    response_model=CombinedReport,
    responses={**_UNCHANGED, **machine(NotFound)},
)
def read_combined(
    caller: ReadsReports,
    session: Reading,
    evaluation_id: uuid.UUID,
    if_none_match: IfNoneMatch = None,
) -> Response:
    """Each outcome with the domains that its theory names: does what was found fit the theory?"""
    return _served(reports.read(session, caller, evaluation_id, "combined"), if_none_match)


def _served(report: reports.Stored, if_none_match: str | None) -> Response:
    etag = f'"{report.digest}"'
    headers = {"ETag": etag, "Cache-Control": "private, max-age=0, must-revalidate"}
    named = {tag.strip().removeprefix("W/") for tag in (if_none_match or "").split(",")}
    if etag in named or "*" in named:
        return Response(status_code=304, headers=headers)
    return Response(report.body, media_type="application/json", headers=headers)
