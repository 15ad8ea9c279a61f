"""Evaluations: rounds of a partnership, and their stages."""

import uuid
from datetime import datetime
from typing import Annotated, Literal

from fastapi import Depends, Request, Response
from pydantic import BaseModel, Field

from app.api.dependencies import (
    Deployment,
    Now,
    Reading,
    ReadsEvaluations,
    WritesEvaluations,
    Writing,
)
from app.api.routes import Limit, Page, Shape, Since, cursor, machine, paged, router
from app.errors import (
    ClosesEarly,
    ClosesLaterOnly,
    ContactMissing,
    DesignFixed,
    GroupsTooSmall,
    Malformed,
    NotFound,
    ScheduleNotApproved,
    TooFewAnswers,
    TranslationMissing,
    WrongStage,
)
from app.instruments.design import (
    Closes,
    Contact,
    Cut,
    Design,
    Group,
    StaffSelection,
    Voice,
)
from app.use_cases import deleting, evaluations, progress, stages

routes = router("Evaluations")
Stage = Literal["draft", "surveying", "surfacing", "verifying", "interpreting", "concluded"]


class Warned(BaseModel):
    """Groups or voices that will probably disappoint."""

    code: Literal["groups-too-small", "groups-hardly-shown", "voices-hardly-shown"]
    groups: list[str]


class EvaluationChanges(Shape):
    """What may be changed.

    Closing days (to later ones), origins, contacts, and the labels of groups and voices at any
    time; groups, cuts, voices, smallest_group and staff_selection before the first token.
    """

    closes: Closes = Closes()
    origins: list[Annotated[str, Field(pattern=r"^https?://[^\s/]+$", max_length=200)]] = []
    contact: Contact = Contact()
    groups: Annotated[list[Group], Field(max_length=500)] = []
    voices: Annotated[list[Voice], Field(max_length=50)] = []
    cuts: Annotated[list[Cut], Field(max_length=10)] = []
    smallest_group: Annotated[int, Field(ge=5, le=1000)] = 10
    staff_selection: StaffSelection = "all"


class Evaluation(BaseModel):
    """One round, as it was declared and as it stands."""

    id: uuid.UUID
    partnership: uuid.UUID
    number: int = Field(
        description="Counts the partnership's rounds; a sandbox is none and counts down from -1."
    )
    stage: Stage
    warnings: list[Warned]
    instrument: str
    form: Literal["full", "short"]
    modules: list[str] | None
    languages: list[str]
    smallest_group: int
    cuts: list[str | list[str]]
    groups: list[Group]
    voices: list[Voice]
    closes: Closes
    timezone: str
    collection: Literal["browser", "platform", "interviewer", "mixed"]
    reminders: Literal["everyone", "sender_marks"]
    staff_selection: StaffSelection = Field(
        default="all", description="Who of the staff is asked: all, or people drawn at random."
    )
    benchmark: bool
    origins: list[str]
    contact: Contact
    updated_at: datetime
    sandbox: bool = Field(
        default=False,
        description="For trying the service out: in no trend and no benchmark, and deletable.",
    )


class NextStage(Shape):
    """The stage to go to."""

    stage: Stage
    early: bool = Field(default=False, description="Close before the closing day.")
    abandon: bool = Field(default=False, description="Give up answers too few to be shown.")
    dry_run: bool = Field(default=False, description="Say what would happen; change nothing.")


class ReachedStage(BaseModel):
    """The stage that is reached, or would be."""

    stage: Stage
    published: list[str]
    closes_at: datetime | None
    warnings: list[Warned]
    dry_run: bool


class GroupProgress(BaseModel):
    """Answers of one group or voice."""

    code: str
    invited: int
    answered: int


class Progress(BaseModel):
    """Answers to the open stage, in whole multiples of the smallest group, as of one day."""

    stage: Stage
    on: str
    answered: int
    invited: int
    groups: list[GroupProgress]


@routes.post(
    "/partnerships/{partnership_id}/evaluations",
    status_code=201,
    summary="Plan an evaluation",
    responses=machine(NotFound, body=True),
)
def plan_evaluation(
    caller: WritesEvaluations,
    deployment: Deployment,
    session: Writing,
    now: Now,
    partnership_id: uuid.UUID,
    body: Design,
) -> Evaluation:
    """Begin the partnership's next round in `draft`: what is asked, of whom, how it may be cut."""
    least = deployment.smallest_group
    planned = evaluations.plan(session, caller, partnership_id, body, smallest_group=least, now=now)
    return Evaluation.model_validate(planned)


@routes.get(
    "/partnerships/{partnership_id}/evaluations",
    summary="List a partnership's evaluations",
    responses=machine(Malformed, NotFound),
)
def list_evaluations(
    caller: ReadsEvaluations,
    session: Reading,
    request: Request,
    response: Response,
    partnership_id: uuid.UUID,
    after: Annotated[uuid.UUID | None, Depends(cursor)],
    since: Since = None,
    limit: Limit = 50,
) -> Page[Evaluation]:
    """The rounds of a partnership, each with its number."""
    found, following = evaluations.listed(
        session, caller, partnership_id, limit=limit, after=after, since=since
    )
    return Page[Evaluation].model_validate(paged(found, following, request, response))


@routes.get(
    "/evaluations/{evaluation_id}", summary="Read an evaluation", responses=machine(NotFound)
)
def read_evaluation(
    caller: ReadsEvaluations, session: Reading, evaluation_id: uuid.UUID
) -> Evaluation:
    """One round: its design, its stage, and what will probably disappoint."""
    return Evaluation.model_validate(evaluations.read(session, caller, evaluation_id))


@routes.patch(
    "/evaluations/{evaluation_id}",
    summary="Change an evaluation",
    responses=machine(NotFound, DesignFixed, ClosesLaterOnly, body=True),
)
def change_evaluation(
    caller: WritesEvaluations,
    deployment: Deployment,
    session: Writing,
    now: Now,
    evaluation_id: uuid.UUID,
    body: EvaluationChanges,
) -> Evaluation:
    """Change what respondents were not promised otherwise."""
    changed = evaluations.change(
        session,
        caller,
        evaluation_id,
        body.model_dump(mode="json", exclude_unset=True),
        smallest_group=deployment.smallest_group,
        now=now,
    )
    return Evaluation.model_validate(changed)


@routes.delete(
    "/evaluations/{evaluation_id}",
    status_code=204,
    summary="Delete a draft or a sandbox",
    responses=machine(NotFound, WrongStage),
)
def delete_evaluation(
    caller: WritesEvaluations, deployment: Deployment, evaluation_id: uuid.UUID
) -> None:
    """Delete an evaluation in `draft`, or a sandbox in any stage with everything in it."""
    deleting.delete(deployment, caller, evaluation_id)


@routes.post(
    "/evaluations/{evaluation_id}/stage",
    summary="Go to the next stage",
    responses=machine(
        NotFound,
        WrongStage,
        ClosesEarly,
        TooFewAnswers,
        GroupsTooSmall,
        TranslationMissing,
        ScheduleNotApproved,
        ContactMissing,
        ClosesLaterOnly,
        body=True,
    ),
)
def go_to_stage(
    caller: WritesEvaluations, deployment: Deployment, evaluation_id: uuid.UUID, body: NextStage
) -> ReachedStage:
    """Close the stage that is open and begin the next; answers when its report can be fetched.

    The stage already reached is 200 again, so that a lost reply may be repeated.
    """
    step = stages.Step(**body.model_dump())
    return ReachedStage.model_validate(stages.step(deployment, caller, evaluation_id, step))


@routes.get(
    "/evaluations/{evaluation_id}/progress",
    summary="How many have answered",
    responses=machine(NotFound, WrongStage),
)
def read_progress(
    caller: ReadsEvaluations,
    deployment: Deployment,
    session: Writing,
    now: Now,
    evaluation_id: uuid.UUID,
) -> Progress:
    """Answers so far in steps of the smallest group, renewed at most once a day."""
    found = progress.read(session, deployment.keys, caller, evaluation_id, now=now)
    return Progress.model_validate(found)
