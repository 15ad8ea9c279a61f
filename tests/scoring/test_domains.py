"""Person scores: the mean of the items a person answered, 100 the good end.

In the drawn tables each row is a person, each column an item on 1 to 5; `R` marks a reversed
item, `.` is not answered, `?` don't know, `x` not applicable, `-` no score.
"""

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from app.scoring.codes import DONT_KNOW, NOT_ANSWERED, NOT_APPLICABLE
from app.scoring.domains import DomainScale, overall_scores, person_scores

MARKS = {".": NOT_ANSWERED, "?": DONT_KNOW, "x": NOT_APPLICABLE}
CODES = st.sampled_from([0, 1, 2, 3, 4, NOT_APPLICABLE, DONT_KNOW, NOT_ANSWERED])
ANSWERS = arrays(np.uint8, st.tuples(st.integers(1, 6), st.integers(0, 12)), elements=CODES)


def drawn(table):
    """Read a table: answers as (items, people), which items are reversed, expected scores."""
    head, _, *rows = [
        [cell.strip() for cell in line.split("|")] for line in table.strip().splitlines()
    ]
    answers = [
        [MARKS[cell] if cell in MARKS else int(cell) - 1 for cell in row[:-1]] for row in rows
    ]
    expected = [np.nan if row[-1] == "-" else float(row[-1]) for row in rows]
    is_reversed = tuple(name.endswith("R") for name in head[:-1])
    return np.array(answers, dtype=np.uint8).T, is_reversed, expected


@pytest.mark.parametrize(
    ("table", "settings"),
    [
        pytest.param(
            """
            a | b | c | score
            --+---+---+------
            5 | 5 | 5 | 100
            1 | 1 | 1 | 0
            3 | 3 | 3 | 50
            4 | 4 | 4 | 75
            1 | 3 | 5 | 50
            """,
            {},
            id="the ends and the middle of the scale",
        ),
        pytest.param(
            """
            a | b R | score
            --+-----+------
            5 |  1  | 100
            1 |  5  | 0
            5 |  5  | 50
            5 |  .  | 100
            .  | 2  | 75
            """,
            {},
            id="a reversed item is turned",
        ),
        pytest.param(
            """
            a | b R | score
            --+-----+------
            5 |  1  | 0
            1 |  5  | 100
            """,
            {"worse_is_higher": True},
            id="in a domain of something bad the other items are turned",
        ),
        pytest.param(
            """
            a | b | c | d | e | score
            --+---+---+---+---+------
            5 | 4 | 3 | . | . | 75
            5 | 4 | . | . | . | -
            5 | 4 | ? | ? | . | -
            . | . | . | . | . | -
            ? | ? | ? | ? | ? | -
            """,
            {},
            id="half of five items are three, and don't know is no answer",
        ),
        pytest.param(
            """
            a | b | c | d | score
            --+---+---+---+------
            5 | 5 | . | . | 100
            5 | . | . | . | -
            """,
            {},
            id="half of four items are two",
        ),
        pytest.param(
            """
            a | b | c | d | e | score
            --+---+---+---+---+------
            5 | 3 | x | x | . | 75
            5 | . | x | x | x | 100
            5 | . | x | x | . | -
            x | x | x | x | x | -
            """,
            {},
            id="what does not apply to a person is not asked of them",
        ),
        pytest.param(
            """
            a | b | c | d | e | score
            --+---+---+---+---+------
            2 | 2 | 2 | . | . | 25
            2 | 2 | . | . | . | -
            """,
            {"min_answered": 0.6},
            id="three fifths of five are three",
        ),
    ],
)
def test_person_score(table, settings):
    answers, is_reversed, expected = drawn(table)

    found = person_scores(answers, DomainScale(5, is_reversed, **settings))

    np.testing.assert_array_equal(found.scores, expected)


@given(ANSWERS, st.randoms(use_true_random=False))
def test_the_order_of_items_and_of_people_does_not_matter(answers, chance):
    items, people = answers.shape
    scale = DomainScale(5, tuple(item % 2 == 1 for item in range(items)))
    rows = chance.sample(range(items), items)
    columns = chance.sample(range(people), people)

    shuffled = person_scores(
        answers[rows][:, columns],
        replace(scale, reversed_items=tuple(scale.reversed_items[row] for row in rows)),
    )

    np.testing.assert_array_equal(shuffled.scores, person_scores(answers, scale).scores[columns])


@given(ANSWERS)
def test_scores_lie_between_0_and_100_and_turning_the_scale_mirrors_them(answers):
    scale = DomainScale(5, (False,) * len(answers))

    scores = person_scores(answers, scale).scores
    mirrored = person_scores(answers, replace(scale, worse_is_higher=True)).scores

    assert np.all((scores[~np.isnan(scores)] >= 0) & (scores[~np.isnan(scores)] <= 100))
    np.testing.assert_allclose(mirrored, 100 - scores)


@given(ANSWERS)
def test_reversing_every_item_of_a_domain_of_something_bad_is_nothing(answers):
    plain = person_scores(answers, DomainScale(5, (False,) * len(answers)))
    twice = person_scores(answers, DomainScale(5, (True,) * len(answers), worse_is_higher=True))

    np.testing.assert_array_equal(plain.scores, twice.scores)


@given(ANSWERS)
def test_groups_add_up_to_the_whole(answers):
    found = person_scores(answers, DomainScale(5, (False,) * len(answers)))
    groups = np.arange(answers.shape[1]) % 3

    by_group = found.counts_by_group(groups, 3)

    np.testing.assert_array_equal(by_group.sum(axis=0), found.counts)


def test_a_scale_needs_two_points_and_a_score_some_answers():
    with pytest.raises(ValueError, match="2 points"):
        DomainScale(1, (False,))
    with pytest.raises(ValueError, match="share"):
        DomainScale(5, (False,), min_answered=0)


def test_overall_is_the_mean_of_domain_scores_for_people_with_half_of_them():
    people = [[5, 1, 5, 5], [3, 1, 0, 0], [1, 0, 0, 0]]  # by domain; 0 is not answered
    domains = [
        person_scores(np.array([row], dtype=np.uint8) - np.uint8(1), DomainScale(5, (False,)))
        for row in people
    ]

    np.testing.assert_array_equal(overall_scores(domains), [50, 0, np.nan, np.nan])


def test_overall_of_no_domains_is_nobody():
    assert overall_scores([]).size == 0
