"""Which cells of a staff survey may be published, decided while answers still have attributes.

A wave's rows keep the group alone. Of every other declared cut, what is kept is what its published
cells need: how many people of the cell have each person score.
"""

from collections.abc import Sequence
from typing import Any

import numpy as np

from app.instruments.answers import Survey
from app.instruments.design import ORGANISATION
from app.instruments.model import Domain, Instrument
from app.scoring.disclosure import Decision, Table, audit_each, crossed
from app.scoring.domains import DomainScale, PersonScores, overall_scores, person_scores
from app.scoring.scores import distribution_of
from app.scoring.waves import Sheet

EVERYBODY = "all"
ANSWERED = "answered"
OVERALL = "overall"


def scale_of(instrument: Instrument, domain: Domain) -> DomainScale:
    """How a domain's answers become person scores."""
    return DomainScale(
        points=instrument.scales[domain.scale].points,
        reversed_items=tuple(item.reversed for item in domain.items),
        worse_is_higher=domain.higher_is == "worse",
        min_answered=domain.needed,
    )


def scores_of(survey: Survey, sheet: Sheet) -> dict[str, PersonScores]:
    """The person scores of each domain, for the rows of a sheet."""
    return {
        domain.code: person_scores(
            sheet.of([item.code for item in domain.items]), scale_of(survey.instrument, domain)
        )
        for domain in survey.domains
    }


def overall_of(survey: Survey, scores: dict[str, PersonScores]) -> Any:
    """Each person's mean over the domains of the index, NaN for who has none."""
    return overall_scores([scores[d.code] for d in survey.domains if d.in_index])


def staff_cells(
    survey: Survey, sheet: Sheet, answers: Sequence[Any], *, smallest_group: int
) -> dict[str, Any]:
    """What may be published of each variable, in each declared cut.

    Args:
        sheet: The health answers, rows in the order of `answers`.
        answers: The group of each person, and what they sent.

    Returns:
        For each variable (`answered`, `overall`, each domain) and each table: the published cells
        with their categories, their size and the distribution of their person scores; the
        refused ones; how many were refused because the search ran out of its budget.
    """
    scores = scores_of(survey, sheet)
    values = {code: found.scores for code, found in scores.items()}
    values[OVERALL] = overall_of(survey, scores)
    values[ANSWERED] = np.zeros(len(answers))
    present = np.column_stack([~np.isnan(column) for column in values.values()])
    tables = _tables(survey, sheet, answers)
    decisions = audit_each(tables, present, smallest_group=smallest_group)
    return {
        variable: _kept(decision, tables, column)
        for (variable, column), decision in zip(values.items(), decisions, strict=True)
    }


def name_of(cut: str | Sequence[str]) -> str:
    """The name of a declared cut's table."""
    return cut if isinstance(cut, str) else " × ".join(cut)


def _tables(survey: Survey, sheet: Sheet, answers: Sequence[Any]) -> list[Table]:
    one_way = {ORGANISATION: Table(ORGANISATION, sheet.groups, sheet.group_of_row.astype(np.int64))}
    for attribute, offered in survey.attributes.items():
        codes = [
            offered.index(content[attribute]) if content.get(attribute) in offered else -1
            for _, content in answers
        ]
        one_way[attribute] = Table(attribute, tuple(offered), np.array(codes, dtype=np.int64))
    return [
        one_way[cut] if isinstance(cut, str) else crossed(one_way[cut[0]], one_way[cut[1]])
        for cut in survey.design.cuts
    ]


def _kept(decision: Decision, tables: Sequence[Table], values: Any) -> dict[str, Any]:
    by_name = {table.name: table for table in tables}
    kept: dict[str, Any] = {
        EVERYBODY: any(cell.table == EVERYBODY for cell in decision.published),
        "undecided": len(decision.undecided),
        "tables": {name: {"published": [], "refused": []} for name in by_name},
    }
    for cell in decision.published:
        if cell.table != EVERYBODY:
            entry = _cell(by_name[cell.table], cell.categories, values)
            kept["tables"][cell.table]["published"].append(entry)
    for cell in decision.refused:
        if cell.table != EVERYBODY:
            kept["tables"][cell.table]["refused"].append(cell.categories[0])
    return kept


def _cell(table: Table, categories: Sequence[str], values: Any) -> dict[str, Any]:
    wanted = [table.categories.index(category) for category in categories]
    distinct, counts = distribution_of(values[np.isin(table.codes, wanted)])
    distribution = {"values": distinct.tolist(), "counts": counts.tolist()}
    return {"groups": list(categories), "n": int(counts.sum()), **distribution}
