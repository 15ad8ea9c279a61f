"""Reliability, and what else follows from the cross-product of a domain."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays
from scipy.special import logit

from app.scoring.codes import NOT_ANSWERED
from app.scoring.domains import DomainScale
from app.scoring.omega import mcdonald_omega, one_factor
from app.scoring.products import cross_product
from app.scoring.reliability import (
    cronbach_alpha,
    reliability_of,
    reversed_items,
)

SIX_PEOPLE = np.array([[int(mark) - 1 for mark in row] for row in
    ("4544", "3323", "5545", "2322", "4434", "3432")], dtype=np.uint8).T  # fmt: skip
FOUR = DomainScale(5, (False,) * 4)
ANSWERS = arrays(
    np.uint8,
    st.tuples(st.integers(3, 5), st.integers(0, 60)),
    elements=st.sampled_from([0, 1, 2, 3, 4, NOT_ANSWERED]),
)


def people(pattern, *, times):
    """Answers of (items, people): one row of `pattern` a person, repeated."""
    return np.array(pattern * times, dtype=np.uint8).T


def test_omega_is_exact_where_one_factor_is_the_whole_truth():
    loadings, uniquenesses = np.array([0.4, 0.9, 1.3, 0.7]), np.array([0.5, 1.0, 0.6, 0.2])
    covariance = np.outer(loadings, loadings) + np.diag(uniquenesses)

    factor = one_factor(covariance)

    np.testing.assert_allclose(factor.loadings, loadings, atol=1e-5)
    np.testing.assert_allclose(factor.uniquenesses, uniquenesses, atol=1e-5)
    expected = 3.3**2 / (3.3**2 + 2.3)
    assert mcdonald_omega(covariance, 100).value == pytest.approx(expected, abs=1e-6)


def test_of_parallel_items_omega_is_alpha_with_its_standard_error():
    items, n = 5, 101
    covariance = np.full((items, items), 0.5) + 0.7 * np.eye(items)
    alpha = cronbach_alpha(covariance)

    omega = mcdonald_omega(covariance, n)

    # Van Zyl, Neudecker & Nel (2000), Psychometrika 65(3), 271-280: the variance of alpha.
    error = (1 - alpha) * np.sqrt(2 * items / ((items - 1) * (n - 1)))
    width = logit(omega.interval.high) - logit(omega.interval.low)
    assert omega.value == pytest.approx(alpha, abs=1e-6)
    assert width / 2 / 1.959964 * alpha * (1 - alpha) == pytest.approx(error, rel=1e-5)


def test_reliability_is_not_estimated_below_three_items_or_thirty_people():
    short = reliability_of(cross_product(SIX_PEOPLE, FOUR))
    narrow = cross_product(people([[0, 1], [4, 3], [2, 2]], times=10), DomainScale(5, (False,) * 2))

    assert (short.n, short.alpha, short.alpha_interval, short.omega) == (6, None, None, None)
    assert reliability_of(narrow).alpha is None


def test_omega_needs_more_people_than_items():
    answers = np.random.default_rng(0).integers(0, 5, (40, 41)).astype(np.uint8)
    scale = DomainScale(5, (False,) * 40)

    few, more = (reliability_of(cross_product(answers[:, :n], scale)) for n in (40, 41))

    assert few.alpha is not None
    assert few.omega is None
    assert 0 <= more.omega <= 1


def test_an_item_that_was_not_turned_makes_alpha_negative():
    forgotten = people([[0, 0, 4], [4, 4, 0], [1, 1, 4], [3, 3, 0]], times=10)

    wrong = reliability_of(cross_product(forgotten, DomainScale(5, (False, False, False))))
    right = reliability_of(cross_product(forgotten, DomainScale(5, (False, False, True))))

    assert (wrong.negative, right.negative) == (True, False)
    assert right.alpha > 0.9


def test_people_who_all_answer_alike_have_no_reliability():
    found = reliability_of(
        cross_product(people([[3, 3, 3]], times=40), DomainScale(5, (False,) * 3))
    )

    assert (found.n, found.alpha, found.omega, found.negative) == (40, None, None, False)


def test_items_that_cancel_each_other_have_no_alpha():
    opposite = people([[0, 4], [4, 0], [1, 3]], times=10)

    product = cross_product(opposite, DomainScale(5, (False,) * 2))

    assert cronbach_alpha(product.covariance) is None


def test_items_that_repeat_each_other_still_have_a_reliability():
    found = reliability_of(
        cross_product(
            people([[0, 0, 0], [4, 4, 4], [1, 1, 1]], times=20), DomainScale(5, (False,) * 3)
        )
    )

    assert found.alpha == pytest.approx(1)
    assert found.omega == pytest.approx(1, abs=0.01)


@settings(deadline=None, max_examples=50)
@given(ANSWERS)
def test_reliability_can_always_be_asked_for(answers):
    found = reliability_of(cross_product(answers, DomainScale(5, (False,) * len(answers))))

    assert found.alpha is None or found.alpha <= 1
    assert found.omega is None or 0 <= found.omega <= 1
    for value, interval in (
        (found.alpha, found.alpha_interval),
        (found.omega, found.omega_interval),
    ):
        assert interval is None or interval.low <= value <= interval.high


@given(ANSWERS, st.integers(0, 60))
def test_cross_products_of_different_people_add_up(answers, cut):
    scale = DomainScale(5, (True,) + (False,) * (len(answers) - 1))

    whole = cross_product(answers, scale)
    one, other = (cross_product(part, scale) for part in (answers[:, :cut], answers[:, cut:]))

    assert whole.n == one.n + other.n
    np.testing.assert_array_equal(whole.sums, one.sums + other.sums)
    np.testing.assert_array_equal(whole.products, one.products + other.products)


def test_nobody_is_a_complete_case():
    nobody = cross_product(np.empty((3, 0), dtype=np.uint8), DomainScale(5, (False,) * 3))

    assert nobody.n == 0


def test_people_who_agree_with_everything_disagree_with_themselves():
    # Two plain items and a reversed one: half agree with all, half go along with all a little.
    agreeable = people([[4, 4, 4], [4, 3, 4], [3, 4, 3], [3, 3, 3]], times=10)
    scale = DomainScale(5, (False, False, True))

    found = reversed_items(
        cross_product(agreeable, scale), is_reversed=scale.reversed_items, points=5
    )

    assert (found.n, found.gap, found.disagree) == (40, -75, True)
    assert found.interval.high < -20
    assert found.correlation < 0


def test_reversed_items_that_tell_the_same_story_are_left_alone():
    consistent = people([[4, 4, 0], [4, 3, 1], [1, 0, 4], [0, 1, 3]], times=10)
    scale = DomainScale(5, (False, False, True))

    found = reversed_items(
        cross_product(consistent, scale), is_reversed=scale.reversed_items, points=5
    )

    assert (found.disagree, found.gap, found.correlation > 0.9) == (False, -3.125, True)


def test_reversed_items_need_others_and_thirty_people():
    product = cross_product(SIX_PEOPLE, FOUR)

    assert reversed_items(product, is_reversed=(False,) * 4, points=5) is None
    assert reversed_items(product, is_reversed=(True,) * 4, points=5) is None
    assert reversed_items(product, is_reversed=(True, False, False, False), points=5) is None
