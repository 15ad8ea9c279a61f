"""Official reasons against those that work in practice."""

import numpy as np
import pytest

from app.scoring.codes import DONT_KNOW, NOT_ANSWERED
from app.scoring.drivers import driver_gap, frame_gaps


def codes(*rows):
    return np.array(rows, dtype=np.uint8)


def test_the_gap_is_official_less_practice_person_by_person():
    found = driver_gap(codes([0, 1, 2, 2]), codes([4, 4, 4, 2]), points=5)

    assert (found.practice.mean, found.official.mean, found.gap.mean) == (31.25, 87.5, 56.25)
    # Differences 100, 75, 50, 0; 3.182446 is t with 3 degrees of freedom.
    assert found.gap.spread == pytest.approx(42.695628)
    assert found.gap.interval.high == pytest.approx(56.25 + 3.182446 * 42.695628 / 2, abs=1e-4)
    assert found.standard_errors == pytest.approx(3.182446, abs=1e-6)


def test_all_three_numbers_are_of_the_same_people():
    found = driver_gap(codes([0, 1, DONT_KNOW, 4]), codes([4, 3, 4, NOT_ANSWERED]), points=5)

    assert (found.practice.n, found.official.n, found.gap.n) == (2, 2, 2)
    assert (found.practice.mean, found.official.mean) == (12.5, 87.5)


def test_nobody_gives_no_gap():
    found = driver_gap(codes([DONT_KNOW]), codes([4]), points=5)

    assert (found.gap.n, found.gap.mean, found.standard_errors) == (0, None, None)


def test_a_frame_joins_its_reasons_and_says_when_it_rests_on_one():
    practice, official = (
        codes([0, 1], [2, 2], [4, 4], [3, 3]),
        codes([4, 4], [2, 2], [4, 4], [0, 0]),
    )

    found = frame_gaps(
        practice, official, frames=["structural", "third_way", "structural", None], points=5
    )

    assert [(frame.frame, frame.questions, frame.single_question) for frame in found] == [
        ("structural", 2, False),
        ("third_way", 1, True),
    ]
    assert [frame.result.practice.mean for frame in found] == [56.25, 50]
    assert [frame.result.gap.mean for frame in found] == [43.75, 0]
