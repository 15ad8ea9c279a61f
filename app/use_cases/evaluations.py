"""Plan an evaluation: what is asked, of whom, and how it may be cut."""

import uuid
from dataclasses import replace
from datetime import UTC, datetime, time, timedelta
from typing import Any

from pydantic import TypeAdapter

from app.errors import (
    ClosesLaterOnly,
    DesignFixed,
    Fault,
    Invalid,
)
from app.instruments.answers import Survey
from app.instruments.design import Closes, Design, Group, Partner, groups_of
from app.instruments.design_rules import faults_of
from app.instruments.model import Instrument
from app.security import chance
from app.security.credentials import Caller
from app.storage import evaluations, tokens
from app.storage.database import Session
from app.storage.tables import Evaluation
from app.use_cases import access, instruments
from app.use_cases.partnerships import partners

DESIGN = TypeAdapter(Design)
_PARTNERS = TypeAdapter(list[Partner])
# An open stage without a closing day ends by itself.
LONGEST_STAGE = timedelta(days=90)


def plan(
    session: Session,
    caller: Caller,
    partnership_id: uuid.UUID,
    design: Design,
    *,
    smallest_group: int,
    now: datetime,
) -> dict[str, Any]:
    """Begin a partnership's next round, or a sandbox, in `draft`.

    Args:
        smallest_group: The least that this deployment allows, and what is used when none is given.

    Raises:
        NotFound: The partnership is not there, or another's.
        Invalid: The design does not fit the partnership, the instrument or the deployment.
    """
    partnership = access.partnership(session, caller, partnership_id)
    design = replace(design, smallest_group=design.smallest_group or smallest_group)
    instrument = instruments.find(session, caller.account, design.instrument)
    if instrument is None:
        raise Invalid(faults=[Fault("/instrument", "unknown-instrument", "Not published.")])
    _fitting(design, instrument, partners(partnership), smallest_group)
    evaluation = Evaluation(
        id=chance.new_id(),
        partnership_id=partnership.id,
        number=evaluations.next_number(session, partnership.id, sandbox=design.sandbox),
        stage="draft",
        instrument=design.instrument,
        smallest_group=design.smallest_group,
        design=DESIGN.dump_python(design, mode="json"),
        updated_at=now,
    )
    evaluations.save(session, evaluation)
    session.refresh(evaluation, ["partnership"])
    return document_of(evaluation)


def change(
    session: Session,
    caller: Caller,
    evaluation_id: uuid.UUID,
    changes: dict[str, Any],
    *,
    smallest_group: int,
    now: datetime,
) -> dict[str, Any]:
    """Change what may still be changed: labels, contacts and later closing days at any time.

    Raises:
        NotFound: There is none, or it is another's.
        DesignFixed: Groups, cuts, voices, smallest_group or staff_selection, after the first
            token.
        ClosesLaterOnly: A closing day would come earlier, or has passed.
        Invalid: As for `plan`.
    """
    evaluation = access.evaluation(session, caller, evaluation_id, lock=True)
    before = design_of(evaluation)
    # What is not named stays: a help line must not remove the safeguarding contact.
    kept = {"contact"} if evaluation.stage == "draft" else {"contact", "closes"}
    for member in changes.keys() & kept:
        named = {name: value for name, value in changes[member].items() if value is not None}
        changes = changes | {member: evaluation.design[member] | named}
    after = DESIGN.validate_python(evaluation.design | changes)
    if _structure(after) != _structure(before) and (
        evaluation.stage != "draft" or tokens.any_issued(session, evaluation.id)
    ):
        raise DesignFixed
    instrument = instrument_of(session, evaluation)
    _fitting(after, instrument, partners_of(evaluation), smallest_group)
    if evaluation.stage != "draft":
        _later_only(before.closes, after.closes)
    evaluation.design = DESIGN.dump_python(after, mode="json")
    evaluation.smallest_group = after.smallest_group or smallest_group
    if evaluation.closes_at is not None:
        evaluation.closes_at = _moved(evaluation, after, now)
    evaluation.updated_at = now
    evaluations.save(session, evaluation)
    return document_of(evaluation)


def read(session: Session, caller: Caller, evaluation_id: uuid.UUID) -> dict[str, Any]:
    """One evaluation."""
    return document_of(access.evaluation(session, caller, evaluation_id))


def listed(
    session: Session,
    caller: Caller,
    partnership_id: uuid.UUID,
    *,
    limit: int,
    after: uuid.UUID | None,
    since: datetime | None,
) -> tuple[list[dict[str, Any]], uuid.UUID | None]:
    """A page of a partnership's evaluations."""
    partnership = access.partnership(session, caller, partnership_id)
    found, following = evaluations.listed(
        session, partnership.id, limit=limit, after=after, since=since
    )
    return [document_of(row) for row in found], following


def document_of(evaluation: Evaluation) -> dict[str, Any]:
    """The evaluation as clients see it."""
    return {
        **evaluation.design,
        "id": evaluation.id,
        "partnership": evaluation.partnership_id,
        "number": evaluation.number,
        "stage": evaluation.stage,
        "warnings": warnings(evaluation),
        "updated_at": evaluation.updated_at,
    }


def design_of(evaluation: Evaluation) -> Design:
    """The evaluation's design, read from its record."""
    return DESIGN.validate_python(evaluation.design)


def partners_of(evaluation: Evaluation) -> list[Partner]:
    """The organisations: as they are while in `draft`, afterwards as they were when it ended."""
    if evaluation.organisations is None:
        return partners(evaluation.partnership)
    return _PARTNERS.validate_python(evaluation.organisations)


def groups(evaluation: Evaluation) -> list[Group]:
    """The groups of staff that answers are counted under, with their headcounts."""
    return groups_of(design_of(evaluation), partners_of(evaluation))


def instrument_of(session: Session, evaluation: Evaluation) -> Instrument:
    """The instrument that the evaluation uses."""
    account = evaluation.partnership.account_id
    found = instruments.find(session, account, evaluation.instrument)
    if found is None:
        raise LookupError("an evaluation's instrument is never unpublished")
    return found


def survey_of(session: Session, evaluation: Evaluation) -> Survey:
    """What the evaluation asks staff."""
    organisations = [partner.code for partner in partners_of(evaluation)]
    return Survey(instrument_of(session, evaluation), design_of(evaluation), organisations)


def too_small(evaluation: Evaluation) -> list[str]:
    """Groups that have fewer people than may be shown, and have to be pooled."""
    least = evaluation.smallest_group
    return [group.code for group in groups(evaluation) if (group.headcount or 0) < least]


def warnings(evaluation: Evaluation) -> list[dict[str, Any]]:
    """What will probably disappoint: groups and voices that will hardly be shown."""
    least = evaluation.smallest_group
    found = []
    if small := too_small(evaluation):
        found.append({"code": "groups-too-small", "groups": small})
    rarely = [g.code for g in groups(evaluation) if least <= (g.headcount or 0) < 2 * least]
    if rarely:
        found.append({"code": "groups-hardly-shown", "groups": rarely})
    quiet = [v.code for v in design_of(evaluation).voices if v.invited < 2 * least]
    if quiet:
        found.append({"code": "voices-hardly-shown", "groups": quiet})
    return found


def closing(design: Design, stage: str, now: datetime) -> datetime:
    """The moment at which a stage that opens now stops taking answers."""
    days = {
        "surveying": design.closes.staff,
        "surfacing": design.closes.ranking,
        "verifying": design.closes.verification,
    }
    day = days[stage]
    if day is None:
        return now + LONGEST_STAGE
    return datetime.combine(day + timedelta(days=1), time(), tzinfo=design.zone).astimezone(UTC)


def _moved(evaluation: Evaluation, after: Design, now: datetime) -> datetime:
    """The closing moment of the open stage under a changed design."""
    closes_at = closing(after, evaluation.stage, now)
    if closes_at <= now:
        raise ClosesLaterOnly
    without_day = closes_at == now + LONGEST_STAGE
    return evaluation.closes_at if without_day and evaluation.closes_at else closes_at


def _later_only(before: Closes, after: Closes) -> None:
    for name, day in vars(before).items():
        moved = getattr(after, name)
        if day is not None and moved < day:
            raise ClosesLaterOnly


def _structure(design: Design) -> tuple[Any, ...]:
    """What the first token fixes: everything but labels, contacts, origins and closing days."""
    return (
        design.cuts,
        design.smallest_group,
        design.staff_selection,
        [(group.code, group.organisations, group.headcount) for group in design.groups],
        [replace(voice, label={"en": "-"}) for voice in design.voices],
    )


def _fitting(
    design: Design, instrument: Instrument, organisations: list[Partner], smallest_group: int
) -> None:
    if faults := faults_of(design, instrument, organisations, smallest_group=smallest_group):
        raise Invalid(faults=faults)
