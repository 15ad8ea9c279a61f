"""Published or hand-reckoned answers, to every digit that is given.

A row says what is asked of which numbers, what comes out, and who says so. Change between
rounds, benchmarks and sample sizes have theirs in their own tests.
"""

from decimal import Decimal

import numpy as np
import pytest

from app.scoring.agreement import (
    answer_variance,
    consensus,
    van_der_eijk,
    within_group_agreement,
    within_group_agreement_of_items,
)
from app.scoring.between import intraclass, variation
from app.scoring.domains import DomainScale
from app.scoring.intervals import adjusted_wald, mean_interval, wilson_interval
from app.scoring.products import cross_product
from app.scoring.reliability import cronbach_alpha, feldt_interval
from app.scoring.scores import score_of

SEVEN_POINTS = np.array([30, 40, 210, 130, 530, 50, 10])
SIX_PEOPLE = ("4544", "3323", "5545", "2322", "4434", "3432")  # a row a person, four items


def counts(text):
    return np.array(text.split(), dtype=np.int64)


def ends(interval):
    return interval.low, interval.high


def estimate(found):
    return found.value, found.standard_error, *ends(found.interval)


def three_groups():
    rows = ((4, 4, 5), (2, 3, 3), (3, 4, 4))
    return variation([score_of(np.array(row, dtype=np.float64)) for row in rows])


def alpha_of_six():
    answers = np.array([list(row) for row in SIX_PEOPLE]).astype(np.uint8).T - 1
    alpha = cronbach_alpha(cross_product(answers, DomainScale(5, (False,) * 4)).covariance)
    return alpha, *ends(feldt_interval(alpha, items=4, n=6))


ANSWERS = [
    ("Tastle and Wierman's Cns, R agrmt", lambda: consensus(SEVEN_POINTS), "0.7256876"),
    ("Cns, all alike", lambda: consensus(counts("0 0 0 10 0")), "1.000000"),
    ("Cns, split between the ends", lambda: consensus(counts("5 0 0 0 5")), "0.000000"),
    ("Cns, evenly spread", lambda: consensus(counts("2 2 2 2 2")), "0.433985"),
    ("Cns, leaning", lambda: consensus(counts("1 2 4 8 5")), "0.596832"),
    ("van der Eijk's A, R agrmt", lambda: van_der_eijk(SEVEN_POINTS), "0.6113333"),
    ("A, evenly spread", lambda: van_der_eijk(counts("3 3 3 3 3")), "0.000000"),
    ("A, all alike", lambda: van_der_eijk(counts("0 0 7 0 0")), "1.000000"),
    ("A, split between the ends", lambda: van_der_eijk(counts("4 0 0 0 4")), "-1.000000"),
    (
        "rwg of 4, 4, 5, 3, 4",
        lambda: within_group_agreement(answer_variance(counts("0 0 1 3 1")), 5),
        "0.75",
    ),
    (
        "rwg(j), five items of variance 0.6",
        lambda: within_group_agreement_of_items(0.6, 5, items=5),
        "0.921053",
    ),
    ("MSB", lambda: three_groups().between, "2.1111"),
    ("MSW", lambda: three_groups().within, "0.3333"),
    ("ICC(1)", lambda: intraclass(three_groups()).icc1, "0.64"),
    ("ICC(2)", lambda: intraclass(three_groups()).icc2, "0.842105"),
    ("alpha and Feldt's interval", alpha_of_six, "0.951945 0.828136 0.992524"),
    (
        "Feldt's interval, R statpsych",
        lambda: ends(feldt_interval(0.85, items=7, n=89)),
        "0.7971 0.8932",
    ),
    ("Wilson, 8 of 10", lambda: ends(wilson_interval(8, 10)), "0.490162 0.943318"),
    ("Wilson, 0 of 10", lambda: ends(wilson_interval(0, 10)), "0.000000 0.277533"),
    ("Wilson, 18 of 24", lambda: ends(wilson_interval(18, 24)), "0.5510 0.8800"),
    # 24 of 30 know as much as n* = 24 × 29 / 6 = 116 of many: 87 of 116 are three quarters too.
    ("Wilson, n* = 116", lambda: ends(wilson_interval(87, 116)), "0.664048 0.819925"),
    # But the six who are silent can lift 18 of 30 to 0.80 at most.
    (
        "Wilson, 18 of 24 of a list of 30",
        lambda: ends(wilson_interval(18, 24, population=30)),
        "0.664048 0.800000",
    ),
    (
        "mean of a list of 300, R statpsych",
        lambda: estimate(mean_interval(24.5, 3.65, 40, population=300)),
        "24.5 0.5381631 23.41146 25.58854",
    ),
    (
        "adjusted Wald, 12 of 100 of a list of 400, R statpsych",
        lambda: estimate(adjusted_wald(12, 100, population=400)),
        "0.1346154 0.0290208 0.0777357 0.1914951",
    ),
]


@pytest.mark.parametrize(
    ("found", "given"),
    [pytest.param(found, given, id=quantity) for quantity, found, given in ANSWERS],
)
def test_the_answer_is_right_to_the_digits_given(found, given):
    values, digits = np.atleast_1d(found()), [Decimal(text) for text in given.split()]

    for value, expected in zip(values, digits, strict=True):
        half_a_digit = Decimal("0.5").scaleb(expected.as_tuple().exponent)
        assert value == pytest.approx(float(expected), abs=float(half_a_digit) * 1.000001, rel=0)
