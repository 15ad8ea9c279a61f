"""Respondents answer: staff the survey and the ranking round, users and carers the schedule."""

import uuid
from collections.abc import Mapping, Sequence
from typing import Annotated, Any, Literal

from fastapi import Depends, Header
from pydantic import BaseModel, ConfigDict, Field, StringConstraints

from app.api.answering import OF_TOOLS, AnswerRoute, Checked, answered_by, content_of, way
from app.api.dependencies import Deployment, RespondentToken
from app.api.routes import Shape, respondents, router
from app.errors import (
    IdempotencyKeyMalformed,
    IdempotencyKeyMissing,
    KeyNotSecret,
    KeyReused,
    NothingAnswered,
    TokenUnusable,
    WrongAudience,
    WrongStage,
)
from app.instruments.model import NO_NUL
from app.instruments.questionnaires import (
    LONGEST_TEXT,
    MOST_BENEFICIARIES,
    MOST_STATEMENTS,
    MOST_TEXTS,
)
from app.use_cases import submissions
from app.use_cases.deployment import Deployment as Running

routes = router("Respondents", route_class=AnswerRoute, dependencies=[Depends(way)])

Text = Annotated[str, StringConstraints(max_length=LONGEST_TEXT, pattern=NO_NUL)]
Code = Annotated[str, Field(max_length=60)]
Special = Literal["dont_know", "not_applicable"]
Answer = Annotated[int, Field(strict=True, ge=0, le=100)] | Special
Rating = Annotated[int, Field(strict=True, ge=0, le=4)]
OutcomeId = Annotated[str, Field(max_length=36)]
Top = Annotated[list[OutcomeId], Field(max_length=3)]
Key = Annotated[
    str | None,
    Header(
        alias="Idempotency-Key",
        description="22 to 128 random characters that only the respondent's side knows. Required.",
        examples=["q2Jx8cVn0b3YhT7LkPz4Wd"],
    ),
]


class Statement(Shape):
    """One outcome as a member of staff puts it: a theory of change."""

    outcome: Annotated[Text, Field(min_length=1)]
    for_whom: Text | None = None
    beneficiaries: Annotated[list[Code], Field(max_length=MOST_BENEFICIARIES)] | None = None
    context: Text | None = None
    mechanism: Text | None = None
    horizon: Code | None = None
    first_sign: Text | None = None
    evidence: Text | None = None
    distinctive: Literal["yes", "partly", "no"] | None = None
    unintended: Text | None = None


class DriverRatings(Shape):
    """Why the partnership exists: in practice, and as the official reason."""

    practice: dict[Code, Answer] | None = None
    official: dict[Code, Answer] | None = None


class Closeness(Shape):
    """How closely one works with a partner now, and how closely would be right."""

    current: Code | None = None
    right: Code | None = None


class StaffResponse(BaseModel):
    """A member of staff's answers; everything may be left out except one thing that counts.

    Attributes of the instrument are members named by their code, such as `role`.
    """

    # Which attributes there are, only the instrument knows; anything else is refused there. Typed
    # languages want members without a name of their own to be of any type, or of every other's.
    model_config = ConfigDict(extra="allow", json_schema_extra={"additionalProperties": True})

    __pydantic_extra__: dict[str, Code]

    answers: dict[Code, Answer] | None = None
    context: dict[Code, Answer] | None = None
    overall: Answer | None = None
    statements: Annotated[list[Statement], Field(max_length=MOST_STATEMENTS)] | None = None
    unwritten: Text | None = None
    drivers: DriverRatings | None = None
    importance: dict[Code, Annotated[int, Field(strict=True, ge=0, le=10)]] | None = None
    depth: dict[Code, Closeness] | None = None


class Ranked(Shape):
    """Whether one outcome is among those that a member of staff works for."""

    outcome: OutcomeId
    ours: Literal["yes", "partly", "no", "dont_know"]


class Ranking(Shape):
    """A member of staff's view of the coded outcomes."""

    outcomes: Annotated[list[Ranked], Field(max_length=200)] | None = None
    top: Top | None = None


class Verdict(Shape):
    """What somebody says of one outcome; every member may be left out."""

    outcome: OutcomeId
    importance: Rating | Literal["not_about_me", "dont_know"] | None = None
    delivered: Rating | Literal["dont_know"] | None = None
    direction: Literal["better", "same", "worse", "too_soon"] | None = None
    expected: Rating | Literal["dont_know"] | None = None
    joint: Literal["no", "partly", "mostly", "dont_know"] | None = None


class Experience(Shape):
    """How somebody was treated."""

    respect: Rating | None = None
    say: Rating | None = None
    contact: Rating | None = None


class Own(Shape):
    """A carer's own life."""

    life: Rating | None = None
    health: Rating | None = None
    heard: Rating | None = None
    shared: Rating | None = None


class Verification(Shape):
    """A service user's or carer's verdicts on the schedule."""

    speaks: Annotated[Literal["self", "proxy", "advocate"], Field(alias="as")] = "self"
    mode: Literal["online", "paper", "telephone", "interview"] | None = None
    supporter: Literal["none", "family", "staff", "advocate"] | None = None
    scale: Literal["full", "easy3"] = "full"
    matters_most: Text | None = None
    verdicts: Annotated[list[Verdict], Field(max_length=50)] | None = None
    top: Top | None = None
    missing: Annotated[list[Text], Field(max_length=MOST_TEXTS)] | None = None
    worse: Text | None = None
    experience: Experience | None = None
    own: Own | None = None


class Receipt(BaseModel):
    """The answer is on disk. The key that was sent withdraws it while the stage is open."""

    receipt: str
    evaluation: uuid.UUID
    stripped: Annotated[
        list[str] | None,
        Field(
            description="Of a survey tool's document: what was left behind because it could tell "
            "who answered."
        ),
    ] = None


REFUSALS = respondents(
    IdempotencyKeyMissing,
    IdempotencyKeyMalformed,
    KeyNotSecret,
    WrongAudience,
    WrongStage,
    TokenUnusable,
    KeyReused,
    NothingAnswered,
    body=True,
)
_STAFF, _RANKING, _VERIFYING = ("staff",), ("ranking",), ("service_user", "carer")
_SHOWN: dict[str, Any] = {
    "status_code": 201,
    "responses": {200: {"model": Checked, "description": "With `validate_only`."}, **REFUSALS},
    "openapi_extra": {"requestBody": {"content": OF_TOOLS}},
}


@routes.post("/responses", summary="Answer the staff survey", **_SHOWN)
@answered_by(*_STAFF)
async def submit_response(
    token: RespondentToken, deployment: Deployment, body: StaffResponse, key: Key = None
) -> Receipt:
    """Give a member of staff's answers. The token is used up; the key may be sent again."""
    return await _submit(deployment, _STAFF, token, key, content_of(body))


@routes.post("/rankings", summary="Answer the ranking round", **_SHOWN)
@answered_by(*_RANKING)
async def submit_ranking(
    token: RespondentToken, deployment: Deployment, body: Ranking, key: Key = None
) -> Receipt:
    """Say which outcomes are yours, and which three matter most."""
    return await _submit(deployment, _RANKING, token, key, content_of(body))


@routes.post("/verifications", summary="Verify outcomes", **_SHOWN)
@answered_by(*_VERIFYING)
async def submit_verification(
    token: RespondentToken, deployment: Deployment, body: Verification, key: Key = None
) -> Receipt:
    """Say whether these are the right outcomes, how far they are delivered, and what is missing."""
    return await _submit(deployment, _VERIFYING, token, key, content_of(body))


async def _submit(
    deployment: Running,
    audiences: Sequence[str],
    token: str,
    key: str | None,
    content: Mapping[str, Any],
) -> Receipt:
    submission = submissions.submission(
        deployment.keys, audiences=audiences, token=token, key=key, content=content
    )
    accepted = await deployment.writer.submit(submission)
    return Receipt(receipt=accepted.receipt, evaluation=accepted.evaluation)
