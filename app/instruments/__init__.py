"""The questionnaires: what is asked, what is built in, and which answers are valid."""

import json
from functools import cache
from pathlib import Path
from typing import Any

from pydantic import TypeAdapter

from app.instruments.model import Choice, Instrument, Texts
from app.instruments.schedules import Guidance, Schedule

_DATA = Path(__file__).parent / "data"
_INSTRUMENT = TypeAdapter(Instrument)


def parse(document: dict[str, Any]) -> Instrument:
    """Read an instrument from its stored document."""
    return _INSTRUMENT.validate_python(document)


def document_of(instrument: Instrument) -> dict[str, Any]:
    """The document of an instrument, as it is stored and served."""
    return _INSTRUMENT.dump_python(instrument, mode="json", by_alias=True)  # type: ignore[no-any-return]


@cache
def built_in() -> dict[str, Instrument]:
    """The instruments that come with the service, by `code@version`."""
    return {path.stem: parse(_read(path.name)) for path in sorted(_DATA.glob("*@*.json"))}


@cache
def schedule(name: str) -> Schedule:
    """The questions of the staff `ranking` or of a `verification`."""
    return TypeAdapter(Schedule).validate_python(_read(f"{name}.json"))


@cache
def guidance() -> list[Guidance]:
    """How to ask each of the twelve groups of service users."""
    return TypeAdapter(list[Guidance]).validate_python(_read("methods.json"))


@cache
def ladder(name: str) -> list[Choice]:
    """An ordered list of choices: `depth`, `breadth`, `horizons`, `outcome_types`, …."""
    return TypeAdapter(list[Choice]).validate_python(_read("ladders.json")[name])


def codes(name: str) -> list[str]:
    """The codes of a ladder, lowest first."""
    return [str(choice.code) for choice in ladder(name)]


@cache
def texts(name: str) -> dict[str, Texts]:
    """Fixed texts by code: the `caveats` of a report, or the `privacy` statement."""
    return TypeAdapter(dict[str, Texts]).validate_python(_read(f"{name}.json"))


@cache
def sandbox() -> dict[str, Any]:
    """What a sandbox's people who do not exist work for and say: outcomes, statements, words."""
    return _read("sandbox.json")  # type: ignore[no-any-return]


@cache
def word_list(name: str) -> frozenset[str]:
    """Words that texts are searched for: `common` capitalised ones, usual `given` names."""
    return frozenset(_read("names.json")[name])


def _read(name: str) -> Any:
    return json.loads((_DATA / name).read_text(encoding="utf-8"))
