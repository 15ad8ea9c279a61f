"""How far people agree: what agreement means, whoever they are."""

import numpy as np
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from app.scoring.agreement import (
    answer_variance,
    consensus,
    folded,
    van_der_eijk,
    within_group_agreement,
    within_group_agreement_of_items,
)

HISTOGRAMS = st.lists(st.integers(0, 9), min_size=3, max_size=7).map(np.array)


@given(HISTOGRAMS)
def test_agreement_knows_no_direction_and_no_size(counts):
    assume(counts.any())

    for measure in (consensus, van_der_eijk):
        assert measure(counts[::-1]) == pytest.approx(measure(counts), abs=1e-9)
        assert measure(counts * 3) == pytest.approx(measure(counts), abs=1e-9)
    assert 0 <= consensus(counts) <= 1
    assert -1 <= van_der_eijk(counts) <= 1


@given(HISTOGRAMS, st.data())
def test_two_people_who_meet_half_way_never_lower_consensus(counts, data):
    low = data.draw(st.integers(0, counts.size - 3))
    high = data.draw(st.integers(low + 2, counts.size - 1))
    before = counts.copy()
    before[[low, high]] += 1
    after = counts.copy()
    after[[low + 1]] += 1
    after[[high - 1]] += 1

    assert consensus(after) >= consensus(before) - 1e-12


def test_agreement_of_nobody_or_without_a_scale_is_unknown():
    assert consensus(np.zeros(5, dtype=np.int64)) is None
    assert van_der_eijk(np.zeros(5, dtype=np.int64)) is None
    assert consensus(np.array([4])) is None
    assert van_der_eijk(np.array([4, 4])) is None


def test_more_variance_than_chance_is_no_agreement():
    assert within_group_agreement(4.0, 5) == 0
    assert within_group_agreement_of_items(4.0, 5, items=3) == 0


def test_one_answer_has_no_variance():
    assert answer_variance(np.array([0, 1, 0])) is None


def test_person_scores_fold_into_the_categories_of_their_scale():
    values = np.array([0.0, 12.5, 40.0, 62.5, 90.0])

    assert folded(values, np.array([1, 2, 4, 8, 16]), 5).tolist() == [1, 2, 4, 8, 16]
    assert folded(values, np.array([1, 2, 4, 8, 16]), 3).tolist() == [3, 12, 16]
