"""Published scores, intervals and bounds: the forms of the anonymity promise."""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.scoring.forms import (
    PublishedInterval,
    PublishedScore,
    nearest_whole,
    published_interval,
    published_nonresponse_bounds,
    published_score,
    score_range,
)
from app.scoring.scores import score_of_moments

K = 10
CELLS = st.builds(
    score_of_moments, st.integers(K, 900), st.floats(0, 100), variance=st.floats(0, 2500)
)


def shown(n, mean):
    return published_score(score_of_moments(n, mean, 100), smallest_group=K)


def interval(n, mean, spread, **settings):
    return published_interval(score_of_moments(n, mean, spread**2), smallest_group=K, **settings)


def plain(n, score):
    return PublishedScore(n, score, at_least=False, at_most=False)


@pytest.mark.parametrize(
    ("n", "mean", "score", "mark"),
    [
        (10, 62.5, 63, None),
        (10, 62.4, 62, None),
        (10, 80.4, 80, None),
        (10, 81.0, 80, "at_least"),
        (10, 100.0, 80, "at_least"),
        (10, 3.0, 20, "at_most"),
        (30, 93.4, 93, None),
        (30, 94.0, 93, "at_least"),
        (30, 6.0, 7, "at_most"),
        (400, 99.2, 99, None),
    ],
)
def test_a_score_is_whole_and_keeps_away_from_the_ends(n, mean, score, mark):
    found = shown(n, mean)

    assert found == PublishedScore(n, score, mark == "at_least", mark == "at_most")


def test_below_the_smallest_group_nothing_is_shown():
    assert shown(9, 50) is None
    assert interval(9, 50, 20) is None


def test_halves_round_up_however_they_were_summed():
    assert [nearest_whole(value) for value in (0.5, 1.5, 62.5 - 1e-12, -0.5)] == [1, 2, 63, 0]


def test_the_interval_of_a_small_cell_gives_nothing_of_its_spread_away():
    # t with 9 degrees of freedom: 2.262 × 25 / √10 = 17.9
    assert interval(10, 50.3, 3) == interval(10, 49.6, 45) == PublishedInterval(32, 68, "fixed")
    assert interval(29, 50, 3).basis == "fixed"


@pytest.mark.parametrize(
    ("n", "mean", "spread", "low", "high"),
    [
        (30, 62, 20, 50, 70),  # 54.5-69.5
        (100, 62, 20, 58, 66),  # 58.03-65.97
        (400, 62, 20, 60, 64),  # 60.03-63.97
        (400, 62, 30, 59, 65),  # 59.05-64.95
    ],
)
def test_a_real_interval_moves_outward_to_coarse_numbers(n, mean, spread, low, high):
    assert interval(n, mean, spread) == PublishedInterval(low, high, "answers")


@pytest.mark.parametrize(
    ("n", "mean", "low", "high"), [(30, 50, 45, 55), (30, 100, 90, 93), (30, 0, 7, 10)]
)
def test_no_interval_says_that_all_answered_alike(n, mean, low, high):
    assert interval(n, mean, 0) == PublishedInterval(low, high, "answers")


def test_the_interval_of_the_staff_list_shrinks_with_those_still_silent():
    assert interval(10, 50, 3, population=20) == PublishedInterval(37, 63, "fixed")
    assert interval(100, 50, 20, population=120) == PublishedInterval(48, 52, "answers")
    # More answered than are on the list: a letter was lost and issued anew.
    assert interval(31, 52, 20, population=30) == PublishedInterval(50, 55, "answers")


@given(CELLS)
def test_published_numbers_stay_in_range_and_the_interval_holds_the_score(cell):
    score = published_score(cell, smallest_group=K)
    found = published_interval(cell, smallest_group=K)
    lowest, highest = score_range(cell.n)

    assert 200 / cell.n <= lowest <= found.low <= score.score <= found.high <= highest
    assert highest <= 100 - 200 / cell.n
    assert found.low < found.high


def test_what_the_silent_could_make_of_a_score_follows_from_its_published_form():
    clamped = PublishedScore(10, 80, at_least=True, at_most=False)

    assert published_nonresponse_bounds(plain(60, 75), invited=100) == (44, 86)
    assert published_nonresponse_bounds(clamped, invited=20) == (39, 100)
    assert published_nonresponse_bounds(plain(12, 75), invited=10) == (74, 76)


@pytest.mark.parametrize(
    ("at_least", "at_most", "ends"),
    # 59 ± 2.023 × 25 / √40 = 51.0 to 67.0; what is open goes to the end of the range of 40 people.
    [(True, False, (51, 95)), (False, True, (5, 67)), (True, True, (5, 95))],
)
def test_a_score_that_is_open_hides_its_mean_its_spread_and_its_interval(at_least, at_most, ends):
    opened = PublishedScore(40, 59, at_least, at_most)

    for mean, spread in ((30.0, 5.0), (70.0, 30.0)):
        hidden = replace(score_of_moments(40, mean, spread**2), opened=opened)
        found = published_interval(hidden, smallest_group=K)

        assert published_score(hidden, smallest_group=K) == opened
        assert (found.low, found.high, found.basis) == (*ends, "fixed")
