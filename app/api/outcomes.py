"""Outcomes: what the partnership works for, surfaced from statements, with their provenance."""

import uuid
from datetime import datetime
from typing import Annotated, Literal

from pydantic import BaseModel, Field

from app.api.dependencies import Now, Reading, ReadsOutcomes, WritesOutcomes, Writing
from app.api.partnerships import Name, Paragraph
from app.api.routes import Shape, Since, machine, router
from app.errors import AlreadyExists, NotFound, OutcomeMerged, WrongStage
from app.instruments.design import GroupCode
from app.instruments.model import NO_NUL, Texts
from app.use_cases import outcomes

routes = router("Outcomes")

Why = Annotated[str, Field(min_length=1, max_length=1000, pattern=NO_NUL)]


Kind = Annotated[str, Field(max_length=40, examples=["change"])]
Rationale = Annotated[
    Paragraph, Field(min_length=1, description="Why this outcome, and how joint work affects it.")
]


class Prevention(Shape):
    """For what should not happen: what would have, and what stands for it in the figures."""

    counterfactual: Annotated[Paragraph, Field(min_length=1)]
    proxy: Annotated[Paragraph, Field(min_length=1)]


class Theory(Shape):
    """How an outcome is thought to come about, for whom and by when."""

    horizon: Annotated[str | None, Field(max_length=10, examples=["1-3y"])] = None
    beneficiaries: Annotated[list[str], Field(max_length=12)] = []
    indicator: Paragraph | None = None
    prevention: Prevention | None = None
    distinctive: Literal["yes", "partly", "no"] | None = None
    context: Paragraph | None = None
    mechanism: Paragraph | None = None
    domains: Annotated[list[str], Field(max_length=20)] = []
    rivals: Annotated[list[str], Field(max_length=20)] = []


class NewOutcome(Theory):
    """An outcome to write down; a rationale is required."""

    code: GroupCode
    title: Texts
    origin: Literal["staff", "policy", "user"] = "staff"
    type: Kind
    rationale: Rationale


class OutcomeChanges(Theory):
    """The members to change, and why."""

    why: Why
    title: Texts = {"en": ""}
    type: Kind = ""
    rationale: Rationale = ""


class Change(BaseModel):
    """One change in an outcome's history; the first wording is edition 1."""

    edition: int
    why: str


class Outcome(NewOutcome):
    """A surfaced outcome."""

    id: uuid.UUID
    statements: list[uuid.UUID]
    merged_into: uuid.UUID | None
    updated_at: datetime
    history: list[Change]


class Outcomes(BaseModel):
    """Every outcome of an evaluation, merged ones too."""

    items: list[Outcome]
    next: str | None


class Merge(Shape):
    """Which outcome takes this one over, and why."""

    into: uuid.UUID
    why: Why


class Split(Shape):
    """The new outcome, the statements that go with it, and why."""

    outcome: NewOutcome
    statements: Annotated[list[uuid.UUID], Field(max_length=5000)]
    why: Why


class NewEvidence(Shape):
    """What another method found about an outcome."""

    outcome: Annotated[str, Field(max_length=36)]
    method: Name
    finding: Literal["supports", "mixed", "contradicts", "silent"]
    summary: Annotated[Paragraph, Field(min_length=1)]
    strength: Literal["strong", "moderate", "weak"]
    voice: GroupCode | None = None
    people: Annotated[int | None, Field(ge=0, le=1_000_000)] = None
    agreed_with_participants: bool = False


class Evidence(NewEvidence):
    """Recorded evidence."""

    id: uuid.UUID
    updated_at: datetime


class EvidenceList(BaseModel):
    """What other methods found."""

    items: list[Evidence]
    next: str | None


@routes.post(
    "/evaluations/{evaluation_id}/outcomes",
    status_code=201,
    summary="Surface an outcome",
    responses=machine(NotFound, WrongStage, AlreadyExists, body=True),
)
def surface_outcome(
    caller: WritesOutcomes, session: Writing, now: Now, evaluation_id: uuid.UUID, body: NewOutcome
) -> Outcome:
    """Write an outcome down: staff's or policy's in `surfacing`, users' in `interpreting`."""
    document = body.model_dump(mode="json")
    made = outcomes.surface(session, caller, evaluation_id, document, now=now)
    return Outcome.model_validate(made)


@routes.get(
    "/evaluations/{evaluation_id}/outcomes",
    summary="List outcomes",
    responses=machine(NotFound),
)
def list_outcomes(
    caller: ReadsOutcomes, session: Reading, evaluation_id: uuid.UUID, since: Since = None
) -> Outcomes:
    """Every outcome of an evaluation, with the statements coded into it."""
    found = outcomes.listed(session, caller, evaluation_id, since=since)
    return Outcomes.model_validate({"items": found, "next": None})


@routes.get("/outcomes/{outcome_id}", summary="Read an outcome", responses=machine(NotFound))
def read_outcome(caller: ReadsOutcomes, session: Reading, outcome_id: uuid.UUID) -> Outcome:
    """One outcome, with its provenance and its history."""
    return Outcome.model_validate(outcomes.read(session, caller, outcome_id))


@routes.patch(
    "/outcomes/{outcome_id}",
    summary="Change an outcome",
    responses=machine(NotFound, WrongStage, OutcomeMerged, body=True),
)
def change_outcome(
    caller: WritesOutcomes,
    session: Writing,
    now: Now,
    outcome_id: uuid.UUID,
    body: OutcomeChanges,
) -> Outcome:
    """Change what an outcome says; the reason goes into its history."""
    changes = body.model_dump(mode="json", exclude_unset=True)
    why = changes.pop("why")
    changed = outcomes.change(session, caller, outcome_id, changes, why=why, now=now)
    return Outcome.model_validate(changed)


@routes.post(
    "/outcomes/{outcome_id}/merge",
    summary="Merge an outcome into another",
    responses=machine(NotFound, WrongStage, OutcomeMerged, body=True),
)
def merge_outcome(
    caller: WritesOutcomes, session: Writing, now: Now, outcome_id: uuid.UUID, body: Merge
) -> Outcome:
    """Merge this outcome into another, which takes over its statements and is returned."""
    merged = outcomes.merge(session, caller, outcome_id, body.into, why=body.why, now=now)
    return Outcome.model_validate(merged)


@routes.post(
    "/outcomes/{outcome_id}/split",
    status_code=201,
    summary="Split an outcome",
    responses=machine(NotFound, WrongStage, OutcomeMerged, AlreadyExists, body=True),
)
def split_outcome(
    caller: WritesOutcomes, session: Writing, now: Now, outcome_id: uuid.UUID, body: Split
) -> Outcome:
    """Split a new outcome off this one, with some of its statements."""
    document = body.outcome.model_dump(mode="json")
    made = outcomes.split(
        session, caller, outcome_id, document, body.statements, why=body.why, now=now
    )
    return Outcome.model_validate(made)


@routes.post(
    "/evaluations/{evaluation_id}/evidence",
    status_code=201,
    summary="Record evidence",
    responses=machine(NotFound, WrongStage, body=True),
)
def record_evidence(
    caller: WritesOutcomes, session: Writing, now: Now, evaluation_id: uuid.UUID, body: NewEvidence
) -> Evidence:
    """Record what interviews or indicators found: beside the figures, never in them."""
    document = body.model_dump(mode="json")
    made = outcomes.add_evidence(session, caller, evaluation_id, document, now=now)
    return Evidence.model_validate(made)


@routes.get(
    "/evaluations/{evaluation_id}/evidence",
    summary="List evidence",
    responses=machine(NotFound),
)
def list_evidence(
    caller: ReadsOutcomes, session: Reading, evaluation_id: uuid.UUID, since: Since = None
) -> EvidenceList:
    """What other methods found."""
    found = outcomes.evidence(session, caller, evaluation_id, since=since)
    return EvidenceList.model_validate({"items": found, "next": None})
