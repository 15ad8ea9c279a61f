"""Change between two rounds: groups are compared, for nobody is followed from one to the next."""

from collections.abc import Sequence
from dataclasses import dataclass
from math import ceil, sqrt
from typing import Final, Literal

from scipy import special

from app.scoring.bands import holm_adjusted
from app.scoring.cells import PublishedCell
from app.scoring.decimals import MOST_AGREEMENT, two_decimal_interval, two_decimals
from app.scoring.effects import hedges_g, superiority, superiority_estimate
from app.scoring.forms import FIXED_SPREAD, PublishedScore, multiple, published_score
from app.scoring.gaps import PublishedGap, ScoreGap, published_gap, score_gap, welch
from app.scoring.intervals import Interval, t_quantile
from app.scoring.scores import Score

Verdict = Literal["better", "worse", "no_sign_yet", "could_not_be_seen"]


@dataclass(frozen=True, kw_only=True)
class ChangeRules:
    """Every cut-off of a comparison of rounds. Conventions: nobody has validated them.

    Attributes:
        chance: Chance of calling any line better or worse where nothing has changed.
        power: Chance of finding the smallest change that could have been shown.
        worth_seeing: Smallest change that a comparison should be able to show, points.
        least_spread: A spread below it counts as this much, points: what is found on less
            would say that nearly all answered alike.
        fixed_spread: The spread that counts where the real one may not be used, points.
    """

    chance: float = 0.05
    power: float = 0.80
    worth_seeing: float = 10.0
    least_spread: float = 10.0
    fixed_spread: float = FIXED_SPREAD


RULES: Final = ChangeRules()


@dataclass(frozen=True)
class EffectSizes:
    """How large a change is beside the differences between people, as it may be read.

    Attributes:
        superiority: Chance that somebody of the later round scores above somebody of the
            earlier one, ties counting half, 0.05-0.95.
        interval: Its 95 % interval, in [0, 1].
        cliffs_delta: The same from -0.9 to 0.9: 2 × `superiority` - 1.
        hedges_g: The change in units of the spread, corrected for small numbers.
    """

    superiority: float
    interval: Interval
    cliffs_delta: float
    hedges_g: float


@dataclass(frozen=True)
class Change:
    """One cell in two rounds.

    Attributes:
        before: Its score in the earlier round, as published.
        after: Its score in the later round, as published.
        gap: The later less the earlier, as it may be read.
        smallest: The smallest change that this comparison could have shown, whole points.
        p: Two-sided probability of such a change by chance; never published, for with the
            change it would give the spread.
        effects: Effect sizes; None where they may not be shown.
    """

    before: PublishedScore
    after: PublishedScore
    gap: PublishedGap
    smallest: int
    p: float
    effects: EffectSizes | None


def change(
    before: PublishedCell,
    after: PublishedCell,
    *,
    smallest_group: int,
    rules: ChangeRules = RULES,
) -> Change | None:
    """Compare a published cell with the same cell of an earlier round.

    Args:
        before: The cell in the earlier round.
        after: The cell in the later round.
        smallest_group: Fewest people a number may rest on: the larger of the two rounds'.
        rules: The cut-offs.

    Returns:
        The change; None where either rests on fewer than `smallest_group`. Where both rest on
        three times as many and neither score was clamped, it is tested and its reach reckoned
        with the real values; else with the scores as published and a spread of 25 points, and
        a change that a clamped score may have made is none.

    Source:
        Welch (1947), as in `app.scoring.gaps`. Somebody who answered both rounds makes the
        test cautious, for two answers of one person are alike.
    """
    first, second = before.score, after.score
    shown_first = published_score(first, smallest_group=smallest_group)
    shown_second = published_score(second, smallest_group=smallest_group)
    real = score_gap(second, first)
    if shown_first is None or shown_second is None or real is None:
        return None
    gap = published_gap(
        shown_second,
        shown_first,
        real.interval,
        standard_errors=real.standard_errors,
        smallest_group=smallest_group,
    )
    on_answers = gap.interval.basis == "answers"
    points, error, freedom = _tested(first, second, real, gap, rules)
    step = multiple(min(first.n, second.n)) if on_answers else 1
    reach = smallest_change(error, freedom, rules=rules)
    return Change(
        shown_first,
        shown_second,
        gap,
        smallest=min(100, step * ceil(round(reach / step, 9))),
        p=2 * float(special.stdtr(freedom, -abs(points) / error)),
        effects=_effects(before, after, smallest_group, rules) if on_answers else None,
    )


def smallest_change(error: float, freedom: float, *, rules: ChangeRules = RULES) -> float:
    """Say how large a change must be to be found with the power asked for.

    Args:
        error: Standard error of the change, points.
        freedom: Its degrees of freedom, above 0.
        rules: `chance` (of one line alone) and `power`.

    Returns:
        The change, points, above 0.

    Source:
        Cohen, J. (1988). Statistical Power Analysis for the Behavioral Sciences, 2nd ed.,
        chapter 2, with t quantiles.
    """
    found = t_quantile(freedom, confidence=1 - rules.chance)
    return (found + t_quantile(freedom, confidence=2 * rules.power - 1)) * error


def change_in_sight(n: int, *, rules: ChangeRules = RULES) -> int:
    """Say what change a next round of as many people could show, at a spread of 25 points.

    Args:
        n: People of each round, at least 2.
        rules: The cut-offs.

    Returns:
        The change, whole points, outward, at most 100.
    """
    reach = smallest_change(FIXED_SPREAD * sqrt(2 / n), 2 * n - 2, rules=rules)
    return min(100, ceil(round(reach, 9)))


def verdicts(changes: Sequence[Change], *, rules: ChangeRules = RULES) -> tuple[Verdict, ...]:
    """Say of each change whether it is one, allowing for how many were looked at.

    Args:
        changes: All lines that are looked at together.
        rules: The cut-offs.

    Returns:
        For each, `better` or `worse` where its adjusted probability is at most `chance`; else
        `could_not_be_seen` where only more than `worth_seeing` points could have been shown;
        else `no_sign_yet`.

    Source:
        Holm (1979), as in `app.scoring.bands`.
    """
    adjusted = holm_adjusted([one.p for one in changes])
    return tuple(_verdict(one, p, rules) for one, p in zip(changes, adjusted, strict=True))


def _tested(
    first: Score, second: Score, real: ScoreGap, gap: PublishedGap, rules: ChangeRules
) -> tuple[float, float, float]:
    """Return the change that is tested, its standard error and its degrees of freedom."""
    if gap.interval.basis == "answers":
        spreads = [max(one.spread or 0.0, rules.least_spread) for one in (first, second)]
        # A change that rounds to none is none, however many people it rests on.
        points = real.points if gap.gap else 0.0
        return points, *welch(spreads[0], first.n, spreads[1], second.n)
    doubtful = gap.at_most if gap.gap > 0 else gap.at_least
    error = FIXED_SPREAD * sqrt(1 / first.n + 1 / second.n)
    return 0.0 if doubtful else float(gap.gap), error, float(first.n + second.n - 2)


def _effects(
    before: PublishedCell, after: PublishedCell, smallest_group: int, rules: ChangeRules
) -> EffectSizes | None:
    first, second, n = before.score, after.score, min(before.n, after.n)
    if min(first.spread or 0.0, second.spread or 0.0) < rules.least_spread:
        return None
    found = superiority(before, after).value
    within = min(max(found, 1 - MOST_AGREEMENT), MOST_AGREEMENT)  # as for agreement
    shown = two_decimals(within, n, smallest_group=smallest_group)
    g = two_decimals(hedges_g(first, second), n, smallest_group=smallest_group)
    if shown is None or g is None:
        return None
    interval = superiority_estimate(shown, before.n, after.n).interval
    reach = two_decimal_interval(interval, n, smallest_group=smallest_group) or interval
    low = reach.low if shown > 1 - MOST_AGREEMENT else 0.0
    high = reach.high if shown < MOST_AGREEMENT else 1.0
    return EffectSizes(shown, Interval(low, high), round(2 * shown - 1, 2) + 0.0, g)


def _verdict(one: Change, p: float, rules: ChangeRules) -> Verdict:
    if p <= rules.chance:
        return "better" if one.gap.gap > 0 else "worse"
    return "could_not_be_seen" if one.smallest > rules.worth_seeing else "no_sign_yet"
