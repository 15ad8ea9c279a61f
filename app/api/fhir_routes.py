"""What all routes under /fhir have in common."""

from typing import Annotated, Any

from fastapi import APIRouter, Depends, Query, Request
from fastapi.responses import JSONResponse

from app.api.operation_outcomes import OperationOutcome
from app.api.routes import public, router
from app.errors import NotAcceptable
from app.formats.media_types import FHIR_JSON
from app.use_cases.deployment import Deployment

_FORMATS = ("json", "text/json", "application/json", FHIR_JSON, FHIR_JSON.replace("+", " "))
_ANY = ("*/*", "application/*", *_FORMATS)


class FhirJson(JSONResponse):
    """A resource."""

    media_type = FHIR_JSON


def readable(
    request: Request,
    format: Annotated[str | None, Query(alias="_format", description="JSON alone.")] = None,
) -> None:
    """Go on where the caller can read JSON.

    Raises:
        NotAcceptable: It asks for something else.
    """
    accepted = request.headers.get("Accept") or "*/*"
    asked = [format] if format else accepted.split(",")
    if not any(one.split(";")[0].strip().lower() in _ANY for one in asked):
        raise NotAcceptable


def outcomes(documented: dict[int | str, dict[str, Any]]) -> dict[int | str, dict[str, Any]]:
    """The refusals of an operation as OperationOutcomes, for its contract."""
    told = documented | public(NotAcceptable) if documented else {}
    return {
        status: {"model": OperationOutcome, "description": one["description"]}
        for status, one in told.items()
    }


def fhir_router(tag: str) -> APIRouter:
    """A router for resources of FHIR R4."""
    return router(
        tag,
        prefix="/fhir/R4",
        dependencies=[Depends(readable)],
        default_response_class=FhirJson,
    )


def base_of(deployment: Deployment) -> str:
    """The public address of the service."""
    return deployment.public_url.rstrip("/")
