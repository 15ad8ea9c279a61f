"""What a partnership will do about an area for development, and whether it has shown.

`seen` of an action on a domain is the verdict on that domain in the comparison of the action's own
round with the next one that asked the same. It is `not_measured` before there is one, where either
round does not publish the domain, and for actions on an outcome: who verifies an outcome, and which
outcomes are put to them, differs from round to round. It never says that the action was the cause.
"""

import uuid
from collections.abc import Mapping
from datetime import datetime
from typing import Any

from app.errors import Fault, Invalid, NotFound
from app.security import chance
from app.security.credentials import Caller
from app.storage import outcomes
from app.storage.database import Session
from app.storage.tables import STAGES, Action, Evaluation
from app.use_cases import access
from app.use_cases.evaluations import instrument_of
from app.use_cases.reports import change as report_change


def add(
    session: Session,
    caller: Caller,
    evaluation_id: uuid.UUID,
    document: Mapping[str, Any],
    *,
    now: datetime,
) -> dict[str, Any]:
    """Record an action, once there is a report to act on.

    Raises:
        NotFound: There is no such evaluation, or it is another's.
        WrongStage: No report is published yet.
        Invalid: It names no known domain or outcome, or both.
    """
    evaluation = access.evaluation(session, caller, evaluation_id, lock=True)
    access.in_stage(evaluation, STAGES[2:])
    _check(session, evaluation, document)
    row = Action(
        id=chance.new_id(),
        evaluation_id=evaluation.id,
        document=dict(document),
        updated_at=now,
    )
    outcomes.save(session, row)
    return _shown(row, report_change.seen(session, evaluation))


def listed(
    session: Session, caller: Caller, evaluation_id: uuid.UUID, *, since: datetime | None
) -> list[dict[str, Any]]:
    """The actions of an evaluation."""
    evaluation = access.evaluation(session, caller, evaluation_id)
    seen = report_change.seen(session, evaluation)
    return [_shown(row, seen) for row in outcomes.actions(session, evaluation.id, since=since)]


def change(
    session: Session,
    caller: Caller,
    action_id: uuid.UUID,
    changes: Mapping[str, Any],
    *,
    now: datetime,
) -> dict[str, Any]:
    """Change an action: its owner, its day, its status.

    Raises:
        NotFound: There is no such action, or it is another's.
    """
    row = outcomes.find_action(session, action_id, account=caller.account, only=caller.partnership)
    if row is None:
        raise NotFound
    row.document = {**row.document, **changes}
    row.updated_at = now
    outcomes.save(session, row)
    evaluation = access.evaluation(session, caller, row.evaluation_id)
    return _shown(row, report_change.seen(session, evaluation))


def _shown(row: Action, seen: Mapping[str, str]) -> dict[str, Any]:
    domain = row.document.get("domain")
    shown = {"id": row.id, **row.document, "updated_at": row.updated_at}
    return {**shown, "seen": seen.get(domain or "", "not_measured")}


def _check(session: Session, evaluation: Evaluation, document: Mapping[str, Any]) -> None:
    domain, outcome = document.get("domain"), document.get("outcome")
    if (domain is None) == (outcome is None):
        raise Invalid(faults=[Fault("", "one-of", "Name a domain or an outcome.")])
    domains = {part.code for part in instrument_of(session, evaluation).domains}
    if domain is not None and domain not in domains:
        raise Invalid(faults=[Fault("/domain", "unknown-domain", "No such domain.")])
    known = {str(row.id) for row in outcomes.of_evaluation(session, evaluation.id)}
    if outcome is not None and outcome not in known:
        raise Invalid(faults=[Fault("/outcome", "unknown-outcome", "No such outcome.")])
