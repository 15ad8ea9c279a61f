"""Read respondents' words once it is safe, and code them into outcomes."""

import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from app.errors import Fault, Invalid, NotFound, WrongStage
from app.security.credentials import Caller
from app.storage import outcomes, statements
from app.storage.database import Session
from app.storage.tables import Coding, Evaluation, Statement
from app.use_cases import access

# Which words are coded in which stage: staff's into outcomes, then users' and carers'.
KINDS = {
    "surfacing": ("statement", "unwritten"),
    "interpreting": ("matters_most", "missing", "worse"),
}


@dataclass(frozen=True)
class Decision:
    """One coder's reading of one statement: an outcome's code, or why it is none."""

    statement: uuid.UUID
    coder: str
    outcome: str | None
    not_an_outcome: str | None


def listed(
    session: Session,
    caller: Caller,
    evaluation_id: uuid.UUID,
    *,
    withheld: bool | None,
    limit: int,
    after: uuid.UUID | None,
) -> tuple[list[dict[str, Any]], uuid.UUID | None]:
    """A page of statements; the words of those withheld only for who may redact them.

    Raises:
        NotFound: There is no such evaluation, or it is another's.
    """
    evaluation = access.evaluation(session, caller, evaluation_id)
    found, following = statements.listed(
        session, evaluation.id, withheld=withheld, limit=limit, after=after
    )
    coded = _coded(statements.codings(session, evaluation.id))
    may_redact = "statements:redact" in caller.scopes
    return [_document(row, coded.get(row.id, []), words=may_redact) for row in found], following


def redact(
    session: Session, caller: Caller, statement_id: uuid.UUID, changes: Mapping[str, Any]
) -> dict[str, Any]:
    """Replace words that name somebody, and release or withhold the statement.

    Raises:
        NotFound: There is no such statement, or it is another's.
        Invalid: A member is none of this statement's texts.
    """
    row = statements.find(session, statement_id, account=caller.account, only=caller.partnership)
    if row is None:
        raise NotFound
    fields = {name: value for name, value in changes.items() if name != "withheld"}
    if unknown := [name for name in fields if not isinstance(row.fields.get(name), str)]:
        raise Invalid(
            faults=[Fault(f"/{name}", "unknown-field", "No such text.") for name in unknown]
        )
    row.fields = {**row.fields, **fields}
    row.withheld = changes.get("withheld", row.withheld)
    coded = _coded(statements.codings(session, row.evaluation_id))
    return _document(row, coded.get(row.id, []), words=True)


def code(
    session: Session,
    caller: Caller,
    evaluation_id: uuid.UUID,
    decisions: Sequence[Decision],
    *,
    now: datetime,
) -> int:
    """Record coders' decisions; each replaces what that coder decided before on the statement.

    Raises:
        NotFound: There is no such evaluation, or it is another's.
        WrongStage: Nothing is coded in this stage.
        Invalid: A statement or an outcome is unknown, or withheld, or a line decides nothing.
    """
    evaluation = access.evaluation(session, caller, evaluation_id, lock=True)
    access.in_stage(evaluation, KINDS)
    readable = {row.id: row for row in _readable(session, evaluation)}
    by_code = {
        row.code: row
        for row in outcomes.of_evaluation(session, evaluation.id)
        if row.merged_into is None
    }
    faults, rows = [], []
    for line, decision in enumerate(decisions):
        if decision.statement not in readable:
            faults.append(Fault(f"/{line}/statement", "unknown-statement", "Not to be coded."))
        elif (decision.outcome is None) == (not decision.not_an_outcome):
            faults.append(Fault(f"/{line}", "one-of", "Name an outcome, or say why it is none."))
        elif decision.outcome is not None and decision.outcome not in by_code:
            faults.append(Fault(f"/{line}/outcome", "unknown-outcome", "No such outcome."))
        else:
            outcome = by_code[decision.outcome].id if decision.outcome else None
            rows.append(_coding(decision, outcome, line))
    if faults:
        raise Invalid(faults=faults)
    before = provenance(session, evaluation.id)
    statements.code(session, rows)
    after = provenance(session, evaluation.id)
    for row in by_code.values():
        if before.get(row.id) != after.get(row.id):
            row.updated_at = now
    return len(rows)


def provenance(session: Session, evaluation: uuid.UUID) -> dict[uuid.UUID, set[uuid.UUID]]:
    """The statements that anybody coded into each outcome."""
    found: dict[uuid.UUID, set[uuid.UUID]] = {}
    for row in statements.codings(session, evaluation):
        if row.outcome_id is not None:
            found.setdefault(row.outcome_id, set()).add(row.statement_id)
    return found


def open_for_coding(evaluation: Evaluation) -> None:
    """Go on only while something is coded.

    Raises:
        WrongStage: The coding is fixed, or has not begun.
    """
    if evaluation.stage not in KINDS:
        raise WrongStage(stage=evaluation.stage, needed=sorted(KINDS))


def _readable(session: Session, evaluation: Evaluation) -> list[Statement]:
    rows = statements.of_evaluation(session, evaluation.id, KINDS[evaluation.stage])
    return [row for row in rows if not row.withheld]


def _coding(decision: Decision, outcome: uuid.UUID | None, line: int) -> Coding:
    return Coding(
        statement_id=decision.statement,
        coder=decision.coder,
        position=line,
        outcome_id=outcome,
        reason=None if outcome else decision.not_an_outcome,
    )


def _coded(codings: Sequence[Coding]) -> dict[uuid.UUID, list[uuid.UUID]]:
    found: dict[uuid.UUID, list[uuid.UUID]] = {}
    for row in codings:
        into = found.setdefault(row.statement_id, [])
        if row.outcome_id is not None and row.outcome_id not in into:
            into.append(row.outcome_id)
    return found


def _document(row: Statement, coded: list[uuid.UUID], *, words: bool) -> dict[str, Any]:
    fields = row.fields if words or not row.withheld else {}
    return {
        "id": row.id,
        "kind": row.kind,
        **fields,
        "outcomes": coded,
        "withheld": row.withheld,
    }
