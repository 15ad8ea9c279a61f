"""Rows of integers, each standing for all its rational multiples."""

from collections.abc import Sequence
from fractions import Fraction
from math import gcd, lcm

Row = list[int]


class BudgetSpent(Exception):
    """The search has used all its steps without an answer."""


class Steps:
    """A budget of additions, so that giving up never depends on a clock."""

    def __init__(self, allowed: int) -> None:
        self.left = allowed

    def take(self, count: int) -> None:
        """Count additions of integers.

        Args:
            count: How many are about to be done, at least 0.

        Raises:
            BudgetSpent: Fewer than `count` steps were left.
        """
        self.left -= count
        if self.left < 0:
            raise BudgetSpent


def whole(weights: Sequence[Fraction | int]) -> Row:
    """Scale rational weights to the smallest integers in the same proportion.

    Args:
        weights: Rational numbers; shape (columns,).

    Returns:
        Integers without a common factor, the row's sign kept; all 0 if the weights are.
    """
    common = lcm(*(weight.denominator for weight in weights))
    return _primitive(
        [int(weight.numerator) * (common // weight.denominator) for weight in weights]
    )


def cleared(row: Sequence[int], pivot: Sequence[int], column: int) -> Row:
    """Subtract the multiple of `pivot` that makes `row` zero in one column.

    Args:
        row: Integers; shape (columns,).
        pivot: Integers, not 0 in `column`; shape (columns,).
        column: Index of the column to clear.

    Returns:
        A non-zero multiple of the difference, without a common factor; shape (columns,).
    """
    common = gcd(row[column], pivot[column])
    ours, theirs = pivot[column] // common, row[column] // common
    if abs(ours) == 1:  # by far the most frequent case in a table of counts
        theirs *= ours
        return _primitive([x - theirs * y for x, y in zip(row, pivot, strict=True)])
    return _primitive([ours * x - theirs * y for x, y in zip(row, pivot, strict=True)])


def vanishing(rows: Sequence[Sequence[int]], column: int, steps: Steps) -> list[Sequence[int]]:
    """Restrict a space to its vectors that are zero in one column.

    Args:
        rows: A basis of the space, integers; shape (dimension, columns).
        column: Index of the column.
        steps: Budget; one step for each entry of a row that changes.

    Returns:
        A basis of the restricted space, shape (dimension or dimension - 1, columns).

    Raises:
        BudgetSpent: The budget does not suffice.
    """
    touched = [row for row in rows if row[column]]
    if not touched:
        return list(rows)
    pivot = min(touched, key=lambda row: abs(row[column]))
    steps.take(len(touched) * len(pivot))
    return [cleared(row, pivot, column) if row[column] else row for row in rows if row is not pivot]


def direction(column: Sequence[int]) -> tuple[int, ...]:
    """Name a column up to a factor: proportional columns, and no others, get the same name.

    Args:
        column: Integers; shape (dimension,).

    Returns:
        The column without common factor, its first non-zero entry positive; () if all are 0.
    """
    common = gcd(*column)
    if not common:
        return ()
    leading = next(entry for entry in column if entry)
    divisor = common if leading > 0 else -common
    return tuple(column) if divisor == 1 else tuple(entry // divisor for entry in column)


def _primitive(row: Row) -> Row:
    common = gcd(*row)
    return row if common <= 1 else [entry // common for entry in row]
