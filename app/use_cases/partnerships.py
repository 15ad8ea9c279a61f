"""Register a partnership, and keep it up to date."""

import uuid
from datetime import date, datetime
from typing import Any

from app.errors import Fault, Forbidden, Invalid
from app.instruments import codes
from app.instruments.design import Partner
from app.security import chance
from app.security.credentials import Caller
from app.storage import partnerships
from app.storage.database import Session
from app.storage.tables import Organisation, Partnership
from app.use_cases import access

_COLUMNS = ("name", "country", "service_area", "formed_on")
_TOLERANCE = 1e-6


def register(
    session: Session, caller: Caller, document: dict[str, Any], *, now: datetime
) -> dict[str, Any]:
    """Register a partnership; its document with its id.

    Raises:
        Invalid: A code is unknown or used twice, weights do not sum to 1, or a predecessor is
            not one of the account's.
        Forbidden: The client is limited to another partnership.
    """
    if caller.partnership is not None:
        raise Forbidden("This client is limited to one partnership.")
    partnership = Partnership(id=chance.new_id(), account_id=caller.account)
    return _write(session, caller, partnership, document, now=now)


def change(
    session: Session,
    caller: Caller,
    partnership_id: uuid.UUID,
    changes: dict[str, Any],
    *,
    now: datetime,
) -> dict[str, Any]:
    """Change the members given; rounds that have left `draft` keep the organisations they had.

    Raises:
        NotFound: There is none, or it is another's.
        Invalid: As for `register`.
    """
    partnership = access.partnership(session, caller, partnership_id)
    return _write(session, caller, partnership, document_of(partnership) | changes, now=now)


def read(session: Session, caller: Caller, partnership_id: uuid.UUID) -> dict[str, Any]:
    """One partnership."""
    return document_of(access.partnership(session, caller, partnership_id))


def listed(
    session: Session,
    caller: Caller,
    *,
    limit: int,
    after: uuid.UUID | None,
    since: datetime | None,
) -> tuple[list[dict[str, Any]], uuid.UUID | None]:
    """A page of the caller's partnerships."""
    found, following = partnerships.listed(
        session,
        account=caller.account,
        only=caller.partnership,
        limit=limit,
        after=after,
        since=since,
    )
    return [document_of(row) for row in found], following


def partners(partnership: Partnership) -> list[Partner]:
    """The organisations as they stand now."""
    return [
        Partner(code=row.code, name=row.name, sector=row.sector, headcount=row.headcount)
        for row in partnership.organisations
    ]


def document_of(partnership: Partnership) -> dict[str, Any]:
    """The partnership as clients see it, in JSON's types."""
    return {
        "id": str(partnership.id),
        **partnership.profile,
        "name": partnership.name,
        "country": partnership.country,
        "service_area": partnership.service_area,
        "formed_on": partnership.formed_on and partnership.formed_on.isoformat(),
        "organisations": [vars(partner) for partner in partners(partnership)],
        "updated_at": partnership.updated_at,
    }


def _write(
    session: Session,
    caller: Caller,
    partnership: Partnership,
    document: dict[str, Any],
    *,
    now: datetime,
) -> dict[str, Any]:
    if faults := [*_faults(document), *_foreign_predecessors(session, caller, document)]:
        raise Invalid(faults=faults)
    partnership.name = document["name"]
    partnership.country = document.get("country")
    partnership.service_area = document.get("service_area")
    formed_on = document.get("formed_on")
    partnership.formed_on = date.fromisoformat(formed_on) if formed_on else None
    apart = ("id", *_COLUMNS, "organisations", "updated_at")
    partnership.profile = {key: value for key, value in document.items() if key not in apart}
    old = {row.code: row for row in partnership.organisations}
    partnership.organisations = [
        _organisation(old.get(given["code"]), given, position)
        for position, given in enumerate(document["organisations"])
    ]
    partnership.updated_at = now
    partnerships.save(session, partnership)
    return document_of(partnership)


def _organisation(row: Organisation | None, given: dict[str, Any], position: int) -> Organisation:
    row = row or Organisation(code=given["code"])
    row.position = position
    row.name = given["name"]
    row.sector = given["sector"]
    row.headcount = given["headcount"]
    return row


def _faults(document: dict[str, Any]) -> list[Fault]:
    faults = []
    organisations = [given["code"] for given in document["organisations"]]
    if len(set(organisations)) < len(organisations):
        faults.append(Fault("/organisations", "code-twice", "Organisation codes are unique."))
    governance = document.get("governance")
    if governance and abs(sum(governance.values()) - 1) > _TOLERANCE:
        faults.append(Fault("/governance", "weights-sum", "The weights sum to 1."))
    for ladder in ("depth", "breadth"):
        for when, rung in (document.get(ladder) or {}).items():
            if rung is not None and rung not in codes(ladder):
                faults.append(Fault(f"/{ladder}/{when}", "unknown-value", "No such rung."))
    for number, group in enumerate(document.get("service_user_groups") or []):
        if group not in codes("service_user_groups"):
            faults.append(
                Fault(f"/service_user_groups/{number}", "unknown-value", "No such group.")
            )
    return faults


def _foreign_predecessors(
    session: Session, caller: Caller, document: dict[str, Any]
) -> list[Fault]:
    return [
        Fault(f"/predecessors/{number}", "unknown-partnership", "The account has no such one.")
        for number, predecessor in enumerate(document.get("predecessors") or [])
        if not partnerships.find(session, uuid.UUID(predecessor), account=caller.account, only=None)
    ]
