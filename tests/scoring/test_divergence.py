"""How differently groups spread over the same choices."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays
from scipy.spatial.distance import jensenshannon

from app.scoring.divergence import divergence


def test_divergence_of_two_groups_as_scipy_has_it():
    counts = np.array([[10, 20, 5], [12, 3, 40]])

    found = divergence(counts, seed=1, draws=500)

    assert found.bits == pytest.approx(jensenshannon(counts[0], counts[1], base=2) ** 2)
    assert found.p == pytest.approx(1 / 501)


def test_groups_that_share_nothing_are_as_far_apart_as_can_be():
    assert divergence(np.eye(4, dtype=np.int64) * 20, seed=1).bits == pytest.approx(2)


def test_seven_small_groups_of_one_mind_diverge_by_chance():
    generator = np.random.default_rng(3)
    chances = [
        divergence(generator.multinomial(12, np.full(6, 1 / 6), size=7), seed=seed, draws=199)
        for seed in range(40)
    ]

    assert np.mean([found.bits for found in chances]) > 0.25
    assert np.mean([found.by_chance for found in chances]) > 0.25
    assert 0.3 < np.mean([found.p for found in chances]) < 0.7


@given(arrays(np.int64, (3, 4), elements=st.integers(0, 9)))
def test_the_order_of_groups_and_choices_does_not_matter(counts):
    one, other = (divergence(table, seed=1, draws=9) for table in (counts, counts[::-1, ::-1]))

    if one is None:
        assert other is None
    else:
        assert one.bits == pytest.approx(other.bits, abs=1e-12)
        assert 0 < one.p <= 1


def test_groups_that_chose_alike_do_not_diverge():
    found = divergence(np.array([[10, 20], [5, 10]]), seed=1, draws=50)

    assert found.bits == pytest.approx(0, abs=1e-12)
    assert found.p == 1


def test_one_group_cannot_diverge():
    assert divergence(np.array([[3, 4], [0, 0]]), seed=1) is None
