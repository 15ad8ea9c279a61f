"""A partnership beside others: pooled, drawn towards them, and never one of them alone."""

from math import sqrt

import numpy as np
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st
from statsmodels.stats.meta_analysis import combine_effects

from app.scoring.benchmarks import Figure, comparison, figure, usual_variance
from app.scoring.forms import published_interval, published_score
from app.scoring.intervals import t_quantile
from app.scoring.pooling import between_variance, control_limits, pool, shrunk, standardised
from app.scoring.scores import score_of_moments

VALUES = np.array([3.2, 3.6, 3.9, 3.4, 4.1])
ERRORS = np.array([0.10, 0.15, 0.12, 0.20, 0.18])
K = 10

FIGURES = st.builds(Figure, st.integers(1, 99), st.floats(0.5, 12.0))
PEERS = st.lists(FIGURES, min_size=5, max_size=30)


def columns(figures):
    return np.array([(one.value, one.error) for one in figures], dtype=float).T


def figures(*values, error=5.0):
    return [Figure(value, error) for value in values]


def test_the_worked_example():
    found = pool(VALUES, ERRORS)

    assert found.heterogeneity == pytest.approx(30.683, abs=5e-4)
    assert found.tau_squared == pytest.approx(0.132335, abs=5e-7)
    assert found.value == pytest.approx(3.634467, abs=5e-7)
    drawn = [shrunk(y, se, found) for y, se in zip(VALUES, ERRORS, strict=True)]
    assert drawn == pytest.approx([3.2305, 3.6050, 3.8739, 3.4544, 4.0084], abs=5e-5)
    assert found.weights.sum() == pytest.approx(1)


@pytest.mark.parametrize("count", [5, 9, 30])
@pytest.mark.parametrize("seed", range(5))
def test_the_pool_is_that_of_an_independent_implementation(count, seed):
    random = np.random.default_rng(seed)
    errors = random.uniform(1, 9, count)
    values = 20 + 60 * random.random(count)
    reference = combine_effects(values, errors**2, method_re="dl", use_t=True)
    assert reference.tau2 > 0, "it does not stop at 0 as DerSimonian and Laird do"

    found = pool(values, errors)

    assert found.heterogeneity == pytest.approx(reference.q)
    assert found.tau_squared == pytest.approx(reference.tau2)
    assert found.value == pytest.approx(reference.mean_effect_re)
    assert found.weights == pytest.approx(reference.weights_rel_re)
    # Its Hartung-Knapp error may be below the ordinary one; ours then is the ordinary one.
    ordinary = 1 / sqrt(reference.weights_re.sum())
    error = max(ordinary, reference.sd_eff_w_re_hksj)
    assert found.standard_error == pytest.approx(error)
    low, high = reference.conf_int()[3]
    stretched = error / reference.sd_eff_w_re_hksj * (high - low)
    assert found.interval.high - found.interval.low == pytest.approx(stretched)


def test_partnerships_alike_by_chance_do_not_make_the_interval_narrower():
    found = pool(np.array([50.0, 50, 50, 50, 50]), np.full(5, 5.0))

    assert found.standard_error == pytest.approx(5 / sqrt(5))
    assert found.interval.high - found.value == pytest.approx(t_quantile(4) * 5 / sqrt(5))


def test_the_interval_covers_what_ordinary_limits_do_not():
    """Five partnerships whose true values differ: how often is the true mean enclosed?"""
    random, times, mean, between = np.random.default_rng(20), 1500, 55.0, 6.0
    covered = ordinary = 0
    for _ in range(times):
        errors = 20 / np.sqrt(random.integers(10, 120, 5))
        found = pool(mean + random.normal(0, np.hypot(between, errors)), errors)
        plain = 1.96 / sqrt((1 / (errors**2 + found.tau_squared)).sum())
        covered += found.interval.low <= mean <= found.interval.high
        ordinary += abs(found.value - mean) <= plain

    assert covered / times > 0.935
    assert ordinary / times < 0.90


@given(PEERS, FIGURES)
def test_the_own_value_is_drawn_towards_the_others_and_never_past_them(peers, own):
    found = pool(*columns(peers))

    drawn = shrunk(own.value, own.error, found)

    low, high = sorted((own.value, found.value))
    assert low - 1e-9 <= drawn <= high + 1e-9


@given(PEERS, FIGURES, st.randoms())
def test_what_is_shown_holds_together_whatever_the_order(peers, own, random):
    found = comparison(peers, own)
    assume(found is not None)

    assert found.interval.low <= found.value <= found.interval.high
    assert min(own.value, found.value) <= found.shrunk <= max(own.value, found.value)
    if found.quartiles:
        low, middle, high = found.quartiles
        assert low <= middle <= high
        assert not any(one % 5 for one in found.quartiles)
    if found.limits:
        assert found.limits.outer.low <= found.limits.inner.low <= found.value
        assert found.value <= found.limits.inner.high <= found.limits.outer.high
    random.shuffle(peers)
    assert comparison(peers, own) == found


def test_below_five_nothing_is_said():
    assert comparison(figures(40, 45, 50, 55), Figure(50, 5)) is None
    assert comparison(figures(40, 45, 50, 55, 60), Figure(50, 5)) is not None


def test_nothing_is_said_where_one_counts_for_more_than_half():
    four = figures(50, 50, 50, 50)

    assert comparison([*four, Figure(50, 2.4)], None) is None
    assert comparison([*four, Figure(50, 2.6)], None) is not None


@pytest.mark.parametrize(
    ("count", "quartiles", "limits"),
    [(5, False, False), (9, False, False), (10, True, False), (19, True, False), (20, True, True)],
)
def test_more_is_said_of_more(count, quartiles, limits):
    found = comparison(figures(*range(40, 40 + count)), Figure(50, 5))

    assert (found.quartiles is not None, found.limits is not None) == (quartiles, limits)


def test_without_an_own_score_only_the_others_are_shown():
    found = comparison(figures(*range(40, 60)), None)

    assert found.quartiles == (45, 50, 55)
    assert (found.shrunk, found.limits) == (None, None)


def test_control_limits_leave_room_for_usual_differences():
    plain, wide = control_limits(50, 3, 0), control_limits(50, 3, 16, confidence=0.998)

    assert (plain.low, plain.high) == pytest.approx((50 - 5.8799, 50 + 5.8799), abs=1e-4)
    assert (wide.low, wide.high) == pytest.approx((50 - 15.4512, 50 + 15.4512), abs=1e-4)


@given(PEERS)
def test_uncut_the_usual_variance_is_that_between_partnerships(peers):
    values, errors = columns(peers)
    between = between_variance(float((standardised(values, errors) ** 2).sum()), errors)

    assert usual_variance(values, errors, winsorised=0) == pytest.approx(between)
    assert usual_variance(values, errors) <= between + 1e-9


def test_two_of_twenty_that_stand_out_do_not_widen_the_limits_for_all():
    usual = [*range(41, 59)]

    with_two = comparison(figures(*usual, 1, 99, error=5), Figure(90, 5))
    without = comparison(figures(*usual, 50, 50, error=5), Figure(90, 5))

    assert with_two.limits.inner.high - without.limits.inner.high <= 4
    assert with_two.limits.outer.high < 90


def published(n, mean, spread):
    """The figure of a cell, from its published score and interval alone."""
    cell = score_of_moments(n, mean, spread**2)
    return figure(
        published_score(cell, smallest_group=K), published_interval(cell, smallest_group=K)
    )


def test_where_the_interval_is_fixed_so_is_the_standard_error():
    assert published(16, 52.4, 3) == Figure(52, 25 / 4)
    assert published(16, 52.4, 40) == Figure(52, 25 / 4)


@given(st.integers(30, 900), st.floats(45, 55), st.floats(2, 40))
def test_a_standard_error_lies_in_the_middle_of_what_the_interval_leaves_open(n, mean, spread):
    margin = t_quantile(n - 1) * spread / sqrt(n)
    assume(margin < 30)
    step = 5 if n < 100 else 2 if n < 400 else 1

    found = published(n, mean, spread)

    assert abs(found.error * t_quantile(n - 1) - margin) <= step / 2 + 1e-6


def test_on_average_it_is_the_real_one():
    means = np.linspace(45, 55, 401)

    errors = [published(40, mean, 20).error for mean in means]

    assert np.mean(errors) == pytest.approx(20 / sqrt(40), rel=0.02)


@pytest.mark.parametrize("mean", [3.0, 8.0, 92.0, 99.0])
def test_an_interval_that_was_cut_off_tells_no_standard_error(mean):
    assert published(36, mean, 12).error == 25 / 6


@pytest.mark.parametrize(
    ("values", "errors"), [([50.0], [5.0]), ([50.0, 60.0], [5.0, 0.0]), ([50.0, 60.0], [5.0])]
)
def test_what_cannot_be_pooled_is_refused(values, errors):
    with pytest.raises(ValueError):
        pool(np.array(values), np.array(errors))
