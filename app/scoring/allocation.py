"""Share whole things among those who have unequal claims to them."""

from collections.abc import Sequence
from fractions import Fraction
from math import ceil
from math import floor as below


def allocated(
    headcounts: Sequence[int], total: int, *, floor: int, everyone_from: float
) -> list[int]:
    """Share invitations among organisations.

    Args:
        headcounts: People in each organisation, at least 1; shape (organisations,).
        total: Invitations to share in proportion, at most the sum of the headcounts.
        floor: Fewest to an organisation; all of it where it has fewer.
        everyone_from: Share of an organisation beyond which everybody in it is invited.

    Returns:
        Invitations to each organisation, shape (organisations,): never above its headcount.
    """
    population = sum(headcounts)
    quotas = []
    for people in headcounts:
        quota = max(Fraction(total * people, population), Fraction(min(floor, people)))
        quotas.append(Fraction(people) if quota > everyone_from * people else quota)
    return largest_remainders(quotas)


def largest_remainders(quotas: Sequence[Fraction]) -> list[int]:
    """Round numbers so that their sum is the sum of the exact ones, rounded up.

    Args:
        quotas: Exact numbers, at least 0.

    Returns:
        Each number down or up to a whole one; up where most was cut off, the first of equals.
    """
    whole = [below(quota) for quota in quotas]
    seats = ceil(sum(quotas)) - sum(whole)
    order = sorted(range(len(quotas)), key=lambda at: whole[at] - quotas[at])
    for at in order[:seats]:
        whole[at] += 1
    return whole
