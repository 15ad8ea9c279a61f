"""Beside answering: what am I asked, is my answer in, take it out, what happens to it."""

import uuid
from typing import Annotated, Any

from fastapi import Header, Query, Request, Response
from pydantic import BaseModel, Field

from app.api.answering import Tool
from app.api.dependencies import Deployment, Now, Reading, RespondentToken, Writing
from app.api.exchange import file
from app.api.problems import language_of
from app.api.routes import PUBLIC, Shape, public, respondents, router
from app.errors import (
    IdempotencyKeyMalformed,
    NotFound,
    StageClosed,
    TokenUnusable,
    WrongStage,
)
from app.formats.media_types import FHIR_JSON
from app.security.receipts import read_key
from app.use_cases import exchange, privacy, questionnaires, receipts

routes = router("Respondents")


class OwnKey(Shape):
    """The Idempotency-Key under which an answer was sent."""

    key: Annotated[str, Field(max_length=200, examples=["q2Jx8cVn0b3YhT7LkPz4Wd"])]


class Included(BaseModel):
    """Whether an answer was given under a key, and not withdrawn."""

    included: bool


class PrivacyStatement(BaseModel):
    """What is stored, for how long, who can learn what, and which risks remain."""

    smallest_group: int
    collection: str
    reminders: str
    origins: list[str]
    statement: list[str]
    residual_risks: list[str]


@routes.get(
    "/questionnaire",
    summary="What am I asked",
    response_model=dict[str, Any],
    responses={
        200: {"content": {FHIR_JSON: {"schema": {"type": "object"}}}},
        **respondents(TokenUnusable, WrongStage),
    },
)
def read_questionnaire(
    token: RespondentToken,
    deployment: Deployment,
    session: Reading,
    now: Now,
    language: Annotated[str | None, Query(max_length=10)] = None,
    accept_language: Annotated[str | None, Header(include_in_schema=False)] = None,
    format: Annotated[
        Tool | None,
        Query(description="As a file for this survey tool, in every language of the evaluation."),
    ] = None,
) -> dict[str, Any] | Response:
    """Everything a survey page needs; looking does not use the token up."""
    if format is not None:
        return file(exchange.for_respondent(session, deployment, token, name=format, now=now))
    return questionnaires.for_respondent(
        session, deployment.keys, token, language=language, preferred=accept_language, now=now
    )


@routes.post(
    "/receipts/check",
    summary="Is my answer in",
    responses=public(IdempotencyKeyMalformed, body=True),
    openapi_extra=PUBLIC,
)
def check_receipt(deployment: Deployment, session: Reading, body: OwnKey) -> Included:
    """Whether the answer sent under this key is included."""
    key = read_key(body.key)
    return Included(included=receipts.included(session, deployment.keys, key))


@routes.post(
    "/receipts/withdraw",
    status_code=204,
    summary="Take my answer out",
    responses=public(IdempotencyKeyMalformed, StageClosed, body=True),
    openapi_extra=PUBLIC,
)
def withdraw_answer(deployment: Deployment, session: Writing, now: Now, body: OwnKey) -> None:
    """Withdraw the answer sent under this key, while its stage is open."""
    receipts.withdraw(session, deployment.keys, read_key(body.key), now=now)


@routes.get(
    "/evaluations/{evaluation_id}/privacy",
    summary="The privacy statement",
    responses=public(NotFound),
    openapi_extra=PUBLIC,
)
def read_privacy(
    session: Reading,
    request: Request,
    evaluation_id: uuid.UUID,
    language: Annotated[str | None, Query(max_length=10)] = None,
) -> PrivacyStatement:
    """What is stored of an answer, for how long, who can learn what, and what remains."""
    spoken = language or language_of(request)
    return PrivacyStatement.model_validate(privacy.read(session, evaluation_id, language=spoken))
