"""What may be published of a variable: the worked traps, the order, the budget, refusals."""

from fractions import Fraction

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.scoring.disclosure import (
    Cell,
    Safety,
    Table,
    WeightedTotal,
    audit,
    audit_each,
    crossed,
    safety,
)

ALL = Cell("all")


def table(name, **sizes):
    """People in the order of their categories: `table("org", A=14, B=12)`."""
    return Table(name, tuple(sizes), np.repeat(np.arange(len(sizes)), list(sizes.values())))


def everyone(table):
    return np.ones(len(table.codes), dtype=bool)


# The traps that the documents work out.


def test_a_small_category_is_hidden_together_with_the_next_smallest():
    organisations = table("organisation", A=14, B=12, C=3)

    decision = audit([organisations], everyone(organisations), smallest_group=10)

    assert decision.published == (
        ALL,
        Cell("organisation", ("A",)),
        Cell("organisation", ("B", "C")),
    )
    assert decision.refused == ()


@pytest.mark.parametrize(
    ("small", "published"),
    [pytest.param(5, False, id="gives B's mean away"), pytest.param(20, True, id="B is known")],
)
def test_equal_voice_is_one_more_row(small, published):
    organisations = table("organisation", A=50, B=small)
    voices = [Fraction(1, 50)] * 50 + [Fraction(1, small)] * small

    decision = audit(
        [organisations],
        everyone(organisations),
        smallest_group=10,
        totals=[WeightedTotal("equal voice", tuple(voices))],
    )

    assert (Cell("equal voice") in decision.published) is published
    assert (Cell("equal voice") in decision.refused) is not published


def test_tables_that_cross_expose_what_neither_exposes_alone():
    organisations = Table("organisation", ("A", "B"), np.repeat([0, 1], [12, 20]))
    roles = Table("role", ("nurse", "doctor"), np.repeat([0, 1], [17, 15]))

    decision = audit([organisations, roles], everyone(roles), smallest_group=10)

    # 17 nurses less the 12 people of A, nurses all of them, are the 5 nurses of B.
    assert Cell("role", ("nurse",)) not in decision.published
    assert Cell("role", ("doctor",)) not in decision.published
    assert Cell("organisation", ("A",)) in decision.published


def test_who_is_in_no_category_is_protected_like_a_category():
    roles = Table("role", ("nurse",), np.repeat([0, -1], [20, 4]))

    decision = audit([roles], everyone(roles), smallest_group=10)

    assert decision.published == (ALL,)
    assert decision.refused == (Cell("role", ("nurse",)),)


def test_nothing_is_published_about_too_few():
    organisations = table("organisation", A=5, B=4)

    decision = audit([organisations], everyone(organisations), smallest_group=10)

    assert decision.published == ()
    assert set(decision.refused) == {
        ALL,
        Cell("organisation", ("A",)),
        Cell("organisation", ("B",)),
    }


def test_equal_cells_enter_by_name():
    organisations = table("organisation", C=12, A=12, B=12)

    decision = audit([organisations], everyone(organisations), smallest_group=10)

    assert [cell.categories for cell in decision.published] == [(), ("A",), ("B",), ("C",)]


# What a decision depends on.


def partnership(seed):
    rng = np.random.default_rng(seed)
    people = int(rng.integers(40, 201))
    organisations = Table("organisation", tuple("ABCDEFGH"), rng.binomial(7, 0.3, people))
    roles = Table("role", tuple("abcd"), rng.integers(-1, 4, people))
    return [organisations, roles, crossed(organisations, roles)], rng.random(people) >= 0.2


@given(st.integers(0, 1_000))
def test_the_order_of_people_does_not_matter(seed):
    tables, has_value = partnership(seed)
    order = np.random.default_rng(seed).permutation(len(has_value))
    shuffled = [Table(table.name, table.categories, table.codes[order]) for table in tables]

    decision = audit(tables, has_value, smallest_group=10)

    assert audit(shuffled, has_value[order], smallest_group=10) == decision


def test_every_variable_is_decided_as_if_it_were_alone():
    tables, has_value = partnership(seed=5)
    variables = np.column_stack([has_value, ~has_value, has_value, np.zeros_like(has_value)])

    decisions = audit_each(tables, variables, smallest_group=10)

    assert decisions == tuple(audit(tables, each, smallest_group=10) for each in variables.T)
    assert decisions[3].published == ()


# A search that takes too long refuses.


def test_cells_beyond_the_budget_are_refused_and_named():
    tables, has_value = partnership(seed=6)

    hurried = audit(tables, has_value, smallest_group=10, steps=0)
    unhurried = audit(tables, has_value, smallest_group=10)

    assert hurried.undecided
    assert not set(hurried.undecided) & set(hurried.published)
    assert unhurried.undecided == ()


def test_safety_without_a_budget_is_undecided():
    rows = [[1, 1, 1, 1], [1, 1, 0, 0], [1, 0, 1, 0]]

    assert safety(rows, [3, 3, 3, 3], smallest_group=4, steps=0) is Safety.UNDECIDED
    assert safety(rows, [3, 3, 3, 3], smallest_group=4) is Safety.SAFE
    assert safety(rows, [3, 3, 3, 3], smallest_group=7) is Safety.EXPOSED


# Tables and what is refused.


def test_a_cross_has_a_category_for_each_pair():
    first = Table("organisation", ("A", "B"), np.array([0, 0, 1, -1]))
    second = Table("role", ("nurse", "doctor", "other"), np.array([0, 2, 1, 1]))

    cross = crossed(first, second)

    assert cross.name == "organisation × role"
    assert [cross.categories[code] for code in cross.codes[:3]] == [
        "A × nurse",
        "A × other",
        "B × doctor",
    ]
    assert cross.codes[3] == -1


TWO = table("organisation", A=1, B=1)
THREE = table("role", nurse=3)


@pytest.mark.parametrize(
    "impossible",
    [
        pytest.param(lambda: Table("t", ("a",), np.array([1])), id="unknown category"),
        pytest.param(lambda: Table("t", ("a",), np.array([-2])), id="code below -1"),
        pytest.param(lambda: Table("t", ("a",), np.array([0.5])), id="fractional code"),
        pytest.param(lambda: Table("t", ("a", "a"), np.array([0])), id="one name twice"),
        pytest.param(lambda: WeightedTotal("mean", (0.5, 0.5)), id="inexact weights"),
        pytest.param(lambda: crossed(TWO, THREE), id="cross of different people"),
        pytest.param(lambda: audit([TWO, THREE], [1, 1], smallest_group=5), id="other people"),
        pytest.param(lambda: audit([TWO, TWO], [1, 1], smallest_group=5), id="table twice"),
        pytest.param(lambda: audit([TWO], [1, 1], smallest_group=0), id="group of nobody"),
        pytest.param(lambda: audit_each([TWO], [1, 1], smallest_group=5), id="no variables"),
        pytest.param(lambda: safety([[1]], [1, 1], smallest_group=5), id="row too short"),
        pytest.param(lambda: safety([[1]], [0], smallest_group=5), id="profile of nobody"),
    ],
)
def test_impossible_input_is_refused(impossible):
    with pytest.raises(ValueError):
        impossible()
