"""Process and outcome together: the whole table."""

import pytest

from app.scoring.combined import Combination, combination, process_band

TABLE = """
process   | delivered              | partly                     | not_delivered
----------+------------------------+----------------------------+---------------------------
celebrate | consistent_with_theory | theory_in_question         | theory_in_question
middling  | consistent_with_theory | implementation_in_question | implementation_in_question
develop   | delivered_otherwise    | implementation_in_question | implementation_in_question
"""


def cells():
    head, _, *rows = [
        [cell.strip() for cell in line.split("|")] for line in TABLE.strip().splitlines()
    ]
    return [
        (row[0], verdict, finding)
        for row in rows
        for verdict, finding in zip(head[1:], row[1:], strict=True)
    ]


@pytest.mark.parametrize(("process", "delivered", "finding"), cells())
def test_what_process_and_delivery_say_together(process, delivered, finding):
    assert combination(process, delivered) == Combination(finding, None)


@pytest.mark.parametrize(
    ("process", "delivered", "why"),
    [
        ("celebrate", "too_early", "too_early"),
        (None, "too_early", "too_early"),
        (None, "delivered", "too_few"),
        ("develop", None, "too_few"),
        ("unclear", None, "too_few"),
        ("celebrate", "unknown", "delivery_unknown"),
        ("unclear", "unknown", "delivery_unknown"),
        ("unclear", "delivered", "process_unclear"),
    ],
)
def test_where_a_side_is_not_known_nothing_can_be_said(process, delivered, why):
    assert combination(process, delivered) == Combination("cannot_say", why)


@pytest.mark.parametrize(
    ("bands", "expected"),
    [
        (["celebrate", "celebrate"], "celebrate"),
        (["celebrate", "middling"], "middling"),
        (["middling", "unclear"], "unclear"),
        (["celebrate", "unclear", None], None),
        (["develop", "unclear", None, "celebrate"], "develop"),
        ([], "unclear"),
    ],
)
def test_a_theory_is_as_strong_as_its_weakest_domain(bands, expected):
    assert process_band(bands) == expected
