"""Cells of a report entering one by one, each published only if the whole stays safe."""

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction

import numpy as np

from app.scoring.disclosure.published import STEPS, Published, Safety
from app.scoring.disclosure.tables import (
    Codes,
    Mask,
    Profiles,
    Table,
    WeightedTotal,
    profiles,
)

EVERYBODY = "all"


@dataclass(frozen=True)
class Cell:
    """A group of people about whom one number may be published.

    Attributes:
        table: The table's or weighted total's name; "all" for everybody.
        categories: The category, or the pooled ones, largest first; () for "all" and totals.
    """

    table: str
    categories: tuple[str, ...] = ()


@dataclass(frozen=True)
class Decision:
    """What may be published of one variable.

    Attributes:
        published: Cells to publish, in the order in which they entered.
        refused: Cells of which nothing is published, neither alone nor in a pool.
        undecided: Cells, or pools, refused because the search outlasted its budget; a category
            in it may have been published in a pool all the same.
    """

    published: tuple[Cell, ...]
    refused: tuple[Cell, ...]
    undecided: tuple[Cell, ...]


def audit(
    tables: Sequence[Table],
    has_value: Mask,
    *,
    smallest_group: int,
    steps: int = STEPS,
    totals: Sequence[WeightedTotal] = (),
) -> Decision:
    """Decide which cells of one variable may be published.

    Cells enter in a fixed order: everybody; then table by table, in a table the categories with
    more values first, then by name; then weighted totals. Each is published only if no rational
    combination with those before it speaks about fewer than `smallest_group` people. The refused
    categories of a table are pooled, and the pool enters after the table under the same rule.

    Args:
        tables: One-way tables and crosses in their declared order, codes of shape (people,).
        has_value: Who has a value of this variable; shape (people,). Values are not looked at.
        smallest_group: Fewest people that a combination may speak about, at least 1.
        steps: Budget of additions for each cell, at least 0; beyond it a cell is refused.
        totals: Figures over people who do not all count the same, weights of shape (people,).

    Returns:
        The decision, the same whatever the order of people.

    Raises:
        ValueError: Tables, totals and `has_value` are not about the same people, two tables or
            totals share a name, or `smallest_group` is below 1.

    Source:
        The rule is exact, so it cannot be read off cell sizes: the search and its argument are
        in `published.py` and `search.py`.
    """
    return audit_each(
        tables,
        np.asarray(has_value, dtype=bool)[:, np.newaxis],
        smallest_group=smallest_group,
        steps=steps,
        totals=totals,
    )[0]


def audit_each(
    tables: Sequence[Table],
    has_value: Mask,
    *,
    smallest_group: int,
    steps: int = STEPS,
    totals: Sequence[WeightedTotal] = (),
) -> tuple[Decision, ...]:
    """Decide for many variables, once for those whose values are missing alike.

    Args:
        tables: As for `audit`.
        has_value: Who has a value of which variable; shape (people, variables).
        smallest_group: As for `audit`.
        steps: As for `audit`.
        totals: As for `audit`.

    Returns:
        One decision for each variable, in their order; each as `audit` would give it alone.

    Raises:
        ValueError: As for `audit`.
    """
    has_value = np.asarray(has_value, dtype=bool)
    if has_value.ndim != 2 or smallest_group < 1:
        raise ValueError("people by variables, and a smallest group of at least 1, are needed")
    merged = profiles(tables, totals, len(has_value))
    known: dict[bytes, Decision] = {}
    decisions = []
    for column in has_value.T:
        people = np.bincount(merged.of_people[column], minlength=len(merged.codes))
        pattern = people.tobytes()
        if pattern not in known:
            report = _Report(merged, people, smallest_group, steps)
            known[pattern] = report.decide(tables, totals)
        decisions.append(known[pattern])
    return tuple(decisions)


def audit_counted(
    tables: Sequence[Table], people: Codes, *, smallest_group: int, steps: int = STEPS
) -> Decision:
    """Decide for one variable, told how many people of each kind have a value.

    Args:
        tables: As for `audit`, but over kinds of people; codes of shape (kinds,).
        people: How many of each kind have a value, at least 0; shape (kinds,).
        smallest_group: As for `audit`.
        steps: As for `audit`.

    Returns:
        The decision that `audit` gives over the people themselves.

    Raises:
        ValueError: As for `audit`.
    """
    people = np.asarray(people, dtype=np.int64)
    if people.ndim != 1 or smallest_group < 1 or (people < 0).any():
        raise ValueError("people by kind, and a smallest group of at least 1, are needed")
    merged = profiles(tables, (), len(people))
    counted = np.zeros(len(merged.codes), dtype=np.int64)
    np.add.at(counted, merged.of_people, people)
    return _Report(merged, counted, smallest_group, steps).decide(tables, ())


class _Report:
    """The cells of one variable as they enter."""

    def __init__(self, merged: Profiles, people: Codes, smallest_group: int, steps: int) -> None:
        self._present = people > 0
        self._people = people[self._present]
        self._codes = merged.codes[self._present]
        self._weights = merged.weights
        self._rows = Published(self._people.tolist(), smallest_group=smallest_group)
        self._steps = steps
        self._published: list[Cell] = []
        self._refused: list[Cell] = []
        self._undecided: list[Cell] = []

    def decide(self, tables: Sequence[Table], totals: Sequence[WeightedTotal]) -> Decision:
        self._enter_or_refuse(Cell(EVERYBODY), [1] * len(self._people))
        for at, table in enumerate(tables):
            self._enter_table(table, self._codes[:, at])
        for total, weights in zip(totals, self._weights, strict=True):
            present = [weights[at] for at in np.flatnonzero(self._present)]
            self._enter_or_refuse(Cell(total.name), present)
        return Decision(tuple(self._published), tuple(self._refused), tuple(self._undecided))

    def _enter_table(self, table: Table, codes: Codes) -> None:
        sizes = [int(self._people[codes == code].sum()) for code in range(len(table.categories))]
        order = sorted(range(len(sizes)), key=lambda code: (-sizes[code], table.categories[code]))
        alone = {code: Cell(table.name, (table.categories[code],)) for code in order}
        refused = [code for code in order if not self._enter(alone[code], (codes == code).tolist())]
        pool = Cell(table.name, tuple(table.categories[code] for code in refused))
        if len(refused) < 2 or not self._enter(pool, np.isin(codes, refused).tolist()):
            self._refused += [alone[code] for code in refused]

    def _enter_or_refuse(self, cell: Cell, weights: Sequence[Fraction | int]) -> None:
        if not self._enter(cell, weights):
            self._refused.append(cell)

    def _enter(self, cell: Cell, weights: Sequence[Fraction | int]) -> bool:
        found = self._rows.admit(weights, steps=self._steps)
        if found is Safety.SAFE:
            self._published.append(cell)
        elif found is Safety.UNDECIDED:
            self._undecided.append(cell)
        return found is Safety.SAFE
