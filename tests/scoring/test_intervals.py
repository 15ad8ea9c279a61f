"""Intervals of means and shares: what they must hold, of samples and of staff lists."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.scoring.intervals import (
    Interval,
    adjusted_wald,
    mean_interval,
    nonresponse_bounds,
    wilson_interval,
)

COUNTS = st.integers(1, 300).flatmap(lambda n: st.tuples(st.integers(0, n), st.just(n)))


def ends(interval):
    return interval.low, interval.high


def test_a_whole_population_leaves_nothing_to_chance():
    assert wilson_interval(3, 12, population=12) == Interval(0.25, 0.25)
    assert mean_interval(60, 20, 12, population=12).standard_error == 0


@given(COUNTS, st.integers(0, 200))
def test_every_interval_of_a_share_holds_it_and_stays_within_0_and_1(counts, silent):
    count, n = counts

    for interval in (wilson_interval(count, n), wilson_interval(count, n, population=n + silent)):
        assert 0 <= interval.low <= count / n <= interval.high <= 1


def test_the_silent_might_all_think_the_worst_or_the_best():
    assert ends(nonresponse_bounds(75, 60, 100)) == (45, 85)
    assert ends(nonresponse_bounds(0.75, 24, 30, best=1)) == pytest.approx((0.6, 0.8))
    assert ends(nonresponse_bounds(0, 0, 10)) == (0, 100)


def test_too_few_people_have_no_interval():
    assert mean_interval(50, 0, 1) is None
    assert wilson_interval(0, 0) is None


@pytest.mark.parametrize(
    "impossible",
    [
        lambda: wilson_interval(5, 4),
        lambda: adjusted_wald(-1, 4, population=9),
        lambda: wilson_interval(1, 4, population=3),
        lambda: mean_interval(50, 10, 4, population=3),
        lambda: nonresponse_bounds(50, 4, 3),
    ],
)
def test_more_people_than_there_are_is_refused(impossible):
    with pytest.raises(ValueError):
        impossible()
