"""Importance against delivery."""

import numpy as np
import pytest

from app.scoring.quadrants import quadrant


def table(**cells):
    both = np.zeros((5, 5), dtype=np.int64)
    for place, count in cells.items():
        both[int(place[1]), int(place[2])] = count
    return both


@pytest.mark.parametrize(
    ("both", "name"),
    [
        (table(c40=40), "concentrate_here"),
        (table(c44=40), "keep_up"),
        (table(c00=40), "low_priority"),
        (table(c04=40), "possible_overkill"),
    ],
)
def test_people_who_are_of_one_mind_place_an_outcome_for_certain(both, name):
    found = quadrant(both, seed=1, smallest_group=10)

    assert (found.n, found.name, found.probability, found.crosshair) == (40, name, 1, 50)


def test_an_outcome_near_the_crosshair_is_placed_with_less_certainty():
    found = quadrant(table(c42=10, c22=20, c02=9, c44=1), seed=1, smallest_group=10)

    assert found.name == "keep_up"
    assert 0.3 < found.probability < 0.7


def test_the_same_seed_gives_the_same_probability():
    both = table(c42=10, c22=20, c02=9, c44=1)

    assert quadrant(both, seed=7, smallest_group=10) == quadrant(both, seed=7, smallest_group=10)


def test_too_few_people_have_no_quadrant():
    assert quadrant(table(c44=29), seed=1, smallest_group=10) is None
