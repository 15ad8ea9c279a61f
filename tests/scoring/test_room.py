"""Scores beside each other leave everybody room: no one's own score is nearly told."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.optimize import linprog

from app.scoring.forms import PublishedScore, published_score
from app.scoring.room import ROOM, with_room
from app.scoring.scores import score_of

LEAST = 5


def alone(values):
    """The score of some people as it would be published by itself."""
    return published_score(score_of(np.array(values, dtype=float)), smallest_group=LEAST)


def means(score):
    """Between what the mean behind a published score lies, for who knows the rules."""
    if score.at_least and score.at_most:
        return 0, 100
    if score.at_least:
        return score.score + 0.5, 100
    return (0, score.score - 0.5) if score.at_most else (score.score - 0.5, score.score + 0.5)


def most_room(members, people, scores, kind, sign):
    """How many points one kind can be away from an end of the scale, by another programme."""
    sums = members @ people
    ends = np.array([means(score) for score in scores])
    found = linprog(
        -sign * (np.arange(len(people)) == kind),
        A_ub=np.vstack([members, -members.astype(float)]),
        b_ub=np.concatenate([ends[:, 1] * sums, -ends[:, 0] * sums]) + 1e-6,
        bounds=[(0, 100 * n) for n in people],
    )
    assert found.status == 0, "what is published must be possible"
    points = found.x[kind]
    return points if sign > 0 else 100 * people[kind] - points


def room(members, people, scores):
    """The least room that anybody has, up and down."""
    return min(
        most_room(members, people, scores, kind, sign)
        for kind in range(len(people))
        for sign in (1, -1)
    )


# Everybody, and the larger of two groups; the other group is at the top of the scale.
TWO = np.array([[True, True], [True, False]])
PEOPLE = np.array([21.0, 18.0])
MIXED, TOP = [77.0] * 21, [100.0] * 18


@pytest.fixture
def two():
    return [alone(MIXED + TOP), alone(MIXED)]


def test_the_whole_and_all_but_one_group_would_tell_of_the_group(two):
    """The control: each score is fit to be shown by itself."""
    assert not any(score.at_least or score.at_most for score in two)
    assert room(TWO, PEOPLE, two) < ROOM / 2


def test_so_the_second_is_open_at_the_end_that_would_tell(two):
    whole, mixed = with_room(TWO, PEOPLE, two)

    assert whole == two[0]
    assert (mixed.at_least, mixed.at_most) == (False, True)
    assert mixed.score > two[1].score
    assert room(TWO, PEOPLE, [whole, mixed]) >= ROOM - 0.01


def test_how_far_it_is_told_does_not_depend_on_what_it_hides(two):
    scores = [PublishedScore(21, score, at_least=False, at_most=False) for score in range(70, 100)]
    possible = [one for one in scores if 88 * 39 - 19.5 - (one.score - 0.5) * 21 <= 1800]

    shown = {
        one.score: with_room(TWO, PEOPLE, [two[0], one])[1]
        for one in possible
        if one.score >= 77  # the group cannot be above the top of the scale
    }

    opened = {score: one for score, one in shown.items() if one.at_most}
    told = {score: one for score, one in shown.items() if not (one.at_most or one.at_least)}
    assert len(opened) > 1
    assert len({one.score for one in opened.values()}) == 1
    assert all(one.score == score for score, one in told.items())
    assert max(opened) < min(told)


def test_scores_in_the_middle_of_the_scale_are_told_as_they_are():
    scores = [alone([50.0] * 20), alone([60.0] * 10)]
    members, people = np.array([[True, True], [True, False]]), np.array([10.0, 10.0])

    assert list(with_room(members, people, scores)) == scores


@st.composite
def partnerships(draw):
    """People in two tables, most of them of one mind, and the scores of every cell of ten."""
    first = draw(st.lists(st.integers(0, 2), min_size=14, max_size=40))
    second = draw(st.lists(st.integers(0, 1), min_size=len(first), max_size=len(first)))
    level = draw(st.sampled_from([0.0, 50.0, 100.0]))
    other = st.sampled_from([level, level, level, 25.0, 75.0])
    values = np.array(draw(st.lists(other, min_size=len(first), max_size=len(first))))
    tables = [np.array(first), np.array(second)]
    rows = [np.ones(len(first), dtype=bool)]
    rows += [table == code for table in tables for code in range(3) if (table == code).sum() >= 7]
    return np.array(rows), values


@given(partnerships())
@settings(max_examples=60, deadline=None)
def test_everybody_keeps_room_whatever_people_answered(drawn):
    rows, values = drawn
    kinds, people = np.unique(rows, axis=1, return_counts=True)
    scores = [alone(values[row]) for row in rows]

    shown = with_room(kinds, people.astype(float), scores)

    assert room(kinds, people, shown) >= ROOM - 0.01
    for row, score in zip(rows, shown, strict=True):
        low, high = means(score)
        assert low - 1e-9 <= values[row].mean() <= high + 1e-9
