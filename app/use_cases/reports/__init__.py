"""Reports: computed once from frozen waves, stored as documents, served from their bytes."""

import json
import uuid
from dataclasses import dataclass
from datetime import date
from typing import Any

from app.errors import NotFound
from app.security import chance
from app.security.credentials import Caller
from app.storage import reports
from app.storage.database import Session
from app.storage.tables import Evaluation, Report
from app.use_cases import access
from app.use_cases.reports import combined, health, outcomes

_ONLY = ""  # the edition of a report that has no other
# What is published when a stage begins.
_PUBLISHED = {
    "surfacing": [("health", _ONLY)],
    "verifying": [("outcomes", "staff")],
    "concluded": [("outcomes", "all"), ("combined", _ONLY)],
}


@dataclass(frozen=True)
class Stored:
    """A published report: its bytes, and the digest that is its ETag."""

    digest: str
    body: bytes


def publish(session: Session, evaluation: Evaluation, *, today: date) -> list[str]:
    """Compute and store the reports that belong to the stage just reached; their names."""
    due = _PUBLISHED.get(evaluation.stage, [])
    for name, edition in due:
        document = _document(session, evaluation, name, edition, today)
        digest = chance.digest(canonical(document))
        body = json.dumps({**document, "digest": digest}, ensure_ascii=False).encode()
        report = Report(
            evaluation_id=evaluation.id, name=name, edition=edition, digest=digest, body=body
        )
        reports.add(session, report)
    return [name for name, _ in due]


def listed(session: Session, caller: Caller, evaluation_id: uuid.UUID) -> list[dict[str, Any]]:
    """The published reports of an evaluation, with their digests and where to fetch them."""
    evaluation = access.evaluation(session, caller, evaluation_id)
    return [
        {
            "report": row.name,
            "edition": row.edition or None,
            "digest": row.digest,
            "path": f"/v1/evaluations/{evaluation.id}/reports/{row.name}"
            + (f"?edition={row.edition}" if row.edition else ""),
        }
        for row in reports.of_evaluation(session, evaluation.id)
    ]


def read(
    session: Session,
    caller: Caller,
    evaluation_id: uuid.UUID,
    name: str,
    *,
    edition: str | None = None,
) -> Stored:
    """A published report; without an edition, the fullest there is.

    Raises:
        NotFound: It is not published yet, or the evaluation is another's.
    """
    evaluation = access.evaluation(session, caller, evaluation_id)
    wanted = [edition] if edition else (["all", "staff"] if name == "outcomes" else [_ONLY])
    for one in wanted:
        row = reports.find(session, evaluation.id, name, one)
        if row is not None:
            return Stored(row.digest, row.body)
    raise NotFound


def canonical(document: dict[str, Any]) -> bytes:
    """The bytes that a report's digest is of: keys sorted, no white space, UTF-8."""
    text = json.dumps(document, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
    return text.encode()


def _document(
    session: Session, evaluation: Evaluation, name: str, edition: str, today: date
) -> dict[str, Any]:
    if name == "health":
        return health.report(session, evaluation)
    if name == "outcomes":
        return outcomes.report(session, evaluation, edition, today=today)
    return combined.report(session, evaluation, today=today)
