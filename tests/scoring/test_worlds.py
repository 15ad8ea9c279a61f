"""Worlds found without a programme are worlds that a programme finds possible."""

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.optimize import linprog

from app.scoring.worlds import worlds_within

NEAR = 1e-6


def possible(members, people, cells, kinds, world):
    """Whether one world's bounds can be kept at all, by another programme."""
    least, most = (bound[:, world] for bound in cells)
    found = linprog(
        np.zeros(len(people)),
        A_ub=np.vstack([members, -members.astype(float)]),
        b_ub=np.concatenate([most, -least]) + NEAR,
        bounds=list(zip(kinds[0][:, world], kinds[1][:, world], strict=True)),
    )
    return found.status == 0


@st.composite
def bounds(draw):
    """Kinds of people in overlapping cells, with bounds that may well contradict each other."""
    kinds = draw(st.integers(1, 5))
    row = st.lists(st.booleans(), min_size=kinds, max_size=kinds).filter(any)
    members = np.array(draw(st.lists(row, min_size=1, max_size=5)))
    people = np.array(draw(st.lists(st.integers(1, 20), min_size=kinds, max_size=kinds)), float)
    means = st.lists(st.integers(0, 99), min_size=len(members), max_size=len(members))
    low = np.column_stack([draw(means), draw(means)]).astype(float)
    high = np.minimum(low + draw(st.integers(1, 40)), 100.0)
    sizes = (members @ people)[:, np.newaxis]
    floor, ceiling = np.zeros((kinds, 2)), np.column_stack([100 * people] * 2)
    floor[:, 0], ceiling[:, 1] = 60.0, 100 * people - 60
    return members, people, (low * sizes, high * sizes), (floor, ceiling)


@given(bounds())
@settings(max_examples=300, deadline=None)
def test_what_is_found_keeps_every_bound_and_nothing_is_found_that_cannot_be(drawn):
    members, people, cells, kinds = drawn

    found = worlds_within(members, people, cells, kinds)

    if found is None:
        return
    assert (cells[0] - NEAR <= members @ found).all()
    assert (members @ found <= cells[1] + NEAR).all()
    assert (kinds[0] <= found).all()
    assert (found <= kinds[1]).all()
    assert all(possible(members, people, cells, kinds, world) for world in (0, 1))


def rounded(means, people, *, members):
    """The bounds that whole scores set, and those of the scale, in one world."""
    sizes = (members @ people)[:, np.newaxis]
    middle = np.array(means, float)[:, np.newaxis] * sizes
    cells = (middle - sizes / 2, middle + sizes / 2)
    return cells, (np.zeros((len(people), 1)), 100 * people[:, np.newaxis])


def test_ordinary_scores_of_a_partnership_have_a_world_that_is_found():
    members = np.vstack([np.ones(4, bool), np.eye(4, dtype=bool)])
    people = np.array([60.0, 40.0, 25.0, 12.0])
    cells, kinds = rounded([55.4, 58, 50, 61, 49], people, members=members)

    assert possible(members, people, cells, kinds, 0)
    assert worlds_within(members, people, cells, kinds) is not None


def test_of_scores_that_contradict_each_other_no_world_is_found():
    """The control."""
    members = np.vstack([np.ones(2, bool), np.eye(2, dtype=bool)])
    people = np.array([30.0, 20.0])
    cells, kinds = rounded([70, 50, 60], people, members=members)

    assert not possible(members, people, cells, kinds, 0)
    assert worlds_within(members, people, cells, kinds) is None
