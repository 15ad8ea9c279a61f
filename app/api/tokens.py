"""Respondent tokens: issued in batches, printable, good for one answer each."""

import uuid
from typing import Annotated, Literal

from fastapi import Header
from pydantic import BaseModel, Field, model_validator

from app.api.dependencies import Deployment, IssuesTokens, Writing
from app.api.routes import Shape, machine, router
from app.errors import (
    GroupsTooSmall,
    IdempotencyKeyMalformed,
    KeyReused,
    NotFound,
    TokensExhausted,
    TranslationMissing,
    WrongStage,
)
from app.instruments.design import GroupCode
from app.use_cases import tokens

routes = router("Tokens")


class WantedTokens(Shape):
    """How many tokens, for whom: a group of staff, or a voice of service users or carers."""

    audience: Literal["staff", "ranking", "service_user", "carer"]
    group: GroupCode | None = None
    voice: GroupCode | None = None
    count: Annotated[int, Field(ge=1, le=10_000)]

    @model_validator(mode="after")
    def _one_cell(self) -> "WantedTokens":
        staff = self.audience in ("staff", "ranking")
        if (self.group is not None) != staff or (self.voice is None) != staff:
            raise ValueError("staff and ranking name a group, service_user and carer a voice")
        return self


class IssuedTokens(BaseModel):
    """The tokens, in clear this once; the same call with the same key gives them again."""

    tokens: list[str]


class RevokedTokens(Shape):
    """Tokens to take back, as they were issued."""

    tokens: Annotated[
        list[Annotated[str, Field(max_length=64)]], Field(min_length=1, max_length=10_000)
    ]


@routes.post(
    "/evaluations/{evaluation_id}/tokens",
    status_code=201,
    summary="Issue respondent tokens",
    responses=machine(
        NotFound,
        WrongStage,
        GroupsTooSmall,
        TokensExhausted,
        TranslationMissing,
        IdempotencyKeyMalformed,
        KeyReused,
        body=True,
    ),
)
def issue_tokens(
    caller: IssuesTokens,
    deployment: Deployment,
    session: Writing,
    evaluation_id: uuid.UUID,
    body: WantedTokens,
    idempotency_key: Annotated[
        str | None, Header(description="The same key gives the same tokens, after a lost reply.")
    ] = None,
) -> IssuedTokens:
    """Issue tokens, up to the number of people and an allowance for lost letters."""
    made = tokens.issue(
        session,
        deployment,
        caller,
        evaluation_id,
        audience=body.audience,
        cell=body.group or body.voice or "",
        count=body.count,
        key=idempotency_key,
    )
    return IssuedTokens(tokens=made)


@routes.post(
    "/evaluations/{evaluation_id}/tokens/revoke",
    status_code=204,
    summary="Revoke respondent tokens",
    responses=machine(NotFound, body=True),
)
def revoke_tokens(
    caller: IssuesTokens,
    deployment: Deployment,
    session: Writing,
    evaluation_id: uuid.UUID,
    body: RevokedTokens,
) -> None:
    """Take tokens back; the answer says nothing about any of them, and no place is given back."""
    tokens.revoke(session, deployment.keys, caller, evaluation_id, body.tokens)
