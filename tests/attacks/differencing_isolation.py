"""Is there a rational combination of published cells that speaks about fewer than k people?

Exact and complete, and with nothing taken from the service: people whom no equation tells apart
are merged, and every way to pay for fewer than k people in the support is tried.
"""

from collections import Counter
from fractions import Fraction


def isolated(rows, k):
    """Say whether some non-zero combination of the rows has fewer than k people in it.

    Args:
        rows: Exact weights, each of shape (people,).
        k: How many people a combination has to speak about.
    """
    profiles = Counter(zip(*rows, strict=True))
    columns = [column for column in profiles if any(column)]
    blocks = [[[entry] for entry in column] for column in columns]
    return light(blocks, [profiles[column] for column in columns], k)


def light(blocks, people, k):
    """The same where each person has several columns: `blocks` are (rows, columns) of profiles."""
    space = _echelon([[entry for block in blocks for entry in block[at]] for at in _rows(blocks)])
    spans, start = [], 0
    for block in blocks:
        width = len(block[0])
        spans.append(range(start, start + width))
        start += width
    return _search(space, [(span, count) for span, count in zip(spans, people, strict=True)], k - 1)


def _rows(blocks):
    return range(len(blocks[0])) if blocks else range(0)


def _search(space, open_profiles, budget):
    """Some vector of `space` is non-zero only on profiles paid for and on few of the open ones."""
    while space:
        merged = {}
        for span, count in open_profiles:
            seen = _echelon([[row[at] for row in space] for at in span])
            if seen:  # profiles that vanish together are one
                spans, total = merged.get(key := tuple(map(tuple, seen)), ((), 0))
                merged[key] = ((*spans, *span), total + count)
        if not merged:
            return True
        heavy = [span for span, count in merged.values() if count > budget]
        open_profiles = [(span, count) for span, count in merged.values() if count <= budget]
        if not heavy:
            break
        for span in heavy:
            space = _vanishing(space, span)
    if not space:
        return False
    at = max(range(len(open_profiles)), key=lambda one: open_profiles[one][1])
    span, count = open_profiles[at]
    others = open_profiles[:at] + open_profiles[at + 1 :]
    return _search(_vanishing(space, span), others, budget) or _search(
        space, others, budget - count
    )


def _vanishing(space, columns):
    """A basis of the vectors that are zero in these columns."""
    for column in columns:
        touched = [row for row in space if row[column]]
        if touched:
            pivot = touched[0]
            space = [_less(row, pivot, column) for row in space if row is not pivot]
    return space


def _less(row, pivot, column):
    if not row[column]:
        return row
    factor = row[column] / pivot[column]
    return [x - factor * y for x, y in zip(row, pivot, strict=True)]


def _echelon(rows):
    """The reduced echelon form over the rationals: one for each space."""
    rows, done = [list(map(Fraction, row)) for row in rows], []
    for column in range(len(rows[0]) if rows else 0):
        pivot = next((row for row in rows if row[column]), None)
        if pivot is None:
            continue
        pivot = [entry / pivot[column] for entry in pivot]
        rows = [_less(row, pivot, column) for row in rows]
        rows = [row for row in rows if any(row)]
        done = [_less(row, pivot, column) for row in done] + [pivot]
    return done
