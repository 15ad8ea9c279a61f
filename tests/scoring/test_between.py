"""Whether groups see different partnerships."""

from itertools import combinations

import numpy as np
import pytest
from scipy.stats import tukey_hsd

from app.scoring.between import intraclass, tukey_kramer, variation
from app.scoring.scores import Score, score_of


def scores(*groups):
    return [score_of(np.array(group, dtype=np.float64)) for group in groups]


def test_groups_of_unequal_size_count_by_n0():
    found = variation(scores((4, 4, 5, 5, 4, 5), (2, 3), (3, 4, 4)))

    n0 = (11 - (36 + 4 + 9) / 11) / 2
    expected = (found.between - found.within) / (found.between + (n0 - 1) * found.within)
    assert intraclass(found).icc1 == pytest.approx(expected)


def test_groups_that_are_all_alike_have_no_intraclass_correlation():
    third = 100 / 3  # sums of it do not divide back

    found = intraclass(variation(scores((third,) * 3, (third,) * 7, (third,) * 10)))

    assert (found.icc1, found.icc2) == (None, None)


def test_a_single_group_cannot_be_compared():
    assert variation(scores((4, 4, 5))) is None
    assert tukey_kramer(scores((4, 4, 5), ())) is None


def test_groups_of_one_have_nobody_to_spare():
    assert variation(scores((40,), (50,), (70,))) is None


@pytest.mark.parametrize("seed", range(3))
def test_tukey_kramer_as_scipy_has_it(seed):
    generator = np.random.default_rng(seed)
    groups = [generator.normal(50 + 8 * place, 20, size) for place, size in enumerate((8, 20, 13))]
    reference = tukey_hsd(*groups)
    ends = reference.confidence_interval()
    one, other = max(combinations(range(3), 2), key=lambda pair: abs(reference.statistic[pair]))
    if reference.statistic[one, other] < 0:
        one, other = other, one

    found = tukey_kramer(scores(*groups)).largest

    assert (found.higher, found.lower) == (one, other)
    assert found.points == pytest.approx(reference.statistic[one, other])
    assert found.p == pytest.approx(reference.pvalue[one, other], abs=1e-6)
    assert found.interval.low == pytest.approx(ends.low[one, other], abs=1e-4)
    assert found.interval.high == pytest.approx(ends.high[one, other], abs=1e-4)


def test_the_surest_gap_that_matters_need_not_be_the_largest():
    cells = [
        Score(100, 70.0, 20.0, None),
        Score(100, 45.0, 20.0, None),
        Score(10, 42.0, 20.0, None),
        Score(0, None, None, None),
    ]

    found = tukey_kramer(cells)

    assert (found.largest.higher, found.largest.lower) == (0, 2)
    assert (found.surest.higher, found.surest.lower) == (0, 1)
    assert found.surest.p < found.largest.p


def test_no_gap_matters_that_is_too_small():
    found = tukey_kramer(scores((50, 60, 70), (45, 55, 65)))

    assert (found.largest.points, found.surest) == (5, None)


def test_groups_without_any_spread_differ_for_certain_or_not_at_all():
    apart = tukey_kramer(scores((50, 50), (75, 75))).largest
    alike = tukey_kramer(scores((50, 50), (50, 50))).largest

    assert (apart.points, apart.interval.low, apart.p) == (25, 25, 0)
    assert (alike.points, alike.p) == (0, 1)
