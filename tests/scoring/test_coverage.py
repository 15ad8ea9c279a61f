"""Published intervals hold the truth, and differences that are not there are seldom declared.

Few draws of the simulations whose long runs stand in the guide; as many as a true coverage of
94.5 % needs to fall below the limit less than once in ten thousand times.
"""

import numpy as np
import pytest

from tests.scoring import coverage
from tests.scoring.divisions import false_alarms

LIMIT = 0.93
DRAWS = {
    coverage.alpha: 1500,
    coverage.omega: 700,
    coverage.largest_gap: 1200,
    coverage.paired_gap: 2500,
}


@pytest.mark.parametrize("study", coverage.STUDIES, ids=lambda study: study.__name__)
def test_what_is_published_holds_the_truth_and_a_familiar_mistake_would_not(study):
    held, mistaken = coverage.run(study, DRAWS.get(study, 5000))

    assert held >= LIMIT
    assert mistaken < LIMIT


def test_groups_that_do_not_differ_are_seldom_said_to_be_divided():
    designs = ((10, 10), (10, 14, 20), (10, 10, 12, 15, 20, 30, 60, 120), (10,) * 12)

    found, unadjusted = np.mean([false_alarms(75, sizes) for sizes in designs], axis=0)

    assert found <= 0.10
    assert unadjusted > 0.37
