"""Points shared among the domains: each person gives ten."""

import numpy as np

from app.scoring.codes import NOT_ANSWERED
from app.scoring.importance import shared_points


def test_points_are_put_on_a_hundred_and_who_shared_none_is_left_out():
    points = np.array(
        [
            [3, NOT_ANSWERED, 10],
            [7, NOT_ANSWERED, NOT_ANSWERED],
        ],
        dtype=np.uint8,
    )

    shared = shared_points(points)

    assert shared.tolist() == [[30, 100], [70, 0]]
