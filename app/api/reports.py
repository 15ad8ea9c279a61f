"""Reports: documents computed once, served from their bytes."""

import uuid
from datetime import datetime
from typing import Annotated, Any, Literal

from fastapi import Query, Response
from pydantic import BaseModel, Field

from app.api.dependencies import Now, Reading, ReadsReports, WritesEvaluations, Writing
from app.api.documents import SERVED, TABLE, Asked, served, table
from app.api.report_shapes import CombinedReport, HealthReport, OutcomesReport
from app.api.routes import Shape, Since, machine, router
from app.errors import CellsChanged, NotFound
from app.instruments.model import Texts
from app.use_cases import reports

routes = router("Reports")


class PublishedReport(BaseModel):
    """A report that can be fetched."""

    report: Literal["health", "outcomes", "combined"]
    edition: Literal["staff", "all"] | None
    digest: str
    updated_at: datetime = Field(description="When it was published, or replaced by an erratum.")
    path: str


class Erratum(Shape):
    """Why a report is replaced; of the outcomes report which edition, else the fullest."""

    reason: Texts
    edition: Literal["staff", "all"] | None = None


class PublishedReports(BaseModel):
    """The reports of an evaluation."""

    items: list[PublishedReport]
    next: str | None


@routes.get(
    "/evaluations/{evaluation_id}/reports", summary="List reports", responses=machine(NotFound)
)
def list_reports(
    caller: ReadsReports, session: Reading, evaluation_id: uuid.UUID, since: Since = None
) -> PublishedReports:
    """The reports that are published, with their digests."""
    found = reports.listed(session, caller, evaluation_id, since=since)
    return PublishedReports.model_validate({"items": found, "next": None})


@routes.get(
    "/evaluations/{evaluation_id}/reports/health",
    summary="Read the health report",
    response_model=HealthReport,
    responses={**SERVED, **machine(NotFound)},
)
def read_health(
    caller: ReadsReports,
    session: Reading,
    evaluation_id: uuid.UUID,
    wanted: Asked,
) -> Response:
    """How the partnership is: what staff say, where to celebrate, where to develop."""
    return served(reports.read(session, caller, evaluation_id, "health"), wanted)


@routes.get(
    "/evaluations/{evaluation_id}/reports/outcomes",
    summary="Read the outcomes report",
    response_model=OutcomesReport,
    responses={**SERVED, **machine(NotFound)},
)
def read_outcomes(
    caller: ReadsReports,
    session: Reading,
    evaluation_id: uuid.UUID,
    wanted: Asked,
    edition: Annotated[Literal["staff", "all"] | None, Query()] = None,
) -> Response:
    """What the partnership works for; in edition `all` with what users and carers say of it.

    Without `edition`, the fullest that is published.
    """
    report = reports.read(session, caller, evaluation_id, "outcomes", edition=edition)
    return served(report, wanted)


@routes.get(
    "/evaluations/{evaluation_id}/reports/combined",
    summary="Read the combined report",
    response_model=CombinedReport,
    responses={**SERVED, **machine(NotFound)},
)
def read_combined(
    caller: ReadsReports,
    session: Reading,
    evaluation_id: uuid.UUID,
    wanted: Asked,
) -> Response:
    """Each outcome with the domains that its theory names: does what was found fit the theory?"""
    return served(reports.read(session, caller, evaluation_id, "combined"), wanted)


@routes.get(
    "/evaluations/{evaluation_id}/reports/{report}.csv",
    summary="Read a report as a table",
    response_class=Response,
    responses={**TABLE, **machine(NotFound)},
)
def read_report_table(
    caller: ReadsReports,
    session: Reading,
    evaluation_id: uuid.UUID,
    report: Literal["health", "outcomes", "combined"],
    wanted: Asked,
    edition: Annotated[Literal["staff", "all"] | None, Query()] = None,
) -> Response:
    """Every number of a report in a row of its own, as CSV; `edition` as for the report."""
    return table(reports.read(session, caller, evaluation_id, report, edition=edition), wanted)


@routes.post(
    "/evaluations/{evaluation_id}/reports/{report}/errata",
    status_code=201,
    summary="Correct a report",
    response_model=PublishedReport,
    responses=machine(NotFound, CellsChanged, body=True),
)
def correct_report(
    caller: WritesEvaluations,
    session: Writing,
    now: Now,
    evaluation_id: uuid.UUID,
    report: Literal["health", "outcomes", "combined"],
    body: Erratum,
) -> Any:
    """Replace a report by one computed anew from the same frozen answers, and say why.

    For a corrected text or a corrected computation. The same cells are shown and withheld, as of
    the same day; `supersedes` names the digest of the report before.
    """
    return reports.correct(
        session, caller, evaluation_id, report, edition=body.edition, reason=body.reason, now=now
    )
