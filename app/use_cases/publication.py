"""What of a staff survey may be published, decided while answers still have their attributes."""

from collections.abc import Sequence
from typing import Any

from app.instruments.answers import Survey
from app.instruments.design import ORGANISATION
from app.instruments.model import Domain, Instrument
from app.scoring.cells import VariableCells, published_cells, scored_cells, table_of
from app.scoring.codes import Reals
from app.scoring.disclosure import Table, tables_of
from app.scoring.domains import (
    DomainScale,
    PersonScores,
    nobody_missing,
    overall_scores,
    person_scores,
)
from app.scoring.waves import Sheet

ANSWERED = "answered"
OVERALL = "overall"
COMPLETE = "complete"


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


def overall_of(survey: Survey, scores: dict[str, PersonScores]) -> Reals:
    """Each person's mean over the domains of the index, NaN for who has none."""
    return overall_scores([scores[d.code] for d in survey.domains if d.in_index])


def staff_cells(
    survey: Survey, sheet: Sheet, answers: Sequence[Any], *, smallest_group: int
) -> dict[str, VariableCells]:
    """What may be published of who answered, of the whole and of each domain, in each cut.

    Args:
        survey: What was asked, and which cuts were declared.
        sheet: The health answers, rows in the order of `answers`.
        answers: The group of each person, and what they sent.
        smallest_group: Fewest people that anything published may speak about.
    """
    tables = _tables(survey, sheet, answers)
    scores = scores_of(survey, sheet)
    cells = {
        ANSWERED: published_cells(
            nobody_missing(len(answers)), tables, smallest_group=smallest_group
        ),
        OVERALL: scored_cells(overall_of(survey, scores), tables, smallest_group=smallest_group),
    }
    for domain in survey.domains:
        # Those who answered every item are one more cell: beside the whole, it tells of the rest.
        complete = sheet.complete([item.code for item in domain.items])
        every_item = table_of(COMPLETE, [COMPLETE], [int(all_of) - 1 for all_of in complete])
        cells[domain.code] = scored_cells(
            scores[domain.code].scores, [*tables, every_item], smallest_group=smallest_group
        )
    return cells


def _tables(survey: Survey, sheet: Sheet, answers: Sequence[Any]) -> list[Table]:
    one_way = {ORGANISATION: table_of(ORGANISATION, sheet.groups, sheet.group_of_row.tolist())}
    for attribute, offered in survey.attributes.items():
        places = [
            offered.index(content[attribute]) if content.get(attribute) in offered else -1
            for _, content in answers
        ]
        one_way[attribute] = table_of(attribute, offered, places)
    return tables_of(survey.design.cuts, one_way)
