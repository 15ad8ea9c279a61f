"""What a domain is called: an area to celebrate, to develop, or one that divides people."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from app.scoring.forms import PublishedInterval, rests_on_answers

Band = Literal["celebrate", "develop", "middling", "unclear"]


@dataclass(frozen=True, kw_only=True)
class Thresholds:
    """Every cut-off of bands and verdicts. Conventions: nobody has validated them.

    Attributes:
        celebrate_from: Lower end of the interval of an area to celebrate, points.
        develop_to: Upper end of the interval of an area to develop, points.
        middling_from: Lower end of the interval of a middling area, points.
        middling_to: Upper end of the interval of a middling area, points.
        least_response: Share of the invited below which every band is unclear.
        divided_gap: Gap between groups that divides, points.
        divided_chance: Chance of finding such a gap in any domain where there is none.
        polarised_below: Van der Eijk's A below which people are in two camps.
        favourable_from: Lowest of the answers 0-4 of users that counts as favourable.
        unfavourable_to: Highest of the answers 0-4 of users that counts as unfavourable.
        majority: Share of favourable answers that decides importance and delivery, percent.
        contested_below: Consensus below which importance is contested.
        partly_width: Widest interval of the share that still says "partly", points.
        words_below: Number of people below which a report leads with words.
        crosshair: Point of both scales of 0-100 at which the quadrants meet.
        reversed_gap: Gap between reversed and other items that is worth saying, points.
        firm_coding: Krippendorff's alpha from which coding is firm.
        tentative_coding: Krippendorff's alpha from which coding is tentative.
    """

    celebrate_from: float = 65.0
    develop_to: float = 55.0
    middling_from: float = 50.0
    middling_to: float = 70.0
    least_response: float = 0.30
    divided_gap: float = 20.0
    divided_chance: float = 0.05
    polarised_below: float = 0.0
    favourable_from: int = 3
    unfavourable_to: int = 1
    majority: float = 50.0
    contested_below: float = 0.5
    partly_width: float = 30.0
    words_below: int = 20
    crosshair: float = 50.0
    reversed_gap: float = 20.0
    firm_coding: float = 0.80
    tentative_coding: float = 0.667


CONVENTIONS = Thresholds()


@dataclass(frozen=True)
class Division:
    """What a domain shows of camps and gaps.

    Attributes:
        agreement: Van der Eijk's A over all people; None where it may not be shown.
        gap: The surest gap between published groups, points; None for none worth naming.
        p: Its Tukey-Kramer probability within the domain; None with `gap`.
    """

    agreement: float | None
    gap: float | None
    p: float | None


def band(
    interval: PublishedInterval | None,
    *,
    n: int,
    smallest_group: int,
    response: float,
    random_sample: bool = False,
    thresholds: Thresholds = CONVENTIONS,
) -> Band | None:
    """Name the band of a domain from what is published of it.

    Args:
        interval: The published interval of the domain's score; None where there is none.
        n: People that it rests on.
        smallest_group: Fewest people a number may rest on.
        response: Share of the invited who answered, in [0, 1].
        random_sample: The invited were drawn at random.
        thresholds: The cut-offs.

    Returns:
        The band; None below 3 × `smallest_group`. An interval that fits two bands takes the
        first of celebrate, develop, middling.
    """
    if interval is None or not rests_on_answers(n, smallest_group=smallest_group):
        return None
    if response < thresholds.least_response and not random_sample:
        return "unclear"
    if interval.low >= thresholds.celebrate_from:
        return "celebrate"
    if interval.high <= thresholds.develop_to:
        return "develop"
    if interval.low >= thresholds.middling_from and interval.high <= thresholds.middling_to:
        return "middling"
    return "unclear"


def polarised(agreement: float | None, *, thresholds: Thresholds = CONVENTIONS) -> bool:
    """Say whether van der Eijk's A (None: not known) shows two camps."""
    return agreement is not None and agreement < thresholds.polarised_below


def divided(
    domains: Sequence[Division], *, thresholds: Thresholds = CONVENTIONS
) -> tuple[bool, ...]:
    """Say which domains divide people, allowing for the number of domains looked at.

    Args:
        domains: What each domain of the report shows.
        thresholds: The cut-offs.

    Returns:
        For each domain, whether people are in two camps, or groups lie at least
        `divided_gap` apart by more than chance.

    Source:
        Holm, S. (1979). A simple sequentially rejective multiple test procedure. Scandinavian
        Journal of Statistics 6(2), 65-70. A domain without a gap worth naming still counts
        among the tests.
    """
    adjusted = holm_adjusted([1.0 if domain.p is None else domain.p for domain in domains])
    return tuple(
        polarised(domain.agreement, thresholds=thresholds)
        or (
            domain.gap is not None
            and domain.gap >= thresholds.divided_gap
            and p <= thresholds.divided_chance
        )
        for domain, p in zip(domains, adjusted, strict=True)
    )


def holm_adjusted(p_values: Sequence[float]) -> tuple[float, ...]:
    """Adjust probabilities for how many there are.

    Args:
        p_values: Unadjusted probabilities, in [0, 1].

    Returns:
        The adjusted ones, in the same order, in [0, 1].

    Source:
        Holm (1979), as in `divided`.
    """
    adjusted = [0.0] * len(p_values)
    largest = 0.0
    for rank, place in enumerate(sorted(range(len(p_values)), key=p_values.__getitem__)):
        largest = max(largest, min(1.0, (len(p_values) - rank) * p_values[place]))
        adjusted[place] = largest
    return tuple(adjusted)
