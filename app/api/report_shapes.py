"""The shapes of reports, for the contract; a report itself is served from its stored bytes."""

import uuid
from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, Field

Words = dict[str, str]


class Members(BaseModel):
    """The base of every part: members that a later version adds are no mistake."""

    model_config = ConfigDict(extra="allow")


class Ends(Members):
    """The two ends of an interval, or of the band that a share lies in (percent)."""

    model_config = ConfigDict(populate_by_name=True)

    low: float = Field(alias="from")
    high: float = Field(alias="to")


class Cell(Members):
    """A score of 0-100 with its interval, or `suppressed` where it may not be shown."""

    suppressed: Literal[True] | None = None
    n: int | None = None
    score: int | None = None
    at_least: Literal[True] | None = None
    at_most: Literal[True] | None = None
    interval: Ends | None = None
    basis: Literal["fixed", "answers"] | None = None
    summary: Words | None = None


class CutCell(Cell):
    """One group, or several pooled, in a declared cut."""

    groups: list[str]
    band: str | None = None


class ReportedItem(Members):
    """One question; its score rests on at least three times the smallest group."""

    code: str
    text: Words
    reversed: bool
    level: str | None
    score: int | None
    interval: Ends | None
    favourable: Ends | None
    dont_know: Ends | None
    not_applicable: Ends | None
    not_answered: Ends | None


class ReportedDomain(Cell):
    """Items that measure one thing."""

    code: str
    label: Words
    band: Literal["celebrate", "develop", "middling", "unclear"] | None = None
    divided: bool | None = None
    polarised: bool | None = None
    agreement: float | None = None
    alpha: float | None = None
    alpha_interval: Ends | None = None
    omega: float | None = None
    omega_interval: Ends | None = None
    complete_case: Cell | None = None
    nonresponse_bounds: Ends | None = None
    interval_of_staff_list: Ends | None = None
    items: list[ReportedItem] | None = None
    cuts: dict[str, list[CutCell]] | None = None
    between: dict[str, Any] | None = None


class Method(Members):
    """Every threshold and rule that was used, and the caveats."""

    scoring_version: str
    caveats: list[Words]


class Report(Members):
    """What every report has; `digest` is the SHA-256 of the canonical JSON without itself."""

    evaluation: uuid.UUID
    digest: str
    headline: list[Words]
    method: Method
    supersedes: str | None = Field(default=None, description="Digest of the report before.")
    erratum: Members | None = Field(default=None, description="Why this one replaces it.")
    sandbox: Literal[True] | None = Field(default=None, description="It speaks of nobody.")


class HealthReport(Report):
    """What staff say of the partnership."""

    report: Literal["health"]
    instrument: str
    answered: int | None
    invited: int
    overall: Cell
    domains: list[ReportedDomain]
    levels: list[Cell]
    celebrate: list[str]
    develop: list[str]
    divided: list[str]
    criterion: Cell | None
    drivers: list[Members]
    frames: list[Members]
    importance: list[Cell]
    depth: list[Members]
    context: list[Cell]
    statements: int


class Verdicts(Members):
    """What one voice says of one outcome."""

    voice: str
    audience: Literal["service_user", "carer"]
    suppressed: Literal[True] | None = None
    importance: Members | None = None
    delivered: Members | None = None
    expected: Ends | None = None
    direction: dict[str, Ends] | None = None
    joint: dict[str, Ends] | None = None
    top: Ends | None = None
    quadrant: Members | None = None
    summary: Words | None = None


class ReportedOutcome(Members):
    """One outcome: its theory, who shares it, what users and carers say."""

    id: uuid.UUID
    code: str
    title: Words
    type: str
    domains: list[str]
    named_by: dict[str, int]
    shared: Members | None
    summary: Words
    voices: list[Verdicts]
    gaps: list[Members]
    evidence: list[Members]


class OutcomesReport(Report):
    """What the partnership works for."""

    report: Literal["outcomes"]
    edition: Literal["staff", "all"]
    outcomes: list[ReportedOutcome]
    ranking: Members | None
    left_out: list[Members]
    coders: Members | None
    voices: list[Members] | None = None
    missing: list[Members] | None = None
    harms: list[Members] | None = None


class Finding(Members):
    """Whether what one voice found fits the theory."""

    voice: str
    importance: str | None
    delivered: str | None
    finding: Literal[
        "consistent_with_theory",
        "theory_in_question",
        "implementation_in_question",
        "delivered_otherwise",
        "cannot_say",
    ]
    why: Literal["process_unclear", "delivery_unknown", "too_early", "too_few"] | None
    summary: Words


class CombinedOutcome(Members):
    """One outcome with the domains that its theory names."""

    id: uuid.UUID
    code: str
    title: Words
    process: str | None
    findings: list[Finding]
    rivals: list[str]


class CombinedReport(Report):
    """Process and outcome together. Two perceptions at one time do not show cause."""

    report: Literal["combined"]
    outcomes: list[CombinedOutcome]
    rests_on: dict[str, str]
