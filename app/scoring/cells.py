"""The cells of one wave: which may be published, and what is kept of those that are.

The decision needs every attribute of every answer, so it is made when the wave is folded. Of a
published cell the distribution of its values stays; of a refused one nothing.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property

import numpy as np

from app.scoring.codes import Reals
from app.scoring.disclosure import Decision, Table, audit
from app.scoring.disclosure.audit import EVERYBODY
from app.scoring.forms import PublishedScore, published_score
from app.scoring.room import with_room
from app.scoring.scores import Score, distribution_of, score_of
from app.scoring.waves import Mask


@dataclass(frozen=True)
class PublishedCell:
    """A category of a table, or several pooled, with the distribution of its people's values.

    Attributes:
        groups: The category's code, or those of the pooled ones.
        values: Distinct values in ascending order, 0-100.
        counts: How many people have each.
        opened: Its score as it is published open at an end, for the sake of other cells.
    """

    groups: tuple[str, ...]
    values: tuple[float, ...]
    counts: tuple[int, ...]
    opened: PublishedScore | None = None

    @cached_property
    def n(self) -> int:
        """How many people have a value."""
        return sum(self.counts)

    @cached_property
    def score(self) -> Score:
        """Their score."""
        found = score_of(np.array(self.values, dtype=float), np.array(self.counts, dtype=np.int64))
        return replace(found, opened=self.opened) if self.opened else found


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


def scored_cells(values: Reals, tables: Sequence[Table], *, smallest_group: int) -> VariableCells:
    """Decide as `published_cells` does, and leave room: open scores that would tell too much.

    Args:
        values: As for `published_cells`.
        tables: As for `published_cells`.
        smallest_group: As for `published_cells`.

    Returns:
        The same cells; scores that beside each other would nearly tell somebody's own are open at
        an end.
    """
    found = published_cells(values, tables, smallest_group=smallest_group)
    if not found.everybody:
        return found
    has_value = ~np.isnan(values)
    whole = published_score(score_of(values), smallest_group=smallest_group)
    names: list[tuple[str, tuple[str, ...]]] = [(EVERYBODY, ())]
    rows, scores = [has_value], [whole]
    for table in tables:
        for cell in found.tables[table.name].published:
            names.append((table.name, cell.groups))
            rows.append(has_value & _members(table, cell.groups))
            scores.append(published_score(cell.score, smallest_group=smallest_group))
    kinds, people = np.unique(np.array(rows)[:, has_value], axis=1, return_counts=True)
    shown = with_room(kinds, people.astype(float), scores)
    opened = {
        name: after
        for name, before, after in zip(names, scores, shown, strict=True)
        if after != before
    }
    kept = {
        name: replace(
            cells,
            published=tuple(
                replace(cell, opened=opened.get((name, cell.groups))) for cell in cells.published
            ),
        )
        for name, cells in found.tables.items()
    }
    return replace(found, tables=kept)


def _members(table: Table, categories: Sequence[str]) -> Mask:
    """Who belongs to one of some categories of a table, shape (people,)."""
    wanted = [table.categories.index(category) for category in categories]
    members: Mask = np.isin(table.codes, wanted)
    return members


def _kept(decision: Decision, table: Table, values: Reals) -> TableCells:
    mine = [cell.categories for cell in decision.published if cell.table == table.name]
    refused = [cell.categories[0] for cell in decision.refused if cell.table == table.name]
    return TableCells(tuple(_cell(table, codes, values) for codes in mine), tuple(refused))


def _cell(table: Table, categories: tuple[str, ...], values: Reals) -> PublishedCell:
    distinct, counts = distribution_of(values[_members(table, categories)])
    return PublishedCell(categories, tuple(distinct.tolist()), tuple(counts.tolist()))
