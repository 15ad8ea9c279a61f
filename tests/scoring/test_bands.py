"""What a domain is called, from what is published of it."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.scoring.bands import Division, Thresholds, band, divided, holm_adjusted, polarised
from app.scoring.forms import PublishedInterval

QUIET = Division(agreement=0.4, gap=None, p=None)


def named(low, high, *, n=60, response=0.6, **settings):
    interval = PublishedInterval(low, high, "answers")
    return band(interval, n=n, smallest_group=10, response=response, **settings)


@pytest.mark.parametrize(
    ("low", "high", "expected"),
    [
        (65, 75, "celebrate"),
        (64, 75, "unclear"),
        (40, 55, "develop"),
        (40, 56, "unclear"),
        (50, 70, "middling"),
        (49, 70, "unclear"),
        (50, 71, "unclear"),
        (65, 70, "celebrate"),
        (50, 55, "develop"),
    ],
)
def test_a_band_needs_the_whole_interval(low, high, expected):
    assert named(low, high) == expected


def test_no_band_below_three_times_the_smallest_group():
    assert named(70, 80, n=29) is None
    assert band(None, n=60, smallest_group=10, response=1) is None


def test_few_answers_make_everything_unclear_unless_people_were_drawn_at_random():
    assert named(70, 80, response=0.29) == "unclear"
    assert named(70, 80, response=0.29, random_sample=True) == "celebrate"


def test_cut_offs_are_settings():
    assert named(60, 70, thresholds=Thresholds(celebrate_from=60)) == "celebrate"


def test_two_camps_divide_a_domain():
    camps = Division(agreement=-0.1, gap=None, p=None)

    assert divided([camps, QUIET]) == (True, False)
    assert not polarised(None)


def test_a_gap_divides_if_it_is_large_and_survives_the_number_of_domains():
    sure, doubtful = Division(0.4, 22.0, 0.004), Division(0.4, 22.0, 0.02)
    small = Division(0.4, 19.0, 0.0001)

    assert divided([sure, doubtful, small, *[QUIET] * 7]) == (True, False, False) + (False,) * 7
    assert divided([doubtful, QUIET]) == (True, False)


def test_holm_adjusts_step_by_step():
    assert holm_adjusted([0.01, 0.04, 0.03, 0.005]) == pytest.approx((0.03, 0.06, 0.06, 0.02))
    assert holm_adjusted([]) == ()


@given(st.lists(st.floats(0, 1), max_size=8))
def test_adjusted_probabilities_keep_their_order_and_never_shrink(p_values):
    adjusted = holm_adjusted(p_values)

    assert all(p <= q <= 1 for p, q in zip(p_values, adjusted, strict=True))
    assert sorted(adjusted) == [q for _, q in sorted(zip(p_values, adjusted, strict=True))]
