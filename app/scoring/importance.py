"""How people share points among the domains: what matters most to them, by trade-off."""

import numpy as np

from app.scoring.codes import NOT_ANSWERED, Answers, Reals

POINTS = 10


def shared_points(points: Answers) -> Reals:
    """Put shared points on 0-100, so that the forms of scores apply.

    Args:
        points: Whole points of `POINTS` for each domain, or `NOT_ANSWERED`; shape
            (domains, people).

    Returns:
        A share of 0-100 for each domain and each person who shared points, shape
        (domains, people who did); a domain that got none of a person's points has 0.
    """
    shared = points[:, (points != NOT_ANSWERED).any(axis=0)]
    return np.where(shared == NOT_ANSWERED, 0, shared) * (100 / POINTS)
