"""The schedule: which outcomes are put to service users and carers, in which words, and how."""

import uuid
from collections.abc import Mapping, Sequence
from typing import Any

from app.errors import Fault, Invalid
from app.instruments import guidance
from app.scoring.codes import NO_ANSWERS
from app.security.credentials import Caller
from app.storage import outcomes
from app.storage.database import Session
from app.storage.tables import Evaluation, Outcome, Schedule
from app.use_cases import access, waves
from app.use_cases.evaluations import design_of
from app.use_cases.statements import provenance

MOST = 8
# Users and carers cannot see these from where they stand.
_UNSEEN = frozenset({"system"})
_YES = 2  # the code of "yes" in a ranking: no, partly, yes


def read(session: Session, caller: Caller, evaluation_id: uuid.UUID) -> dict[str, Any]:
    """The schedule as it was put; until then a draft made by rule.

    Raises:
        NotFound: There is no such evaluation, or it is another's.
    """
    evaluation = access.evaluation(session, caller, evaluation_id)
    kept = outcomes.schedule(session, evaluation.id)
    document = kept.document if kept else draft(session, evaluation)
    approved = kept is not None and kept.approved
    return {"status": "approved" if approved else "draft", **document}


def put(
    session: Session, caller: Caller, evaluation_id: uuid.UUID, document: Mapping[str, Any]
) -> dict[str, Any]:
    """Keep the schedule as the evaluator wants it: every outcome in it, or left out for a reason.

    Raises:
        NotFound: There is no such evaluation, or it is another's.
        WrongStage: The schedule is made in `surfacing`.
        Invalid: An outcome is unknown, named twice, or nowhere.
    """
    evaluation = access.evaluation(session, caller, evaluation_id, lock=True)
    access.in_stage(evaluation, ("surfacing",))
    standing = {str(row.id) for row in standing_outcomes(session, evaluation)}
    faults, named = [], set()
    for part in ("outcomes", "left_out"):
        for at, entry in enumerate(document[part]):
            if entry["outcome"] not in standing or entry["outcome"] in named:
                pointer = f"/{part}/{at}/outcome"
                faults.append(Fault(pointer, "unknown-outcome", "Not there, or named before."))
            named.add(entry["outcome"])
    if standing - named:
        faults.append(
            Fault("/left_out", "outcome-missing", "Each outcome is asked about or left out.")
        )
    if faults:
        raise Invalid(faults=faults)
    kept = {part: document[part] for part in ("outcomes", "left_out")}
    kept["methods"] = methods(evaluation)
    approved = document["status"] == "approved"
    outcomes.put_schedule(
        session, Schedule(evaluation_id=evaluation.id, approved=approved, document=kept)
    )
    return {"status": document["status"], **kept}


def complete(session: Session, evaluation: Evaluation) -> bool:
    """Whether the schedule is approved and speaks of every outcome that stands now."""
    kept = outcomes.schedule(session, evaluation.id)
    if kept is None or not kept.approved:
        return False
    entries = [*kept.document["outcomes"], *kept.document["left_out"]]
    standing = {str(row.id) for row in standing_outcomes(session, evaluation)}
    return {entry["outcome"] for entry in entries} == standing


def standing_outcomes(session: Session, evaluation: Evaluation) -> list[Outcome]:
    """The outcomes that staff surfaced or policy gave, merged ones apart."""
    every = outcomes.of_evaluation(session, evaluation.id)
    return [row for row in every if row.merged_into is None and row.document["origin"] != "user"]


def draft(session: Session, evaluation: Evaluation) -> dict[str, Any]:
    """A first schedule, by rule.

    At most eight outcomes that users and carers can see from where they stand. Those that most
    staff share come first (by the ranking round once it is closed, else by the statements coded
    into them); one that divides staff is always among them. Every other is left out with a reason.
    """
    rows = standing_outcomes(session, evaluation)
    support, basis = _support(session, evaluation, rows)
    visible = [row for row in rows if row.document["type"] not in _UNSEEN]
    order = sorted(visible, key=lambda row: (-support[row.id], row.code))
    chosen, reasons = order[:MOST], {row.id: basis for row in order[:MOST]}
    contested = _most_divided(support, order) if basis == "shared" else None
    if contested is not None and contested not in chosen:
        chosen, reasons[contested.id] = [*chosen[:-1], contested], "contested"
    left_out = {row: "beyond_the_first_eight" for row in visible if row not in chosen}
    left_out |= {row: "not_visible_to_users" for row in rows if row not in visible}
    return {
        "outcomes": [
            {
                "outcome": str(row.id),
                "plain": row.document["title"],
                "reason": _REASONS[reasons[row.id]],
            }
            for row in chosen
        ],
        "left_out": [
            {"outcome": str(row.id), "reason": _REASONS[why]} for row, why in left_out.items()
        ],
        "methods": methods(evaluation),
    }


_REASONS = {
    "shared": "Among those that most staff said they share in the ranking round.",
    "named": "Among those that most statements of staff name.",
    "contested": "Staff divide over it: some share it and some do not.",
    "beyond_the_first_eight": "Fewer staff name it than the eight that are asked about.",
    "not_visible_to_users": "It is about the system; users and carers cannot see it.",
}


def methods(evaluation: Evaluation) -> list[dict[str, Any]]:
    """How to ask each group of service users that the evaluation's voices are of."""
    voices = design_of(evaluation).voices
    wanted = {voice.service_user_group for voice in voices}
    wanted |= {"carers" for voice in voices if voice.audience == "carer"}
    wanted |= set(evaluation.partnership.profile.get("service_user_groups") or [])
    return [dict(vars(entry)) for entry in guidance() if entry.service_user_group in wanted]


def _support(
    session: Session, evaluation: Evaluation, rows: Sequence[Outcome]
) -> tuple[dict[uuid.UUID, float], str]:
    """How far each outcome is backed, and by what that is known."""
    wave = waves.load(session, evaluation.id, "ranking")
    if wave is None or wave.answered is None:
        coded = provenance(session, evaluation.id)
        return {row.id: float(len(coded.get(row.id, ()))) for row in rows}, "named"
    sheet = wave.sheets["outcomes"]
    shares = {}
    for row in rows:
        name = f"{row.id}.ours"
        column = sheet.column(name) if name in sheet.columns else sheet.answers[0][:0]
        said = [code for code in column.tolist() if code not in NO_ANSWERS]
        shares[row.id] = said.count(_YES) / len(said) if said else 0.0
    return shares, "shared"


def _most_divided(support: Mapping[uuid.UUID, float], rows: Sequence[Outcome]) -> Outcome | None:
    return min(rows, key=lambda row: (abs(support[row.id] - 0.5), row.code), default=None)
