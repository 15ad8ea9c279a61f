"""Why the partnership exists: the official reasons against those that work in practice."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from app.scoring.codes import Answers
from app.scoring.domains import DomainScale, person_scores
from app.scoring.intervals import t_quantile
from app.scoring.scores import Score, score_of


@dataclass(frozen=True)
class DriverGap:
    """How far a reason is given, and how far it explains what happens, by the same people.

    Attributes:
        practice: How far it explains why the partnership exists in practice, 0-100.
        official: How far it is given as the official reason, 0-100.
        gap: Official less practice, person by person, -100 to 100.
        standard_errors: How many standard errors an interval of the gap reaches to each side;
            None below two people.
    """

    practice: Score
    official: Score
    gap: Score
    standard_errors: float | None


@dataclass(frozen=True)
class FrameGap:
    """A frame: the reasons that belong to it, taken together.

    Attributes:
        frame: Its code.
        questions: How many reasons it rests on.
        single_question: It rests on one alone.
        result: The frame as if it were one reason.
    """

    frame: str
    questions: int
    single_question: bool
    result: DriverGap


def driver_gap(practice: Answers, official: Answers, *, points: int) -> DriverGap:
    """Compare the official weight of one or several reasons with that in practice.

    Args:
        practice: Codes as in `app.scoring.codes`, shape (reasons, people).
        official: The same reasons, in the same order, by the same people.
        points: How many answers the scale offers.

    Returns:
        The comparison over those who have a score in both, and over nobody else: two numbers
        over nearly the same people would tell the difference.
    """
    scale = DomainScale(points, (False,) * len(practice))
    one, other = person_scores(practice, scale), person_scores(official, scale)
    columns = one.values.size + 1
    pairs = np.bincount(one.level.astype(np.intp) * columns + other.level, minlength=columns**2)
    both = pairs.reshape(columns, columns)[:-1, :-1]
    gaps = one.values[None, :] - one.values[:, None]
    gap = score_of(gaps.reshape(-1), both.reshape(-1))
    return DriverGap(
        practice=score_of(one.values, both.sum(axis=1)),
        official=score_of(one.values, both.sum(axis=0)),
        gap=gap,
        standard_errors=t_quantile(gap.n - 1) if gap.n > 1 else None,
    )


def frame_gaps(
    practice: Answers, official: Answers, *, frames: Sequence[str | None], points: int
) -> tuple[FrameGap, ...]:
    """Compare official weight and practice for each frame.

    Args:
        practice: Codes as in `app.scoring.codes`, shape (reasons, people).
        official: The same reasons, in the same order, by the same people.
        frames: The frame of each reason; None for a reason that belongs to none.
        points: How many answers the scale offers.

    Returns:
        One comparison for each frame, in the order in which frames first appear.

    Source:
        The four frames are Dickinson's (2010); which reasons belong to one, the instrument says.
    """
    results = []
    for frame in dict.fromkeys(frame for frame in frames if frame is not None):
        rows = [row for row, other in enumerate(frames) if other == frame]
        result = driver_gap(practice[rows], official[rows], points=points)
        results.append(FrameGap(frame, len(rows), len(rows) == 1, result))
    return tuple(results)
