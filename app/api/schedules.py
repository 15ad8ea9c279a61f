"""The schedule: what is put to service users and carers, and how."""

import uuid
from typing import Annotated, Literal

from pydantic import BaseModel, Field

from app.api.dependencies import Reading, WritesOutcomes, Writing
from app.api.routes import Shape, machine, router
from app.errors import NotFound, WrongStage
from app.instruments.model import Texts
from app.instruments.schedules import Guidance
from app.use_cases import schedules

routes = router("Outcomes")

Reason = Annotated[str, Field(min_length=1, max_length=1000)]
OutcomeId = Annotated[str, Field(max_length=36)]


class Asked(Shape):
    """An outcome that is asked about: in plain words, and why it was chosen."""

    outcome: OutcomeId
    plain: Texts
    reason: Reason


class LeftOut(Shape):
    """An outcome that is not asked about, and why."""

    outcome: OutcomeId
    reason: Reason


class WantedSchedule(Shape):
    """The schedule as the evaluator wants it; every outcome is in it or left out for a reason."""

    status: Literal["draft", "approved"]
    outcomes: Annotated[list[Asked], Field(max_length=20)]
    left_out: Annotated[list[LeftOut], Field(max_length=200)] = []


class Schedule(BaseModel):
    """The schedule, with guidance on how to ask each group of service users."""

    status: Literal["draft", "approved"]
    outcomes: list[Asked]
    left_out: list[LeftOut]
    methods: list[Guidance]


@routes.get(
    "/evaluations/{evaluation_id}/schedule",
    summary="Read the schedule",
    responses=machine(NotFound),
)
def read_schedule(caller: WritesOutcomes, session: Reading, evaluation_id: uuid.UUID) -> Schedule:
    """The schedule as it was put; until then a draft that the service makes by rule."""
    return Schedule.model_validate(schedules.read(session, caller, evaluation_id))


@routes.put(
    "/evaluations/{evaluation_id}/schedule",
    summary="Put the schedule",
    responses=machine(NotFound, WrongStage, body=True),
)
def put_schedule(
    caller: WritesOutcomes, session: Writing, evaluation_id: uuid.UUID, body: WantedSchedule
) -> Schedule:
    """Edit the schedule, and approve it once people have agreed its words."""
    document = body.model_dump(mode="json")
    return Schedule.model_validate(schedules.put(session, caller, evaluation_id, document))
