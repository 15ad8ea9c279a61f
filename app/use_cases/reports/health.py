"""The health report: what staff say of the partnership."""

from collections import Counter
from typing import Any

from app.instruments.answers import Survey
from app.scoring.bands import CONVENTIONS
from app.scoring.change import change_in_sight
from app.scoring.scores import score_of
from app.storage import statements
from app.storage.database import Session
from app.storage.tables import Evaluation
from app.use_cases import waves
from app.use_cases.evaluations import groups, survey_of
from app.use_cases.publication import ANSWERED, OVERALL, overall_of, scores_of
from app.use_cases.reports import change, parts, words
from app.use_cases.reports.cells import SUPPRESSED, cell, thresholds
from app.use_cases.reports.domains import Basis, domains, totals
from app.use_cases.waves import Wave

SCORING_VERSION = "1"


def report(session: Session, evaluation: Evaluation) -> dict[str, Any]:
    """The health report of an evaluation whose staff wave is frozen."""
    wave = waves.load(session, evaluation.id, "staff")
    if wave is None:
        raise LookupError("the staff wave is frozen before its report")
    survey = survey_of(session, evaluation)
    kinds = Counter(row.kind for row in statements.of_evaluation(session, evaluation.id))
    found = document(survey, evaluation, wave, kinds)
    found["headline"] = words.health_headline(found, change.changes(session, evaluation))
    return found


def document(
    survey: Survey, evaluation: Evaluation, wave: Wave, kinds: Counter[str]
) -> dict[str, Any]:
    """What a frozen wave says: the report without its headline.

    Args:
        kinds: How many statements of each kind staff wrote.
    """
    least = evaluation.smallest_group
    found = {
        "evaluation": str(evaluation.id),
        "report": "health",
        "instrument": evaluation.instrument,
        "answered": wave.answered,
        "invited": sum(wave.invited.values()),
        **_health(survey, evaluation, wave),
        "criterion": parts.criterion(survey, wave.sheets, least),
        "drivers": parts.drivers(survey, wave.sheets, least),
        "frames": parts.frames(survey, wave.sheets, least),
        "importance": parts.importance(survey, wave.sheets, least),
        "depth": parts.depth(survey, wave.sheets, least),
        "context": parts.context(survey, wave.sheets, least),
        "statements": parts.statements_count(kinds, least),
    }
    found["method"] = _method(survey, evaluation, wave)
    return found


def _health(survey: Survey, evaluation: Evaluation, wave: Wave) -> dict[str, Any]:
    least, sheet = evaluation.smallest_group, wave.sheets.get("health")
    if sheet is None:
        suppressed = [
            {"code": domain.code, "label": domain.label, **SUPPRESSED} for domain in survey.domains
        ]
        nothing: dict[str, Any] = {"overall": dict(SUPPRESSED), "domains": suppressed, "levels": []}
        return {**nothing, **_marked(suppressed)}
    basis = Basis(
        survey=survey,
        sheet=sheet,
        cells=wave.cells,
        groups=groups(evaluation),
        answered=wave.answered or 0,
        invited=sum(wave.invited.values()),
        smallest_group=least,
    )
    scores = scores_of(survey, sheet)
    found = domains(basis, scores)
    overall = dict(SUPPRESSED)
    if basis.cells[OVERALL].everybody:
        score = score_of(overall_of(survey, scores))
        overall = {**cell(score, smallest_group=least), **totals(basis, OVERALL)}
        overall["summary"] = words.overall(overall)
    return {
        "overall": overall,
        "domains": found,
        "levels": parts.levels(survey, sheet, least),
        **_marked(found),
    }


def _marked(found: list[dict[str, Any]]) -> dict[str, list[str]]:
    """The domains to celebrate, to develop, and those that divide people."""
    return {
        "celebrate": [part["code"] for part in found if part.get("band") == "celebrate"],
        "develop": [part["code"] for part in found if part.get("band") == "develop"],
        "divided": [part["code"] for part in found if part.get("divided")],
    }


def _method(survey: Survey, evaluation: Evaluation, wave: Wave) -> dict[str, Any]:
    response = wave.cells[ANSWERED].tables if wave.cells else {}
    answered = wave.answered or 0
    return {
        "scoring_version": SCORING_VERSION,
        "smallest_group": evaluation.smallest_group,
        "thresholds": thresholds(CONVENTIONS),
        "form": survey.design.form,
        "staff_selection": survey.design.staff_selection,
        "undecided_cells": sum(part.undecided for part in wave.cells.values()),
        "response": {
            table: [{"groups": list(cell.groups), "answered": cell.n} for cell in kept.published]
            + [{"groups": [code], **SUPPRESSED} for code in kept.refused]
            for table, kept in response.items()
        },
        "caveats": words.caveats(
            "health",
            draft="cy" in (survey.instrument.draft_languages or []),
            drawn=survey.design.staff_selection == "random",
            in_sight=change_in_sight(answered) if answered >= evaluation.smallest_group else None,
        ),
    }
