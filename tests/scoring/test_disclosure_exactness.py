"""The audit against other ways to decide: every small group, minimum cuts, rules too weak."""

from fractions import Fraction
from functools import cache
from itertools import combinations

import numpy as np
import pytest
from scipy.sparse import csr_matrix
from scipy.sparse.csgraph import connected_components, maximum_flow

from app.scoring.disclosure import Cell, Safety, Table, audit, crossed, safety


def random_partnership(rng, people, sizes, *, unstated=0.0):
    tables = []
    for at, size in enumerate(sizes):
        codes = rng.choice(size, people, p=rng.dirichlet(np.full(size, 2.0)))
        codes = np.where(rng.random(people) < unstated, -1, codes)
        tables.append(Table(f"table {at}", tuple(f"{code:02}" for code in range(size)), codes))
    return tables


# The rule itself, decided by trying every group of fewer than k people.


@cache
def rank(vectors):
    rows, found = [list(map(Fraction, vector)) for vector in vectors], 0
    for column in range(len(rows[0]) if rows else 0):
        pivot = next((at for at in range(found, len(rows)) if rows[at][column]), None)
        if pivot is None:
            continue
        rows[found], rows[pivot] = rows[pivot], rows[found]
        for at in range(found + 1, len(rows)):
            factor = rows[at][column] / rows[found][column]
            rows[at] = [x - factor * y for x, y in zip(rows[at], rows[found], strict=True)]
        found += 1
    return found


def exposes(rows, people, smallest_group):
    """A group of fewer people is exposed if leaving their columns out loses rank."""
    columns = list(zip(*rows, strict=True))
    for profiles in range(1, min(smallest_group - 1, len(columns)) + 1):
        for group in combinations(range(len(columns)), profiles):
            others = [column for at, column in enumerate(columns) if at not in group]
            if sum(people[at] for at in group) < smallest_group and rank(frozenset(others)) < rank(
                frozenset(columns)
            ):
                return True
    return False


def decide(tables, has_value, is_safe):
    """The procedure of the rule, for a judge that is told rows over those who have a value."""
    rows, published = [], []

    def enter(cell, row):
        if any(row) and is_safe([*rows, row]):
            rows.append(row)
            published.append(cell)
        return cell in published

    enter(Cell("all"), [1] * int(has_value.sum()))
    for table in tables:
        names = [table.categories[code] if code >= 0 else None for code in table.codes[has_value]]
        refused = []
        for name in sorted(table.categories, key=lambda name: (-names.count(name), name)):
            if not enter(Cell(table.name, (name,)), [int(own == name) for own in names]):
                refused.append(name)
        if len(refused) > 1:
            enter(Cell(table.name, tuple(refused)), [int(own in refused) for own in names])
    return published, rows


def small_partnerships(count, seed):
    rng = np.random.default_rng(seed)
    for _ in range(count):
        people = int(rng.integers(4, 14))
        sizes = rng.integers(2, 5, int(rng.integers(1, 4)))
        tables = random_partnership(rng, people, sizes, unstated=rng.choice([0, 0.15]))
        if len(tables) > 1 and rng.random() < 0.5:
            tables.append(crossed(tables[0], tables[1]))
        has_value = rng.random(people) >= rng.choice([0, 0.1, 0.3])
        has_value[0] = True
        yield tables, has_value, int(rng.integers(2, 6))


def test_the_audit_agrees_with_brute_force_on_2000_random_decisions():
    for tables, has_value, k in small_partnerships(2_000, seed=1):
        published, _ = decide(
            tables, has_value, lambda rows, k=k: not exposes(rows, [1] * len(rows[0]), k)
        )

        decision = audit(tables, has_value, smallest_group=k)

        assert list(decision.published) == published
        assert decision.undecided == ()


def random_rows(rng, profiles):
    shape = (int(rng.integers(1, 7)), profiles)
    rows = rng.integers(0, 2, shape) * rng.choice([1, rng.integers(-2, 3)], shape)
    return [
        [Fraction(int(top), int(bottom)) for top, bottom in zip(row, below, strict=True)]
        for row, below in zip(rows, rng.choice([1, 1, 1, 2, 3], shape), strict=True)
    ]


def test_any_rational_rows_agree_with_brute_force():
    rng = np.random.default_rng(7)
    for _ in range(1_500):
        profiles = int(rng.integers(2, 10))
        rows, people = random_rows(rng, profiles), rng.integers(1, 5, profiles).tolist()
        smallest_group = int(rng.integers(2, 12))

        found = safety(rows, people, smallest_group=smallest_group)

        exposed = exposes(rows, people, smallest_group)
        assert found is (Safety.EXPOSED if exposed else Safety.SAFE)


# At the size of a partnership: for two one-way tables the rule is a minimum cut.


def fewest_people_spoken_of(tables, cells):
    """Least non-zero cut of the graph whose vertices are cells and whose edges are people.

    Whoever is in no published cell of a table shares one vertex there, since "all" is published.
    """
    vertices = {}
    ends = []
    for table in tables:
        cell_of = {
            name: cell for cell in cells if cell.table == table.name for name in cell.categories
        }
        own = [cell_of.get(table.categories[code], table.name) for code in table.codes]
        ends.append([vertices.setdefault(cell, len(vertices)) for cell in own])
    graph = np.zeros((len(vertices), len(vertices)), dtype=np.int32)
    np.add.at(graph, (ends[0], ends[1]), 1)
    graph = csr_matrix(graph + graph.T)
    _, component = connected_components(graph)
    first = {at: int(np.flatnonzero(component == at)[0]) for at in set(component.tolist())}
    return min(
        (
            maximum_flow(graph, first[component[end]], end).flow_value
            for end in range(len(vertices))
            if end != first[component[end]]
        ),
        default=len(tables[0].codes),
    )


def partnerships(count, seed):
    rng = np.random.default_rng(seed)
    for _ in range(count):
        people = int(rng.integers(40, 201))
        tables = random_partnership(rng, people, [int(rng.integers(3, 13)), 4])
        yield tables, rng.random(people) >= 0.2


def among(tables, has_value):
    return [Table(table.name, table.categories, table.codes[has_value]) for table in tables]


def two_halves(count, seed):
    """Partnerships whose halves share but a few people, more than share an ordinary pair."""
    rng = np.random.default_rng(seed)
    for _ in range(count):
        side, several = int(rng.integers(5, 9)), int(rng.integers(1, 4))
        within = np.argwhere(rng.random((2, side, side)) < 0.7).repeat(several, axis=0)
        across = np.array([0, side]) + rng.integers(side, size=(int(rng.integers(2, 5)), 2))
        across = across.repeat(rng.integers(several, several + 3, len(across)), axis=0)
        people = np.concatenate([within[:, 1:] + side * within[:, :1], across])
        names = tuple(f"{code:02}" for code in range(2 * side))
        tables = [Table(f"table {at}", names, people[:, at]) for at in (0, 1)]
        yield tables, np.ones(len(people), dtype=bool), len(across) + int(rng.integers(0, 2))


def at_real_size():
    yield from ((*partnership, 10) for partnership in partnerships(60, seed=2))
    yield from two_halves(80, seed=13)


def test_the_audit_agrees_with_minimum_cuts_at_real_size():
    for tables, has_value, k in at_real_size():
        decision = audit(tables, has_value, smallest_group=k)

        known = among(tables, has_value)
        assert decision.undecided == ()
        assert fewest_people_spoken_of(known, decision.published) >= k
        for table in tables:
            for name in table.categories:
                cell = Cell(table.name, (name,))
                answered = np.any(table.codes[has_value] == table.categories.index(name))
                if answered and cell not in decision.published:
                    assert fewest_people_spoken_of(known, [*decision.published, cell]) < k


# Controls: rules that are not enough must be caught by the same judge.


def threshold(rows):
    return sum(rows[-1]) >= 10


def threshold_and_complement(rows):
    return threshold(rows) and not 0 < len(rows[-1]) - sum(rows[-1]) < 10


@pytest.mark.parametrize("rule", [threshold, threshold_and_complement])
def test_control_a_rule_of_sizes_exposes_somebody(rule):
    exposed = 0
    for tables, has_value in partnerships(40, seed=3):
        published, _ = decide(tables, has_value, rule)
        exposed += fewest_people_spoken_of(among(tables, has_value), published) < 10

    assert exposed > 10


def test_control_auditing_membership_instead_of_values_exposes_somebody():
    exposed = 0
    for tables, has_value in partnerships(40, seed=4):
        published = audit(tables, np.ones_like(has_value), smallest_group=10).published
        exposed += fewest_people_spoken_of(among(tables, has_value), published) < 10

    assert exposed > 10


# A search that takes too long errs on the safe side.


@pytest.mark.parametrize("steps", [0, 100, 300])
def test_whatever_the_budget_leaves_out_the_rest_is_safe(steps):
    undecided = 0
    for tables, has_value in partnerships(20, seed=6):
        decision = audit(tables, has_value, smallest_group=10, steps=steps)

        undecided += len(decision.undecided)
        assert fewest_people_spoken_of(among(tables, has_value), decision.published) >= 10
    assert undecided > 0
