"""Publish an instrument, and find one: the account's own, or one that is built in."""

import json
import uuid
from datetime import datetime

from app.errors import InstrumentExists, Invalid, NotFound
from app.instruments import built_in, document_of, parse
from app.instruments.model import Instrument
from app.instruments.rules import faults
from app.security import chance
from app.security.credentials import Caller
from app.storage import instruments
from app.storage.database import Session
from app.storage.tables import PublishedInstrument
from app.use_cases import telling


def publish(session: Session, caller: Caller, instrument: Instrument, *, now: datetime) -> bool:
    """Publish a version; whether it is new (the same one again changes nothing).

    Raises:
        Invalid: It breaks a rule for instruments.
        InstrumentExists: This version is published with other contents, or its code is built in.
    """
    if found := faults(instrument):
        raise Invalid(faults=found)
    if instrument.code in {known.code for known in built_in().values()}:
        raise InstrumentExists
    document = document_of(instrument)
    digest = chance.digest(json.dumps(document, sort_keys=True).encode())
    published = instruments.find(session, caller.account, instrument.code, instrument.version)
    if published is not None:
        if published.digest != digest:
            raise InstrumentExists
        return False
    record = PublishedInstrument(
        account_id=caller.account,
        code=instrument.code,
        version=instrument.version,
        digest=digest,
        document=document,
        published_at=now,
    )
    instruments.add(session, record)
    telling.instrument_published(session, record, now=now)
    return True


def listed(session: Session, caller: Caller, *, since: datetime | None) -> list[Instrument]:
    """What the caller may use: built in, then published by its account.

    What is built in came with a version of the service, nobody knows when, so it is always there.
    """
    rows = instruments.listed(session, caller.account, since=since)
    own = [parse(row.document) for row in rows]
    return [*built_in().values(), *own]


def find(session: Session, account: uuid.UUID, name: str) -> Instrument | None:
    """The instrument `code@version`, built in or published by the account."""
    if name in built_in():
        return built_in()[name]
    code, _, version = name.partition("@")
    row = instruments.find(session, account, code, int(version))
    return parse(row.document) if row else None


def read(session: Session, caller: Caller, code: str, version: int) -> Instrument:
    """One instrument.

    Raises:
        NotFound: There is none, or it is another account's.
    """
    found = find(session, caller.account, f"{code}@{version}")
    if found is None:
        raise NotFound
    return found
