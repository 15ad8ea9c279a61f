"""What service users and carers say of an outcome: is it right, and is it delivered?"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final, Literal

import numpy as np

from app.scoring.agreement import consensus
from app.scoring.bands import CONVENTIONS, Thresholds
from app.scoring.codes import Counts
from app.scoring.decimals import published_agreement
from app.scoring.shares import ShareBand, share_band, share_interval

Selection = Literal["all", "random", "volunteers", "purposive"]
ImportanceVerdict = Literal["right", "contested", "not_valued", "unknown"]
DeliveryVerdict = Literal["delivered", "partly", "not_delivered", "too_early", "unknown"]

# Only of these can chance be reckoned: the others chose themselves, or were chosen.
_BY_CHANCE: Final = ("all", "random")


@dataclass(frozen=True)
class VoiceShare:
    """A share of a voice, as it may be read.

    Attributes:
        n: People that it is a share of.
        share: The band it lies in.
        interval: Outer edges of the bands touched by its interval; None for people who were
            not chosen by chance.
        of_those_asked: It speaks of those asked and of nobody else.
        words_first: Too few people to lead with figures.
    """

    n: int
    share: ShareBand
    interval: ShareBand | None
    of_those_asked: bool
    words_first: bool


@dataclass(frozen=True)
class Importance:
    """Whether an outcome is the right one.

    Attributes:
        verdict: What follows from the figures as published.
        favourable: Those who call it important, among those it applies to.
        not_about_me: Those it does not apply to, among all who answered; None below k.
        dont_know: Those who do not know, among all who answered; None below k.
        consensus: Agreement on its importance, two decimals; None below 3k.
    """

    verdict: ImportanceVerdict
    favourable: VoiceShare
    not_about_me: ShareBand | None
    dont_know: ShareBand | None
    consensus: float | None


@dataclass(frozen=True)
class Delivery:
    """Whether an outcome is delivered.

    Attributes:
        verdict: What follows from the figures as published, or from the calendar.
        favourable: Those who have it often or always, among those who answered.
        unfavourable: Those who have it never or seldom, among those who answered.
        dont_know: Those who do not know, among all who answered; None below k.
    """

    verdict: DeliveryVerdict
    favourable: VoiceShare
    unfavourable: ShareBand
    dont_know: ShareBand | None


def importance(
    counts: Sequence[int],
    *,
    not_about_me: int,
    dont_know: int,
    selection: Selection,
    smallest_group: int,
    thresholds: Thresholds = CONVENTIONS,
) -> Importance | None:
    """Judge whether a voice finds an outcome the right one.

    Args:
        counts: People by answer, 0 not at all to 4 essential, shape (5,).
        not_about_me: How many said that it is not about them.
        dont_know: How many said that they do not know; they are in no share but their own.
        selection: How the people were chosen.
        smallest_group: Fewest people a number may rest on, at least 5.
        thresholds: The cut-offs.

    Returns:
        The judgement; None where fewer than `smallest_group` rated it.
    """
    histogram = np.asarray(counts, dtype=np.int64)
    favourable = _favourable(histogram, selection, smallest_group, thresholds)
    if favourable is None:
        return None
    agreement = published_agreement(
        consensus(histogram), favourable.n, smallest_group=smallest_group
    )
    everybody = favourable.n + not_about_me + dont_know
    return Importance(
        verdict=_importance_verdict(favourable, agreement, thresholds),
        favourable=favourable,
        not_about_me=share_band(not_about_me, everybody, smallest_group=smallest_group),
        dont_know=share_band(dont_know, everybody, smallest_group=smallest_group),
        consensus=agreement,
    )


def delivery(
    counts: Sequence[int],
    *,
    dont_know: int,
    too_early: bool,
    selection: Selection,
    smallest_group: int,
    thresholds: Thresholds = CONVENTIONS,
) -> Delivery | None:
    """Judge whether a voice finds an outcome delivered.

    Args:
        counts: People by answer, 0 never to 4 always, shape (5,).
        dont_know: How many said that they do not know; they are in no share but their own.
        too_early: The horizon of the outcome has not passed.
        selection: How the people were chosen.
        smallest_group: Fewest people a number may rest on, at least 5.
        thresholds: The cut-offs.

    Returns:
        The judgement; None where fewer than `smallest_group` rated it.
    """
    histogram = np.asarray(counts, dtype=np.int64)
    favourable = _favourable(histogram, selection, smallest_group, thresholds)
    if favourable is None:
        return None
    bad = int(histogram[: thresholds.unfavourable_to + 1].sum())
    unfavourable = share_band(bad, favourable.n, smallest_group=smallest_group)
    if unfavourable is None:
        return None
    verdict = _delivery_verdict(favourable, unfavourable, thresholds)
    return Delivery(
        verdict="too_early" if too_early else verdict,
        favourable=favourable,
        unfavourable=unfavourable,
        dont_know=share_band(dont_know, favourable.n + dont_know, smallest_group=smallest_group),
    )


def _favourable(
    histogram: Counts, selection: Selection, smallest_group: int, thresholds: Thresholds
) -> VoiceShare | None:
    n, good = int(histogram.sum()), int(histogram[thresholds.favourable_from :].sum())
    share = share_band(good, n, smallest_group=smallest_group)
    if share is None:
        return None
    by_chance = selection in _BY_CHANCE
    interval = share_interval(share, n) if by_chance else None
    return VoiceShare(n, share, interval, not by_chance, n < thresholds.words_below)


def _caution(favourable: VoiceShare) -> ShareBand:
    """Return the interval that a verdict has to clear.

    Of people not chosen by chance it is not published, for it encloses nothing beyond them;
    but a verdict must not be easier to reach with them than with a random sample.
    """
    return favourable.interval or share_interval(favourable.share, favourable.n)


def _importance_verdict(
    favourable: VoiceShare, agreement: float | None, thresholds: Thresholds
) -> ImportanceVerdict:
    interval = _caution(favourable)
    if interval.low > thresholds.majority:
        return "right"
    if interval.high < thresholds.majority:
        return "not_valued"
    if agreement is not None and agreement < thresholds.contested_below:
        return "contested"
    return "unknown"


def _delivery_verdict(
    favourable: VoiceShare, unfavourable: ShareBand, thresholds: Thresholds
) -> DeliveryVerdict:
    interval = _caution(favourable)
    if interval.low > thresholds.majority:
        return "delivered"
    most_of_the_rest = 2 * unfavourable.middle > 100 - favourable.share.middle
    if interval.high < thresholds.majority and most_of_the_rest:
        return "not_delivered"
    return "partly" if interval.high - interval.low <= thresholds.partly_width else "unknown"
