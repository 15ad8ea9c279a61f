"""How far two scores or two shares lie apart."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.stats import ttest_ind

from app.scoring.forms import PublishedInterval, PublishedScore
from app.scoring.gaps import ShareGap, published_gap, score_gap, share_difference, share_gap
from app.scoring.intervals import Interval
from app.scoring.scores import Score, score_of
from app.scoring.shares import ShareBand, share_band

K = 10


def plain(n, score):
    return PublishedScore(n, score, at_least=False, at_most=False)


def test_the_gap_of_two_scores_as_scipy_has_it():
    one, other = np.array([50.0, 75.0, 100.0, 75.0, 62.5]), np.array([0.0, 50.0, 25.0])
    reference = ttest_ind(one, other, equal_var=False).confidence_interval()

    found = score_gap(score_of(one), score_of(other))

    assert found.points == pytest.approx(47.5)
    assert (found.interval.low, found.interval.high) == pytest.approx(tuple(reference))
    assert found.standard_errors == pytest.approx(2.446912, abs=1e-6)  # 6 degrees of freedom


def test_a_gap_needs_two_people_on_either_side():
    some = score_of(np.array([50.0, 75.0]))

    assert score_gap(some, Score(1, 50.0, None, None)) is None
    assert score_gap(Score(0, None, None, None), some) is None


def test_voices_without_any_spread_are_apart_by_just_their_gap():
    found = score_gap(score_of(np.array([75.0, 75.0])), score_of(np.array([50.0, 50.0])))

    assert (found.interval.low, found.interval.high) == (25, 25)


def test_the_difference_of_two_shares_as_newcombe_gives_it():
    # Newcombe (1998), table II, method 10, row a.
    found = share_difference(56, 70, 48, 80)

    assert (found.low, found.high) == pytest.approx((0.0524, 0.3339), abs=1e-4)


def test_the_share_of_nobody_is_no_share():
    assert share_difference(0, 0, 1, 2) is None


def test_the_gap_of_two_published_shares():
    # Of 40, 70-75 % is 28 or 29; of 20, 40-50 % is 8 or 9.
    found = share_gap(ShareBand(70, 75), 40, ShareBand(40, 50), 20)

    assert found == ShareGap(low=20, high=35, interval_low=-10, interval_high=60)


@given(st.integers(0, 40), st.integers(0, 25))
def test_the_published_gap_holds_the_real_one_and_its_interval(one, other):
    bands = share_band(one, 40, smallest_group=K), share_band(other, 25, smallest_group=K)

    found = share_gap(bands[0], 40, bands[1], 25)

    real = share_difference(one, 40, other, 25)
    assert found.low <= round(100 * (one / 40 - other / 25), 9) <= found.high
    assert found.interval_low <= 100 * real.low
    assert 100 * real.high <= found.interval_high


def test_a_gap_is_the_difference_of_the_published_scores():
    found = published_gap(
        plain(100, 64), plain(40, 40), Interval(16.2, 31.9), standard_errors=2, smallest_group=K
    )

    assert (found.gap, found.at_least, found.at_most) == (24, False, False)
    assert found.interval == PublishedInterval(15, 35, "answers")


@pytest.mark.parametrize(
    ("first", "second"),
    [
        (plain(12, 64), plain(100, 40)),
        (PublishedScore(100, 64, at_least=True, at_most=False), plain(12, 40)),
    ],
)
def test_the_interval_of_a_gap_tells_nothing_of_small_or_clamped_cells(first, second):
    found = published_gap(first, second, Interval(23.9, 24.1), standard_errors=2, smallest_group=K)

    # 2 × 25 × √(1/100 + 1/12) = 15.3
    assert found.interval == PublishedInterval(8, 40, "fixed")
    assert found.at_least == first.at_least


def test_a_clamped_score_hides_which_way_the_gap_is_larger():
    low = PublishedScore(10, 20, at_least=False, at_most=True)

    up = published_gap(plain(10, 50), low, None, standard_errors=2, smallest_group=K)
    down = published_gap(low, plain(10, 50), None, standard_errors=2, smallest_group=K)

    assert (up.at_least, up.at_most) == (True, False)
    assert (down.at_least, down.at_most) == (False, True)
