"""Importance against delivery: what to keep up and where to concentrate."""

from dataclasses import dataclass
from typing import Final, Literal

import numpy as np
from numpy.typing import NDArray

from app.scoring.bands import CONVENTIONS
from app.scoring.codes import Counts, Reals
from app.scoring.forms import rests_on_answers

Name = Literal["concentrate_here", "keep_up", "low_priority", "possible_overkill"]

_NAMES: Final[dict[tuple[bool, bool], Name]] = {
    (True, False): "concentrate_here",
    (True, True): "keep_up",
    (False, False): "low_priority",
    (False, True): "possible_overkill",
}


@dataclass(frozen=True)
class Quadrant:
    """Where an outcome stands.

    Attributes:
        n: People who rated both its importance and its delivery.
        name: The quadrant: important or not, by delivered or not.
        probability: Share of bootstrap samples of the same people that give this quadrant, two
            decimals.
        crosshair: Point of both scales, 0-100, that a mean must exceed.
    """

    n: int
    name: Name
    probability: float
    crosshair: float


def quadrant(
    both: Counts,
    *,
    seed: int,
    smallest_group: int,
    crosshair: float = CONVENTIONS.crosshair,
    draws: int = 2000,
) -> Quadrant | None:
    """Place an outcome by its mean importance and mean delivery, and say how surely.

    Args:
        both: People by importance (rows) and delivery (columns), each from the lowest answer,
            shape (points, points); those who rated both.
        seed: Start of the random numbers: the same seed gives the same probability.
        smallest_group: Fewest people a number may rest on.
        crosshair: Point of both scales, 0-100, at which the quadrants meet; 50 is the middle of
            the scale.
        draws: How many bootstrap samples, at least 1.

    Returns:
        The place; None below 3 × `smallest_group`.

    Source:
        Martilla, J. A., & James, J. C. (1977). Importance-performance analysis. Journal of
        Marketing 41(1), 77-79. Efron, B. (1979). Bootstrap methods. Annals of Statistics 7(1),
        1-26; drawing people is drawing cells of their table.
    """
    n = int(both.sum())
    if not rests_on_answers(n, smallest_group=smallest_group):
        return None
    important, delivered = _sides(both[None], crosshair)
    generator = np.random.default_rng(seed)
    samples = generator.multinomial(n, both.reshape(-1) / n, size=draws)
    sides = _sides(samples.reshape(draws, *both.shape), crosshair)
    alike = (sides[0] == important[0]) & (sides[1] == delivered[0])
    name = _NAMES[bool(important[0]), bool(delivered[0])]
    return Quadrant(n, name, round(float(alike.mean()), 2), crosshair)


def _sides(tables: Counts, crosshair: float) -> tuple[NDArray[np.bool_], NDArray[np.bool_]]:
    """Say of each table, shape (tables, points, points), on which sides its means lie."""
    points = tables.shape[-1]
    n = tables.sum(axis=(1, 2))
    scale: Reals = np.linspace(0, 100, points)
    importance = tables.sum(axis=2) @ scale / n
    delivery = tables.sum(axis=1) @ scale / n
    return importance > crosshair, delivery > crosshair
