"""What an endpoint may ask for: who is calling, a transaction, the time.

What waits for nothing is a coroutine: FastAPI would send every other function to a thread and back.
"""

from collections.abc import Callable
from contextlib import AbstractContextManager
from datetime import datetime
from functools import wraps
from inspect import signature
from typing import Annotated, Any

from fastapi import Depends, Header, Request, Security
from fastapi.security import HTTPBearer, OAuth2, SecurityScopes

from app.errors import CredentialInvalid, RateLimited, ScopeMissing, TokenMissing
from app.security.credentials import Caller
from app.storage.database import Session
from app.use_cases.accounts import SCOPES
from app.use_cases.deployment import Deployment as _Deployment
from app.use_cases.limits import WINDOW_SECONDS

# Where a request keeps what its reply will say beside the body.
BESIDE = "poet.beside"
# Where it keeps which client sent it.
CALLER = "poet.caller"
_machines = OAuth2(
    flows={
        "clientCredentials": {
            "tokenUrl": "/v1/oauth/token",
            "scopes": {scope: scope.replace(":", ": ") for scope in SCOPES},
        }
    },
    scheme_name="machine",
    description="An access token from POST /v1/oauth/token, good for ten minutes.",
    auto_error=False,
)
_respondents = HTTPBearer(
    scheme_name="respondent",
    description="The respondent's own token, good for one answer.",
    auto_error=False,
)


async def deployment(request: Request) -> _Deployment:
    """The running deployment."""
    return request.app.state.deployment  # type: ignore[no-any-return]


Deployment = Annotated[_Deployment, Depends(deployment)]


async def now(deployment: Deployment) -> datetime:
    """The time, from the deployment's clock."""
    return deployment.clock()


Now = Annotated[datetime, Depends(now)]


async def authorised(
    request: Request,
    needed: SecurityScopes,
    now: Now,
    credential: Annotated[str | None, Depends(_machines)],
) -> Caller:
    """The machine that calls, when its token is good and carries the scopes.

    Raises:
        CredentialInvalid: There is no token, or it is not good.
        RateLimited: It has called too often.
        ScopeMissing: It lacks a scope.
    """
    scheme, _, token = (credential or "").partition(" ")
    if scheme.lower() != "bearer" or not token:
        raise CredentialInvalid
    caller: Caller = request.app.state.deployment.access.verify(token.strip(), now=now)
    request.scope[CALLER] = str(caller.client)
    _count(request, caller, now)
    if missing := [scope for scope in needed.scopes if scope not in caller.scopes]:
        raise ScopeMissing(needed=missing)
    return caller


def _count(request: Request, caller: Caller, now: datetime) -> None:
    """Count a call of a machine, and let its reply say how many are left."""
    standing = request.app.state.deployment.limits.take(caller.client, now=now)
    if standing is None:
        return
    request.scope.setdefault(BESIDE, {}).update(
        {
            "RateLimit-Policy": f'"default";q={standing.limit};w={WINDOW_SECONDS}',
            "RateLimit": f'"default";r={standing.left};t={standing.full_in}',
        }
    )
    if not standing.allowed:
        raise RateLimited(retry_after=standing.retry_after)


async def respondent(
    credential: Annotated[object, Depends(_respondents)],
    authorization: Annotated[str | None, Header(include_in_schema=False)] = None,
) -> str:
    """The token that a respondent presents, as it was typed.

    Raises:
        TokenMissing: There is none.
    """
    return bearer(authorization)


def bearer(authorization: str | None) -> str:
    """The token in a respondent's `Authorization` header.

    Raises:
        TokenMissing: There is none.
    """
    scheme, _, token = (authorization or "").partition(" ")
    if scheme.lower() != "bearer" or not token.strip():
        raise TokenMissing
    return token.strip()


Transaction = Callable[[], AbstractContextManager[Session]]


def in_one_thread(endpoint: Callable[..., Any]) -> Callable[..., Any]:
    """An endpoint that opens its own transaction, and has ended it when it returns.

    As a dependency that yields, a session would take three trips to a thread instead of one.
    """
    if "session" not in signature(endpoint).parameters:
        return endpoint

    @wraps(endpoint)
    def call(*, session: Transaction, **others: Any) -> Any:
        with session() as opened:
            return endpoint(session=opened, **others)

    return call


async def _reading(deployment: Deployment) -> Transaction:
    return deployment.database.reading


async def _writing(deployment: Deployment) -> Transaction:
    return deployment.database.writing


# The `session` of an endpoint, or of what runs `in_one_thread`.
Reading = Annotated[Session, Depends(_reading)]
Writing = Annotated[Session, Depends(_writing)]
RespondentToken = Annotated[str, Depends(respondent)]
Machine = Annotated[Caller, Security(authorised)]
ReadsPartnerships = Annotated[Caller, Security(authorised, scopes=["partnerships:read"])]
WritesPartnerships = Annotated[Caller, Security(authorised, scopes=["partnerships:write"])]
ReadsInstruments = Annotated[Caller, Security(authorised, scopes=["instruments:read"])]
WritesInstruments = Annotated[Caller, Security(authorised, scopes=["instruments:write"])]
ReadsEvaluations = Annotated[Caller, Security(authorised, scopes=["evaluations:read"])]
WritesEvaluations = Annotated[Caller, Security(authorised, scopes=["evaluations:write"])]
IssuesTokens = Annotated[Caller, Security(authorised, scopes=["tokens:issue"])]
ImportsResponses = Annotated[Caller, Security(authorised, scopes=["responses:import"])]
ReadsStatements = Annotated[Caller, Security(authorised, scopes=["statements:read"])]
RedactsStatements = Annotated[Caller, Security(authorised, scopes=["statements:redact"])]
ReadsOutcomes = Annotated[Caller, Security(authorised, scopes=["outcomes:read"])]
WritesOutcomes = Annotated[Caller, Security(authorised, scopes=["outcomes:write"])]
ReadsReports = Annotated[Caller, Security(authorised, scopes=["reports:read"])]
ReadsActions = Annotated[Caller, Security(authorised, scopes=["actions:read"])]
ReadsWebhooks = Annotated[Caller, Security(authorised, scopes=["webhooks:read"])]
WritesWebhooks = Annotated[Caller, Security(authorised, scopes=["webhooks:write"])]
ReadsMetrics = Annotated[Caller, Security(authorised, scopes=["metrics:read"])]
WritesActions = Annotated[Caller, Security(authorised, scopes=["actions:write"])]
