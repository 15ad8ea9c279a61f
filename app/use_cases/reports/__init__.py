"""Reports: computed once from frozen waves, stored as documents, served from their bytes."""

import json
import uuid
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from app.errors import CellsChanged, NotFound
from app.security import chance
from app.security.credentials import Caller
from app.storage import reports
from app.storage.database import Session
from app.storage.tables import Evaluation, Report
from app.use_cases import access, telling
from app.use_cases.evaluations import design_of
from app.use_cases.reports import combined, health, outcomes, words
from app.use_cases.reports.readable import markdown
from app.use_cases.reports.tidy import tidy

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


def publish(session: Session, evaluation: Evaluation, *, today: date, now: datetime) -> list[str]:
    """Compute and store the reports that belong to the stage just reached; their names."""
    due = _PUBLISHED.get(evaluation.stage, [])
    for name, edition in due:
        document = _document(session, evaluation, name, edition, today)
        row = Report(evaluation_id=evaluation.id, name=name, edition=edition, updated_at=now)
        _write(row, document)
        reports.add(session, row)
    return [name for name, _ in due]


def correct(
    session: Session,
    caller: Caller,
    evaluation_id: uuid.UUID,
    name: str,
    *,
    edition: str | None,
    reason: Mapping[str, str],
    now: datetime,
) -> dict[str, Any]:
    """Replace a published report by one computed anew from the same wave, as of the same day.

    Raises:
        NotFound: It is not published yet, or the evaluation is another's.
        CellsChanged: It would not show and withhold the same cells.
    """
    evaluation = access.evaluation(session, caller, evaluation_id, lock=True)
    row = _published(session, evaluation, name, edition)
    before = json.loads(row.body)
    as_of = before["method"].get("as_of", date.min.isoformat())
    document = _document(session, evaluation, name, row.edition, date.fromisoformat(as_of))
    if _withheld(document) != _withheld(before):
        raise CellsChanged
    _write(row, {**document, "supersedes": row.digest, "erratum": {"reason": dict(reason)}})
    row.updated_at = now
    reports.add(session, row)
    telling.report_published(session, evaluation, row.name, now=now)
    return _entry(row)


def listed(
    session: Session, caller: Caller, evaluation_id: uuid.UUID, *, since: datetime | None
) -> list[dict[str, Any]]:
    """The published reports of an evaluation, with their digests and where to fetch them."""
    evaluation = access.evaluation(session, caller, evaluation_id)
    return [_entry(row) for row in reports.of_evaluation(session, evaluation.id, since=since)]


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
    found = reports.served(
        session, evaluation_id, name, edition, account=caller.account, only=caller.partnership
    )
    if found is None:
        raise NotFound
    return Stored(*found)


def readable(report: Stored, language: str) -> str:
    """A published report as Markdown, in one language."""
    return markdown(json.loads(report.body), language)


def tabular(report: Stored, language: str) -> str:
    """A published report as CSV, one row a number, its labels in one language."""
    return tidy(json.loads(report.body), language)


def canonical(document: dict[str, Any]) -> bytes:
    """The bytes that a report's digest is of: keys sorted, no white space, UTF-8."""
    text = json.dumps(document, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
    return text.encode()


def _published(session: Session, evaluation: Evaluation, name: str, edition: str | None) -> Report:
    wanted = [edition] if edition else (["all", "staff"] if name == "outcomes" else [_ONLY])
    for one in wanted:
        row = reports.find(session, evaluation.id, name, one)
        if row is not None:
            return row
    raise NotFound


def _write(row: Report, document: dict[str, Any]) -> None:
    row.digest = chance.digest(canonical(document))
    row.body = json.dumps({**document, "digest": row.digest}, ensure_ascii=False).encode()


def _entry(row: Report) -> dict[str, Any]:
    """A report as a list names it."""
    return {
        "report": row.name,
        "edition": row.edition or None,
        "digest": row.digest,
        "updated_at": row.updated_at,
        "path": f"/v1/evaluations/{row.evaluation_id}/reports/{row.name}"
        + (f"?edition={row.edition}" if row.edition else ""),
    }


def _withheld(document: Any, at: str = "") -> set[str]:
    """Where a report withholds something."""
    if isinstance(document, dict):
        here = {at} if "suppressed" in document else set()
        named = document.get("groups", "")
        return here.union(*(_withheld(v, f"{at}/{k}{named}") for k, v in document.items()))
    if isinstance(document, list):
        return set().union(*(_withheld(part, f"{at}/{i}") for i, part in enumerate(document)))
    return set()


def _document(
    session: Session, evaluation: Evaluation, name: str, edition: str, today: date
) -> dict[str, Any]:
    if name == "health":
        document = health.report(session, evaluation)
    elif name == "outcomes":
        document = outcomes.report(session, evaluation, edition, today=today)
    else:
        document = combined.report(session, evaluation, today=today)
    if not design_of(evaluation).sandbox:
        return document
    return {**document, "sandbox": True, "headline": [words.of_sandbox(), *document["headline"]]}
