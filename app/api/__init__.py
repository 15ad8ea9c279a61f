"""HTTP in, HTTP out: the resources in the order in which an evaluation meets them."""

from fastapi import FastAPI
from starlette.middleware.cors import CORSMiddleware

from app.api import (
    access_log,
    actions,
    benchmark,
    evaluations,
    imports,
    instruments,
    metrics,
    oauth,
    outcomes,
    pages,
    partnerships,
    planning,
    problems,
    reports,
    respondents,
    schedules,
    statements,
    status,
    submissions,
    tokens,
    trend,
)
from app.api.intake import Intake

_RESOURCES = (
    oauth,
    partnerships,
    instruments,
    evaluations,
    planning,
    tokens,
    respondents,
    submissions,
    imports,
    statements,
    outcomes,
    schedules,
    reports,
    trend,
    benchmark,
    actions,
    status,
    metrics,
    pages,
)


def install(app: FastAPI, *, body_limit: int) -> None:
    """Give `app` its routes, its refusals and what stands before both."""
    access_log.install()
    problems.install(app)
    for resource in _RESOURCES:
        app.include_router(resource.routes)
    app.add_middleware(Intake, limit=body_limit)
    metrics.install(app)
    # A bearer token in a header is no ambient authority, so any page may send one.
    app.add_middleware(
        CORSMiddleware,
        allow_origins=["*"],
        allow_methods=["GET", "POST"],
        allow_headers=["Authorization", "Content-Type", "Idempotency-Key", "Accept-Language"],
        expose_headers=["Retry-After", "ETag"],
    )
