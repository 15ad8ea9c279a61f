"""Planning: how many people to invite, and what will then probably be shown."""

import uuid
from typing import Annotated, Literal

from pydantic import BaseModel, Field

from app.api.dependencies import Deployment, ReadsEvaluations
from app.api.evaluations import Warned
from app.api.routes import Shape, machine, router
from app.errors import NotFound
from app.instruments.design import GroupCode, StaffSelection
from app.instruments.model import Code
from app.use_cases import planning

routes = router("Planning")
Words = dict[str, str]
Rate = Annotated[
    float,
    Field(ge=0.01, le=1, description="Share of the invited who are expected to answer, 0 to 1."),
]
Share = Annotated[float, Field(ge=0, le=1)]
Chance = Annotated[float, Field(description="Probability, 0 to 1, two decimals.")]


class Staffed(Shape):
    """An organisation, and how many people of it may be asked."""

    code: GroupCode
    headcount: Annotated[int, Field(ge=1, le=1_000_000, description="People.")]


class SampleWish(Shape):
    """What a sample is to bring."""

    organisations: Annotated[list[Staffed], Field(min_length=1, max_length=500)]
    margin: Annotated[float, Field(ge=1, le=25)] = Field(
        default=5,
        description="Wanted half-width of the 95 % interval of a share of one half, over "
        "everybody; percentage points.",
    )
    response_rate: Rate
    smallest_group: Annotated[int, Field(ge=5, le=1000)] | None = Field(
        default=None, description="Fewest answers that are shown; people. The deployment's least."
    )
    floor: Annotated[int, Field(ge=1, le=1_000_000)] | None = Field(
        default=None,
        description="Fewest invitations to an organisation; people. Left out: as many as bring "
        "`smallest_group` answers with a chance of 0.9.",
    )
    everyone_from: Annotated[float, Field(gt=0, le=1)] = Field(
        default=0.8,
        description="Share of an organisation, 0 to 1, beyond which all of it is invited.",
    )


class Brought(BaseModel):
    """What a number of invitations is expected to bring."""

    expected: float = Field(description="Answers, people on average.")
    chance: Chance = Field(description="Probability that at least `smallest_group` answer, 0 to 1.")
    margin: float | None = Field(
        description="Half-width of the 95 % interval of a share of one half, with the finite "
        "population correction; percentage points. Null where too few answers are expected."
    )
    score_margin: float | None = Field(
        description="Half-width of the 95 % interval of a score whose people are spread by 25 "
        "points, as reports give it; points of 0-100. Null where too few answers are expected."
    )


class InvitedOrganisation(Brought):
    """One organisation's part of the sample."""

    code: str
    headcount: int
    invite: int = Field(description="Invitations, people; never above `headcount`.")
    note: Literal["everyone", "floor"] | None = Field(
        description="`everyone`: all of it. `floor`: its share alone would have been fewer."
    )


class SampleWarning(BaseModel):
    """What will disappoint."""

    code: Literal["groups-too-small", "groups-hardly-shown", "margin-not-reached"]
    groups: list[str]


class SampleSize(Brought):
    """How many to invite in all, and in each organisation."""

    headcount: int
    smallest_group: int
    floor: int = Field(description="Fewest invitations to an organisation that has as many people.")
    everyone_from: float
    returns_needed: int = Field(description="Answers that the wanted margin needs, people.")
    invitations: int = Field(description="Invitations in all, people.")
    reached: bool = Field(description="Whether as many answers are expected as are needed.")
    organisations: list[InvitedOrganisation]
    warnings: list[SampleWarning]
    summary: Words


class ForecastWish(Shape):
    """Response rates to try, and what is assumed of people."""

    response_rates: Annotated[list[Rate], Field(min_length=1, max_length=5)]
    missing: Annotated[float, Field(ge=0, lt=1)] = Field(
        default=0.1,
        description="Share of those who answer who have no score in a domain, 0 to 1.",
    )
    shares: Annotated[dict[Code, dict[Code, Share]], Field(max_length=50)] = Field(
        default={},
        description="By attribute, the share of people with each value, 0 to 1. What is left goes "
        "alike to the values not named; where all are named, to people who do not say.",
    )


class WholeForecast(BaseModel):
    """Everybody together."""

    chance: Chance = Field(description="Chance that the score over everybody is shown, 0 to 1.")
    band: Chance = Field(
        description="Chance that as many answer as a band other than `unclear` needs, 0 to 1."
    )


class CellForecast(BaseModel):
    """One group, or one category of another cut; the three chances sum to 1."""

    groups: list[str]
    headcount: int | None = Field(description="People invited; null where that is not declared.")
    chance: Chance = Field(description="Chance that it is shown by itself, 0 to 1.")
    pooled: Chance = Field(description="Chance that it is shown only together with others, 0 to 1.")
    suppressed: Chance = Field(description="Chance that it is shown in no way, 0 to 1.")


class Precision(BaseModel):
    """How sure the chances of a cut are."""

    runs: int = Field(description="Simulated rounds.")
    margin: float = Field(description="19 times in 20 a chance is out by at most so much.")
    undecided: float = Field(
        description="Share of decisions that the search gave up on, 0 to 1; counted as not shown."
    )


class RateForecast(BaseModel):
    """What will probably be shown at one response rate."""

    response_rate: float
    answered_expected: int = Field(description="People.")
    whole: WholeForecast
    cuts: dict[str, list[CellForecast]]
    precision: dict[str, Precision]
    left_out: list[str] = Field(description="Cuts too large to be simulated; the last declared.")
    summary: Words


class Forecasts(BaseModel):
    """What the staff survey of an evaluation will probably show."""

    evaluation: uuid.UUID
    smallest_group: int
    invited: int = Field(description="People.")
    staff_selection: StaffSelection
    missing: float
    shares: dict[str, dict[str, float]] = Field(description="The shares that were used, 0 to 1.")
    forecasts: list[RateForecast]
    warnings: list[Warned]
    caveats: list[Words]


@routes.post(
    "/sample-size",
    summary="How many to invite",
    responses=machine(body=True),
)
def plan_sample_size(
    caller: ReadsEvaluations, deployment: Deployment, body: SampleWish
) -> SampleSize:
    """How many people to invite in each organisation, so that enough answer; nothing is kept."""
    wish = body.model_dump()
    found = planning.sample_size(wish, smallest_group=deployment.smallest_group)
    return SampleSize.model_validate(found)


@routes.post(
    "/evaluations/{evaluation_id}/forecast",
    summary="What will probably be shown",
    responses=machine(NotFound, body=True),
)
def forecast_evaluation(
    caller: ReadsEvaluations, deployment: Deployment, evaluation_id: uuid.UUID, body: ForecastWish
) -> Forecasts:
    """The chance that each group and category is shown, by simulating who answers; in any stage.

    The publication rule itself decides each simulated round. No answer is looked at, and nothing
    is kept; the same call gets the same reply.
    """
    found = planning.forecasts(deployment, caller, evaluation_id, body.model_dump())
    return Forecasts.model_validate(found)
