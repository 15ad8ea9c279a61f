"""The combined report: each outcome with the domains that its theory names."""

import json
from datetime import date
from typing import Any

from app.scoring.combined import combination, process_band
from app.storage import reports
from app.storage.database import Session
from app.storage.tables import Evaluation
from app.use_cases.reports import outcome_words, words
from app.use_cases.reports.health import SCORING_VERSION


def report(session: Session, evaluation: Evaluation, *, today: date) -> dict[str, Any]:
    """The combined report, from the two reports as they were published."""
    health = _stored(session, evaluation, "health", "")
    outcomes = _stored(session, evaluation, "outcomes", "all")
    bands = {part["code"]: part.get("band") for part in health["domains"]}
    labels = {voice["voice"]: voice["label"] for voice in outcomes["voices"]}
    initiatives = evaluation.partnership.profile.get("initiatives") or []
    scheduled = [one for one in outcomes["outcomes"] if one["voices"]]
    document: dict[str, Any] = {
        "evaluation": str(evaluation.id),
        "report": "combined",
        "outcomes": [_joined(outcome, bands, labels) for outcome in scheduled],
        "initiatives": initiatives,
        "missing": outcomes["missing"],
        "harms": outcomes["harms"],
        "rests_on": {"health": health["digest"], "outcomes": outcomes["digest"]},
        "method": {
            "scoring_version": SCORING_VERSION,
            "as_of": today.isoformat(),
            "caveats": words.caveats(
                "combined", drawn=health["method"].get("staff_selection") == "random"
            ),
        },
    }
    document["headline"] = outcome_words.combined_headline(document, health, outcomes)
    return document


def _stored(session: Session, evaluation: Evaluation, name: str, edition: str) -> dict[str, Any]:
    row = reports.find(session, evaluation.id, name, edition)
    if row is None:
        raise LookupError(f"{name} is published before the combined report")
    document: dict[str, Any] = json.loads(row.body)
    if "sandbox" in document:
        # That it is one is said once, of the whole.
        document["headline"] = document["headline"][1:]
    return document


def _joined(
    outcome: dict[str, Any], bands: dict[str, Any], labels: dict[str, Any]
) -> dict[str, Any]:
    process = process_band([bands.get(domain) for domain in outcome["domains"]])
    return {
        "id": outcome["id"],
        "code": outcome["code"],
        "title": outcome["title"],
        "type": outcome["type"],
        "horizon": outcome["horizon"],
        "prevention": outcome["prevention"],
        "domains": [{"code": code, "band": bands.get(code)} for code in outcome["domains"]],
        "process": process,
        "findings": [
            _finding(outcome, voice, process, labels[voice["voice"]]) for voice in outcome["voices"]
        ],
        "rivals": outcome["rivals"],
        "evidence": outcome["evidence"],
    }


def _finding(
    outcome: dict[str, Any], voice: dict[str, Any], process: Any, label: dict[str, str]
) -> dict[str, Any]:
    delivered = voice.get("delivered", {})
    right = voice.get("importance", {})
    shown = "suppressed" not in voice and "suppressed" not in delivered
    found = combination(process, delivered["verdict"] if shown else None)
    members = {
        "voice": voice["voice"],
        "importance": right.get("verdict") if shown else None,
        "delivered": delivered["verdict"] if shown else None,
        "finding": found.finding,
        "why": found.why,
    }
    return {**members, "summary": outcome_words.combined(outcome["title"], label, members)}
