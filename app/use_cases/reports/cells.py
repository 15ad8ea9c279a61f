"""Numbers in the forms in which they may be published, as members of a report."""

from dataclasses import asdict
from typing import Any

from app.scoring.bands import band
from app.scoring.cells import TableCells
from app.scoring.forms import PublishedInterval, PublishedScore, published_interval, published_score
from app.scoring.scores import Score
from app.scoring.shares import ShareBand

SUPPRESSED: dict[str, Any] = {"suppressed": True}


def cell(score: Score, *, smallest_group: int) -> dict[str, Any]:
    """A score with its interval, or that it is suppressed."""
    return _cell(score, published_interval(score, smallest_group=smallest_group), smallest_group)


def score_members(shown: PublishedScore) -> dict[str, Any]:
    """`n`, `score`, and whether the score was clamped."""
    marks = {name: True for name in ("at_least", "at_most") if getattr(shown, name)}
    return {"n": shown.n, "score": shown.score, **marks}


def interval_members(interval: PublishedInterval) -> dict[str, Any]:
    """`interval` and `basis`."""
    return {"interval": ends(interval.low, interval.high), "basis": interval.basis}


def ends(low: float, high: float) -> dict[str, float]:
    """An interval by its ends."""
    return {"from": low, "to": high}


def share(found: ShareBand | None) -> dict[str, float] | None:
    """The band in which a share lies, in percent."""
    return None if found is None else ends(found.low, found.high)


def in_steps(count: int, least: int) -> dict[str, int]:
    """A number of things in whole multiples of the fewest that may be told of."""
    return {"at_least": count // least * least} if count >= least else {"fewer_than": least}


def cut_cells(
    kept: TableCells, *, smallest_group: int, response: float, random_sample: bool
) -> list[dict[str, Any]]:
    """The cells of one variable in one declared cut: published, then suppressed."""
    published = []
    for entry in kept.published:
        interval = published_interval(entry.score, smallest_group=smallest_group)
        members = _cell(entry.score, interval, smallest_group)
        named = (
            None
            if entry.opened
            else band(
                interval,
                n=entry.n,
                smallest_group=smallest_group,
                response=response,
                random_sample=random_sample,
            )
        )
        published.append({"groups": list(entry.groups), **members, "band": named})
    return published + [{"groups": [code], **SUPPRESSED} for code in kept.refused]


def thresholds(settings: Any) -> dict[str, float]:
    """Every threshold as it was used."""
    return dict(asdict(settings))


def _cell(score: Score, interval: PublishedInterval | None, smallest_group: int) -> dict[str, Any]:
    shown = published_score(score, smallest_group=smallest_group)
    if shown is None or interval is None:
        return dict(SUPPRESSED)
    return {**score_members(shown), **interval_members(interval)}
