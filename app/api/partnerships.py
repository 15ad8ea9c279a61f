"""Partnerships: the organisations that are evaluated together."""

import uuid
from datetime import date, datetime
from typing import Annotated, Any

from fastapi import Depends, Request, Response
from pydantic import Field, StringConstraints, model_validator

from app.api.dependencies import Now, Reading, ReadsPartnerships, WritesPartnerships, Writing
from app.api.routes import Limit, Page, Shape, Since, cursor, machine, paged, router
from app.errors import Forbidden, Malformed, NotFound
from app.instruments.design import GroupCode
from app.instruments.model import NO_NUL
from app.use_cases import partnerships

routes = router("Partnerships")

Name = Annotated[
    str, StringConstraints(strip_whitespace=True, min_length=1, max_length=200, pattern=NO_NUL)
]
Paragraph = Annotated[str, StringConstraints(max_length=2000, pattern=NO_NUL)]
Weight = Annotated[float, Field(ge=0, le=1)]


class Position(Shape):
    """A rung of a ladder now, and the one that is wanted."""

    current: str | None = None
    desired: str | None = None


class Governance(Shape):
    """How far the partnership is held together by rules, by incentives, by relations; sums to 1."""

    hierarchy: Weight
    market: Weight
    network: Weight


class Initiative(Shape):
    """Something else that works on the same people at the same time: a rival explanation."""

    name: Name
    overlap: Paragraph | None = None


class Organisation(Shape):
    """A partner; `headcount` is how many of its staff are asked."""

    code: GroupCode
    name: Name | None = None
    sector: str = Field(
        default="other",
        pattern="^(nhs|local_authority|voluntary|independent|user_led|other)$",
    )
    headcount: Annotated[int, Field(ge=1, le=1_000_000)]

    @model_validator(mode="after")
    def _named(self) -> "Organisation":
        if self.name is None:
            self.name = self.code
        return self


class PartnershipShape(Shape):
    """What kind of partnership it is."""

    country: Annotated[str | None, Field(pattern=r"^[A-Z]{2}(-[A-Z0-9]{1,3})?$")] = None
    service_area: Name | None = None
    service_user_groups: Annotated[list[str], Field(max_length=12)] = []
    formed_on: Annotated[date | None, Field(ge=date(1900, 1, 1))] = None
    predecessors: Annotated[list[uuid.UUID], Field(max_length=50)] = []
    depth: Position | None = None
    breadth: Position | None = None
    governance: Governance | None = None
    context: Annotated[dict[GroupCode, Paragraph], Field(max_length=20)] = {}
    initiatives: Annotated[list[Initiative], Field(max_length=50)] = []


class NewPartnership(PartnershipShape):
    """A partnership to register; only its name and its organisations are required."""

    name: Name
    organisations: Annotated[list[Organisation], Field(min_length=1, max_length=500)]


class PartnershipChanges(PartnershipShape):
    """The members to change; those left out stay as they are."""

    name: Name = ""
    organisations: Annotated[list[Organisation], Field(min_length=1, max_length=500)] = []


class Partnership(NewPartnership):
    """A registered partnership."""

    id: uuid.UUID
    updated_at: datetime


@routes.post(
    "/partnerships",
    status_code=201,
    summary="Register a partnership",
    responses=machine(Forbidden, body=True),
)
def register_partnership(
    caller: WritesPartnerships, session: Writing, now: Now, body: NewPartnership
) -> Partnership:
    """Register the organisations that are evaluated together, with their headcounts."""
    return Partnership.model_validate(
        partnerships.register(session, caller, body.model_dump(mode="json"), now=now)
    )


@routes.get("/partnerships", summary="List partnerships", responses=machine(Malformed))
def list_partnerships(
    caller: ReadsPartnerships,
    session: Reading,
    request: Request,
    response: Response,
    after: Annotated[uuid.UUID | None, Depends(cursor)],
    since: Since = None,
    limit: Limit = 50,
) -> Page[Partnership]:
    """The account's partnerships, or the one that the client is limited to."""
    found, following = partnerships.listed(session, caller, limit=limit, after=after, since=since)
    return Page[Partnership].model_validate(paged(found, following, request, response))


@routes.get(
    "/partnerships/{partnership_id}", summary="Read a partnership", responses=machine(NotFound)
)
def read_partnership(
    caller: ReadsPartnerships, session: Reading, partnership_id: uuid.UUID
) -> Partnership:
    """One partnership."""
    return Partnership.model_validate(partnerships.read(session, caller, partnership_id))


@routes.patch(
    "/partnerships/{partnership_id}",
    summary="Change a partnership",
    responses=machine(NotFound, body=True),
)
def change_partnership(
    caller: WritesPartnerships,
    session: Writing,
    now: Now,
    partnership_id: uuid.UUID,
    body: PartnershipChanges,
) -> Partnership:
    """Change some members. Rounds that have left `draft` keep the organisations they began with."""
    # Only what was left out of the body itself stays: what is sent is sent whole.
    changes: dict[str, Any] = body.model_dump(mode="json", include=body.model_fields_set)
    changed = partnerships.change(session, caller, partnership_id, changes, now=now)
    return Partnership.model_validate(changed)
