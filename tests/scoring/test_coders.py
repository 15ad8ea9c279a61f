"""Whether coders find the same outcomes in the same statements."""

import numpy as np
import pytest

from app.scoring.coders import CoderAgreement, coder_agreement

# Krippendorff (2011), section C: four observers, twelve units, `.` missing.
PUBLISHED = (
    "1 2 3 3 2 1 4 1 2 . . .",
    "1 2 3 3 2 2 4 1 2 5 . 3",
    ". 3 3 3 2 3 4 2 2 5 1 .",
    "1 2 3 3 2 4 4 1 2 5 1 .",
)


def coded(*rows):
    return np.array([[-1 if mark == "." else int(mark) for mark in row.split()] for row in rows])


def test_agreement_of_coders_as_published():
    found = coder_agreement(coded(*PUBLISHED))

    assert found.units == 11
    assert found.alpha == pytest.approx(0.743, abs=5e-4)
    assert found.strength == "tentative"


@pytest.mark.parametrize(
    ("rows", "alpha", "strength"),
    [
        (("1 2 3 1 2 3", "1 2 3 1 2 3"), 1, "firm"),
        # Observed disagreement 1, expected 16 × 8 / (16 × 15): 1 - 15 / 8.
        (("1 1 1 1 2 2 2 2", "2 2 2 2 1 1 1 1"), -0.875, "weak"),
    ],
)
def test_agreement_of_two_coders(rows, alpha, strength):
    found = coder_agreement(coded(*rows))

    assert found.alpha == pytest.approx(alpha)
    assert found.strength == strength


@pytest.mark.parametrize(
    ("codes", "units"),
    [
        (coded("1 1 1", "1 1 1"), 3),
        (coded("1 . 2", ". 1 ."), 0),
        (coded(". .", ". ."), 0),
        (np.empty((2, 0), dtype=np.int64), 0),
    ],
)
def test_where_nothing_can_disagree_there_is_no_alpha(codes, units):
    assert coder_agreement(codes) == CoderAgreement(units, None, None)
