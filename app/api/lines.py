"""The lines of an import: what they are, what becomes of each, and how a body is cut into them."""

from typing import Annotated, ClassVar

from pydantic import BaseModel, ConfigDict, Field, model_validator

from app.api.problems import FaultModel
from app.api.routes import Shape
from app.api.submissions import StaffResponse, Verification
from app.formats.cells import Fields
from app.instruments.design import GroupCode

Name = Annotated[str, Field(min_length=1, max_length=200)]


class Line(Shape):
    """One answer: under a key of its own, with a token or under what it counts."""

    model_config = ConfigDict(json_schema_extra={"required": ["key", "answer"]})
    under: ClassVar[str]

    key: Annotated[
        str | None,
        Field(
            description="22 to 128 random characters; an Idempotency-Key.",
            examples=["q2Jx8cVn0b3YhT7LkPz4Wd"],
        ),
    ] = None
    token: Annotated[str | None, Field(description="The respondent's, if there is one.")] = None

    @property
    def cell(self) -> str | None:
        """The group or voice that it counts under, when it has no token."""
        return getattr(self, self.under)  # type: ignore[no-any-return]

    @model_validator(mode="after")
    def _one_of_both(self) -> "Line":
        if (self.token is None) == (self.cell is None):
            raise ValueError("a line has either a token or what it counts under")
        return self


class ResponseLine(Line):
    """One answer to the staff survey, with a token or a group."""

    under = "group"

    group: Annotated[GroupCode | None, Field(description="Without a token.")] = None
    answer: StaffResponse


class VerificationLine(Line):
    """One verification, with a token or a voice."""

    under = "voice"

    voice: Annotated[GroupCode | None, Field(description="Without a token.")] = None
    answer: Verification


class LineResult(BaseModel):
    """What became of one line: its receipt, or why it was refused."""

    line: int = Field(description="Which line of the body; the first is 1.")
    status: int = Field(description="As the call for one answer would have had.")
    receipt: str | None = None
    valid: bool | None = Field(None, description="It was checked alone, and would be accepted.")
    stripped: list[str] | None = Field(
        None, description="What was left behind of a tool's record: it could tell who answered."
    )
    code: str | None = None
    errors: Annotated[list[FaultModel] | None, Field(description="Pointers into the line.")] = None


class KeyOfNumber(Shape):
    """A key that is made of a number and a secret, for tools that have nothing random."""

    number: Name = Field(alias="from", description="The member that holds the number.")
    secret: str = Field(
        min_length=22, max_length=512, description="Random, the platform's own, always the same."
    )


class RecordMap(Shape):
    """Where the records that follow keep what ours call otherwise."""

    key: Name | KeyOfNumber | None = None
    token: Name | None = None
    place: Name | None = Field(None, description="The member that holds the group or the voice.")
    fields: Annotated[
        dict[Name, Name | None],
        Field(max_length=2000, description="Our names of questions by theirs; null leaves it out."),
    ] = {}

    @property
    def secret(self) -> str | None:
        """What a number is made a key with."""
        return self.key.secret if isinstance(self.key, KeyOfNumber) else None

    @property
    def where(self) -> Fields:
        """The same as readers take it."""
        key = self.key.number if isinstance(self.key, KeyOfNumber) else self.key
        return Fields(key=key, token=self.token, place=self.place, fields=self.fields)


class MapLine(Shape):
    """The first line, where there is a map."""

    map: RecordMap


class Lines:
    """Cuts a body into numbered lines; of one that is too long it keeps what shows that."""

    def __init__(self, limit: int) -> None:
        self._kept = limit + 1
        self._begun = b""
        self._number = 0

    def cut(self, piece: bytes) -> list[tuple[int, bytes]]:
        """The lines that are whole now, without those that are blank."""
        *whole, begun = (self._begun + piece).split(b"\n")
        self._begun = begun[: self._kept]
        first, self._number = self._number + 1, self._number + len(whole)
        return [(number, line) for number, line in enumerate(whole, first) if line.strip()]
