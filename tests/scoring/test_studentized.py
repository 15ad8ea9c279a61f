"""How far apart the outermost of several means lie by chance."""

from math import sqrt

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.stats import studentized_range, ttest_ind

from app.scoring.studentized import range_chance, range_quantile


@pytest.mark.parametrize(
    ("groups", "freedom", "quantile"),
    [(4, 5, 5.218), (3, 10, 3.877), (6, 12, 4.750), (5, 20, 4.232), (10, 30, 4.824)],
)
def test_the_quantiles_of_the_printed_tables(groups, freedom, quantile):
    # Harter, H. L. (1960). Annals of Mathematical Statistics 31(4), 1122-1147.
    assert range_quantile(groups, freedom) == pytest.approx(quantile, abs=6e-4)


@pytest.mark.parametrize("groups", [2, 3, 12, 60])
@pytest.mark.parametrize("freedom", [1, 2, 5, 30, 4000])
def test_the_same_chances_as_scipy(groups, freedom):
    for distance in (0.5, 3.0, 4.5, 9.0, 30.0):
        expected = studentized_range.sf(distance, groups, freedom)
        assert range_chance(distance, groups, freedom) == pytest.approx(expected, abs=1e-7)


@pytest.mark.parametrize("groups", [2, 7, 40, 300])
@pytest.mark.parametrize("freedom", [1, 4, 25, 900, 1_000_000])
def test_the_quantile_leaves_one_in_twenty_beyond_it(groups, freedom):
    chance = range_chance(range_quantile(groups, freedom), groups, freedom)

    assert chance == pytest.approx(0.05, abs=1e-9)


def test_two_groups_are_students_test():
    one, other = [50.0, 62.5, 75.0, 37.5], [25.0, 50.0, 37.5, 12.5]

    student = ttest_ind(one, other)

    distance = abs(student.statistic) * sqrt(2)
    assert range_chance(distance, 2, 6) == pytest.approx(student.pvalue, abs=1e-7)


@settings(deadline=None)
@given(st.floats(0, 60), st.floats(0, 60), st.integers(2, 40), st.integers(1, 10_000))
def test_what_lies_further_apart_is_rarer(one, other, groups, freedom):
    nearer, further = sorted((one, other))

    rarer = range_chance(further, groups, freedom)

    assert 0 <= rarer <= range_chance(nearer, groups, freedom) + 1e-9 <= 1 + 1e-9
