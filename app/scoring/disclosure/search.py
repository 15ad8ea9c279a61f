"""Is there a vector of small weight that uses the newest row?

A vector of a row space is wanted whose last coordinate, the *mark*, is not zero and whose other
non-zero coordinates weigh less than a limit. Seen from the columns: a set of columns of small
weight that meets every *circuit* of the mark, a circuit being a set of columns that spans the
mark's column (where all of them are zero, the mark is zero). So circuits with no column in
common, or sharing its weight, bound the weight from below, and one circuit tells where to branch:
some column of it is not zero.

Source:
    Rockafellar, R. T. (1969). The elementary vectors of a subspace of R^N. Combinatorial
    Mathematics and its Applications, 104-127 (supports and circuits, section 22 there);
    Padberg, M. and Rinaldi, G. (1990). An efficient algorithm for the minimum capacity cut
    problem. Mathematical Programming 47, 19-36 (contracting what weighs as much as the limit).
    For two one-way tables the question is that of a minimum cut; in general it is the minimum
    distance of a linear code, NP-hard by Vardy, A. (1997), IEEE Transactions on Information
    Theory 43(6), 1757-1766, which is why there is a budget.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from app.scoring.disclosure.exact import Steps, cleared, direction, vanishing


@dataclass(frozen=True)
class Space:
    """Vectors to choose from, and what may still be spent on non-zero coordinates.

    Attributes:
        rows: Basis, integers, the mark last; shape (dimension, columns + 1). The search replaces
            it by other bases of the same vectors, each a start for the next elimination.
        weights: People behind each column but the mark, at least 1; shape (columns,).
        limit: The wanted vector weighs less than this, at least 1.
    """

    rows: list[Sequence[int]]
    weights: Sequence[int]
    limit: int


def has_light_vector(space: Space, steps: Steps) -> bool:
    """Decide whether a vector with a non-zero mark weighs less than the limit.

    Args:
        space: Linearly independent rows without the mark, so that no such vector is zero.
        steps: Budget, used up as the search goes on.

    Returns:
        True if there is such a vector, False if there is none.

    Raises:
        BudgetSpent: The budget ended before the answer was known.
    """
    reduced = _reduced(space, steps)
    if reduced is None:
        return False
    circuit = _circuit_to_break(reduced, steps)
    if circuit is None:
        return False
    rows = reduced.rows
    for column in circuit:
        if has_light_vector(_paid(Space(rows, reduced.weights, reduced.limit), column), steps):
            return True
        rows = vanishing(rows, column, steps)
    return not circuit


def _reduced(space: Space, steps: Steps) -> Space | None:
    """Draw the conclusions that need no choice; None if they rule every vector out.

    Proportional columns are zero together, so they are one column with their joint weight. What
    is proportional to the mark is never zero and is paid; what weighs the limit must be zero.
    """
    rows, weights, limit = space.rows, space.weights, space.limit
    while True:
        steps.take(len(rows) * len(weights))
        merged, mark = _merged(rows, weights)
        limit -= merged.pop(mark, 0)
        if not mark or limit <= 0:
            return None
        rows, weights = list(zip(*merged, mark, strict=True)), list(merged.values())
        heavy = [column for column, weight in enumerate(weights) if weight >= limit]
        if not heavy:
            return Space(rows, weights, limit)
        for column in heavy:
            rows = vanishing(rows, column, steps)


def _merged(
    rows: Sequence[Sequence[int]], weights: Sequence[int]
) -> tuple[dict[tuple[int, ...], int], tuple[int, ...]]:
    """Add up the weights of proportional columns; also return the mark's direction."""
    merged: dict[tuple[int, ...], int] = {}
    if not rows:
        return merged, ()
    *columns, mark = map(direction, zip(*rows, strict=True))
    for column, weight in zip(columns, weights, strict=True):
        if column:
            merged[column] = merged.get(column, 0) + weight
    return merged, mark


def _paid(space: Space, column: int) -> Space:
    """Allow one column not to be zero, at the price of its weight."""
    return Space(
        [[*row[:column], *row[column + 1 :]] for row in space.rows],
        [*space.weights[:column], *space.weights[column + 1 :]],
        space.limit - space.weights[column],
    )


def _circuit_to_break(space: Space, steps: Steps) -> list[int] | None:
    """Find a circuit to branch on, heaviest column first; None if no vector is light enough.

    An empty circuit says that a light vector has been met on the way.
    """
    circuits: list[list[int]] = _planes(space, steps)
    bound, capacities = _bound_by_planes(circuits, space.weights)
    while bound < space.limit:
        circuit = _widest_circuit(space, capacities, steps)
        if circuit is None:
            break
        if not circuit:
            return circuit
        circuits.append(circuit)
        width = min(capacities[column] for column in circuit)
        bound += width
        for column in circuit:
            capacities[column] -= width
    if bound >= space.limit:
        return None
    shortest = min(circuits, key=len)
    return sorted(shortest, key=lambda column: -space.weights[column])


def _planes(space: Space, steps: Steps) -> list[list[int]]:
    """Collect columns, two or more at a time, that lie in one plane with the mark.

    In such a plane any two columns are a circuit of the mark.
    """
    anchor = next(row for row in space.rows if row[-1])
    others = [row for row in space.rows if row is not anchor]
    steps.take(len(others) * len(anchor))
    others = [cleared(row, anchor, -1) if row[-1] else row for row in others]
    planes: dict[tuple[int, ...], list[int]] = {}
    for column, name in enumerate(map(direction, list(zip(*others, strict=True))[:-1])):
        planes.setdefault(name, []).append(column)
    return [plane for plane in planes.values() if len(plane) > 1]


def _bound_by_planes(
    planes: Sequence[Sequence[int]], weights: Sequence[int]
) -> tuple[int, list[int]]:
    """Bound the weight by one plane after another, and say which weights are left unused.

    A vector with a non-zero mark is zero in at most one direction of a plane, so it pays for
    all columns there but one.
    """
    capacities = list(weights)
    bound = 0
    for plane in planes:
        *paid, spared = sorted(plane, key=weights.__getitem__)
        payment = sum(weights[column] for column in paid)
        for column in paid:
            capacities[column] = 0
        capacities[spared] -= min(payment, capacities[spared])
        bound += payment
    return bound, capacities


def _widest_circuit(space: Space, capacities: Sequence[int], steps: Steps) -> list[int] | None:
    """Find the circuit of the mark whose least capacity is greatest.

    The greedy basis does it: take columns by falling capacity until they span the mark.
    Returns None if all columns with capacity do not span it, and [] if a row met on the way is
    itself a light vector with a non-zero mark.
    """
    rows = space.rows
    pivots: dict[int, int] = {}
    order = sorted(range(len(capacities)), key=lambda column: -capacities[column])
    for column in order:
        if not capacities[column] or _spanned(rows, pivots):
            break
        steps.take(len(rows))
        free = [at for at, row in enumerate(rows) if row[column] and at not in pivots]
        if free:
            _make_pivot(rows, free[0], column, steps)
            pivots[free[0]] = column
    marked = [at for at, row in enumerate(rows) if row[-1]]
    if any(_weight(rows[at], space.weights) < space.limit for at in marked):
        return []
    return [pivots[at] for at in marked] if _spanned(rows, pivots) else None


def _make_pivot(rows: list[Sequence[int]], at: int, column: int, steps: Steps) -> None:
    """Clear a column in every row but one, in place."""
    for other, row in enumerate(rows):
        if other != at and row[column]:
            steps.take(len(row))
            rows[other] = cleared(row, rows[at], column)


def _spanned(rows: Sequence[Sequence[int]], pivots: dict[int, int]) -> bool:
    """Say whether the columns that have a pivot span the mark."""
    return not any(row[-1] for at, row in enumerate(rows) if at not in pivots)


def _weight(row: Sequence[int], weights: Sequence[int]) -> int:
    """Count the people with a non-zero coefficient."""
    return sum(weight for entry, weight in zip(row, weights, strict=False) if entry)
