"""How many to invite: against published sizes, and what must hold for any organisations."""

from fractions import Fraction

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.stats import binom, hypergeom

from app.scoring.allocation import allocated, largest_remainders
from app.scoring.forms import published_interval
from app.scoring.samples import Aim, invitations_needed, returns_needed, sample, share_margin
from app.scoring.scores import score_of

K = 10
MARGINS = st.floats(1, 25)
RATES = st.floats(0.05, 1)
HEADCOUNTS = st.lists(st.integers(1, 3_000), min_size=1, max_size=12)


def aim(**members):
    return Aim(**{"margin": 5, "response_rate": 0.4, "smallest_group": K} | members)


# The whole.


def test_the_survey_of_adult_carers_of_1000_people():
    # Its guidance: 278 returns for 5 points, 696 to be sent at 40 %, and 4.1 points with 360.
    assert returns_needed(1_000, 5) == 278
    assert invitations_needed(1_000, 5, 0.4) == 696
    assert share_margin(360, 1_000) == pytest.approx(4.13, abs=0.005)


def test_cochrans_correction_for_a_finite_population():
    # 384.15 for a population without end; 384.15 / (1 + 383.15 / 1,000) = 277.7.
    assert returns_needed(10**9, 5) == 385
    assert share_margin(277.7335, 1_000) == pytest.approx(5, abs=1e-5)


@given(st.integers(1, 5_000), MARGINS)
def test_the_returns_needed_are_the_fewest_with_the_margin(population, margin):
    needed = returns_needed(population, margin)

    assert share_margin(needed, population) <= margin + 1e-6
    assert needed == 1 or share_margin(needed - 1, population) > margin - 1e-6


def test_nineteen_samples_in_twenty_are_within_the_margin():
    counts = np.arange(279)
    within = abs(100 * counts / 278 - 50) <= share_margin(278, 1_000)

    assert hypergeom(1_000, 500, 278).pmf(counts)[within].sum() == pytest.approx(0.95, abs=0.01)


@given(st.integers(1, 5_000), MARGINS, RATES)
def test_as_many_answers_are_expected_as_are_needed_or_everybody_is_invited(
    population, margin, rate
):
    invited = invitations_needed(population, margin, rate)

    assert invited == population or invited * rate >= returns_needed(population, margin) - 1e-6
    assert invited * rate <= returns_needed(population, margin) + 1 + rate


@given(HEADCOUNTS, MARGINS, MARGINS, RATES)
def test_more_precision_never_needs_fewer(headcounts, one, other, rate):
    fine, coarse = sorted((one, other))

    first = sample(headcounts, aim(margin=fine, response_rate=rate))
    second = sample(headcounts, aim(margin=coarse, response_rate=rate))

    assert first.returns >= second.returns
    assert first.invitations >= second.invitations


# The organisations.


@given(HEADCOUNTS, MARGINS, RATES, st.none() | st.integers(1, 100), st.floats(0.1, 1))
def test_invitations_sum_up_keep_the_floor_and_never_exceed_a_headcount(
    headcounts, margin, rate, floor, everyone_from
):
    wish = aim(margin=margin, response_rate=rate, floor=floor, everyone_from=everyone_from)
    found = sample(headcounts, wish)
    wanted = invitations_needed(sum(headcounts), margin, rate)

    assert sum(part.invite for part in found.organisations) == found.invitations >= wanted
    for people, part in zip(headcounts, found.organisations, strict=True):
        assert min(found.floor, people) <= part.invite <= part.headcount == people
        assert part.invite == people or part.invite <= everyone_from * people + 1
        assert part.invite >= int(wanted * people / sum(headcounts))
    assert floor in (None, found.floor)


def test_without_a_floor_organisations_are_sampled_alike():
    found = sample([600, 300, 100], aim(floor=1))

    # 417.6, 208.8 and 69.6 of 696.
    assert [part.invite for part in found.organisations] == [418, 209, 69]


def test_a_small_organisation_is_raised_to_the_floor_and_takes_nothing_from_others():
    plain = sample([1_800, 150, 50], aim(floor=1))
    raised = sample([1_800, 150, 50], aim(floor=35))

    assert [part.note for part in plain.organisations] == [None, None, None]
    assert [part.note for part in raised.organisations] == [None, None, "floor"]
    assert raised.organisations[2].invite == 35
    assert raised.organisations[0].invite >= plain.organisations[0].invite


def test_where_most_would_be_invited_everybody_is():
    found = sample([1_800, 40], aim(floor=35))

    assert (found.organisations[1].invite, found.organisations[1].note) == (40, "everyone")
    whole = sample([100, 50], aim())
    assert [part.note for part in whole.organisations] == ["everyone", "everyone"]
    assert not whole.reached


def test_the_floor_brings_enough_answers_nine_times_in_ten():
    found = sample([5_000, 200], aim())

    assert binom.sf(K - 1, found.floor, 0.4) >= 0.9 > binom.sf(K - 1, found.floor - 1, 0.4)
    assert found.organisations[1].expected.chance >= 0.9


def test_an_organisation_that_will_not_be_shown_has_no_margin():
    small = sample([2_000, 12], aim()).organisations[1]

    assert (small.note, small.expected.margin, small.expected.score_margin) == (
        "everyone",
        None,
        None,
    )
    assert small.expected.chance == pytest.approx(binom.sf(K - 1, 12, 0.4))


def test_a_score_is_as_sure_as_a_report_says_of_a_spread_of_25_points():
    expected = sample([50], aim(response_rate=0.4)).organisations[0].expected
    shown = published_interval(score_of(np.array([25.0, 75.0] * 10)), smallest_group=K)

    assert expected.answers == 20
    assert (shown.basis, shown.high - 50) == ("fixed", np.ceil(expected.score_margin))


def test_everybody_who_answers_leaves_nothing_to_chance_but_the_scores_margin():
    found = sample([30], aim(response_rate=1))

    assert (found.invitations, found.expected.margin) == (30, 0)
    assert found.expected.score_margin == pytest.approx(2.0452 * 25 / 30**0.5, abs=1e-3)


# Rounding.


def test_the_largest_remainders_are_rounded_up():
    quotas = [Fraction(numerator, 10) for numerator in (14, 33, 26, 27)]

    assert largest_remainders(quotas) == [1, 3, 3, 3]
    assert largest_remainders([Fraction(1, 2)] * 3) == [1, 1, 0]
    assert largest_remainders([Fraction(2), Fraction(3)]) == [2, 3]


@given(HEADCOUNTS, st.integers(0, 500))
def test_a_total_is_shared_out_to_the_last_invitation(headcounts, wanted):
    total = min(wanted, sum(headcounts))

    assert sum(allocated(headcounts, total, floor=0, everyone_from=1)) == total


@pytest.mark.parametrize(
    "impossible",
    [
        pytest.param(lambda: aim(margin=0), id="no margin"),
        pytest.param(lambda: aim(margin=float("nan")), id="margin of nothing"),
        pytest.param(lambda: aim(response_rate=0), id="nobody answers"),
        pytest.param(lambda: aim(response_rate=1.1), id="more than all answer"),
        pytest.param(lambda: aim(floor=0), id="no floor"),
        pytest.param(lambda: aim(everyone_from=0), id="census of nothing"),
        pytest.param(lambda: sample([], aim()), id="no organisation"),
        pytest.param(lambda: sample([10, 0], aim()), id="organisation of nobody"),
        pytest.param(lambda: share_margin(0, 10), id="no answer"),
        pytest.param(lambda: share_margin(11, 10), id="more answers than people"),
        pytest.param(lambda: returns_needed(0, 5), id="population of nobody"),
        pytest.param(lambda: returns_needed(10, 0), id="margin of 0"),
        pytest.param(lambda: invitations_needed(10, 5, 0), id="rate of 0"),
    ],
)
def test_what_no_sample_can_bring_is_refused(impossible):
    with pytest.raises(ValueError):
        impossible()
