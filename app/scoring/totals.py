"""One score for all groups: each counted by its headcount, or each as one voice."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from app.scoring.forms import PublishedScore, nearest_whole, score_range


@dataclass(frozen=True)
class Cell:
    """A group whose score is published.

    Attributes:
        n: People with a score.
        mean: Their mean, 0-100, not rounded.
        headcount: How many work there, at least 1; of a pool, all its groups together.
        opened: Its score as it is published open at an end, for the sake of other cells.
    """

    n: int
    mean: float
    headcount: int
    opened: PublishedScore | None = None


def headcount_total(cells: Sequence[Cell]) -> PublishedScore | None:
    """Score the whole as if every group had answered at the same rate.

    Args:
        cells: The published cells of one table, a pool being one.

    Returns:
        The mean of the cells weighted by headcount, in whole points; None below two cells.
        A mean beyond its cell's `score_range` enters as the end of the range, marked as in the
        cell itself: otherwise the total would tell what the cell does not.

    Source:
        Holt, D., & Smith, T. M. F. (1979). Post stratification. JRSS A 142(1), 33-46.
    """
    return _total(cells, lambda cell: cell.headcount)


def equal_voice_total(cells: Sequence[Cell]) -> PublishedScore | None:
    """Score the whole with one voice for each group, however large.

    Args:
        cells: The published cells of one table, a pool being one.

    Returns:
        The plain mean of the cells, in whole points, clamped cells as in `headcount_total`;
        None below two cells.
    """
    return _total(cells, lambda _: 1)


def _total(cells: Sequence[Cell], weight: Callable[[Cell], int]) -> PublishedScore | None:
    weights = sum(weight(cell) for cell in cells)
    if len(cells) < 2 or weights == 0:
        return None
    mean, at_least, at_most = 0.0, False, False
    for cell in cells:
        lowest, highest = score_range(cell.n)
        shown = cell.opened.score if cell.opened else cell.mean
        mean += weight(cell) / weights * min(max(shown, lowest), highest)
        at_least |= cell.opened.at_least if cell.opened else nearest_whole(shown) > highest
        at_most |= cell.opened.at_most if cell.opened else nearest_whole(shown) < lowest
    return PublishedScore(sum(cell.n for cell in cells), nearest_whole(mean), at_least, at_most)
