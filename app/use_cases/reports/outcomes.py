"""The outcomes report: what the partnership works for, and what users and carers say of it."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from itertools import combinations
from typing import Any, Self

from app.instruments.design import ORGANISATION
from app.scoring.bands import CONVENTIONS
from app.scoring.coders import coder_agreement, readings
from app.scoring.waves import Sheet
from app.storage import outcomes as stored
from app.storage import statements
from app.storage.database import Session
from app.storage.tables import Evaluation, Outcome
from app.use_cases import asked, waves
from app.use_cases.evaluations import design_of
from app.use_cases.reports import outcome_words, ranking, words
from app.use_cases.reports.cells import SUPPRESSED, in_steps, thresholds
from app.use_cases.reports.health import SCORING_VERSION
from app.use_cases.reports.voices import (
    Voice,
    rated,
    too_early,
    top_gap,
    verdicts,
    voices_of,
)
from app.use_cases.schedules import standing_outcomes
from app.use_cases.waves import Wave

_SHOWN = (
    *("title", "origin", "type", "horizon", "beneficiaries", "rationale", "indicator"),
    *("prevention", "distinctive", "context", "mechanism", "domains", "rivals"),
)


def report(
    session: Session, evaluation: Evaluation, edition: str, *, today: date
) -> dict[str, Any]:
    """The outcomes report in one edition: `staff` before, `all` after service users and carers."""
    least = evaluation.smallest_group
    ranked = waves.load(session, evaluation.id, "ranking")
    verified = _Verified.load(session, evaluation, edition, today, ranked)
    named = _named_by(session, evaluation)
    rows = standing_outcomes(session, evaluation)
    document: dict[str, Any] = {
        "evaluation": str(evaluation.id),
        "report": "outcomes",
        "edition": edition,
        "outcomes": [
            _summed_up(
                {
                    "id": str(row.id),
                    "code": row.code,
                    **{name: row.document.get(name) for name in _SHOWN},
                    "named_by": in_steps(named[str(row.id)], least),
                    "shared": ranking.shared(
                        ranked,
                        str(row.id),
                        least=least,
                        seed=number,
                        by_group=ORGANISATION in design_of(evaluation).cuts,
                    ),
                    **verified.of(row, seed=number),
                    "evidence": _evidence(session, evaluation, row),
                }
            )
            for number, row in enumerate(rows)
        ],
        "ranking": _asked(ranked),
        "left_out": _left_out(session, evaluation),
        "coders": _coders(statements.codings(session, evaluation.id)),
    }
    if edition == "all":
        document |= _of_users(session, evaluation, verified)
    document["method"] = {
        "scoring_version": SCORING_VERSION,
        "smallest_group": least,
        "as_of": today.isoformat(),
        "thresholds": thresholds(CONVENTIONS),
        "caveats": words.caveats(
            "outcomes", drawn=design_of(evaluation).staff_selection == "random"
        ),
    }
    document["headline"] = outcome_words.outcomes_headline(document)
    return document


def _summed_up(outcome: dict[str, Any]) -> dict[str, Any]:
    return {**outcome, "summary": outcome_words.outcome(outcome)}


@dataclass(frozen=True)
class _Verified:
    """What service users and carers said; nothing in edition `staff`."""

    evaluation: Evaluation
    today: date
    ranked: Wave | None
    sheets: Mapping[str, Sheet]
    voices: list[Voice]
    scheduled: frozenset[str]

    @classmethod
    def load(
        cls,
        session: Session,
        evaluation: Evaluation,
        edition: str,
        today: date,
        ranked: Wave | None,
    ) -> Self:
        """Read the verification wave, where the edition has it."""
        if edition == "staff":
            return cls(evaluation, today, ranked, {}, [], frozenset())
        wave = waves.load(session, evaluation.id, "verification")
        voices = voices_of(design_of(evaluation), wave)
        asked_about = frozenset(one.id for one in asked.scheduled(session, evaluation))
        return cls(evaluation, today, ranked, wave.sheets if wave else {}, voices, asked_about)

    def of(self, row: Outcome, *, seed: int) -> dict[str, Any]:
        """What each voice says of an outcome, and how staff, users and carers differ."""
        if str(row.id) not in self.scheduled:
            return {"voices": [], "gaps": []}
        formed_on, least = self.evaluation.partnership.formed_on, self.evaluation.smallest_group
        early = too_early(row.document.get("horizon"), formed_on, self.today)
        sheet = self.sheets.get("verdicts")
        found = [
            verdicts(voice, sheet, str(row.id), early=early, least=least, seed=seed)
            for voice in self.voices
        ]
        return {"voices": found, "gaps": self._gaps(row)}

    def _gaps(self, row: Outcome) -> list[dict[str, Any]]:
        """How those who put an outcome among their three differ: staff, then voice by voice."""
        sheet, name = self.sheets.get("verdicts"), f"{row.id}.top"
        if sheet is None or name not in sheet.columns:
            return []
        columns = [(voice.code, sheet.counts(name, 2, voice.rows)) for voice in self.voices]
        staff = ranking.top_counts(self.ranked, str(row.id))
        if staff is not None:
            columns = [("staff", staff), *columns]
        return [
            {"between": [first, second], **gap}
            for (first, one), (second, other) in combinations(columns, 2)
            if (gap := top_gap(one, other, self.evaluation.smallest_group)) is not None
        ]


def _of_users(session: Session, evaluation: Evaluation, verified: _Verified) -> dict[str, Any]:
    least, sheets = evaluation.smallest_group, verified.sheets
    return {
        "voices": [
            {
                "voice": voice.code,
                "label": voice.label,
                "audience": voice.audience,
                "selection": voice.selection,
                "invited": voice.invited,
                **({"answered": voice.answered} if voice.answered >= least else SUPPRESSED),
                "experience": rated(sheets.get("experience"), voice, least),
                "own": rated(sheets.get("own"), voice, least),
            }
            for voice in verified.voices
        ],
        "missing": _coded(session, evaluation, ("missing", "matters_most"), new=True),
        "harms": _coded(session, evaluation, ("worse",), new=False),
    }


def _coded(
    session: Session, evaluation: Evaluation, kinds: tuple[str, ...], *, new: bool
) -> list[dict[str, Any]]:
    """Outcomes that users' and carers' words were coded into; with `new`, those of their own."""
    texts = {row.id for row in statements.of_evaluation(session, evaluation.id, kinds)}
    counts: Counter[Any] = Counter()
    for statement, outcome in {
        (row.statement_id, row.outcome_id)
        for row in statements.codings(session, evaluation.id)
        if row.outcome_id and row.statement_id in texts
    }:
        counts[outcome] += 1 if statement else 0
    rows = stored.of_evaluation(session, evaluation.id)
    return [
        {
            "id": str(row.id),
            "code": row.code,
            "title": row.document["title"],
            "named_by": in_steps(counts[row.id], evaluation.smallest_group),
        }
        for row in rows
        if counts[row.id] and (not new or row.document["origin"] == "user")
    ]


def _named_by(session: Session, evaluation: Evaluation) -> Counter[str]:
    """How many of staff's statements were coded into each outcome."""
    kinds = ("statement", "unwritten")
    texts = {row.id for row in statements.of_evaluation(session, evaluation.id, kinds)}
    pairs = {
        (row.statement_id, row.outcome_id)
        for row in statements.codings(session, evaluation.id)
        if row.outcome_id is not None and row.statement_id in texts
    }
    return Counter(str(outcome) for _, outcome in pairs)


def _evidence(session: Session, evaluation: Evaluation, row: Outcome) -> list[dict[str, Any]]:
    return [
        {name: value for name, value in found.document.items() if name != "outcome"}
        for found in stored.evidence(session, evaluation.id)
        if found.outcome_id == row.id
    ]


def _asked(wave: Wave | None) -> dict[str, Any] | None:
    if wave is None:
        return None
    return {"invited": sum(wave.invited.values()), "answered": wave.answered}


def _left_out(session: Session, evaluation: Evaluation) -> list[dict[str, Any]]:
    schedule = stored.schedule(session, evaluation.id)
    return list(schedule.document["left_out"]) if schedule else []


def _coders(codings: Any) -> dict[str, Any] | None:
    """How far two coders agree, over the statements that both coded."""
    coders = {row.coder for row in codings}
    if len(coders) < 2:
        return None
    first: dict[Any, dict[str, str]] = {}
    for row in codings:
        first.setdefault(row.statement_id, {}).setdefault(row.coder, str(row.outcome_id))
    found = coder_agreement(readings(list(first.values())))
    return {
        "coders": len(coders),
        "statements": found.units,
        "alpha": None if found.alpha is None else round(found.alpha, 2),
        "strength": found.strength,
    }
