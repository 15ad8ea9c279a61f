"""Answers that come unlike nearly all: in a survey tool's shape, or only to be checked."""

from collections.abc import Callable, Collection, Coroutine, Mapping, Sequence
from dataclasses import dataclass
from typing import Annotated, Any, Literal, TypeVar

from fastapi import Query, Request, Response
from pydantic import BaseModel, Field, TypeAdapter, ValidationError
from starlette.concurrency import run_in_threadpool

from app.api.dependencies import bearer
from app.api.problems import invalid
from app.api.reading import read, validated
from app.api.route import Route
from app.formats.media_types import FHIR_JSON, SURVEYJS_JSON
from app.use_cases import exchange
from app.use_cases.deployment import Deployment
from app.use_cases.exchange import Translated

Tool = Literal["surveyjs", "fhir-r4"]
_OF_MEDIA_TYPE: dict[str, Tool] = {SURVEYJS_JSON: "surveyjs", FHIR_JSON: "fhir-r4"}
OF_TOOLS: dict[str, Any] = {
    SURVEYJS_JSON: {"schema": {"type": "object", "title": "SurveyJsResult"}},
    FHIR_JSON: {"schema": {"type": "object", "title": "FhirQuestionnaireResponse"}},
}
Endpoint = TypeVar("Endpoint", bound=Callable[..., Any])
OnlyChecks = Annotated[
    bool, Query(description="Say what would be refused, record nothing and use no token up.")
]


class Way(BaseModel):
    """How an answer comes."""

    format: Tool | None = Field(
        default=None, description="As which survey tool the body is; or say it by `Content-Type`."
    )
    validate_only: OnlyChecks = False


async def way(way: Annotated[Way, Query()]) -> Way:
    """What may stand in the query, for the contract."""
    return way


class Checked(BaseModel):
    """The answer would be taken. Nothing was recorded, and the token is not used up."""

    valid: Literal[True] = True
    stripped: list[str] | None = None


@dataclass(frozen=True)
class Presented:
    """What somebody holds who answers, or wants an answer to be checked.

    Attributes:
        audiences: Whose answers the call takes.
    """

    deployment: Deployment
    token: str
    key: str | None
    audiences: Collection[str]

    async def translated(self, body: bytes, tool: str) -> Translated:
        """The answer that a tool's document holds."""
        return await run_in_threadpool(self._translated, body, tool)

    async def check(self, content: Mapping[str, Any]) -> None:
        """Refuse what would be refused."""
        await run_in_threadpool(self._check, content)

    def _translated(self, body: bytes, tool: str) -> Translated:
        with self.deployment.database.reading() as session:
            return exchange.translate(
                session,
                self.deployment,
                body,
                name=tool,
                token=self.token,
                key=self.key,
                audiences=self.audiences,
                now=self.deployment.clock(),
            )

    def _check(self, content: Mapping[str, Any]) -> None:
        with self.deployment.database.reading() as session:
            exchange.check(
                session,
                self.deployment.keys,
                token=self.token,
                audiences=self.audiences,
                content=content,
                now=self.deployment.clock(),
            )


def answered_by(*audiences: str) -> Callable[[Endpoint], Endpoint]:
    """Say whose answers an endpoint takes; stands below the route's decorator."""

    def declare(endpoint: Endpoint) -> Endpoint:
        endpoint.audiences = audiences  # type: ignore[attr-defined]
        return endpoint

    return declare


class AnswerRoute(Route):
    """A route that takes a respondent's token, a key and an answer."""

    @property
    def shape(self) -> TypeAdapter[Any]:
        """What checks a body."""
        if self.body_field is None:
            raise TypeError(f"{self.path} takes no body")
        return TypeAdapter(self.body_field.field_info.annotation)  # type: ignore[arg-type]

    def get_route_handler(self) -> Callable[[Request], Coroutine[Any, Any, Response]]:
        """What answers a request that is not served directly."""
        shape, endpoint, status = self.shape, self.endpoint, self.status_code or 200
        audiences: Collection[str] = endpoint.audiences  # type: ignore[attr-defined]

        async def answer(request: Request) -> Response:
            how, body = _way_of(request), await request.body()
            token = bearer(request.headers.get("authorization"))
            key = None if how.validate_only else request.headers.get("idempotency-key")
            holder = Presented(request.app.state.deployment, token, key, audiences)
            stripped: Sequence[str] | None = None
            if how.format is None:
                given = read(shape, body)
            else:
                found = await holder.translated(body, how.format)
                given, stripped = validated(shape, found.answer), found.stripped
            if how.validate_only:
                await holder.check(content_of(given))
                return told(Checked(), 200, stripped)
            reply = await endpoint(token=token, deployment=holder.deployment, body=given, key=key)
            return told(reply, status, stripped)

        return answer


def content_of(body: BaseModel) -> dict[str, Any]:
    """What was answered; what was left out is not there."""
    return body.model_dump(by_alias=True, exclude_none=True)


def _way_of(request: Request) -> Way:
    try:
        how = Way.model_validate(dict(request.query_params))
    except ValidationError as failure:
        faults = failure.errors(include_url=False, include_context=False, include_input=False)
    else:
        media_type = request.headers.get("content-type", "").split(";")[0].strip().lower()
        return how.model_copy(update={"format": how.format or _OF_MEDIA_TYPE.get(media_type)})
    raise invalid([{**fault, "loc": ("query", *fault["loc"])} for fault in faults])


def told(reply: BaseModel, status: int, stripped: Sequence[str] | None = None) -> Response:
    """A reply to whoever answers; `stripped` where the answer came in a tool's shape."""
    if stripped is not None:
        reply = reply.model_copy(update={"stripped": list(stripped)})
    text = reply.model_dump_json(exclude_none=True)
    return Response(text, status, media_type="application/json")
