"""What people answer to one item: histograms, and everything that follows from them."""

from dataclasses import dataclass

import numpy as np

from app.scoring.codes import NO_ANSWERS, Answers, Counts, Groups
from app.scoring.scores import Score, score_of

_CODES = 256  # a byte


@dataclass(frozen=True)
class ItemResult:
    """How an item was answered.

    Attributes:
        score: Mean and interval on 0-100, 100 the good end.
        favourable: How many answered on the good side of the middle of the scale.
        favourable_share: The same as a share of those who answered; None for nobody.
        dont_know: How many said that they do not know.
        not_applicable: How many it does not apply to.
        not_answered: How many left it out.
        histogram: People by answer, from the lowest point of the scale, as it was asked.
    """

    score: Score
    favourable: int
    favourable_share: float | None
    dont_know: int
    not_applicable: int
    not_answered: int
    histogram: tuple[int, ...]


def item_histograms(answers: Answers, points: int, groups: Groups, group_count: int) -> Counts:
    """Count the answers to every item in every group; the whole is the sum of the groups.

    Args:
        answers: Codes as in `app.scoring.codes`, shape (items, people).
        points: How many answers the scale offers.
        groups: The group of each person, shape (people,), in [0, `group_count`).
        group_count: How many groups there are.

    Returns:
        Counts, shape (groups, items, points + 3): the answers from the lowest, then not
        applicable, don't know, not answered.
    """
    columns = [*range(points), *NO_ANSWERS]
    counts = np.empty((group_count, len(answers), len(columns)), np.int64)
    first = groups.astype(np.intp) * _CODES
    cell = np.empty_like(first)
    for item, row in enumerate(answers):
        np.add(first, row, out=cell)
        all_codes = np.bincount(cell, minlength=group_count * _CODES)
        counts[:, item, :] = all_codes.reshape(group_count, _CODES)[:, columns]
    return counts


def whole_histograms(answers: Answers, points: int) -> Counts:
    """Count the answers to every item over everybody.

    Args:
        answers: Codes as in `app.scoring.codes`, shape (items, people).
        points: How many answers the scale offers.

    Returns:
        Counts, shape (items, points + 3), as `item_histograms` gives them for one group.
    """
    columns = [*range(points), *NO_ANSWERS]
    counts = np.empty((len(answers), len(columns)), np.int64)
    for item, row in enumerate(answers):
        counts[item] = np.bincount(row, minlength=_CODES)[columns]
    return counts


def item_result(histogram: Counts, *, turned: bool) -> ItemResult:
    """Sum an item up from its histogram.

    Args:
        histogram: Counts, shape (points + 3,), as `item_histograms` gives them.
        turned: A low answer is the good one.

    Returns:
        The result. Favourable is beyond the middle: 4 and 5 of five points, 3 and 4 of four.

    Raises:
        ValueError: The scale has fewer than 2 points.
    """
    counts = histogram[: -len(NO_ANSWERS)]
    if counts.size < 2:
        raise ValueError("a scale has at least 2 points")
    good_last = counts[::-1] if turned else counts
    n, favourable = int(counts.sum()), int(good_last[(counts.size + 1) // 2 :].sum())
    not_applicable, dont_know, not_answered = histogram[-len(NO_ANSWERS) :].tolist()
    return ItemResult(
        score=score_of(np.linspace(0, 100, counts.size), good_last),
        favourable=favourable,
        favourable_share=favourable / n if n else None,
        dont_know=dont_know,
        not_applicable=not_applicable,
        not_answered=not_answered,
        histogram=tuple(counts.tolist()),
    )
