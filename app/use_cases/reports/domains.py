"""The domains of a health report: scores, agreement, reliability, cuts, gaps between groups."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from app.instruments.answers import Survey
from app.instruments.design import ORGANISATION, Group
from app.instruments.model import Domain, Scale
from app.scoring import between
from app.scoring.agreement import consensus, folded, van_der_eijk
from app.scoring.bands import CONVENTIONS, Division, band, divided, polarised
from app.scoring.cells import PublishedCell, TableCells, VariableCells
from app.scoring.decimals import (
    published_agreement,
    published_icc,
    two_decimal_interval,
    two_decimals,
)
from app.scoring.domains import PersonScores
from app.scoring.forms import (
    published_interval,
    published_nonresponse_bounds,
    published_score,
    rests_on_answers,
)
from app.scoring.gaps import published_gap
from app.scoring.intervals import Interval
from app.scoring.items import ItemResult, item_result, whole_histograms
from app.scoring.products import CrossProduct, cross_product
from app.scoring.reliability import published_reliability, reversed_items
from app.scoring.scores import Score, score_of
from app.scoring.shares import share_band
from app.scoring.totals import Cell, equal_voice_total, headcount_total
from app.scoring.waves import Sheet
from app.use_cases.publication import COMPLETE, scale_of
from app.use_cases.reports import words
from app.use_cases.reports.cells import (
    SUPPRESSED,
    cell,
    cut_cells,
    ends,
    score_members,
    share,
)


@dataclass(frozen=True)
class Basis:
    """What every domain of one report rests on.

    Attributes:
        cells: The publication decisions of the wave.
        headcounts: How many people each group has.
        response: The share of the invited who answered.
    """

    survey: Survey
    sheet: Sheet
    cells: Mapping[str, VariableCells]
    groups: list[Group]
    answered: int
    invited: int
    smallest_group: int

    @property
    def response(self) -> float:
        """The share of those invited who answered, in [0, 1]."""
        return self.answered / self.invited if self.invited else 0.0

    @property
    def random_sample(self) -> bool:
        """Whether those invited were drawn at random."""
        return self.survey.design.staff_selection == "random"

    def published(self, variable: str) -> tuple[PublishedCell, ...]:
        """The published groups of a variable."""
        return self.cells[variable].tables.get(ORGANISATION, TableCells()).published

    def headcount(self, codes: Sequence[str]) -> int:
        """How many people work in these groups."""
        return sum(group.headcount or 0 for group in self.groups if group.code in codes)


def domains(basis: Basis, scores: dict[str, PersonScores]) -> list[dict[str, Any]]:
    """Every domain of the survey, in its order."""
    found = [_domain(basis, domain, scores[domain.code]) for domain in basis.survey.domains]
    divisions = [division for _, division in found]
    flags = divided(divisions, thresholds=CONVENTIONS)
    shown = []
    for (members, _), flag in zip(found, flags, strict=True):
        if "suppressed" not in members:
            members["divided"] = flag
            members["summary"] = words.domain(members)
        shown.append(members)
    return shown


def totals(basis: Basis, variable: str) -> dict[str, Any]:
    """A variable's score by headcount and by equal voice, from the published groups alone."""
    cells = [
        Cell(
            entry.n,
            entry.score.mean,
            basis.headcount(entry.groups),
            entry.opened,
        )
        for entry in basis.published(variable)
        if entry.score.mean is not None
    ]
    return {
        name: {key: value for key, value in score_members(total).items() if key != "n"}
        if total
        else None
        for name, total in (
            ("score_by_headcount", headcount_total(cells)),
            ("score_equal_voice", equal_voice_total(cells)),
        )
    }


def _domain(basis: Basis, domain: Domain, scores: PersonScores) -> tuple[dict[str, Any], Division]:
    named = {"code": domain.code, "label": domain.label}
    kept, least = basis.cells[domain.code], basis.smallest_group
    if not kept.everybody:
        return {**named, **SUPPRESSED}, Division(None, None, None)
    whole = score_of(scores.values, scores.counts)
    interval = published_interval(whole, smallest_group=least)
    answers = basis.sheet.of([item.code for item in domain.items])
    scale = scale_of(basis.survey.instrument, domain)
    product = cross_product(answers, scale)
    agreement = _agreement(scores, scale.points, whole.n, least)
    gaps, between_groups = _between(basis, domain.code)
    division = Division(
        agreement["camps"],
        gaps.surest.points if gaps and gaps.surest else None,
        gaps.surest.p if gaps and gaps.surest else None,
    )
    members = {
        **named,
        **cell(whole, smallest_group=least),
        "band": band(
            interval,
            n=whole.n,
            smallest_group=least,
            response=basis.response,
            random_sample=basis.random_sample,
        ),
        "agreement": agreement["consensus"],
        "polarised": polarised(agreement["camps"]),
        **_reliability(product, domain, scale.points, least),
        **_silence(basis, domain.code, whole),
        "items": _items(basis, domain, answers),
        "cuts": {
            table: cut_cells(
                found,
                smallest_group=least,
                response=basis.response,
                random_sample=basis.random_sample,
            )
            for table, found in kept.tables.items()
            if table != COMPLETE
        },
        "between": between_groups,
        **totals(basis, domain.code),
    }
    return members, division


def _agreement(scores: PersonScores, points: int, n: int, least: int) -> dict[str, float | None]:
    """How far people agree, over person scores folded into the categories of the scale."""
    categories = folded(scores.values, scores.counts, points)
    return {
        "consensus": published_agreement(consensus(categories), n, smallest_group=least),
        "camps": published_agreement(van_der_eijk(categories), n, smallest_group=least),
    }


def _reliability(product: CrossProduct, domain: Domain, points: int, least: int) -> dict[str, Any]:
    found = published_reliability(product)
    turned = tuple(item.reversed for item in domain.items)
    against = reversed_items(product, is_reversed=turned, points=points)
    enough = rests_on_answers(product.n, smallest_group=least)
    return {
        "alpha": two_decimals(found.alpha, found.n, smallest_group=least),
        "alpha_interval": _interval(found.alpha_interval, found.n, least),
        "alpha_negative": found.negative if enough else False,
        "omega": two_decimals(found.omega, found.n, smallest_group=least),
        "omega_interval": _interval(found.omega_interval, found.n, least),
        "reversed_disagree": against.disagree if against and enough else None,
    }


def _interval(found: Interval | None, n: int, least: int) -> dict[str, float] | None:
    shown = two_decimal_interval(found, n, smallest_group=least)
    return None if shown is None else ends(shown.low, shown.high)


def _silence(basis: Basis, variable: str, whole: Score) -> dict[str, Any]:
    """What missing answers could mean: don't know, left out, and people who did not answer."""
    least = basis.smallest_group
    shown = published_score(whole, smallest_group=least)
    complete = basis.cells[variable].tables[COMPLETE].published
    # Of people drawn at random the list of those asked is not the list of the staff.
    staff_list = (
        None
        if basis.random_sample
        else published_interval(whole, smallest_group=least, population=basis.invited)
    )
    bounds = published_nonresponse_bounds(shown, invited=basis.invited) if shown else None
    return {
        "complete_case": cell(complete[0].score, smallest_group=least) if complete else None,
        "interval_of_staff_list": ends(staff_list.low, staff_list.high) if staff_list else None,
        "nonresponse_bounds": ends(*bounds) if bounds else None,
    }


def _items(basis: Basis, domain: Domain, answers: Any) -> list[dict[str, Any]]:
    scale: Scale = basis.survey.instrument.scales[domain.scale]
    histograms = whole_histograms(answers, scale.points)
    worse = domain.higher_is == "worse"
    return [
        {
            "code": item.code,
            "text": item.text,
            "reversed": item.reversed,
            "level": item.level,
            **_item(item_result(histogram, turned=item.reversed != worse), basis.smallest_group),
        }
        for item, histogram in zip(domain.items, histograms, strict=True)
    ]


def _item(found: ItemResult, least: int) -> dict[str, Any]:
    n = found.score.n
    asked = n + found.dont_know + found.not_applicable + found.not_answered
    members: dict[str, Any] = {"score": None, "interval": None}
    if rests_on_answers(n, smallest_group=least):
        shown = cell(found.score, smallest_group=least)
        members |= {name: value for name, value in shown.items() if name != "n"}
    return {
        **members,
        "favourable": share(share_band(found.favourable, n, smallest_group=least)),
        "dont_know": share(share_band(found.dont_know, asked, smallest_group=least)),
        "not_applicable": share(share_band(found.not_applicable, asked, smallest_group=least)),
        "not_answered": share(share_band(found.not_answered, asked, smallest_group=least)),
    }


def _between(basis: Basis, variable: str) -> tuple[between.Gaps | None, dict[str, Any]]:
    """How far published groups differ; nothing where fewer than two are published."""
    entries = basis.published(variable)
    scores = [entry.score for entry in entries]
    least = basis.smallest_group
    found = between.variation(scores) if len(scores) > 1 else None
    if found is None:
        return None, {}
    sizes = [score.n for score in scores]
    correlations = between.intraclass(found)
    gaps = between.tukey_kramer(scores, worth=CONVENTIONS.divided_gap)
    members = {
        "icc1": published_icc(correlations.icc1, sizes, smallest_group=least),
        "icc2": published_icc(correlations.icc2, sizes, smallest_group=least),
        "largest_gap": _gap(gaps.largest, scores, entries, least) if gaps else None,
    }
    return gaps, members


def _gap(
    gap: between.Gap, scores: list[Score], entries: Sequence[PublishedCell], least: int
) -> dict[str, Any] | None:
    higher = published_score(scores[gap.higher], smallest_group=least)
    lower = published_score(scores[gap.lower], smallest_group=least)
    if higher is None or lower is None:
        return None
    shown = published_gap(
        higher, lower, gap.interval, standard_errors=gap.standard_errors, smallest_group=least
    )
    return {
        "higher": list(entries[gap.higher].groups),
        "lower": list(entries[gap.lower].groups),
        "points": shown.gap,
        "interval": ends(shown.interval.low, shown.interval.high),
        "basis": shown.interval.basis,
    }
