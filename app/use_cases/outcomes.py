"""Surface outcomes: write them down, change, merge and split them, with their provenance."""

import uuid
from collections.abc import Collection, Mapping
from dataclasses import replace
from datetime import datetime
from typing import Any

from app.errors import AlreadyExists, Fault, Invalid, NotFound, OutcomeMerged, WrongStage
from app.instruments import codes
from app.security import chance
from app.security.credentials import Caller
from app.storage import outcomes, statements
from app.storage.database import Session
from app.storage.tables import Evaluation, Evidence, Outcome, OutcomeChange
from app.use_cases import access
from app.use_cases.evaluations import design_of, survey_of
from app.use_cases.statements import open_for_coding, provenance

# What a theory says beside the outcome itself; `domains` stay, for the verdict rests on them.
_THEORY = frozenset({"context", "mechanism", "rivals", "indicator"})


def surface(
    session: Session,
    caller: Caller,
    evaluation_id: uuid.UUID,
    document: Mapping[str, Any],
    *,
    now: datetime,
) -> dict[str, Any]:
    """Write an outcome down.

    Raises:
        NotFound: There is no such evaluation, or it is another's.
        WrongStage: Outcomes are written while something is coded.
        AlreadyExists: The code is taken.
        Invalid: A domain, an initiative or a choice is unknown, or the origin does not fit.
    """
    evaluation = access.evaluation(session, caller, evaluation_id, lock=True)
    open_for_coding(evaluation)
    every = outcomes.of_evaluation(session, evaluation.id)
    if document["code"] in {row.code for row in every}:
        raise AlreadyExists
    # Users name outcomes only once they were asked; staff only before that.
    if (document["origin"] == "user") != (evaluation.stage == "interpreting"):
        raise Invalid(faults=[Fault("/origin", "wrong-origin", "It does not fit the stage.")])
    _check(session, evaluation, document)
    row = Outcome(
        id=chance.new_id(),
        evaluation_id=evaluation.id,
        code=document["code"],
        document={name: value for name, value in document.items() if name != "code"},
        updated_at=now,
    )
    outcomes.save(session, row)
    return _shown(session, row)


def listed(
    session: Session, caller: Caller, evaluation_id: uuid.UUID, *, since: datetime | None
) -> list[dict[str, Any]]:
    """Every outcome of an evaluation, merged ones too."""
    evaluation = access.evaluation(session, caller, evaluation_id)
    coded = provenance(session, evaluation.id)
    return [
        _document(session, row, coded.get(row.id, set()))
        for row in outcomes.of_evaluation(session, evaluation.id, since=since)
    ]


def read(session: Session, caller: Caller, outcome_id: uuid.UUID) -> dict[str, Any]:
    """One outcome."""
    return _shown(session, _mine(session, caller, outcome_id))


def change(
    session: Session,
    caller: Caller,
    outcome_id: uuid.UUID,
    changes: Mapping[str, Any],
    *,
    why: str,
    now: datetime,
) -> dict[str, Any]:
    """Change what an outcome says; what it said before stays in its history with the reason.

    Raises:
        NotFound: There is no such outcome, or it is another's.
        WrongStage: Outcomes are fixed in this stage.
        OutcomeMerged: It was merged into another.
        Invalid: As for `surface`.
    """
    row, evaluation = _changeable(
        session, caller, outcome_id, theory_alone=changes.keys() <= _THEORY
    )
    document = {**row.document, **changes}
    _check(session, evaluation, document)
    _remember(session, row, why, now)
    row.document = document
    outcomes.save(session, row)
    return _shown(session, row)


def merge(
    session: Session,
    caller: Caller,
    outcome_id: uuid.UUID,
    into: uuid.UUID,
    *,
    why: str,
    now: datetime,
) -> dict[str, Any]:
    """Merge an outcome into another, which takes over its statements.

    Raises:
        NotFound: One of them is not there, or another's.
        WrongStage, OutcomeMerged: It cannot be changed.
        Invalid: It would be merged into itself.
    """
    row, evaluation = _changeable(session, caller, outcome_id)
    target = _mine(session, caller, into)
    if target.merged_into is not None:
        raise OutcomeMerged(merged_into=str(target.merged_into))
    if target.id == row.id or target.evaluation_id != evaluation.id:
        raise Invalid(faults=[Fault("/into", "unknown-outcome", "Another of this evaluation.")])
    _remember(session, row, why, now)
    _remember(session, target, why, now)
    row.merged_into = target.id
    statements.recode(session, row.id, target.id, None)
    outcomes.save(session, row, target)
    return _shown(session, target)


def split(
    session: Session,
    caller: Caller,
    outcome_id: uuid.UUID,
    document: Mapping[str, Any],
    moved: Collection[uuid.UUID],
    *,
    why: str,
    now: datetime,
) -> dict[str, Any]:
    """Split a new outcome off, with some of the statements.

    Raises:
        NotFound: There is no such outcome, or it is another's.
        WrongStage, OutcomeMerged: It cannot be changed.
        AlreadyExists: The new code is taken.
        Invalid: A statement is not coded into it, or as for `surface`.
    """
    row, evaluation = _changeable(session, caller, outcome_id)
    own = provenance(session, evaluation.id).get(row.id, set())
    if strangers := [number for number, one in enumerate(moved) if one not in own]:
        raise Invalid(
            faults=[
                Fault(f"/statements/{number}", "unknown-statement", "It is not coded here.")
                for number in strangers
            ]
        )
    try:
        made = surface(session, caller, evaluation.id, document, now=now)
    except Invalid as refused:
        inside = [replace(fault, pointer=f"/outcome{fault.pointer}") for fault in refused.faults]
        raise Invalid(faults=inside) from None
    _remember(session, row, why, now)
    statements.recode(session, row.id, uuid.UUID(str(made["id"])), set(moved))
    return read(session, caller, uuid.UUID(str(made["id"])))


def add_evidence(
    session: Session,
    caller: Caller,
    evaluation_id: uuid.UUID,
    document: Mapping[str, Any],
    *,
    now: datetime,
) -> dict[str, Any]:
    """Record what another method found about an outcome, beside the figures.

    Raises:
        NotFound: There is no such evaluation, or it is another's.
        WrongStage: The evaluation has no outcomes yet, or is concluded.
        Invalid: The outcome or the voice is unknown.
    """
    evaluation = access.evaluation(session, caller, evaluation_id, lock=True)
    access.in_stage(evaluation, ("surfacing", "verifying", "interpreting"))
    known = {str(row.id) for row in outcomes.of_evaluation(session, evaluation.id)}
    faults = []
    if document["outcome"] not in known:
        faults.append(Fault("/outcome", "unknown-outcome", "No such outcome."))
    voice = document.get("voice")
    if voice is not None and design_of(evaluation).voice(voice) is None:
        faults.append(Fault("/voice", "unknown-voice", "No such voice."))
    if faults:
        raise Invalid(faults=faults)
    row = Evidence(
        id=chance.new_id(),
        evaluation_id=evaluation.id,
        outcome_id=uuid.UUID(document["outcome"]),
        document=dict(document),
        updated_at=now,
    )
    outcomes.save(session, row)
    return _found(row)


def evidence(
    session: Session, caller: Caller, evaluation_id: uuid.UUID, *, since: datetime | None
) -> list[dict[str, Any]]:
    """What other methods found."""
    evaluation = access.evaluation(session, caller, evaluation_id)
    return [_found(row) for row in outcomes.evidence(session, evaluation.id, since=since)]


def _found(row: Evidence) -> dict[str, Any]:
    return {"id": row.id, **row.document, "updated_at": row.updated_at}


def _mine(session: Session, caller: Caller, outcome_id: uuid.UUID) -> Outcome:
    row = outcomes.find(session, outcome_id, account=caller.account, only=caller.partnership)
    if row is None:
        raise NotFound
    return row


def _changeable(
    session: Session, caller: Caller, outcome_id: uuid.UUID, *, theory_alone: bool = False
) -> tuple[Outcome, Evaluation]:
    row = _mine(session, caller, outcome_id)
    evaluation = access.evaluation(session, caller, row.evaluation_id, lock=True)
    open_for_coding(evaluation)
    # What staff work for was put to users and carers, and their verdicts are of those words; only
    # how it was thought to come about may be thought over again.
    put = evaluation.stage == "interpreting" and row.document["origin"] != "user"
    if put and not theory_alone:
        raise WrongStage(stage=evaluation.stage, needed=["surfacing"])
    if row.merged_into is not None:
        raise OutcomeMerged(merged_into=str(row.merged_into))
    return row, evaluation


def _remember(session: Session, row: Outcome, why: str, now: datetime) -> None:
    row.updated_at = now
    edition = outcomes.next_edition(session, row.id)
    outcomes.save(
        session, OutcomeChange(outcome_id=row.id, edition=edition, why=why, before=row.document)
    )


def _check(session: Session, evaluation: Evaluation, document: Mapping[str, Any]) -> None:
    initiatives = evaluation.partnership.profile.get("initiatives") or []
    survey = survey_of(session, evaluation)
    # What each member may name, and how a fault is called.
    allowed = {
        "type": ("unknown-value", codes("outcome_types")),
        "horizon": ("unknown-value", codes("horizons")),
        "beneficiaries": ("unknown-value", codes("service_user_groups")),
        "domains": ("unknown-domain", [domain.code for domain in survey.instrument.domains]),
        "rivals": ("unknown-initiative", [initiative["name"] for initiative in initiatives]),
    }
    faults = []
    for member, (code, known) in allowed.items():
        given = document.get(member) or []
        single = isinstance(given, str)
        for at, value in enumerate([given] if single else given):
            if value not in known:
                pointer = f"/{member}" if single else f"/{member}/{at}"
                faults.append(Fault(pointer, code, "It names nothing that is known here."))
    if faults:
        raise Invalid(faults=faults)


def _shown(session: Session, row: Outcome) -> dict[str, Any]:
    return _document(session, row, provenance(session, row.evaluation_id).get(row.id, set()))


def _document(session: Session, row: Outcome, coded: Collection[uuid.UUID]) -> dict[str, Any]:
    return {
        "id": row.id,
        "code": row.code,
        **row.document,
        "statements": sorted(coded),
        "merged_into": row.merged_into,
        "updated_at": row.updated_at,
        "history": [
            {"edition": change.edition, "why": change.why}
            for change in outcomes.history(session, row.id)
        ],
    }
