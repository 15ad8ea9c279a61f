"""Fold the answers to a stage into its wave, and read a wave back."""

import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from pydantic import TypeAdapter

from app.instruments import codes
from app.instruments.answers import Survey
from app.scoring.cells import VariableCells
from app.scoring.waves import Column, Sheet, blobs, encode, sorted_rows, unpack
from app.storage import tables, waves
from app.storage.database import Session
from app.use_cases import publication

Answer = tuple[str, Mapping[str, Any]]  # the cell somebody answered for, and what they sent
_CELLS = TypeAdapter(dict[str, VariableCells])
PROXIES = "proxies"
RANKED = ("no", "partly", "yes")
_VERDICTS = {
    "importance": (),
    "delivered": (),
    "expected": (),
    "direction": ("better", "same", "worse", "too_soon"),
    "joint": ("no", "partly", "mostly"),
}


@dataclass(frozen=True)
class Wave:
    """A stage's answers as they remain.

    Attributes:
        answered: How many people answered; None when they were too few and deleted unread.
        invited: How many people each group or voice has.
        sheets: The columns, by part.
        cells: What may be published of each variable of the staff survey, decided when the
            answers still had their attributes.
    """

    answered: int | None
    invited: Mapping[str, int]
    sheets: Mapping[str, Sheet]
    cells: Mapping[str, VariableCells]


def load(session: Session, evaluation: uuid.UUID, kind: str) -> Wave | None:
    """A wave of an evaluation, if that stage had any."""
    row = waves.find(session, evaluation, kind)
    if row is None:
        return None
    sheets = {
        name: unpack(
            sheet.columns, sheet.groups, group_of_row=sheet.group_of_row, answers=sheet.answers
        )
        for name, sheet in waves.sheets(session, evaluation, kind).items()
    }
    return Wave(row.answered, row.invited, sheets, _CELLS.validate_python(row.cells))


def save(session: Session, evaluation: uuid.UUID, kind: str, wave: Wave) -> None:
    """Keep a wave; it never changes."""
    row = tables.Wave(
        evaluation_id=evaluation,
        kind=kind,
        answered=wave.answered,
        invited=dict(wave.invited),
        cells=_CELLS.dump_python(dict(wave.cells), mode="json"),
    )
    sheets = []
    for name, sheet in wave.sheets.items():
        group_of_row, answers = blobs(sheet)
        sheets.append(
            tables.Sheet(
                evaluation_id=evaluation,
                wave=kind,
                name=name,
                columns=list(sheet.columns),
                groups=list(sheet.groups),
                group_of_row=group_of_row,
                answers=answers,
            )
        )
    waves.add(session, row, sheets)


def fold_staff(
    survey: Survey,
    invited: Mapping[str, int],
    answers: Sequence[Answer],
    *,
    smallest_group: int,
) -> Wave:
    """The wave of a staff survey: a sheet for each part, so that no row joins two parts."""
    parts = staff_columns(survey)
    coded = {name: encode(columns, list(invited), answers) for name, columns in parts.items()}
    cells: dict[str, VariableCells] = {}
    if "health" in coded:
        cells = publication.staff_cells(
            survey, coded["health"], answers, smallest_group=smallest_group
        )
    sheets = {name: sorted_rows(sheet) for name, sheet in coded.items()}
    return Wave(len(answers), invited, sheets, cells)


def fold_ranking(
    outcomes: Sequence[str], invited: Mapping[str, int], answers: Sequence[Answer]
) -> Wave:
    """The wave of a ranking round."""
    columns = [
        Column(f"{outcome}.ours", ("outcomes", outcome), choices=RANKED) for outcome in outcomes
    ] + [Column(f"{outcome}.top", ("top", outcome)) for outcome in outcomes]
    rows = [(cell, _by_outcome(content, "outcomes", outcomes)) for cell, content in answers]
    for _, content in rows:
        content["outcomes"] = {key: entry["ours"] for key, entry in content["outcomes"].items()}
    sheet = sorted_rows(encode(columns, list(invited), rows))
    return Wave(len(answers), invited, {"outcomes": sheet}, {})


def fold_verification(
    outcomes: Sequence[str],
    voices: Mapping[str, tuple[str, int]],
    answers: Sequence[Answer],
) -> Wave:
    """The wave of a verification: voices in person, and proxies apart.

    Args:
        voices: For each voice its audience and how many people were invited.
    """
    invited = {code: people for code, (_, people) in voices.items()}
    audiences = sorted({audience for audience, _ in voices.values()})
    groups = [*voices, *(f"{PROXIES}:{audience}" for audience in audiences)]
    rows = [
        (_speaker(cell, voices[cell][0], content), _by_outcome(content, "verdicts", outcomes))
        for cell, content in answers
    ]
    verdicts = [
        Column(f"{outcome}.{name}", ("verdicts", outcome, name), choices=choices)
        for outcome in outcomes
        for name, choices in _VERDICTS.items()
    ] + [Column(f"{outcome}.top", ("top", outcome)) for outcome in outcomes]
    parts = {
        "verdicts": verdicts,
        "experience": _rated("experience", "respect", "say", "contact"),
        "own": _rated("own", "life", "health", "heard", "shared"),
    }
    sheets = {name: sorted_rows(encode(columns, groups, rows)) for name, columns in parts.items()}
    return Wave(len(answers), invited, sheets, {})


def staff_columns(survey: Survey) -> dict[str, list[Column]]:
    """The columns of each part that a survey asks for."""
    instrument, asked = survey.instrument, survey.asked
    parts: dict[str, list[Column]] = {}
    if "answers" in asked:
        parts["health"] = [
            Column(code, ("answers", code), scale.min) for code, (_, scale) in survey.items.items()
        ]
    if "context" in asked and instrument.context:
        first = instrument.scales[instrument.context.scale].min
        items = instrument.context.items
        parts["context"] = [Column(item.code, ("context", item.code), first) for item in items]
    if instrument.overall:
        first = instrument.scales[instrument.overall.scale].min
        parts["overall"] = [Column("overall", ("overall",), first)]
    if "drivers" in asked and instrument.drivers:
        first = instrument.scales[instrument.drivers.scale].min
        parts["drivers"] = [
            Column(f"{side}.{driver.code}", ("drivers", side, driver.code), first)
            for side in ("official", "practice")
            for driver in instrument.drivers.items
        ]
    if "importance" in asked:
        parts["importance"] = [
            Column(domain.code, ("importance", domain.code)) for domain in survey.domains
        ]
    if "depth" in asked:
        rungs = tuple(codes("depth"))
        parts["depth"] = [
            Column(f"{code}.{side}", ("depth", code, side), choices=rungs)
            for code in survey.organisations
            for side in ("current", "right")
        ]
    return parts


def _rated(part: str, *names: str) -> list[Column]:
    return [Column(name, (part, name)) for name in names]


def _speaker(voice: str, audience: str, content: Mapping[str, Any]) -> str:
    """The group an answer counts under: somebody who speaks for another is apart."""
    return voice if content.get("as", "self") == "self" else f"{PROXIES}:{audience}"


def _by_outcome(content: Mapping[str, Any], part: str, outcomes: Sequence[str]) -> dict[str, Any]:
    """The same submission with its verdicts and its top three by outcome."""
    verdicts = {entry["outcome"]: entry for entry in content.get(part) or []}
    top = content.get("top")
    chosen = {outcome: int(outcome in top) for outcome in outcomes} if top else None
    return {**content, part: verdicts, "top": chosen}
