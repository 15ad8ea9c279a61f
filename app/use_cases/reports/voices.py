"""What service users and carers say, voice by voice; proxies and advocates apart."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from app.instruments.design import Design, Selection
from app.scoring.codes import DONT_KNOW, NOT_APPLICABLE, Counts
from app.scoring.gaps import share_gap
from app.scoring.quadrants import quadrant
from app.scoring.shares import ShareBand, share_band, share_distribution
from app.scoring.verdicts import Delivery, Importance, VoiceShare, delivery, importance
from app.scoring.waves import NO_ROWS, Mask, Sheet
from app.use_cases.reports import outcome_words
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
    rows: Mask

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
            sheet.members([voice.code]) if sheet else NO_ROWS,
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
            sheet.members([f"{PROXIES}:{audience}"]) if sheet else NO_ROWS,
        )
        for audience in audiences
    ]
    return [*declared, *proxies]


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
    said = _Said(sheet, voice, outcome, least)
    right, done = said.importance(), said.delivery(early=early)
    if right is None and done is None:
        return {**named, **SUPPRESSED}
    place = quadrant(said.both(), seed=seed, smallest_group=least)
    members = {
        **named,
        "importance": _right(right),
        "delivered": _done(done),
        "expected": share(favourable(said.counts("expected"), least)),
        "direction": said.distribution("direction", _DIRECTIONS),
        "joint": said.distribution("joint", _JOINT),
        "top": share(top_share(said.counts("top", 2), least)),
        "quadrant": place and {"name": place.name, "probability": place.probability},
    }
    return {**members, "summary": outcome_words.verdicts(voice.label, members)}


def top_share(counts: Counts, least: int) -> ShareBand | None:
    """The share that put an outcome among their three, of those who named any."""
    return share_band(int(counts[1]), int(counts.sum()), smallest_group=least)


def top_gap(first: Counts, second: Counts, least: int) -> dict[str, Any] | None:
    """How far two groups differ in putting an outcome among their three, in points."""
    one, other = top_share(first, least), top_share(second, least)
    if one is None or other is None:
        return None
    found = share_gap(one, int(first.sum()), other, int(second.sum()))
    return {
        "points": ends(found.low, found.high),
        "interval": ends(found.interval_low, found.interval_high),
    }


def rated(sheet: Sheet | None, voice: Voice, least: int) -> dict[str, Any] | None:
    """The share of a voice that answered 3 or 4 to each question of a part."""
    if sheet is None:
        return None
    found = {
        name: share(favourable(sheet.counts(name, _POINTS, voice.rows), least))
        for name in sheet.columns
    }
    return found if any(found.values()) else None


def favourable(counts: Counts, least: int) -> ShareBand | None:
    """The share that answered 3 or 4, of those who answered."""
    return share_band(int(counts[3:].sum()), int(counts.sum()), smallest_group=least)


@dataclass(frozen=True)
class _Said:
    """One voice's answers on one outcome."""

    sheet: Sheet
    voice: Voice
    outcome: str
    least: int

    def counts(self, question: str, size: int = _POINTS) -> Counts:
        return self.sheet.counts(f"{self.outcome}.{question}", size, self.voice.rows)

    def both(self) -> Counts:
        importance, delivered = f"{self.outcome}.importance", f"{self.outcome}.delivered"
        return self.sheet.pairs(importance, delivered, _POINTS, self.voice.rows)

    def importance(self) -> Importance | None:
        return importance(
            self.counts("importance").tolist(),
            not_about_me=self._special("importance", NOT_APPLICABLE),
            dont_know=self._special("importance", DONT_KNOW),
            selection=self.voice.selection,
            smallest_group=self.least,
        )

    def delivery(self, *, early: bool) -> Delivery | None:
        return delivery(
            self.counts("delivered").tolist(),
            dont_know=self._special("delivered", DONT_KNOW),
            too_early=early,
            selection=self.voice.selection,
            smallest_group=self.least,
        )

    def distribution(self, question: str, names: Sequence[str]) -> dict[str, Any] | None:
        counts = self.counts(question, len(names))
        shares = share_distribution(counts, smallest_group=self.least)
        if shares is None:
            return None
        return {name: share(band) for name, band in zip(names, shares, strict=True)}

    def _special(self, question: str, code: int) -> int:
        return self.sheet.how_many(f"{self.outcome}.{question}", code, self.voice.rows)


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
