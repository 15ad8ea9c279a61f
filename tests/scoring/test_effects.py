"""How large a difference is beside the differences between people."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.stats import brunnermunzel, mannwhitneyu

from app.scoring.cells import PublishedCell
from app.scoring.effects import (
    hedges_g,
    standardised_difference,
    superiority,
    superiority_estimate,
)
from app.scoring.scores import Score, distribution_of, score_of

EARLIER = (32, 39, 26, 35, 43, 27, 40, 37, 34, 29)
LATER = (36, 44, 47, 42, 49, 39, 46, 31, 33, 48)
VALUES = st.lists(st.integers(0, 20).map(lambda step: 5.0 * step), min_size=2, max_size=30)


def cell(values):
    distinct, counts = distribution_of(np.array(values, dtype=float))
    return PublishedCell(("whole",), tuple(distinct.tolist()), tuple(counts.tolist()))


def test_superiority_of_the_two_vectors_of_the_r_package_statpsych():
    assert superiority(cell(EARLIER), cell(LATER)).value == pytest.approx(0.795)


def test_its_standard_error_is_that_of_hanley_and_mcneil_and_close_to_brunner_and_munzel():
    found = superiority(cell(EARLIER), cell(LATER))

    others = 0.795 / 1.205 - 0.795**2, 2 * 0.795**2 / 1.795 - 0.795**2
    expected = ((0.795 * 0.205 + 9 * sum(others)) / 100) ** 0.5
    assert found.standard_error == pytest.approx(expected)
    # statpsych 1.0 prints 0.1402: it takes the ranks in the order in which the scores are listed.
    sorted_ranks = 0.295 / abs(brunnermunzel(EARLIER, LATER).statistic)
    assert found.standard_error == pytest.approx(sorted_ranks, abs=1e-3)


def test_its_interval_ends_where_the_estimate_would_just_be_too_far_away():
    found = superiority_estimate(0.795, 10, 10)

    for end in (found.interval.low, found.interval.high):
        away = 1.959964 * superiority_estimate(end, 10, 10).standard_error
        assert abs(end - 0.795) == pytest.approx(away, abs=1e-6)
    assert (found.interval.low, found.interval.high) == pytest.approx((0.5365, 0.9228), abs=1e-4)


@pytest.mark.parametrize(("chance", "low", "high"), [(0.0, 0.0, 0.2), (1.0, 0.8, 1.0)])
def test_groups_that_do_not_overlap_are_not_surely_apart(chance, low, high):
    interval = superiority_estimate(chance, 20, 20).interval

    assert low <= interval.low < interval.high <= high


@given(VALUES, VALUES)
def test_superiority_is_the_mann_whitney_statistic_and_turns_with_the_rounds(earlier, later):
    found = superiority(cell(earlier), cell(later))

    wins = mannwhitneyu(later, earlier).statistic
    assert found.value == pytest.approx(wins / (len(earlier) * len(later)))
    back = superiority(cell(later), cell(earlier))
    assert back.value == pytest.approx(1 - found.value)
    assert back.interval.low == pytest.approx(1 - found.interval.high)
    assert 0 <= found.interval.low <= found.value <= found.interval.high <= 1


def test_a_standardised_difference_and_hedges_correction_as_published():
    before, after = Score(30, 26.7, 6.98, None), Score(30, 35.1, 7.32, None)

    assert standardised_difference(before, after) == pytest.approx(1.174493, abs=1e-6)
    assert hedges_g(before, after) == pytest.approx(1.159240, abs=1e-6)


@pytest.mark.parametrize(
    ("before", "after"),
    [
        (score_of(np.array([50.0, 50.0])), score_of(np.array([75.0, 75.0]))),
        (Score(0, None, None, None), score_of(np.array([25.0, 75.0]))),
    ],
)
def test_without_any_spread_or_anybody_nothing_is_standardised(before, after):
    assert standardised_difference(before, after) is None
    assert hedges_g(before, after) is None
