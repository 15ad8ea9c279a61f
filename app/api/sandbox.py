"""Sandboxes: evaluations to try the service out with, filled with answers of nobody."""

import uuid
from typing import Annotated, Literal

from fastapi import Depends
from pydantic import BaseModel, Field

from app.api.dependencies import Deployment, WritesEvaluations
from app.api.routes import Shape, machine, router
from app.errors import NotASandbox, NotFound, WrongStage
from app.use_cases import sandbox
from app.use_cases.sandbox import Filling

routes = router("Evaluations")


class Fill(Shape):
    """How many answers, and which: the same seed gives the same ones."""

    answered: int = Field(default=120, ge=1, le=sandbox.MOST, strict=True)
    seed: int = Field(default=1, ge=0, le=2**31 - 1, strict=True)


class Filled(BaseModel):
    """What a sandbox was given."""

    stage: Literal["surveying", "surfacing", "verifying"]
    answered: int = Field(description="How many answers were taken.")
    outcomes: list[str] = Field(
        description="In `surfacing`, where there were none: outcomes that were written down, with "
        "statements coded into them and an approved schedule."
    )


def _filling(
    caller: WritesEvaluations, deployment: Deployment, evaluation_id: uuid.UUID, body: Fill
) -> Filling:
    wanted = body.model_dump()
    return sandbox.begin(deployment, caller, evaluation_id, **wanted)


@routes.post(
    "/evaluations/{evaluation_id}/sandbox/fill",
    summary="Fill a sandbox",
    responses=machine(NotFound, NotASandbox, WrongStage, body=True),
)
async def fill_sandbox(
    deployment: Deployment, filling: Annotated[Filling, Depends(_filling)]
) -> Filled:
    """Give the open stage plausible answers of people who do not exist.

    Never more than there are people, or places left. The same call again adds nothing, a call
    for more adds what is missing, and another seed adds other answers.
    """
    given = await sandbox.give(deployment.writer, filling)
    return Filled.model_validate(
        {"stage": filling.stage, "answered": given, "outcomes": filling.outcomes}
    )
