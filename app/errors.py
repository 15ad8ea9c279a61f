"""Every refusal this service can give.

AppError
├── Malformed         what cannot be read at all
├── Unauthenticated   no credential, or a bad one
├── Forbidden         a good credential for something else
├── NotFound          not there, or not yours
├── Conflict          contradicts the stage or what is recorded
├── Gone              a token that can no longer be used
├── TooLarge, Unsupported
├── Invalid           understood, and against the rules
└── Unavailable       not now

A refusal knows its reason, never its HTTP status: `app.api.problems` maps the second level. The
docstring is what a caller reads, `cy` the same in Welsh where a respondent may meet it, and `mend`
what to do about it. No text ever quotes a token, a key or an answer.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any, ClassVar


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
        self, detail: str | None = None, *, faults: Sequence[Fault] = (), **facts: Any
    ) -> None:
        self.detail = detail
        self.faults = tuple(faults)
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


class MethodNotAllowed(AppError):
    """This path does not answer this method."""

    mend = "The Allow header names the methods; the contract says what each does."


class IdempotencyKeyMissing(Malformed):
    """A submission must carry an Idempotency-Key, a random value that only the sender knows."""

    cy = "Rhaid i'r ateb gynnwys Idempotency-Key."
    mend = "Make 22 to 128 random characters in the respondent's browser and keep them."


class IdempotencyKeyMalformed(Malformed):
    """An Idempotency-Key has 22 to 128 characters of A-Z, a-z, 0-9, hyphen and underscore."""

    cy = "Nid yw'r Idempotency-Key yn y ffurf gywir."
    mend = "Make 22 to 128 random characters, for example crypto.randomUUID()."


class KeyNotSecret(Malformed):
    """The Idempotency-Key is made from the token, so others could make it too."""

    cy = "Mae'r Idempotency-Key wedi'i wneud o'r tocyn, felly nid yw'n gyfrinachol."
    mend = "Make the key at random; it must not be the token, contain it or be a hash of it."


class TokenInUrl(Malformed):
    """A token was sent in the address, where it would be written to logs."""

    cy = "Anfonwyd y tocyn yn y cyfeiriad, lle gallai gael ei gofnodi."
    mend = "Send it in the header Authorization: Bearer <token>."


class CursorMalformed(Malformed):
    """The cursor is not one that this service gave."""

    mend = "Start again without a cursor, and follow `next` as it is given."


class TokenMissing(Unauthenticated):
    """This call needs the respondent's token as a bearer token."""

    cy = "Mae angen tocyn yr ymatebydd."
    mend = "Send the header Authorization: Bearer <token>."


class TokenMistyped(Unauthenticated):
    """This is not a token: a character is wrong or missing."""

    cy = "Nid yw hwn yn docyn cywir: mae nod yn anghywir neu ar goll."
    mend = "Compare it with the letter, character by character; nothing has been used up."


class CredentialInvalid(Unauthenticated):
    """The access token is missing, expired or not one of ours."""

    mend = "Ask for a new one at POST /v1/oauth/token and send it as a bearer token."


class ClientInvalid(Unauthenticated):
    """The client's name or secret is wrong, or the client was revoked."""

    mend = "Check client_id and client_secret; `poet client rotate` makes a new secret."


class ScopeMissing(Forbidden):
    """The access token does not carry the scope that this call needs."""

    mend = "Ask for the scope when fetching the token, or give it to the client."


class WrongAudience(Forbidden):
    """The token is for another audience's questions; it has not been used up."""

    cy = "Mae'r tocyn ar gyfer holiadur arall; nid yw wedi cael ei ddefnyddio."
    mend = "Send it to the call for its own audience."


class WrongStage(Conflict):
    """The evaluation is not in a stage where this can be done."""

    cy = "Nid yw'r gwerthusiad wedi cyrraedd y cam hwn; nid yw'r tocyn wedi cael ei ddefnyddio."
    mend = "`stage` is where the evaluation stands, `needed` where this call works."


class ClosesEarly(Conflict):
    """The stage has a closing day that has not come."""

    mend = 'Wait, or send "early": true when respondents were told.'


class TooFewAnswers(Conflict):
    """Fewer people answered than the smallest group that may be shown."""

    mend = 'Wait for more answers, or send "abandon": true: they are then deleted unread.'


class GroupsTooSmall(Conflict):
    """Some groups have fewer people than the smallest group that may be shown."""

    mend = "Pool them: declare `groups` that name several organisations, before any token."


class TranslationMissing(Conflict):
    """A text that would be shown is missing in a language that the evaluation declares."""

    mend = "Add the texts that `missing` names, or declare fewer languages."


class ContactMissing(Conflict):
    """Service users and carers must be shown a safeguarding contact first."""

    mend = "PATCH the evaluation with contact.safeguarding in every declared language."


class ScheduleNotApproved(Conflict):
    """The schedule has not been approved."""

    mend = 'PUT the schedule with "status": "approved" once people have agreed its words.'


class DesignFixed(Conflict):
    """This part of the evaluation cannot change any more."""

    mend = "Groups, cuts, voices and smallest_group are fixed by the first token; stages go on."


class ClosesLaterOnly(Conflict):
    """A closing day may only be moved to a later day that has not passed."""

    mend = "Respondents were told the earlier day; name a later one."


class InstrumentExists(Conflict):
    """An instrument with this code and version is published, with other contents."""

    mend = "A published version never changes: publish the next version."


class AlreadyExists(Conflict):
    """Something with this code is recorded already."""

    mend = "Choose another code, or change what is there."


class TokensExhausted(Conflict):
    """As many tokens were issued as there are people, with the allowance for lost letters."""

    mend = "`left` is how many remain for this group or voice; check its headcount."


class StageClosed(Conflict):
    """The stage is closed: the answer can no longer be told apart, so it cannot be withdrawn."""

    cy = "Mae'r cam wedi cau: ni ellir tynnu'r ateb yn ôl mwyach."
    mend = "Nothing can be done: after the close nobody can find one person's answer."


class OutcomeMerged(Conflict):
    """The outcome was merged into another and stays only as a record."""

    mend = "Follow `merged_into`."


class TokenUnusable(Gone):
    """The token was used, revoked, has expired or never existed; which of these is not told."""

    cy = "Nid oes modd defnyddio'r tocyn: ni ddywedir ai wedi'i ddefnyddio, wedi dod i ben ydyw."
    mend = "If the answer was sent and the reply lost, send it again with the same key."


class KeyReused(Invalid):
    """The Idempotency-Key belongs to another submission; nothing was recorded or used up."""

    cy = "Mae'r Idempotency-Key eisoes yn perthyn i ateb arall; ni chafodd dim ei gadw."
    mend = "One key for one submission: make a new one."


class NothingAnswered(Invalid):
    """The submission holds no answer and no text."""

    cy = "Nid oes yr un ateb yn yr hyn a anfonwyd; nid yw'r tocyn wedi cael ei ddefnyddio."
    mend = "Everything may be left out except one thing that counts."


def refusals(root: type[AppError] = AppError) -> Iterator[type[AppError]]:
    """Every kind of refusal, each category before its members."""
    for kind in root.__subclasses__():
        yield kind
        yield from refusals(kind)
