"""Instruments: the questionnaires that evaluations use."""

from typing import Annotated

from fastapi import Body, Path, Response
from pydantic import BaseModel

from app.api.dependencies import Reading, ReadsInstruments, WritesInstruments, Writing
from app.api.routes import machine, router
from app.errors import InstrumentExists, NotFound
from app.instruments.model import Instrument, InstrumentCode
from app.use_cases import instruments

routes = router("Instruments")


class Instruments(BaseModel):
    """What the caller may use."""

    items: list[Instrument]
    next: str | None


@routes.get("/instruments", summary="List instruments", responses=machine())
def list_instruments(caller: ReadsInstruments, session: Reading) -> Instruments:
    """The built-in instruments, and those that the account published."""
    return Instruments(items=instruments.listed(session, caller), next=None)


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
    response: Response,
    body: Annotated[Instrument, Body()],
) -> Instrument:
    """Publish a version at once and for ever; the same body again is 200, another body 409."""
    if not instruments.publish(session, caller, body):
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
