"""What people answered to single items."""

import numpy as np
import pytest

from app.scoring.codes import DONT_KNOW, NOT_ANSWERED, NOT_APPLICABLE
from app.scoring.items import item_histograms, item_result

ANSWERS = np.array(
    [
        [0, 4, 4, 3, DONT_KNOW, NOT_ANSWERED],
        [2, 2, 2, 2, NOT_APPLICABLE, NOT_APPLICABLE],
    ],
    dtype=np.uint8,
)


def test_answers_are_counted_by_group_and_item():
    found = item_histograms(ANSWERS, 5, np.array([0, 0, 0, 2, 2, 2]), 3)

    #                         1  2  3  4  5  x  ?  .
    assert found.tolist() == [
        [[1, 0, 0, 0, 2, 0, 0, 0], [0, 0, 3, 0, 0, 0, 0, 0]],
        [[0, 0, 0, 0, 0, 0, 0, 0], [0, 0, 0, 0, 0, 0, 0, 0]],
        [[0, 0, 0, 1, 0, 0, 1, 1], [0, 0, 1, 0, 0, 2, 0, 0]],
    ]


def test_an_item_is_summed_up_from_its_histogram():
    found = item_result(np.array([1, 0, 0, 1, 2, 3, 4, 5]), turned=False)

    assert (found.score.n, found.score.mean) == (4, 68.75)
    assert (found.favourable, found.favourable_share) == (3, 0.75)
    assert (found.not_applicable, found.dont_know, found.not_answered) == (3, 4, 5)
    assert found.histogram == (1, 0, 0, 1, 2)


def test_a_turned_item_keeps_its_histogram_as_it_was_asked():
    found = item_result(np.array([1, 0, 0, 1, 2, 0, 0, 0]), turned=True)

    assert (found.score.mean, found.favourable) == (31.25, 1)
    assert found.histogram == (1, 0, 0, 1, 2)


@pytest.mark.parametrize(
    ("counts", "favourable"), [([1, 2], 2), ([1, 2, 4], 4), ([1, 2, 4, 8], 12)]
)
def test_favourable_is_beyond_the_middle_of_any_scale(counts, favourable):
    assert item_result(np.array([*counts, 0, 0, 0]), turned=False).favourable == favourable


def test_an_item_that_everybody_left_out_has_no_score():
    found = item_result(np.array([0, 0, 0, 0, 0, 0, 12, 3]), turned=False)

    assert (found.score.mean, found.favourable_share, found.dont_know) == (None, None, 12)


def test_a_scale_of_one_point_is_refused():
    with pytest.raises(ValueError, match="2 points"):
        item_result(np.array([3, 0, 0, 0]), turned=False)
