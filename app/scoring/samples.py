"""How many people to invite, so that enough of them answer for a stated precision."""

from bisect import bisect_left
from collections.abc import Sequence
from dataclasses import dataclass
from math import ceil, floor, sqrt
from typing import Final, Literal

from scipy import special

from app.scoring.allocation import allocated
from app.scoring.forms import FIXED_SPREAD
from app.scoring.intervals import CONFIDENCE, mean_interval

Note = Literal["everyone", "floor"]

LIKELY: Final = 0.9  # with this chance the floor brings as many answers as may be shown
EVERYONE_FROM: Final = 0.8  # leaving out the last fifth spares little and tells whom it leaves out
_TIES = 9  # decimals; 278.0 must not become 279 however it was reckoned


@dataclass(frozen=True, kw_only=True)
class Aim:
    """What a sample is to bring.

    Attributes:
        margin: Half-width of the 95 % interval of a share of one half, points, above 0.
        response_rate: Share of the invited who are expected to answer, in (0, 1].
        smallest_group: Fewest answers that may be shown, at least 1.
        floor: Fewest invitations to an organisation, at least 1; None: as many as bring
            `smallest_group` answers with a chance of `LIKELY`.
        everyone_from: Share of an organisation beyond which everybody in it is invited, in (0, 1].

    Raises:
        ValueError: One of them is outside its range.
    """

    margin: float
    response_rate: float
    smallest_group: int
    floor: int | None = None
    everyone_from: float = EVERYONE_FROM

    def __post_init__(self) -> None:
        shares = (self.response_rate, self.everyone_from)
        least = min(self.smallest_group, 1 if self.floor is None else self.floor)
        if not self.margin > 0 or not all(0 < share <= 1 for share in shares) or least < 1:
            raise ValueError("a margin above 0, shares in (0, 1] and a floor of 1 are needed")


@dataclass(frozen=True)
class Expected:
    """What a number of invitations is expected to bring.

    Attributes:
        answers: How many people answer on average.
        chance: Probability that at least `smallest_group` answer, in [0, 1].
        margin: Half-width of the 95 % interval of a share of one half among the staff, points;
            None where too few answers to be shown are expected.
        score_margin: Half-width of the 95 % interval of a score whose people are spread by 25
            points, as reports give it, points of 0-100; None with `margin`.
    """

    answers: float
    chance: float
    margin: float | None
    score_margin: float | None


@dataclass(frozen=True)
class Invited:
    """One organisation's part of a sample.

    Attributes:
        headcount: How many work there.
        invite: How many of them to invite.
        note: "everyone", or "floor" where its share alone would have been fewer.
        expected: What that brings.
    """

    headcount: int
    invite: int
    note: Note | None
    expected: Expected


@dataclass(frozen=True)
class Sample:
    """How many to invite in all, and in each organisation.

    Attributes:
        returns: Fewest answers with the margin that was asked for.
        invitations: How many to invite, the sum over the organisations.
        floor: Fewest invitations that any organisation was to get, itself permitting.
        reached: Whether as many answers are expected as the margin needs.
        expected: What all invitations bring.
        organisations: Each organisation's part, in the order given.
    """

    returns: int
    invitations: int
    floor: int
    reached: bool
    expected: Expected
    organisations: tuple[Invited, ...]


def share_margin(answers: float, population: int) -> float:
    """Say how far a share may be out by chance, whatever it is.

    Args:
        answers: People who answer, above 0 and at most `population`; a mean may be fractional.
        population: People whom they stand for.

    Returns:
        Half-width of the 95 % interval of a share of one half, the widest there is, in points.

    Raises:
        ValueError: Nobody answers, or more than there are.

    Source:
        Cochran, W. G. (1977). Sampling Techniques, 3rd ed., Wiley, section 3.3.
    """
    if not 0 < answers <= population:
        raise ValueError(f"{answers} of {population} cannot have answered")
    unseen = (population - answers) / max(population - 1, 1)
    return _points() * sqrt(unseen / answers)


def returns_needed(population: int, margin: float) -> int:
    """Say how many of a population have to answer.

    Args:
        population: People whom they stand for, at least 1.
        margin: Wanted half-width of the 95 % interval of a share of one half, points, above 0.

    Returns:
        The fewest whose `share_margin` is at most `margin`.

    Raises:
        ValueError: There is nobody, or the margin is not above 0.

    Source:
        Cochran (1977), section 4.4: n0 = z² p q / d², n = n0 / (1 + (n0 - 1) / N).
    """
    return min(population, _whole(_corrected(_infinite(margin), population)))


def invitations_needed(population: int, margin: float, response_rate: float) -> int:
    """Say how many of a population to invite, when some will not answer.

    Args:
        population: People to choose from, at least 1.
        margin: As for `returns_needed`.
        response_rate: Share of the invited who are expected to answer, in (0, 1].

    Returns:
        How many; all of them when even that is too few.

    Raises:
        ValueError: As for `returns_needed`, or nobody is expected to answer.

    Source:
        As the calculator of the Survey of Adult Carers in England (NHS England 2023, appendix
        D), which rounds the size for an infinite population up to whole people before it
        corrects it: of 1,000 people 696 at 40 % for 5 points, one more than the least.
    """
    if not 0 < response_rate <= 1:
        raise ValueError("somebody has to answer")
    rounded_first = _corrected(_whole(_infinite(margin)), population)
    size = max(rounded_first, returns_needed(population, margin))
    return population if size > population * response_rate else _whole(size / response_rate)


def sample(headcounts: Sequence[int], aim: Aim) -> Sample:
    """Say how many to invite in each organisation.

    Args:
        headcounts: How many people work in each organisation, at least 1; shape (organisations,).
        aim: What the sample is to bring.

    Returns:
        The sample. Invitations are shared in proportion to headcounts; an organisation below
        the floor is raised to it, which takes nothing from the others, and where more than
        `everyone_from` of an organisation would be invited, all of it is.

    Raises:
        ValueError: There is no organisation, or one of nobody.

    Source:
        Cochran (1977), section 5.5 (proportional allocation), with a floor for each stratum.
    """
    if not headcounts or min(headcounts) < 1:
        raise ValueError("organisations of one person or more are needed")
    population = sum(headcounts)
    wanted = invitations_needed(population, aim.margin, aim.response_rate)
    least = aim.floor or _likely_floor(aim, max(headcounts))
    invite = allocated(headcounts, wanted, floor=least, everyone_from=aim.everyone_from)
    returns = returns_needed(population, aim.margin)
    expected = _expected(sum(invite), population, aim)
    return Sample(
        returns=returns,
        invitations=sum(invite),
        floor=least,
        reached=round(expected.answers, _TIES) >= returns,
        expected=expected,
        organisations=tuple(
            Invited(
                headcount=people,
                invite=asked,
                note=_note(people, asked, raised=wanted * people < least * population),
                expected=_expected(asked, people, aim),
            )
            for people, asked in zip(headcounts, invite, strict=True)
        ),
    )


def _expected(invited: int, population: int, aim: Aim) -> Expected:
    answers = invited * aim.response_rate
    chance = _chance(invited, aim)
    if round(answers, _TIES) < aim.smallest_group:
        return Expected(answers, chance, None, None)
    score = mean_interval(0.0, FIXED_SPREAD, floor(round(answers, _TIES)))
    half = score.interval.high if score else None
    return Expected(answers, chance, share_margin(min(answers, population), population), half)


def _chance(invited: int, aim: Aim) -> float:
    """Give the chance that as many of the invited answer as may be shown."""
    if invited < aim.smallest_group:
        return 0.0
    return float(special.bdtrc(aim.smallest_group - 1, invited, aim.response_rate))


def _likely_floor(aim: Aim, most: int) -> int:
    """Find the fewest invitations, up to `most`, that are likely to bring enough answers."""
    sizes = range(aim.smallest_group, max(most, aim.smallest_group) + 1)
    return sizes.start + bisect_left(sizes, LIKELY, key=lambda invited: _chance(invited, aim))


def _note(people: int, invite: int, *, raised: bool) -> Note | None:
    if invite == people:
        return "everyone"
    return "floor" if raised else None


def _points() -> float:
    """Give the standard errors, times the spread of a share of one half, in points."""
    return 100 * float(special.ndtri((1 + CONFIDENCE) / 2)) * 0.5


def _infinite(margin: float) -> float:
    if not margin > 0:
        raise ValueError("a margin is above 0")
    return (_points() / margin) ** 2


def _corrected(infinite: float, population: int) -> float:
    if population < 1:
        raise ValueError("a population of nobody has no sample")
    return infinite / (1 + (infinite - 1) / population)


def _whole(value: float) -> int:
    return ceil(round(value, _TIES))
