"""The resources of FHIR that are read and written here, as far as the contract tells of them."""

from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, Field

_SINCE = "2026-11-22"  # when what is said of the service here last changed
_SECURITY = "http://terminology.hl7.org/CodeSystem/restful-security-service"


class Resource(BaseModel):
    """A resource of FHIR R4; its members are FHIR's."""

    model_config = ConfigDict(extra="allow")


class Questionnaire(Resource):
    """What one audience is asked, in every language."""

    resourceType: Literal["Questionnaire"]  # noqa: N815
    id: str
    url: str
    version: str
    status: Literal["active"]
    item: list[dict[str, Any]]


class QuestionnaireResponse(Resource):
    """A complete answer to one Questionnaire. What tells who answered is left behind."""

    resourceType: Literal["QuestionnaireResponse"]  # noqa: N815
    questionnaire: str = Field(description="The address of the Questionnaire, with its version.")
    status: Literal["completed", "amended"]
    item: list[dict[str, Any]]


class Bundle(Resource):
    """What was found."""

    resourceType: Literal["Bundle"]  # noqa: N815
    type: Literal["searchset"]
    total: int


class CapabilityStatement(Resource):
    """What this service can do in FHIR."""

    resourceType: Literal["CapabilityStatement"]  # noqa: N815
    fhirVersion: Literal["4.0.1"]  # noqa: N815


def capabilities(base: str) -> dict[str, Any]:
    """The CapabilityStatement of the service at an address."""
    return {
        "resourceType": "CapabilityStatement",
        "status": "active",
        "date": _SINCE,
        "kind": "instance",
        "software": {"name": "POET", "version": "1"},
        "implementation": {
            "description": "POET, the Partnership Outcomes Evaluation Toolkit",
            "url": f"{base}/fhir/R4",
        },
        "fhirVersion": "4.0.1",
        "format": ["json"],
        "rest": [
            {
                "mode": "server",
                "documentation": f"{base}/guides/exchange",
                "security": {
                    "cors": True,
                    "service": [{"coding": [{"system": _SECURITY, "code": "OAuth"}]}],
                    "description": "Machines fetch an access token at /v1/oauth/token. "
                    "Respondents send the token that they were given.",
                },
                "resource": [_questionnaires(), _responses()],
            }
        ],
    }


def _questionnaires() -> dict[str, Any]:
    return {
        "type": "Questionnaire",
        "interaction": [{"code": "read"}, {"code": "search-type"}],
        "searchParam": [{"name": "url", "type": "uri"}],
    }


def _responses() -> dict[str, Any]:
    return {
        "type": "QuestionnaireResponse",
        "documentation": "Answers are anonymous: a reply has no Location, and none is read again. "
        "Idempotency-Key is required.",
        "interaction": [{"code": "create"}],
    }
