"""What holds of every number, whatever people answer."""

from dataclasses import replace
from math import log2

import numpy as np
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from app.scoring.agreement import within_group_agreement, within_group_agreement_of_items
from app.scoring.between import intraclass, tukey_kramer, variation
from app.scoring.codes import NO_ANSWERS
from app.scoring.divergence import divergence
from app.scoring.domains import DomainScale, overall_scores, person_scores
from app.scoring.forms import published_nonresponse_bounds, published_score
from app.scoring.gaps import score_gap, share_difference
from app.scoring.intervals import adjusted_wald, nonresponse_bounds
from app.scoring.items import item_result, whole_histograms
from app.scoring.products import cross_product
from app.scoring.reliability import published_reliability, reliability_of
from app.scoring.scores import score_of

K = 10
CHANCE = st.randoms(use_true_random=False)
SHARES = st.integers(1, 200).flatmap(lambda n: st.tuples(st.integers(0, n), st.just(n)))
PEOPLE = st.lists(st.sampled_from([0.0, 12.5, 100 / 3, 50.0, 87.5, 100.0]), max_size=25)


@st.composite
def surveys(draw, *, fewest=1, people=60):
    """Answers of any scale, and how the scale is turned."""
    points = draw(st.integers(2, 21))
    items = draw(st.integers(fewest, 6))
    codes = st.sampled_from([*range(points), *NO_ANSWERS])
    size = st.tuples(st.just(items), st.integers(0, people))
    scale = DomainScale(
        points,
        tuple(draw(st.lists(st.booleans(), min_size=items, max_size=items))),
        worse_is_higher=draw(st.booleans()),
        min_answered=draw(st.sampled_from([0.2, 0.5, 0.6, 1.0])),
    )
    return draw(arrays(np.uint8, size, elements=codes)), scale


def mirrored(answers, scale, item):
    """The same opinion, had the item been asked the other way round."""
    row = answers[item].astype(int)
    other = answers.copy()
    other[item] = np.where(row < scale.points, scale.points - 1 - row, row)
    return other


def reversed_once(scale, item):
    turned = tuple(flag != (at == item) for at, flag in enumerate(scale.reversed_items))
    return replace(scale, reversed_items=turned)


def groups_of(*groups):
    return [score_of(np.array(group, dtype=np.float64)) for group in groups]


@given(surveys())
def test_every_score_lies_between_0_and_100(survey):
    answers, scale = survey

    people = person_scores(answers, scale)
    item_scores = [
        item_result(histogram, turned=turned).score.mean
        for histogram, turned in zip(
            whole_histograms(answers, scale.points), scale.turned, strict=True
        )
    ]

    scored = people.scores[~np.isnan(people.scores)]
    overall = overall_scores([people, people])
    for found in (
        scored,
        overall[~np.isnan(overall)],
        [one for one in item_scores if one is not None],
    ):
        assert np.all((np.asarray(found) >= 0) & (np.asarray(found) <= 100))
    assert scored.size == people.counts.sum()


@settings(deadline=None)
@given(surveys(fewest=3), CHANCE)
def test_reliability_knows_no_order_of_people_or_items(survey, chance):
    answers, scale = survey
    items, people = answers.shape
    rows, columns = chance.sample(range(items), items), chance.sample(range(people), people)
    other = replace(scale, reversed_items=tuple(scale.reversed_items[row] for row in rows))

    product = cross_product(answers, scale)
    shuffled = cross_product(answers[rows][:, columns], other)

    assert shuffled.n == product.n
    np.testing.assert_array_equal(shuffled.products, product.products[np.ix_(rows, rows)])
    one, two = reliability_of(product), reliability_of(shuffled)
    assert two.alpha == (one.alpha if one.alpha is None else pytest.approx(one.alpha, abs=1e-9))


@settings(deadline=None)
@given(PEOPLE, PEOPLE, PEOPLE, CHANCE)
def test_scores_and_gaps_know_no_order_of_people_or_groups(one, two, three, chance):
    groups = groups_of(one, two, three)
    order = chance.sample(range(3), 3)
    assume(variation(groups) is not None)

    found = tukey_kramer(groups).largest
    again = tukey_kramer([groups[place] for place in order]).largest
    shuffled = score_of(np.array(chance.sample(one, len(one)), dtype=np.float64))

    assert (shuffled.n, shuffled.mean) == (groups[0].n, pytest.approx(groups[0].mean))
    assert again.points == pytest.approx(found.points)
    assert again.p == pytest.approx(found.p, abs=1e-6)


@given(surveys(), st.data())
def test_asking_an_item_the_other_way_round_changes_nothing(survey, data):
    answers, scale = survey
    item = data.draw(st.integers(0, len(answers) - 1))
    other, turned = mirrored(answers, scale, item), reversed_once(scale, item)

    for before, after in (
        (person_scores(answers, scale).scores, person_scores(other, turned).scores),
        (cross_product(answers, scale).products, cross_product(other, turned).products),
        (cross_product(answers, scale).sums, cross_product(other, turned).sums),
    ):
        np.testing.assert_array_equal(before, after)
    one, two = whole_histograms(answers, scale.points), whole_histograms(other, scale.points)
    before = item_result(one[item], turned=scale.turned[item])
    after = item_result(two[item], turned=turned.turned[item])
    assert (before.score, before.favourable) == (after.score, after.favourable)


@given(surveys(), st.data())
def test_reversing_an_item_twice_is_nothing(survey, data):
    answers, scale = survey
    item = data.draw(st.integers(0, len(answers) - 1))

    assert reversed_once(reversed_once(scale, item), item) == scale
    np.testing.assert_array_equal(mirrored(mirrored(answers, scale, item), scale, item), answers)


@given(SHARES, SHARES, st.integers(0, 100))
def test_shares_and_their_differences_lie_in_their_intervals_and_bounds(one, other, silent):
    (count, n), (less, m) = one, other

    adjusted = adjusted_wald(count, n, population=n + silent + 1)
    difference = share_difference(count, n, less, m)
    bounds = nonresponse_bounds(count / n, n, n + silent, best=1)

    assert 0 <= adjusted.interval.low <= adjusted.value <= adjusted.interval.high <= 1
    assert -1 - 1e-9 <= difference.low <= count / n - less / m + 1e-12
    assert count / n - less / m - 1e-12 <= difference.high <= 1 + 1e-9
    assert -1e-12 <= bounds.low <= count / n + 1e-12
    assert count / n - 1e-12 <= bounds.high <= 1 + 1e-12


@settings(deadline=None)
@given(PEOPLE, PEOPLE, PEOPLE)
def test_gaps_and_correlations_of_groups_lie_in_their_intervals_and_bounds(one, two, three):
    groups = groups_of(one, two, three)
    found = variation(groups)
    assume(found is not None)

    gap, correlations = tukey_kramer(groups).largest, intraclass(found)
    pair = score_gap(groups[0], groups[1])

    assert gap.interval.low <= gap.points <= gap.interval.high
    assert 0 <= gap.points <= 100
    assert 0 <= gap.p <= 1
    for value in (correlations.icc1, correlations.icc2):
        assert value is None or value <= 1 + 1e-12
    assert pair is None or pair.interval.low <= pair.points <= pair.interval.high


@settings(deadline=None)
@given(surveys(fewest=2))
def test_published_reliability_is_there_as_soon_as_there_are_people_and_items(survey):
    answers, scale = survey

    found = published_reliability(cross_product(answers, scale))

    enough = found.n >= 30 and len(answers) >= 3
    assert (found.alpha is not None) == enough
    for value, interval in (
        (found.alpha, found.alpha_interval),
        (found.omega, found.omega_interval),
    ):
        assert value is None or value <= 1
        assert interval is None or interval.low <= value <= interval.high


@given(st.floats(0, 60), st.floats(0, 60), st.integers(2, 11), st.integers(1, 9))
def test_less_variance_is_more_agreement_within_a_group(one, other, points, items):
    less, more = sorted((one, other))

    for measure in (
        lambda variance: within_group_agreement(variance, points),
        lambda variance: within_group_agreement_of_items(variance, points, items=items),
    ):
        assert 0 <= measure(more) <= measure(less) <= 1


@settings(deadline=None)
@given(arrays(np.int64, (3, 4), elements=st.integers(0, 9)), st.integers(0, 5))
def test_divergence_lies_between_none_and_one_choice_for_each_group(counts, seed):
    found = divergence(counts, seed=seed, draws=20)
    assume(found is not None)

    assert -1e-12 <= found.bits <= log2(3) + 1e-12
    assert -1e-12 <= found.by_chance <= log2(3) + 1e-12
    assert 0 < found.p <= 1


@given(st.lists(st.floats(0, 100), min_size=K, max_size=60), st.integers(0, 80))
def test_what_the_silent_could_make_of_a_score_holds_what_people_said(values, silent):
    score = score_of(np.array(values))
    shown = published_score(score, smallest_group=K)

    low, high = published_nonresponse_bounds(shown, invited=score.n + silent)

    assert 0 <= low <= shown.score <= high <= 100
    assert low <= score.mean + 1e-6
    assert score.mean - 1e-6 <= high
