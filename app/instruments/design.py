"""What one evaluation asks, of whom, and how it may be cut: declared before anybody answers."""

from dataclasses import dataclass, field
from datetime import date
from functools import cache
from typing import Annotated, Literal
from zoneinfo import ZoneInfo, available_timezones

from pydantic import AfterValidator, Field, StringConstraints

from app.instruments.model import _STRICT, Code, Language, Texts

GroupCode = Annotated[str, StringConstraints(pattern=r"^[a-z0-9-]{1,40}$")]
Form = Literal["full", "short"]
Module = Literal["health", "outcomes", "drivers", "importance", "depth", "context"]
Audience = Literal["staff", "ranking", "service_user", "carer"]
Selection = Literal["all", "random", "volunteers", "purposive"]
StaffSelection = Literal["all", "random"]
MODULES: tuple[Module, ...] = ("health", "outcomes", "drivers", "importance", "depth", "context")
ORGANISATION = "organisation"


@cache
def _zones() -> frozenset[str]:
    return frozenset(available_timezones())  # searches the disk


def _known_zone(name: str) -> str:
    if name not in _zones():
        raise ValueError("not a time zone of the IANA list")
    return name


@dataclass(frozen=True, kw_only=True)
class Group:
    """Organisations whose staff are counted together; `headcount` where theirs do not add up."""

    __pydantic_config__ = _STRICT

    code: GroupCode
    label: Texts
    organisations: list[GroupCode]
    headcount: Annotated[int | None, Field(ge=1, le=1_000_000)] = None


@dataclass(frozen=True, kw_only=True)
class Voice:
    """A group of service users or carers who are asked: how many, and how they were chosen."""

    __pydantic_config__ = _STRICT

    code: GroupCode
    label: Texts
    audience: Literal["service_user", "carer"]
    invited: Annotated[int, Field(ge=1, le=1_000_000)]
    service_user_group: Annotated[str | None, StringConstraints(max_length=40)] = None
    selection: Selection = "volunteers"


@dataclass(frozen=True, kw_only=True)
class Closes:
    """The last day of answering for each audience."""

    __pydantic_config__ = _STRICT

    staff: date | None = None
    ranking: date | None = None
    verification: date | None = None


@dataclass(frozen=True, kw_only=True)
class Contact:
    """Whom a respondent can turn to: for help with the survey, and when somebody is not safe."""

    __pydantic_config__ = _STRICT

    help: Texts | None = None
    safeguarding: Texts | None = None


Cut = Code | tuple[Code, Code]


@dataclass(frozen=True, kw_only=True)
class Design:
    """One evaluation as it was declared.

    Attributes:
        smallest_group: The fewest people a shown figure may rest on.
        cuts: One-way tables by code, and at most one pair.
        closes: Last days, in `timezone`.
        collection: Who handles an answer between the respondent and this service.
        reminders: Who is reminded: everyone, or those whose invitation the sender has not marked.
        staff_selection: Who of the staff is asked: all of them, or people drawn at random.
        sandbox: Whether it is for trying the service out, and no round of the partnership.
    """

    __pydantic_config__ = _STRICT

    instrument: Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9-]{0,39}@[1-9]\d{0,3}$")]
    form: Form = "full"
    modules: Annotated[list[Module] | None, Field(min_length=1)] = None
    languages: Annotated[list[Language], Field(min_length=1, max_length=10)] = field(
        default_factory=lambda: ["en"]
    )
    smallest_group: Annotated[int | None, Field(ge=5, le=1000)] = None
    cuts: Annotated[list[Cut], Field(max_length=10)] = field(default_factory=lambda: [ORGANISATION])
    groups: Annotated[list[Group], Field(max_length=500)] = field(default_factory=list)
    voices: Annotated[list[Voice], Field(max_length=50)] = field(default_factory=list)
    closes: Closes = field(default_factory=Closes)
    timezone: Annotated[str, AfterValidator(_known_zone)] = "Europe/London"
    collection: Literal["browser", "platform", "interviewer", "mixed"] = "platform"
    reminders: Literal["everyone", "sender_marks"] = "everyone"
    staff_selection: StaffSelection = "all"
    benchmark: bool = False
    origins: Annotated[
        list[Annotated[str, StringConstraints(pattern=r"^https?://[^\s/]+$", max_length=200)]],
        Field(max_length=20),
    ] = field(default_factory=list)
    contact: Contact = field(default_factory=Contact)
    sandbox: bool = False

    @property
    def shares(self) -> bool:
        """Whether it stands in the benchmarks of others; a sandbox never does."""
        return self.benchmark and not self.sandbox

    @property
    def zone(self) -> ZoneInfo:
        """The time zone in which the closing days end."""
        return ZoneInfo(self.timezone)

    def asks(self, module: Module) -> bool:
        """Whether this part of the questionnaire is put to staff."""
        return self.modules is None or module in self.modules

    def voice(self, code: str) -> Voice | None:
        """The voice with this code."""
        return next((voice for voice in self.voices if voice.code == code), None)


@dataclass(frozen=True, kw_only=True)
class Partner:
    """One organisation as it stood when the survey opened."""

    code: str
    name: str
    sector: str
    headcount: int


def groups_of(design: Design, partners: list[Partner]) -> list[Group]:
    """Every group of staff, in the order of the organisations: declared, or one organisation."""
    declared = {code: group for group in design.groups for code in group.organisations}
    headcount = {partner.code: partner.headcount for partner in partners}
    groups = {
        group.code: group
        for partner in partners
        for group in [declared.get(partner.code) or _alone(partner)]
    } | {group.code: group for group in design.groups}
    return [_counted(group, headcount) for group in groups.values()]


def _alone(partner: Partner) -> Group:
    return Group(
        code=partner.code,
        label={"en": partner.name},
        organisations=[partner.code],
        headcount=partner.headcount,
    )


def _counted(group: Group, headcount: dict[str, int]) -> Group:
    if group.headcount is not None:
        return group
    total = sum(headcount.get(code, 0) for code in group.organisations)
    return Group(
        code=group.code, label=group.label, organisations=group.organisations, headcount=total
    )
