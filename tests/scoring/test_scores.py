"""The score of a cell, from people or from a histogram of people."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.scoring.intervals import Interval
from app.scoring.scores import Score, distribution_of, score_of, scores_by_group

VALUES = st.lists(
    st.sampled_from([0.0, 12.5, 100 / 3, 50.0, 87.5, 100.0, float("nan")]), max_size=30
)


def test_a_score_counts_each_person_once():
    found = score_of(np.array([50.0, 75.0, 100.0, np.nan]))

    assert (found.n, found.mean, found.spread) == (3, 75.0, 25.0)
    # t with 2 degrees of freedom reaches 4.302653 standard errors.
    assert found.interval.low == pytest.approx(75 - 4.302653 * 25 / 3**0.5, abs=1e-5)


@given(VALUES)
def test_a_histogram_scores_like_the_people_it_was_made_of(values):
    people = np.array(values, dtype=np.float64)

    one, other = score_of(people), score_of(*distribution_of(people))

    assert one.n == other.n
    assert one.mean == pytest.approx(other.mean)
    assert one.spread == pytest.approx(other.spread, abs=1e-9)


@given(VALUES)
def test_every_group_scores_as_if_it_were_alone(values):
    people, groups = np.array(values, dtype=np.float64), np.arange(len(values)) % 4

    found = scores_by_group(people, groups, 5)

    for group, score in enumerate(found):
        alone = score_of(people[groups == group])
        assert score.n == alone.n
        assert score.mean == pytest.approx(alone.mean)
        assert score.spread == pytest.approx(alone.spread, abs=1e-9)


@given(VALUES)
def test_the_mean_lies_within_its_interval(values):
    found = score_of(np.array(values, dtype=np.float64))

    assert found.interval is None or found.interval.low <= found.mean <= found.interval.high


def test_nobody_has_no_score_and_one_person_no_spread():
    assert score_of(np.array([])) == Score(0, None, None, None)
    assert score_of(np.array([25.0]), np.array([0])) == Score(0, None, None, None)
    assert score_of(np.array([25.0])) == Score(1, 25.0, None, None)


def test_people_who_agree_have_no_spread_at_all():
    value = 100 / 3

    assert score_of(np.full(7, value)) == Score(7, value, 0.0, Interval(value, value))
