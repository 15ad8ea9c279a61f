"""Published shares: bands that never point at one person."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.scoring.shares import (
    ShareBand,
    counts_in,
    share_band,
    share_distribution,
    share_interval,
    share_width,
)

K = 10
COUNTS = st.integers(K, 600).flatmap(lambda n: st.tuples(st.integers(0, n), st.just(n)))


@pytest.mark.parametrize(
    ("n", "width"),
    [(5, 50), (8, 25), (10, 20), (19, 20), (20, 10), (40, 5), (100, 2), (200, 1), (5000, 1)],
)
def test_a_band_is_as_wide_as_two_people(n, width):
    assert share_width(n) == width


@pytest.mark.parametrize(
    ("count", "n", "low", "high"),
    [(7, 10, 60, 80), (8, 10, 80, 100), (10, 10, 80, 100), (0, 10, 0, 20), (29, 40, 70, 75)],
)
def test_a_share_is_shown_as_its_band(count, n, low, high):
    assert share_band(count, n, smallest_group=K) == ShareBand(low, high)


@given(COUNTS)
def test_every_band_stands_for_two_counts_or_more_its_own_among_them(counts):
    count, n = counts

    fewest, most = counts_in(share_band(count, n, smallest_group=K), n)

    assert fewest <= count <= most
    assert most > fewest
    assert share_band(fewest, n, smallest_group=K) == share_band(most, n, smallest_group=K)


@given(COUNTS)
def test_the_interval_holds_the_band_and_is_alike_for_all_that_it_stands_for(counts):
    count, n = counts
    band = share_band(count, n, smallest_group=K)

    interval = share_interval(band, n)

    assert 0 <= interval.low <= band.low < band.high <= interval.high <= 100
    assert interval.low % share_width(n) == interval.high % share_width(n) == 0


def test_the_interval_does_not_tell_ten_of_ten_from_eight_of_ten():
    assert share_interval(ShareBand(80, 100), 10) == ShareBand(40, 100)


def test_a_distribution_needs_three_times_the_smallest_group():
    assert share_distribution(np.array([9, 10, 10]), smallest_group=K) is None
    assert share_distribution(np.array([0, 10, 20]), smallest_group=K) == (
        ShareBand(0, 10),
        ShareBand(30, 40),
        ShareBand(60, 70),
    )


def test_below_the_smallest_group_no_share_is_shown():
    assert share_band(0, 0, smallest_group=K) is None
    assert share_band(9, 9, smallest_group=K) is None
