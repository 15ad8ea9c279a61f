"""Respondents answer with a FHIR QuestionnaireResponse."""

from typing import Any

from fastapi import Request
from pydantic import TypeAdapter

from app.api.answering import OnlyChecks, Presented, content_of
from app.api.dependencies import Deployment, RespondentToken
from app.api.fhir_resources import QuestionnaireResponse
from app.api.fhir_routes import FhirJson, base_of, fhir_router, outcomes
from app.api.operation_outcomes import OperationOutcome, taken
from app.api.reading import validated
from app.api.submissions import REFUSALS, Key, Ranking, StaffResponse, Verification
from app.formats.media_types import FHIR_JSON
from app.use_cases import submissions
from app.use_cases.exchange import Translated

routes = fhir_router("Respondents")
_SHAPES: dict[str, TypeAdapter[Any]] = {
    "staff": TypeAdapter(StaffResponse),
    "ranking": TypeAdapter(Ranking),
    "service_user": TypeAdapter(Verification),
    "carer": TypeAdapter(Verification),
}


@routes.post(
    "/QuestionnaireResponse",
    status_code=201,
    summary="Answer with a QuestionnaireResponse",
    response_model=OperationOutcome,
    responses={
        200: {"model": OperationOutcome, "description": "It would be taken; nothing was spent."},
        **outcomes(REFUSALS),
    },
    openapi_extra={
        "requestBody": {
            "required": True,
            "content": {
                kind: {"schema": QuestionnaireResponse.model_json_schema()}
                for kind in (FHIR_JSON, "application/json")
            },
        }
    },
)
async def create_questionnaire_response(
    token: RespondentToken,
    deployment: Deployment,
    request: Request,
    key: Key = None,
    validate_only: OnlyChecks = False,
) -> FhirJson:
    """Give the answer of whoever holds the token: staff, service user or carer.

    There is no `Location`: no answer has an address, and none can be read again. The reply's first
    issue holds the receipt, a second one names what was left behind.
    """
    holder = Presented(deployment, token, None if validate_only else key, list(_SHAPES))
    translated = await holder.translated(await request.body(), "fhir-r4")
    content = _content(translated)
    if validate_only:
        await holder.check(content)
        said = ("valid", "It would be taken. Nothing was recorded; the token is not used up.")
        return _taken(holder, said, translated, status=200)
    submission = submissions.submission(
        deployment.keys, audiences=list(_SHAPES), token=token, key=key, content=content
    )
    accepted = await deployment.writer.submit(submission)
    said = ("recorded", "The answer is recorded: diagnostics is its receipt. It has no address.")
    return _taken(holder, said, translated, status=201, receipt=accepted.receipt)


def _content(translated: Translated) -> dict[str, Any]:
    if translated.audience is None:
        return dict(translated.answer)
    return content_of(validated(_SHAPES[translated.audience], translated.answer))


def _taken(
    holder: Presented,
    said: tuple[str, str],
    translated: Translated,
    *,
    status: int,
    receipt: str | None = None,
) -> FhirJson:
    code, text = said
    outcome = taken(
        code, text, receipt=receipt, stripped=translated.stripped, base=base_of(holder.deployment)
    )
    return FhirJson(outcome.document(), status)
