"""What an evaluation asks: to look at, and as files that survey tools load."""

import uuid
from typing import Annotated, Any, Literal

from fastapi import Query, Response

from app.api.dependencies import Deployment, Reading, ReadsEvaluations
from app.api.routes import machine, router
from app.errors import NotFound
from app.formats.registry import FORMATS
from app.instruments.design import Audience
from app.use_cases import exchange, questionnaires
from app.use_cases.exchange import Exported

routes = router("Evaluations")

FormatName = Literal["surveyjs", "fhir-r4", "xlsform", "limesurvey", "redcap"]
FILES: dict[int | str, dict[str, Any]] = {
    200: {
        "description": "A file for a survey tool, under the name in Content-Disposition.",
        "content": {
            media_type: {"schema": {"type": "object" if "json" in media_type else "string"}}
            for media_type in sorted({one.media_type for one in FORMATS.values()})
        },
    }
}


def file(exported: Exported) -> Response:
    """The reply with a file."""
    name = f'attachment; filename="{exported.name}"'
    headers = {"Content-Disposition": name}
    return Response(exported.body, media_type=exported.media_type, headers=headers)


_EITHER: dict[int | str, dict[str, Any]] = {
    200: FILES[200] | {"description": "What is asked; with `format` as a file for a survey tool."}
}


@routes.get(
    "/evaluations/{evaluation_id}/questionnaire",
    summary="Preview a questionnaire, or take it away",
    response_model=dict[str, Any],
    responses={**_EITHER, **machine(NotFound)},
)
def preview_questionnaire(
    caller: ReadsEvaluations,
    deployment: Deployment,
    session: Reading,
    evaluation_id: uuid.UUID,
    audience: Annotated[Audience, Query()] = "staff",
    language: Annotated[str | None, Query(max_length=10)] = None,
    format: Annotated[
        FormatName | None,
        Query(
            description="As a file for this survey tool, in every language of the evaluation; for "
            "REDCap, which has one alone, in `language`."
        ),
    ] = None,
) -> dict[str, Any] | Response:
    """What an audience is asked or will be, as its respondents see it; in `draft` too."""
    if format is not None:
        return file(
            exchange.of_evaluation(
                session,
                deployment,
                caller,
                evaluation_id,
                audience=audience,
                name=format,
                language=language,
            )
        )
    return questionnaires.preview(
        session, caller, evaluation_id, audience=audience, language=language
    )
