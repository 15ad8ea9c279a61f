"""What staff are asked when they rank outcomes, and service users and carers when they verify."""

from dataclasses import dataclass
from typing import Literal

from app.instruments.model import _STRICT, Choice, Texts


@dataclass(frozen=True, kw_only=True)
class Question:
    """One question of a ranking or a verification.

    Attributes:
        answer: `one` of the choices, `top` (up to three outcomes), `text`, or `texts` (several).
        each: Whether it is asked once for every outcome on the schedule.
        choices: The full scale; `easy_choices` the easy-read one, a subset of the same codes.
    """

    __pydantic_config__ = _STRICT

    code: str
    text: Texts
    answer: Literal["one", "top", "text", "texts"]
    each: bool = False
    help: Texts | None = None
    choices: list[Choice] | None = None
    easy_choices: list[Choice] | None = None


@dataclass(frozen=True, kw_only=True)
class Section:
    """Questions under one heading, in the order they are asked."""

    __pydantic_config__ = _STRICT

    code: str
    title: Texts
    questions: list[Question]
    audience: Literal["service_user", "carer"] | None = None
    intro: Texts | None = None


@dataclass(frozen=True, kw_only=True)
class Schedule:
    """The sections put to one audience."""

    __pydantic_config__ = _STRICT

    title: Texts
    intro: Texts
    sections: list[Section]


@dataclass(frozen=True, kw_only=True)
class Guidance:
    """How to ask one group of service users: methods, limits and care to take."""

    __pydantic_config__ = _STRICT

    service_user_group: str
    label: Texts
    methods: list[Texts]
    why: Texts
    not_when: Texts
    adjustments: Texts
    ethics: Texts
    least: int
    example: Texts
