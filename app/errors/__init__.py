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
├── RateLimited       too many calls of one machine
└── Unavailable       not now

A refusal knows its reason, never its HTTP status: `app.api.problems` maps the second level. The
docstring is what a caller reads, `cy` the same in Welsh where a respondent may meet it, and `mend`
what to do about it. No text ever quotes a token, a key or an answer.
"""

from collections.abc import Iterator

from app.errors.kinds import (
    MOST_FAULTS,
    AppError,
    Conflict,
    Fault,
    Forbidden,
    Gone,
    Invalid,
    Malformed,
    MethodNotAllowed,
    NotAcceptable,
    NotFound,
    RateLimited,
    TooLarge,
    Unauthenticated,
    Unavailable,
    Unsupported,
    nameable,
)
from app.errors.machines import (
    AlreadyExists,
    BenchmarkNotShared,
    CellsChanged,
    ClientInvalid,
    ClosesEarly,
    ClosesLaterOnly,
    CollectionIsBrowser,
    ContactMissing,
    CredentialInvalid,
    CursorMalformed,
    DesignFixed,
    GroupsTooSmall,
    InstrumentExists,
    NotASandbox,
    NotRedistributable,
    OutcomeMerged,
    ScheduleNotApproved,
    ScopeMissing,
    TokensExhausted,
    TooFewAnswers,
    TranslationMissing,
    WebhookDisabled,
    WebhooksExhausted,
)
from app.errors.respondents import (
    IdempotencyKeyMalformed,
    IdempotencyKeyMissing,
    KeyNotSecret,
    KeyReused,
    NothingAnswered,
    StageClosed,
    TokenInUrl,
    TokenMissing,
    TokenMistyped,
    TokenUnusable,
    WrongAudience,
    WrongStage,
)

__all__ = [
    "MOST_FAULTS",
    "AlreadyExists",
    "AppError",
    "BenchmarkNotShared",
    "CellsChanged",
    "ClientInvalid",
    "ClosesEarly",
    "ClosesLaterOnly",
    "CollectionIsBrowser",
    "Conflict",
    "ContactMissing",
    "CredentialInvalid",
    "CursorMalformed",
    "DesignFixed",
    "Fault",
    "Forbidden",
    "Gone",
    "GroupsTooSmall",
    "IdempotencyKeyMalformed",
    "IdempotencyKeyMissing",
    "InstrumentExists",
    "Invalid",
    "KeyNotSecret",
    "KeyReused",
    "Malformed",
    "MethodNotAllowed",
    "NotASandbox",
    "NotAcceptable",
    "NotFound",
    "NotRedistributable",
    "NothingAnswered",
    "OutcomeMerged",
    "RateLimited",
    "ScheduleNotApproved",
    "ScopeMissing",
    "StageClosed",
    "TokenInUrl",
    "TokenMissing",
    "TokenMistyped",
    "TokenUnusable",
    "TokensExhausted",
    "TooFewAnswers",
    "TooLarge",
    "TranslationMissing",
    "Unauthenticated",
    "Unavailable",
    "Unsupported",
    "WebhookDisabled",
    "WebhooksExhausted",
    "WrongAudience",
    "WrongStage",
    "nameable",
    "refusals",
]


def refusals(root: type[AppError] = AppError) -> Iterator[type[AppError]]:
    """Every kind of refusal, each category before its members."""
    for kind in root.__subclasses__():
        yield kind
        yield from refusals(kind)
