"""Tables of categories, and people who are alike in all of them."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from numbers import Rational

import numpy as np
import numpy.typing as npt

Codes = npt.NDArray[np.int64]
Mask = npt.NDArray[np.bool_]


@dataclass(frozen=True, eq=False)
class Table:
    """One declared cut: everybody is in one category or in none.

    Attributes:
        name: What the table is called, distinct within a report and not "all".
        categories: Names, distinct, by code.
        codes: Each person's category, as an index into `categories`, or -1 for none; integers
            of shape (people,).
    """

    name: str
    categories: tuple[str, ...]
    codes: Codes

    def __post_init__(self) -> None:
        codes = np.asarray(self.codes)
        if codes.ndim != 1 or codes.dtype.kind not in "iu":
            raise ValueError(f"the codes of {self.name} are one integer for each person")
        if codes.size and not -1 <= codes.min() <= codes.max() < len(self.categories):
            raise ValueError(f"a code of {self.name} names no category")
        if len(set(self.categories)) < len(self.categories):
            raise ValueError(f"two categories of {self.name} have one name")
        object.__setattr__(self, "codes", codes.astype(np.int64))


@dataclass(frozen=True)
class WeightedTotal:
    """A figure over people who do not all count the same, such as equal voice.

    Attributes:
        name: What the figure is called.
        weights: Each person's exact coefficient, 0 for those left out; shape (people,).
    """

    name: str
    weights: tuple[Fraction | int, ...]

    def __post_init__(self) -> None:
        if not all(isinstance(weight, Rational) for weight in self.weights):
            raise ValueError(f"the weights of {self.name} are not all exact")


def crossed(first: Table, second: Table) -> Table:
    """Cross two tables of the same people.

    Args:
        first: Table with codes of shape (people,).
        second: Table with codes of shape (people,), the same people in the same order.

    Returns:
        The table of pairs "first × second", with a category for each pair of categories, those
        of `first` changing slowest: code = first code * categories of second + second code.
        Whoever is in no category of either is in no pair.

    Raises:
        ValueError: The tables do not have the same number of people.
    """
    if first.codes.shape != second.codes.shape:
        raise ValueError("crossed tables describe the same people")
    pairs = first.codes * len(second.categories) + second.codes
    return Table(
        name=f"{first.name} × {second.name}",
        categories=tuple(f"{a} × {b}" for a in first.categories for b in second.categories),
        codes=np.where((first.codes < 0) | (second.codes < 0), -1, pairs),
    )


def tables_of(cuts: Sequence[str | tuple[str, str]], one_way: Mapping[str, Table]) -> list[Table]:
    """The tables of declared cuts, in their order: one-way, or two of them crossed."""
    return [
        one_way[cut] if isinstance(cut, str) else crossed(one_way[cut[0]], one_way[cut[1]])
        for cut in cuts
    ]


@dataclass(frozen=True, eq=False)
class Profiles:
    """People merged where no table and no weighted total tells them apart.

    Attributes:
        of_people: Each person's profile; shape (people,).
        codes: Category of each profile by table; shape (profiles, tables).
        weights: Coefficient of each profile by weighted total; shape (totals, profiles).
    """

    of_people: Codes
    codes: Codes
    weights: tuple[tuple[Fraction | int, ...], ...]


def profiles(tables: Sequence[Table], totals: Sequence[WeightedTotal], people: int) -> Profiles:
    """Merge people with the same column, since no combination can tell them apart.

    Args:
        tables: Tables with codes of shape (people,).
        totals: Weighted totals with weights of shape (people,).
        people: How many people there are, at least 0.

    Returns:
        The profiles, in an order that does not depend on the order of people.

    Raises:
        ValueError: A table or total is not about `people` people, or two share a name.
    """
    names = ["all", *(table.name for table in tables), *(total.name for total in totals)]
    sizes = [len(table.codes) for table in tables] + [len(total.weights) for total in totals]
    if len(set(names)) < len(names) or any(size != people for size in sizes):
        raise ValueError("tables and totals have names of their own and describe the same people")
    levels = [sorted(set(total.weights)) for total in totals]
    columns = [table.codes for table in tables]
    for total, level in zip(totals, levels, strict=True):
        rank = {weight: at for at, weight in enumerate(level)}
        columns.append(np.array([rank[weight] for weight in total.weights], dtype=np.int64))
    everybody = np.zeros(people, dtype=np.int64)
    merged, of_people = np.unique(
        np.column_stack([everybody, *columns]), axis=0, return_inverse=True
    )
    ranks = merged[:, 1 + len(tables) :].T
    return Profiles(
        of_people=of_people.reshape(-1).astype(np.int64),
        codes=merged[:, 1 : 1 + len(tables)],
        weights=tuple(
            tuple(level[at] for at in row) for level, row in zip(levels, ranks, strict=True)
        ),
    )
