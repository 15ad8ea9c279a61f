"""The form in which coefficients and probabilities may be published: two decimals."""

from collections.abc import Sequence
from math import ceil, floor
from typing import Final

from app.scoring.forms import rests_on_answers
from app.scoring.intervals import Interval

# 1.00 would say that all gave one answer; from here to 1 "0.95" is read "0.95 or more".
MOST_AGREEMENT: Final = 0.95


def two_decimals(value: float | None, n: int, *, smallest_group: int) -> float | None:
    """Give alpha, omega, a divergence, a probability or an effect size its public form.

    Args:
        value: The number; None where there is none.
        n: People that it rests on.
        smallest_group: Fewest people a number may rest on.

    Returns:
        The number to two decimals; None below 3 × `smallest_group`.
    """
    if value is None or not rests_on_answers(n, smallest_group=smallest_group):
        return None
    return round(value, 2) + 0.0  # no negative zero


def two_decimal_interval(
    interval: Interval | None, n: int, *, smallest_group: int
) -> Interval | None:
    """Give the interval of such a number its public form.

    Args:
        interval: The interval; None where there is none.
        n: People that it rests on.
        smallest_group: Fewest people a number may rest on.

    Returns:
        The interval, ends outward to two decimals; None below 3 × `smallest_group`.
    """
    if interval is None or not rests_on_answers(n, smallest_group=smallest_group):
        return None
    low, high = floor(round(interval.low * 100, 7)), ceil(round(interval.high * 100, 7))
    return Interval(low / 100, high / 100)


def published_agreement(value: float | None, n: int, *, smallest_group: int) -> float | None:
    """Give consensus, van der Eijk's A or rwg its public form.

    Args:
        value: The coefficient, at most 1; None where there is none.
        n: People that it rests on.
        smallest_group: Fewest people a number may rest on.

    Returns:
        The coefficient to two decimals, at most 0.95; None below 3 × `smallest_group`.
    """
    shown = two_decimals(value, n, smallest_group=smallest_group)
    return None if shown is None else min(shown, MOST_AGREEMENT)


def published_icc(
    value: float | None, sizes: Sequence[int], *, smallest_group: int
) -> float | None:
    """Give an intraclass correlation its public form.

    Args:
        value: ICC(1) or ICC(2); None where there is none.
        sizes: People in each group that it rests on.
        smallest_group: Fewest people a number may rest on.

    Returns:
        The coefficient to two decimals from 0 (a negative estimate says "no difference", and
        so does none: that it cannot be had would tell that all answered alike, or that means
        are equal to the last digit) to 0.95; None when a group is below `smallest_group`, or
        all are below three times it.
    """
    if min(sizes, default=0) < smallest_group:
        return None
    known = 0.0 if value is None else value
    shown = published_agreement(known, sum(sizes), smallest_group=smallest_group)
    return None if shown is None else max(shown, 0.0)
