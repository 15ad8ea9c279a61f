"""Instruments: the questionnaires that evaluations use."""

from typing import Annotated

from fastapi import Body, Path, Query, Response
from pydantic import BaseModel

from app.api.dependencies import (
    Deployment,
    Now,
    Reading,
    ReadsInstruments,
    WritesInstruments,
    Writing,
)
from app.api.exchange import FILES, FormatName, file
from app.api.routes import Since, machine, router
from app.errors import InstrumentExists, NotFound, NotRedistributable
from app.instruments.model import Instrument, InstrumentCode
from app.use_cases import exchange, instruments

routes = router("Instruments")


class Instruments(BaseModel):
    """What the caller may use."""

    items: list[Instrument]
    next: str | None


@routes.get("/instruments", summary="List instruments", responses=machine())
def list_instruments(
    caller: ReadsInstruments, session: Reading, since: Since = None
) -> Instruments:
    """The built-in instruments, always, and those that the account published."""
    return Instruments(items=instruments.listed(session, caller, since=since), next=None)


@routes.post(
    "/instruments",
    status_code=201,
    summary="Publish an instrument",
    responses={
        200: {"model": Instrument, "description": "This version was published before, the same."},
        **machine(InstrumentExists, body=True),
    },
)
def publish_instrument(
    caller: WritesInstruments,
    session: Writing,
    now: Now,
    response: Response,
    body: Annotated[Instrument, Body()],
) -> Instrument:
    """Publish a version at once and for ever; the same body again is 200, another body 409."""
    if not instruments.publish(session, caller, body, now=now):
        response.status_code = 200
    return body


@routes.get(
    "/instruments/{code}/{version}", summary="Read an instrument", responses=machine(NotFound)
)
def read_instrument(
    caller: ReadsInstruments,
    session: Reading,
    code: Annotated[InstrumentCode, Path()],
    version: Annotated[int, Path(ge=1, le=9999)],
) -> Instrument:
    """One published version, in every language it has."""
    return instruments.read(session, caller, code, version)


@routes.get(
    "/instruments/{code}/{version}/formats/{format}",
    summary="Take an instrument away",
    response_class=Response,
    responses={**FILES, **machine(NotFound, NotRedistributable)},
)
def export_instrument(
    caller: ReadsInstruments,
    deployment: Deployment,
    session: Reading,
    code: Annotated[InstrumentCode, Path()],
    version: Annotated[int, Path(ge=1, le=9999)],
    format: FormatName,
    language: Annotated[str | None, Query(max_length=10, description="For REDCap alone.")] = None,
) -> Response:
    """All that it can ask, in the format of a survey tool and in every language it has.

    Questions about partners need partners: an evaluation's questionnaire has them, with the
    evaluation's contacts, its privacy statement, and only what it asks.
    """
    taken = exchange.of_instrument(
        session, deployment, caller, (code, version), name=format, language=language
    )
    return file(taken)
