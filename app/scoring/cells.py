"""The cells of one wave: which may be published, and what is kept of those that are.

The decision needs every attribute of every answer, so it is made when the wave is folded. Of a
published cell the distribution of its values stays; of a refused one nothing.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from app.scoring.codes import Reals
from app.scoring.disclosure import Decision, Table, audit
from app.scoring.disclosure.audit import EVERYBODY
from app.scoring.scores import Score, distribution_of, score_of


@dataclass(frozen=True)
class PublishedCell:
    """A category of a table, or several pooled, with the distribution of its people's values.

    Attributes:
        groups: The category's code, or those of the pooled ones.
        values: Distinct values in ascending order, 0-100.
        counts: How many people have each.
    """

    groups: tuple[str, ...]
    values: tuple[float, ...]
    counts: tuple[int, ...]

    @property
    def n(self) -> int:
        """How many people have a value."""
        return sum(self.counts)

    @property
    def score(self) -> Score:
        """Their score."""
        return score_of(np.array(self.values, dtype=float), np.array(self.counts, dtype=np.int64))


@dataclass(frozen=True)
class TableCells:
    """One declared cut: its published cells, and the categories of which nothing is."""

    published: tuple[PublishedCell, ...] = ()
    refused: tuple[str, ...] = ()


@dataclass(frozen=True)
class VariableCells:
    """What may be published of one variable.

    Attributes:
        everybody: Whether the whole may be.
        undecided: How many cells were refused because the search ran out of its budget.
        tables: By declared cut.
    """

    everybody: bool
    undecided: int
    tables: Mapping[str, TableCells]


def table_of(name: str, categories: Sequence[str], places: Sequence[int]) -> Table:
    """A one-way table from each person's place in `categories`, -1 for none."""
    return Table(name, tuple(categories), np.asarray(places, dtype=np.int64))


def published_cells(
    values: Reals, tables: Sequence[Table], *, smallest_group: int
) -> VariableCells:
    """Decide which cells of one variable may be published, and keep their distributions.

    Args:
        values: One value for each person, shape (people,), NaN for who has none.
        tables: The declared cuts, over the same people, in the order in which they enter.
        smallest_group: Fewest people that any combination of cells may speak about.

    Returns:
        What may be published of the variable.
    """
    decision = audit(tables, ~np.isnan(values), smallest_group=smallest_group)
    return VariableCells(
        everybody=any(cell.table == EVERYBODY for cell in decision.published),
        undecided=len(decision.undecided),
        tables={table.name: _kept(decision, table, values) for table in tables},
    )


def _kept(decision: Decision, table: Table, values: Reals) -> TableCells:
    mine = [cell.categories for cell in decision.published if cell.table == table.name]
    refused = [cell.categories[0] for cell in decision.refused if cell.table == table.name]
    return TableCells(tuple(_cell(table, codes, values) for codes in mine), tuple(refused))


def _cell(table: Table, categories: tuple[str, ...], values: Reals) -> PublishedCell:
    wanted = [table.categories.index(category) for category in categories]
    distinct, counts = distribution_of(values[np.isin(table.codes, wanted)])
    return PublishedCell(categories, tuple(distinct.tolist()), tuple(counts.tolist()))
