"""The questionnaire: what is asked, on which scales, in which languages.

Frozen dataclasses that Pydantic also validates, so that what a client publishes, what is built
in and what scoring reads are one shape.
"""

from dataclasses import dataclass
from typing import Annotated, Any, Literal

from pydantic import BeforeValidator, ConfigDict, Field, StringConstraints

InstrumentCode = Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9-]{0,39}$")]
# LimeSurvey takes nothing longer or richer as a question code.
Code = Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9]{0,19}$")]
Language = Annotated[str, StringConstraints(pattern=r"^[a-z]{2,3}(-[A-Z]{2})?$")]
Level = Literal["structural", "organisational", "individual"]
Frame = Literal["structural", "social_challenges", "high_performance", "third_way"]
# PostgreSQL keeps no NUL in a text.
NO_NUL = r"^[^\x00]*$"
Wording = Annotated[str, StringConstraints(min_length=1, max_length=2000, pattern=NO_NUL)]


def _by_language(value: Any) -> Any:
    """Read a plain string as English."""
    return {"en": value} if isinstance(value, str) else value


Texts = Annotated[
    dict[Language, Wording],
    BeforeValidator(
        _by_language,
        json_schema_input_type=dict[str, str] | Annotated[str, Field(min_length=1)],
    ),
    Field(min_length=1, description="Texts by language; a plain string is English."),
]

_STRICT = ConfigDict(extra="forbid", populate_by_name=True, hide_input_in_errors=True)


@dataclass(frozen=True, kw_only=True)
class Scale:
    """The possible answers to an item: whole numbers from `min` to `max`, each with a label."""

    __pydantic_config__ = _STRICT

    min: Annotated[int, Field(ge=0, le=10)]
    max: Annotated[int, Field(ge=1, le=20)]
    labels: dict[Language, list[Wording]]

    @property
    def points(self) -> int:
        """How many answers the scale offers, "don't know" apart."""
        return self.max - self.min + 1


@dataclass(frozen=True, kw_only=True)
class Condition:
    """An item is asked only of those who gave one of these answers to an earlier item."""

    __pydantic_config__ = _STRICT

    item: Code
    values: Annotated[list[int], Field(alias="in", min_length=1)]


@dataclass(frozen=True, kw_only=True)
class Item:
    """One question, answered on the scale of what it stands under."""

    __pydantic_config__ = _STRICT

    code: Code
    text: Texts
    reversed: bool = False
    level: Level | None = None
    short_form: bool = False
    required: bool = False
    show_if: Condition | None = None


@dataclass(frozen=True, kw_only=True)
class Domain:
    """Items that measure one thing, scored together."""

    __pydantic_config__ = _STRICT

    code: Code
    label: Texts
    scale: Code
    items: Annotated[list[Item], Field(min_length=1)]
    description: Texts | None = None
    higher_is: Literal["better", "worse"] = "better"
    in_index: bool = True
    min_answered: Annotated[float | None, Field(gt=0, le=1)] = None

    @property
    def needed(self) -> float:
        """The share of its items a person must have answered to have a score, in (0, 1]."""
        return 0.5 if self.min_answered is None else self.min_answered


@dataclass(frozen=True, kw_only=True)
class Standalone:
    """Items that are reported by themselves and never enter the health scores."""

    __pydantic_config__ = _STRICT

    scale: Code
    items: Annotated[list[Item], Field(min_length=1)]


@dataclass(frozen=True, kw_only=True)
class Overall:
    """The criterion question: has the partnership made services better?"""

    __pydantic_config__ = _STRICT

    scale: Code
    text: Texts


@dataclass(frozen=True, kw_only=True)
class Driver:
    """A reason why the partnership might exist; `frame` is one of Dickinson's four (2010)."""

    __pydantic_config__ = _STRICT

    code: Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9_]{0,39}$")]
    label: Texts
    frame: Frame | None = None


@dataclass(frozen=True, kw_only=True)
class Drivers:
    """One list of reasons, asked twice: as they work in practice, and as officially given."""

    __pydantic_config__ = _STRICT

    scale: Code
    practice: Texts
    official: Texts
    items: Annotated[list[Driver], Field(min_length=1)]


@dataclass(frozen=True, kw_only=True)
class Choice:
    """One of the answers offered, with its label."""

    __pydantic_config__ = _STRICT

    code: int | Annotated[str, StringConstraints(pattern=r"^[a-z0-9][a-z0-9_+-]{0,39}$")]
    label: Texts


@dataclass(frozen=True, kw_only=True)
class Depth:
    """How closely one works with each partner now, and how closely would be right."""

    __pydantic_config__ = _STRICT

    current: Texts
    right: Texts


@dataclass(frozen=True, kw_only=True)
class Prompt:
    """A question answered in words."""

    __pydantic_config__ = _STRICT

    code: Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9_]{0,39}$")]
    text: Texts
    help: Texts | None = None
    choices: list[Choice] | None = None


@dataclass(frozen=True, kw_only=True)
class Attribute:
    """A characteristic of the respondent by which answers may be cut, declared beforehand."""

    __pydantic_config__ = _STRICT

    code: Code
    label: Texts
    values: Annotated[list[Choice], Field(min_length=2)]


@dataclass(frozen=True, kw_only=True)
class Licence:
    """Under which terms the wording may be used, and whose it is."""

    __pydantic_config__ = _STRICT

    name: Wording
    holder: Wording
    permission: Wording | None = None


@dataclass(frozen=True, kw_only=True)
class Instrument:
    """A versioned questionnaire for staff; immutable once published."""

    __pydantic_config__ = _STRICT

    code: InstrumentCode
    version: Annotated[int, Field(ge=1, le=9999)]
    title: Texts
    languages: Annotated[list[Language], Field(min_length=1)]
    scales: dict[Code, Scale]
    domains: Annotated[list[Domain], Field(min_length=1)]
    kind: Literal["staff"] = "staff"
    draft_languages: list[Language] | None = None
    context: Standalone | None = None
    overall: Overall | None = None
    drivers: Drivers | None = None
    importance: Texts | None = None
    depth: Depth | None = None
    prompts: list[Prompt] | None = None
    unwritten: Texts | None = None
    attributes: list[Attribute] | None = None
    licence: Licence | None = None
    redistributable: bool = True

    @property
    def name(self) -> str:
        """The reference an evaluation uses, `code@version`."""
        return f"{self.code}@{self.version}"
