"""HTTP in, HTTP out: the resources in the order in which an evaluation meets them."""

from typing import Any

from fastapi import FastAPI
from starlette.middleware.cors import CORSMiddleware

from app.api import (
    access_log,
    actions,
    benchmark,
    browser,
    direct,
    evaluations,
    exchange,
    fhir,
    fhir_answers,
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
    sandbox,
    schedules,
    statements,
    status,
    submissions,
    tokens,
    trend,
    webhooks,
)
from app.api.intake import Intake

_RESOURCES = (
    oauth,
    partnerships,
    instruments,
    evaluations,
    exchange,
    planning,
    tokens,
    respondents,
    submissions,
    browser,
    imports,
    sandbox,
    statements,
    outcomes,
    schedules,
    reports,
    trend,
    benchmark,
    actions,
    webhooks,
    fhir,
    fhir_answers,
    status,
    metrics,
    pages,
)

# A bearer token in a header is no ambient authority, so any page may send one.
_FOR_BROWSERS: dict[str, Any] = {
    "allow_origins": ["*"],
    "allow_methods": ["GET", "POST"],
    "allow_headers": ["Authorization", "Content-Type", "Idempotency-Key", "Accept-Language"],
    "expose_headers": ["Retry-After", "ETag"],
}


def install(app: FastAPI, *, body_limit: int) -> None:
    """Give `app` its routes, its refusals and what stands before both."""
    access_log.install()
    problems.install(app)
    for resource in _RESOURCES:
        # Not included: a router within a router is searched twice for every request.
        app.router.routes.extend(resource.routes.routes)
    app.add_middleware(Intake, limit=body_limit)
    metrics.install(app)
    app.add_middleware(CORSMiddleware, **_FOR_BROWSERS)
    cors = CORSMiddleware(app, **_FOR_BROWSERS).simple_headers
    direct.install(app, submissions.routes, limit=body_limit, cors=cors)
