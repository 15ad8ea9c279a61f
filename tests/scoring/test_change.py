"""Change between two rounds in which different people may have answered."""

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.scoring.cells import PublishedCell
from app.scoring.change import RULES, change, smallest_change, verdicts
from app.scoring.forms import PublishedInterval, published_score
from app.scoring.gaps import welch
from app.scoring.scores import distribution_of

K = 10
STEPS = st.integers(0, 20).map(lambda step: 5.0 * step)  # five items of five points
PEOPLE = st.lists(STEPS, min_size=5, max_size=80)


def cell(values):
    distinct, counts = distribution_of(np.array(values, dtype=float))
    return PublishedCell(("whole",), tuple(distinct.tolist()), tuple(counts.tolist()))


def around(middle, n, spread=20):
    """So many people: half of them `spread` above the middle, half as far below."""
    return cell([middle - spread] * (n // 2) + [middle + spread] * (n - n // 2))


def compared(before, after):
    return change(before, after, smallest_group=K)


def test_a_change_is_the_later_score_less_the_earlier_one():
    found = compared(around(50, 40), around(64, 40))

    # 14 ± 1.991 × 20.25 × √(1/40 + 1/40) = 5.0 to 23.0, outward to multiples of 5.
    assert (found.before.score, found.after.score, found.gap.gap) == (50, 64, 14)
    assert found.gap.interval == PublishedInterval(0, 25, "answers")
    assert found.p == pytest.approx(0.0027, abs=1e-4)
    assert verdicts([found]) == ("better",)
    assert verdicts([compared(around(64, 40), around(50, 40))]) == ("worse",)


@pytest.mark.parametrize(("people", "points"), [(20, 16), (160, 6)])
def test_the_smallest_change_that_could_have_been_shown_at_a_spread_of_18_points(people, points):
    error, freedom = welch(18, people, 18, people)

    assert round(smallest_change(error, freedom)) == points


def test_below_thirty_people_the_smallest_change_rests_on_a_spread_of_25_points():
    # (2.024 + 0.851) × 25 × √(2/20) = 22.7; at a spread of 2 as at one of 40.
    for spread in (2, 40):
        assert compared(around(50, 20, spread), around(50, 20, spread)).smallest == 23


def test_with_more_people_it_rests_on_their_spread_and_goes_up_to_whole_multiples():
    # (1.967 + 0.843) × 20.06 × √(2/160) = 6.3, and 12.8 with 40 people.
    assert compared(around(50, 160), around(50, 160)).smallest == 8
    assert compared(around(50, 40), around(50, 40)).smallest == 15


def test_no_sign_is_told_from_what_could_not_be_seen():
    seen, unseen = (
        compared(around(50, 160), around(52, 160)),
        compared(around(50, 40), around(52, 40)),
    )

    assert verdicts([seen, unseen]) == ("no_sign_yet", "could_not_be_seen")
    lax = replace(RULES, worth_seeing=20.0)
    assert verdicts([seen, unseen], rules=lax) == ("no_sign_yet", "no_sign_yet")


def test_of_many_lines_more_is_asked_than_of_one():
    found, nothing = (
        compared(around(50, 40), around(60, 40)),
        compared(around(50, 40), around(50, 40)),
    )

    assert verdicts([found])[0] == "better"  # p = 0.03
    assert verdicts([found] + [nothing] * 9)[0] == "could_not_be_seen"


def test_below_thirty_people_the_test_is_of_what_is_published_alone():
    before, after = around(30, 20), around(60, 20)

    found = compared(before, after)

    # 30 / (25 × √(2/20)) = 3.79 standard errors, 38 degrees of freedom.
    assert found.p == pytest.approx(0.00052, abs=1e-5)
    assert verdicts([found]) == ("better",)
    same = [cell([29.7] * 20), cell([60.4] * 20)]  # the same published scores
    assert compared(*same).p == found.p
    assert found.effects is None


def test_a_change_too_small_to_be_seen_is_not_called_better_however_alike_all_answered():
    # Everybody at 50, then everybody at 55: a real spread would give that away.
    found = compared(cell([50.0] * 40), cell([55.0] * 40))

    assert found.p == pytest.approx(0.028, abs=1e-3)  # as with a spread of 10 points
    assert compared(cell([50.0] * 40), cell([54.0] * 40)).p > 0.05
    assert found.smallest == 10
    assert found.effects is None


@pytest.mark.parametrize(
    ("before", "after", "change_called"),
    [
        # At most 80 of ten people may be shown, 99 of four hundred: 19 points of nothing.
        (cell([95.0] * 10), cell([95.0] * 400), False),
        (cell([95.0] * 400), cell([95.0] * 10), False),
        (cell([20.0] * 200), cell([100.0] * 10), True),  # 60 points or more
    ],
)
def test_a_clamped_score_makes_no_change_and_hides_none(before, after, change_called):
    (found,) = verdicts([compared(before, after)])

    assert (found in ("better", "worse")) == change_called


def test_a_change_that_rounds_to_none_is_none():
    before = cell([49.6] * 5000 + [60.0] * 5000)
    after = cell([50.4] * 5000 + [60.0] * 5000)

    found = compared(before, after)

    assert (found.gap.gap, found.p) == (0, 1)


def test_effect_sizes_are_shown_from_thirty_people_in_both_rounds():
    found = compared(around(40, 40), around(60, 40)).effects

    # 20 and 60 against 40 and 80: three of four pairs are won. 20 / 20.25 × (1 - 3 / 311) = 0.98.
    assert (found.superiority, found.cliffs_delta, found.hedges_g) == (0.75, 0.5, 0.98)
    assert (found.interval.low, found.interval.high) == (0.62, 0.84)
    assert compared(around(40, 29), around(60, 40)).effects is None


def test_people_who_do_not_overlap_are_not_said_to():
    found = compared(around(25, 40), around(75, 40)).effects

    assert (found.superiority, found.cliffs_delta, found.interval.high) == (0.95, 0.9, 1.0)
    back = compared(around(75, 40), around(25, 40)).effects
    assert (back.superiority, back.cliffs_delta, back.interval.low) == (0.05, -0.9, 0.0)


@given(PEOPLE, PEOPLE)
def test_the_rounds_the_other_way_round_are_the_same_change_turned(one, other):
    found, back = compared(cell(one), cell(other)), compared(cell(other), cell(one))

    if min(len(one), len(other)) < K:
        assert found is None
        assert back is None
        return
    assert back.gap.gap == -found.gap.gap
    assert back.p == pytest.approx(found.p)
    assert back.smallest == found.smallest
    turned = {"better": "worse", "worse": "better"}
    (said,), (said_back,) = verdicts([found]), verdicts([back])
    assert said_back == turned.get(said, said)


@given(PEOPLE, PEOPLE)
def test_a_line_follows_its_published_scores_and_a_verdict_its_change(one, other):
    found = compared(cell(one), cell(other))
    if found is None:
        return

    for values, shown in ((one, found.before), (other, found.after)):
        assert shown == published_score(cell(values).score, smallest_group=K)
    assert found.gap.gap == found.after.score - found.before.score
    (said,) = verdicts([found])
    assert {"better": found.gap.gap > 0, "worse": found.gap.gap < 0}.get(said, True)
    assert 0 <= found.p <= 1
    assert 1 <= found.smallest <= 100
    assert found.effects is None or min(len(one), len(other)) >= 3 * K


def test_two_rounds_without_any_difference_declare_change_in_at_most_one_of_twenty():
    chance = np.random.default_rng(6)
    rounds = 250
    adjusted = unadjusted = 0

    for _ in range(rounds):
        sizes = chance.integers(30, 201, size=2)
        earlier, later = (_ten_domains(chance, people) for people in sizes)
        found = [compared(cell(a), cell(b)) for a, b in zip(earlier, later, strict=True)]
        adjusted += not {"better", "worse"}.isdisjoint(verdicts(found))
        unadjusted += min(one.p for one in found) <= RULES.chance

    assert adjusted / rounds <= 0.05
    assert unadjusted / rounds > 0.15  # without Holm


def _ten_domains(chance, people):
    """Person scores in ten domains of five items of five points that correlate, (10, people)."""
    person = chance.normal(size=(people, 1, 1))
    domain = (person + chance.normal(size=(people, 10, 1))) / 2**0.5
    items = 0.7 * domain + 0.7 * chance.normal(size=(people, 10, 5))
    return np.searchsorted([-1.2, -0.4, 0.4, 1.2], items).mean(axis=2).T * 25
