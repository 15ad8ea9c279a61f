"""The parts of a health report that stand beside the domains: each over everybody, uncut."""

from collections import Counter
from collections.abc import Mapping
from typing import Any

from app.instruments import codes
from app.instruments.answers import Survey
from app.instruments.model import Scale
from app.scoring.domains import DomainScale, person_scores
from app.scoring.drivers import DriverGap, driver_gap, frame_gaps
from app.scoring.forms import published_score
from app.scoring.gaps import published_gap
from app.scoring.importance import shared_points
from app.scoring.items import item_result, whole_histograms
from app.scoring.scores import score_of
from app.scoring.shares import share_band, share_distribution
from app.scoring.waves import Sheet
from app.use_cases.reports.cells import cell, ends, share

Sheets = Mapping[str, Sheet]


def context(survey: Survey, sheets: Sheets, least: int) -> list[dict[str, Any]]:
    """Each item of the context."""
    asked = survey.instrument.context
    if asked is None or "context" not in sheets:
        return []
    scale = survey.instrument.scales[asked.scale]
    return [
        {
            "code": item.code,
            "text": item.text,
            **_scored(sheets["context"], item.code, scale, least, turned=item.reversed),
        }
        for item in asked.items
    ]


def criterion(survey: Survey, sheets: Sheets, least: int) -> dict[str, Any] | None:
    """What staff say has become of services since the partnership began."""
    asked = survey.instrument.overall
    if asked is None or "overall" not in sheets:
        return None
    scale = survey.instrument.scales[asked.scale]
    return {"text": asked.text, **_scored(sheets["overall"], "overall", scale, least)}


def levels(survey: Survey, sheet: Sheet, least: int) -> list[dict[str, Any]]:
    """Scores of the structural, organisational and individual items of the index; no bands."""
    found = []
    for level in ("structural", "organisational", "individual"):
        items = [
            (item, domain)
            for domain in survey.domains
            if domain.in_index
            for item in domain.items
            if item.level == level
        ]
        points = {survey.instrument.scales[domain.scale].points for _, domain in items}
        if len(points) != 1:
            continue
        scale = DomainScale(
            points=points.pop(),
            reversed_items=tuple(
                item.reversed != (domain.higher_is == "worse") for item, domain in items
            ),
        )
        scores = person_scores(sheet.of([item.code for item, _ in items]), scale)
        score = score_of(scores.values, scores.counts)
        found.append({"level": level, **cell(score, smallest_group=least)})
    return found


def drivers(survey: Survey, sheets: Sheets, least: int) -> list[dict[str, Any]]:
    """Each reason for the partnership: as officially given, as in practice, and the gap."""
    asked = survey.instrument.drivers
    if asked is None or "drivers" not in sheets:
        return []
    points = survey.instrument.scales[asked.scale].points
    sheet = sheets["drivers"]
    return [
        {
            "code": driver.code,
            "label": driver.label,
            "frame": driver.frame,
            **_gap(
                driver_gap(
                    sheet.of([f"practice.{driver.code}"]),
                    sheet.of([f"official.{driver.code}"]),
                    points=points,
                ),
                least,
            ),
        }
        for driver in asked.items
    ]


def frames(survey: Survey, sheets: Sheets, least: int) -> list[dict[str, Any]]:
    """The four frames of partnership (Dickinson 2010), official against practice."""
    asked = survey.instrument.drivers
    if asked is None or "drivers" not in sheets:
        return []
    sheet = sheets["drivers"]
    found = frame_gaps(
        sheet.of([f"practice.{driver.code}" for driver in asked.items]),
        sheet.of([f"official.{driver.code}" for driver in asked.items]),
        frames=[driver.frame for driver in asked.items],
        points=survey.instrument.scales[asked.scale].points,
    )
    return [
        {
            "frame": frame.frame,
            "single_question": frame.single_question,
            **_gap(frame.result, least),
        }
        for frame in found
    ]


def importance(survey: Survey, sheets: Sheets, least: int) -> list[dict[str, Any]]:
    """The share of their points, of 100, that people gave each domain."""
    if "importance" not in sheets:
        return []
    asked = survey.domains
    points = shared_points(sheets["importance"].of([domain.code for domain in asked]))
    return [
        {
            "code": domain.code,
            "label": domain.label,
            **cell(score_of(given), smallest_group=least),
        }
        for domain, given in zip(asked, points, strict=True)
    ]


def depth(survey: Survey, sheets: Sheets, least: int) -> list[dict[str, Any]]:
    """For each partner, how closely people work with it, and how closely would be right."""
    if "depth" not in sheets:
        return []
    rungs = codes("depth")
    found = []
    for organisation in survey.organisations:
        sides: dict[str, Any] = {}
        for side in ("current", "right"):
            counts = sheets["depth"].counts(f"{organisation}.{side}", len(rungs))
            shares = share_distribution(counts, smallest_group=least)
            sides[side] = shares and {
                rung: share(band) for rung, band in zip(rungs, shares, strict=True)
            }
        found.append({"organisation": organisation, **sides})
    return found


def statements_count(kinds: Counter[str], least: int) -> int:
    """How many statements of outcomes there are, in whole multiples of the smallest group."""
    return kinds["statement"] // least * least


def _scored(
    sheet: Sheet, name: str, scale: Scale, least: int, *, turned: bool = False
) -> dict[str, Any]:
    histogram = whole_histograms(sheet.of([name]), scale.points)[0]
    found = item_result(histogram, turned=turned)
    asked = int(histogram.sum())
    return {
        **cell(found.score, smallest_group=least),
        "favourable": share(share_band(found.favourable, found.score.n, smallest_group=least)),
        "dont_know": share(share_band(found.dont_know, asked, smallest_group=least)),
    }


def _gap(found: DriverGap, least: int) -> dict[str, Any]:
    members = {
        "official": cell(found.official, smallest_group=least),
        "practice": cell(found.practice, smallest_group=least),
    }
    official = published_score(found.official, smallest_group=least)
    practice = published_score(found.practice, smallest_group=least)
    if official is None or practice is None or found.standard_errors is None:
        return {**members, "gap": None}
    shown = published_gap(
        official,
        practice,
        found.gap.interval,
        standard_errors=found.standard_errors,
        smallest_group=least,
    )
    gap = {
        "points": shown.gap,
        "interval": ends(shown.interval.low, shown.interval.high),
        "basis": shown.interval.basis,
    }
    return {**members, "gap": gap}
