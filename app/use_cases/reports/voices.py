"""What service users and carers say, voice by voice; proxies and advocates apart."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

import numpy as np
from numpy.typing import NDArray

from app.instruments.design import Design, Selection
from app.scoring.codes import DONT_KNOW, NOT_APPLICABLE
from app.scoring.gaps import share_gap
from app.scoring.quadrants import quadrant
from app.scoring.shares import ShareBand, share_band, share_distribution
from app.scoring.verdicts import Delivery, Importance, VoiceShare, delivery, importance
from app.scoring.waves import Sheet
from app.use_cases.reports.cells import SUPPRESSED, ends, share
from app.use_cases.waves import PROXIES, Wave

_POINTS = 5
_DIRECTIONS = ("better", "same", "worse", "too_soon")
_JOINT = ("no", "partly", "mostly")
# The year by which an outcome's horizon has passed, counted from when the partnership was formed.
_YEARS = {"0-1y": 1, "1-3y": 3, "3-10y": 10, "10y+": 15}


@dataclass(frozen=True)
class Voice:
    """One voice as it is reported.

    Attributes:
        code: The declared voice, or that of the proxies for an audience.
        rows: Which rows of the sheets are its, shape (n,).
    """

    code: str
    label: dict[str, str]
    audience: str
    selection: Selection
    invited: int | None
    rows: NDArray[np.bool_]

    @property
    def answered(self) -> int:
        """How many answered."""
        return int(self.rows.sum())


def voices_of(design: Design, wave: Wave | None) -> list[Voice]:
    """Every declared voice in person, then proxies for each audience."""
    sheet = wave.sheets.get("verdicts") if wave else None
    declared = [
        Voice(
            voice.code,
            voice.label,
            voice.audience,
            voice.selection,
            voice.invited,
            _rows(sheet, voice.code),
        )
        for voice in design.voices
    ]
    audiences = sorted({voice.audience for voice in design.voices})
    proxies = [
        Voice(
            f"{PROXIES}:{audience}",
            {"en": "Proxies and advocates", "cy": "Dirprwyon ac eiriolwyr"},
            audience,
            "purposive",
            None,
            _rows(sheet, f"{PROXIES}:{audience}"),
        )
        for audience in audiences
    ]
    return [*declared, *(voice for voice in proxies if voice.answered)]


def too_early(horizon: str | None, formed_on: date | None, today: date) -> bool:
    """Whether an outcome's horizon, counted from `formed_on`, has not passed."""
    if horizon is None or formed_on is None:
        return False
    year = formed_on.year + _YEARS[horizon]
    return today < date(year, formed_on.month, min(formed_on.day, 28))


def verdicts(
    voice: Voice, sheet: Sheet | None, outcome: str, *, early: bool, least: int, seed: int
) -> dict[str, Any]:
    """What one voice says of one outcome."""
    named = {"voice": voice.code, "audience": voice.audience}
    if sheet is None or f"{outcome}.importance" not in sheet.columns:
        return {**named, **SUPPRESSED}
    columns = {
        name: sheet.column(f"{outcome}.{name}")[voice.rows]
        for name in ("importance", "delivered", "expected", "direction", "joint", "top")
    }
    right = _importance(columns["importance"], voice, least)
    done = _delivery(columns["delivered"], voice, least, early=early)
    if right is None and done is None:
        return {**named, **SUPPRESSED}
    place = quadrant(_both(columns), seed=seed, smallest_group=least)
    return {
        **named,
        "importance": _right(right),
        "delivered": _done(done),
        "expected": share(_favourable(columns["expected"], least)),
        "direction": _distribution(columns["direction"], _DIRECTIONS, least),
        "joint": _distribution(columns["joint"], _JOINT, least),
        "top": share(top_share(columns["top"], least)),
        "quadrant": place and {"name": place.name, "probability": place.probability},
    }


def top_share(column: NDArray[np.uint8], least: int) -> ShareBand | None:
    """The share that put an outcome among their three, of those who named any."""
    named = column[column <= 1]
    return share_band(int(named.sum()), int(named.size), smallest_group=least)


def top_gap(
    first: NDArray[np.uint8], second: NDArray[np.uint8], least: int
) -> dict[str, Any] | None:
    """How far two groups differ in putting an outcome among their three, in points."""
    one, other = top_share(first, least), top_share(second, least)
    if one is None or other is None:
        return None
    found = share_gap(one, int((first <= 1).sum()), other, int((second <= 1).sum()))
    return {
        "points": ends(found.low, found.high),
        "interval": ends(found.interval_low, found.interval_high),
    }


def rated(sheet: Sheet | None, voice: Voice, least: int) -> dict[str, Any] | None:
    """The share of a voice that answered 3 or 4 to each question of a part."""
    if sheet is None:
        return None
    found = {
        name: share(_favourable(sheet.column(name)[voice.rows], least)) for name in sheet.columns
    }
    return found if any(found.values()) else None


def _rows(sheet: Sheet | None, code: str) -> NDArray[np.bool_]:
    if sheet is None or code not in sheet.groups:
        return np.zeros(0 if sheet is None else len(sheet.group_of_row), dtype=bool)
    rows: NDArray[np.bool_] = sheet.group_of_row == sheet.groups.index(code)
    return rows


def _counts(column: NDArray[np.uint8], size: int = _POINTS) -> NDArray[np.int64]:
    return np.bincount(column, minlength=256)[:size].astype(np.int64)


def _importance(column: NDArray[np.uint8], voice: Voice, least: int) -> Importance | None:
    return importance(
        _counts(column).tolist(),
        not_about_me=int((column == NOT_APPLICABLE).sum()),
        dont_know=int((column == DONT_KNOW).sum()),
        selection=voice.selection,
        smallest_group=least,
    )


def _delivery(
    column: NDArray[np.uint8], voice: Voice, least: int, *, early: bool
) -> Delivery | None:
    return delivery(
        _counts(column).tolist(),
        dont_know=int((column == DONT_KNOW).sum()),
        too_early=early,
        selection=voice.selection,
        smallest_group=least,
    )


def _both(columns: dict[str, NDArray[np.uint8]]) -> NDArray[np.int64]:
    """People by importance (rows) and delivery (columns), of those who rated both."""
    rated_both = (columns["importance"] < _POINTS) & (columns["delivered"] < _POINTS)
    cells = columns["importance"][rated_both].astype(int) * _POINTS
    cells += columns["delivered"][rated_both]
    return np.bincount(cells, minlength=_POINTS**2).reshape(_POINTS, _POINTS).astype(np.int64)


def _favourable(column: NDArray[np.uint8], least: int) -> ShareBand | None:
    counts = _counts(column)
    return share_band(int(counts[3:].sum()), int(counts.sum()), smallest_group=least)


def _distribution(
    column: NDArray[np.uint8], names: Sequence[str], least: int
) -> dict[str, Any] | None:
    shares = share_distribution(_counts(column, len(names)), smallest_group=least)
    if shares is None:
        return None
    return {name: share(band) for name, band in zip(names, shares, strict=True)}


def _favoured(found: VoiceShare) -> dict[str, Any]:
    return {
        "n": found.n,
        "share": share(found.share),
        "interval": share(found.interval),
        "of_those_asked": found.of_those_asked,
        "words_first": found.words_first,
    }


def _right(found: Importance | None) -> dict[str, Any]:
    if found is None:
        return {"verdict": "unknown", **SUPPRESSED}
    return {
        "verdict": found.verdict,
        **_favoured(found.favourable),
        "not_about_me": share(found.not_about_me),
        "dont_know": share(found.dont_know),
        "consensus": found.consensus,
    }


def _done(found: Delivery | None) -> dict[str, Any]:
    if found is None:
        return {"verdict": "unknown", **SUPPRESSED}
    return {
        "verdict": found.verdict,
        **_favoured(found.favourable),
        "unfavourable": share(found.unfavourable),
        "dont_know": share(found.dont_know),
    }
