"""Intervals of means and shares, against published and reckoned figures."""

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


@pytest.mark.parametrize(
    ("count", "n", "low", "high"),
    [(8, 10, 0.490162, 0.943318), (0, 10, 0.0, 0.277533), (18, 24, 0.5510, 0.8800)],
)
def test_wilson_interval(count, n, low, high):
    assert ends(wilson_interval(count, n)) == pytest.approx((low, high), abs=1e-4)


def test_wilson_interval_of_a_finite_population_is_clipped_to_what_the_silent_can_do():
    # n* = 116 gives .664048-.819925, but six silent people can lift 18 of 30 to .80 at most.
    assert ends(wilson_interval(18, 24, population=30)) == pytest.approx((0.664048, 0.80), abs=1e-6)


def test_a_whole_population_leaves_nothing_to_chance():
    assert wilson_interval(3, 12, population=12) == Interval(0.25, 0.25)
    assert mean_interval(60, 20, 12, population=12).standard_error == 0


def test_mean_of_a_finite_population_as_statpsych_gives_it():
    found = mean_interval(24.5, 3.65, 40, population=300)

    assert found.standard_error == pytest.approx(0.5381631, abs=1e-7)
    assert ends(found.interval) == pytest.approx((23.41146, 25.58854), abs=1e-5)


def test_adjusted_wald_interval_of_a_finite_population_as_statpsych_gives_it():
    found = adjusted_wald(12, 100, population=400)

    assert found.value == pytest.approx(0.1346154, abs=1e-7)
    assert found.standard_error == pytest.approx(0.0290208, abs=1e-7)
    assert ends(found.interval) == pytest.approx((0.0777357, 0.1914951), abs=1e-7)


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
