"""Published coefficients: two decimals, of enough people."""

import pytest

from app.scoring.decimals import (
    published_agreement,
    published_icc,
    two_decimal_interval,
    two_decimals,
)
from app.scoring.intervals import Interval

K = 10


@pytest.mark.parametrize(("value", "shown"), [(0.8765, 0.88), (-0.001, 0.0), (None, None)])
def test_coefficients_have_two_decimals(value, shown):
    found = two_decimals(value, 30, smallest_group=K)

    assert found == shown
    assert str(found) == str(shown)


def test_coefficients_need_three_times_the_smallest_group():
    assert two_decimals(0.8, 29, smallest_group=K) is None
    assert two_decimal_interval(Interval(0.1, 0.2), 29, smallest_group=K) is None
    assert published_agreement(0.8, 29, smallest_group=K) is None
    assert published_icc(0.1, (10, 19), smallest_group=K) is None
    assert published_icc(0.1, (9, 100), smallest_group=K) is None
    assert published_icc(0.1, (), smallest_group=K) is None


def test_the_ends_of_an_interval_move_outward():
    assert two_decimal_interval(Interval(0.797065, 0.893167), 89, smallest_group=K) == Interval(
        0.79, 0.90
    )
    assert two_decimal_interval(Interval(0.29, 0.57), 89, smallest_group=K) == Interval(0.29, 0.57)
    assert two_decimal_interval(None, 89, smallest_group=K) is None


def test_no_coefficient_says_that_everybody_answered_alike():
    assert published_agreement(1.0, 30, smallest_group=K) == 0.95
    assert published_icc(1.0, (15, 15), smallest_group=K) == 0.95


def test_a_negative_intraclass_correlation_is_no_difference():
    assert published_icc(-3.2, (15, 15), smallest_group=K) == 0
    assert published_icc(0.0881, (15, 15), smallest_group=K) == 0.09
