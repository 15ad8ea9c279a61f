"""What every refusal is, and the kinds there are."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from itertools import islice
from typing import Any, ClassVar

# Of more faults no more are said, nor looked for.
MOST_FAULTS = 100
_NAMEABLE = re.compile(r"[a-z][a-z0-9_-]{0,39}|\d{1,4}")


def nameable(member: str) -> bool:
    """Whether a refusal may name a member: it looks like a code, or a place in a list.

    A name, a number or a sentence sent as a member's name by mistake is never repeated.
    """
    return _NAMEABLE.fullmatch(member) is not None


@dataclass(frozen=True)
class Fault:
    """One thing wrong with a body: where (a JSON Pointer), which rule, and in words."""

    pointer: str
    code: str
    detail: str


class AppError(Exception):
    """The request was understood, and refused."""

    cy: ClassVar[str] = ""
    mend: ClassVar[str] = ""

    def __init__(
        self, detail: str | None = None, *, faults: Iterable[Fault] = (), **facts: Any
    ) -> None:
        self.detail = detail
        self.faults = tuple(islice(faults, MOST_FAULTS))
        self.facts = facts
        super().__init__(self.code())

    @classmethod
    def code(cls) -> str:
        """The stable name that clients branch on."""
        return re.sub(r"(?<!^)(?=[A-Z])", "-", cls.__name__).lower()

    @classmethod
    def title(cls) -> str:
        """The code in words, the same for every occurrence."""
        return cls.code().replace("-", " ").capitalize()

    def in_language(self, language: str) -> str:
        """What happened, in English unless the Welsh is asked for and there."""
        if language == "cy" and self.cy:
            return self.cy
        return self.detail or type(self).meaning()

    @classmethod
    def meaning(cls) -> str:
        """The promise of this refusal, in one sentence or two."""
        return " ".join((cls.__doc__ or "").split())


class Malformed(AppError):
    """The request cannot be read."""

    cy = "Ni ellir darllen y cais."
    mend = "Check the request against the contract at /openapi.json."


class Unauthenticated(AppError):
    """The request carries no credential, or one that is not valid."""


class Forbidden(AppError):
    """The credential is good, but not for this."""


class NotFound(AppError):
    """There is nothing here, or it is not yours."""

    cy = "Nid oes dim byd yma."
    mend = "Check the identifier, and that the client belongs to the account that made it."


class Conflict(AppError):
    """The request contradicts what is recorded."""


class Gone(AppError):
    """What was asked for is over."""


class TooLarge(AppError):
    """The body is larger than the service takes."""

    cy = "Mae'r ateb yn rhy fawr."
    mend = "Send fewer or shorter texts; the limit is in the contract."


class Unsupported(AppError):
    """The body is not in a media type that this call takes."""

    cy = "Nid yw'r gwasanaeth yn derbyn y math hwn o gynnwys."
    mend = "Send Content-Type: application/json, or what the contract names for the call."


class Invalid(AppError):
    """The request was understood and breaks one or more rules, listed with JSON Pointers."""

    cy = "Mae un neu fwy o'r atebion yn torri rheol; ni chafodd dim ei gadw."
    mend = "Each entry of `errors` points at one fault; mend them and send the body again."


class Unavailable(AppError):
    """The service cannot take this now; nothing was recorded."""

    cy = "Ni all y gwasanaeth dderbyn hyn ar hyn o bryd. Ni chafodd dim ei gadw; ceisiwch eto."
    mend = "Send the same request again, with the same key, after the seconds in Retry-After."


class RateLimited(AppError):
    """The client has made more calls than it may make in a minute; this one did nothing."""

    mend = "Send it again after the seconds in Retry-After; `RateLimit` says how many are left."


class NotAcceptable(AppError):
    """The reply exists only in other formats than the one that was asked for."""

    cy = "Nid yw'r ateb ar gael yn y fformat hwn."
    mend = "Ask for JSON: Accept: application/fhir+json, or leave the header and `_format` out."


class MethodNotAllowed(AppError):
    """This path does not answer this method."""

    mend = "The Allow header names the methods; the contract says what each does."
