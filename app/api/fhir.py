"""The same questionnaires for systems that speak FHIR R4, and what they find here."""

from typing import Annotated, Any
from urllib.parse import urlencode

from fastapi import Query

from app.api.dependencies import Deployment, Machine, Reading
from app.api.fhir_resources import Bundle, CapabilityStatement, Questionnaire, capabilities
from app.api.fhir_routes import FhirJson, base_of, fhir_router, outcomes
from app.api.routes import PUBLIC, machine, public
from app.errors import NotFound, NotRedistributable
from app.use_cases.fhir import Questionnaires

routes = fhir_router("FHIR")


@routes.get(
    "/metadata",
    summary="What is spoken here",
    response_model=CapabilityStatement,
    responses=outcomes(public()),
    openapi_extra=PUBLIC,
)
async def read_capabilities(deployment: Deployment) -> FhirJson:
    """The CapabilityStatement."""
    return FhirJson(capabilities(base_of(deployment)))


@routes.get(
    "/Questionnaire/{id}",
    summary="Read a Questionnaire",
    response_model=Questionnaire,
    responses=outcomes(machine(NotFound, NotRedistributable)),
)
def read_fhir_questionnaire(
    caller: Machine, deployment: Deployment, session: Reading, id: str
) -> FhirJson:
    """What an instrument or an evaluation asks; its id is in the file that the export makes.

    An instrument's needs the scope `instruments:read`, an evaluation's `evaluations:read`.
    """
    return FhirJson(Questionnaires(session, deployment, caller).read(id))


@routes.get(
    "/Questionnaire",
    summary="Find Questionnaires",
    response_model=Bundle,
    responses=outcomes(machine()),
)
def search_questionnaires(
    caller: Machine,
    deployment: Deployment,
    session: Reading,
    url: Annotated[
        str | None,
        Query(max_length=500, description="The canonical address, with a version or not."),
    ] = None,
) -> FhirJson:
    """The Questionnaires with a canonical address; without one, those of all instruments."""
    found = Questionnaires(session, deployment, caller).search(url)
    here = f"{base_of(deployment)}/fhir/R4/Questionnaire"
    entries = [
        {"fullUrl": f"{here}/{one['id']}", "resource": one, "search": {"mode": "match"}}
        for one in found
    ]
    asked = f"?{urlencode({'url': url})}" if url else ""
    bundle: dict[str, Any] = {
        "resourceType": "Bundle",
        "type": "searchset",
        "total": len(found),
        "link": [{"relation": "self", "url": here + asked}],
    }
    return FhirJson({**bundle, "entry": entries} if entries else bundle)
