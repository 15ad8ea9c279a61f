"""The cross-product of a domain: all that reliability needs."""

from dataclasses import dataclass

import numpy as np

from app.scoring.codes import Answers, Counts, Reals
from app.scoring.domains import DomainScale

# People at a time: the only floating-point copy of answers stays small, and the sums of a block
# below 2**24, so that single precision holds them exactly (up to 32 points).
_BLOCK = 16_384


@dataclass(frozen=True, eq=False)
class CrossProduct:
    """Sums over the people who answered every item of a domain, exact whole numbers.

    Two of them over different people add up, field by field, to the one over both.

    Attributes:
        n: How many people answered every item.
        sums: Sum of each item, shape (items,), from 0 for the bad end.
        products: Sum of the products of each two items, shape (items, items).
    """

    n: int
    sums: Counts
    products: Counts

    @property
    def covariance(self) -> Reals:
        """Covariances of the items (n - 1 below the line), shape (items, items)."""
        cross = self.products * self.n - np.outer(self.sums, self.sums)
        return cross / max(self.n * (self.n - 1), 1)


def cross_product(answers: Answers, scale: DomainScale) -> CrossProduct:
    """Sum the answers to a domain, and their products, over the complete cases.

    Args:
        answers: Codes as in `app.scoring.codes`, shape (items, people).
        scale: How the items are answered and turned.

    Returns:
        The cross-product, every item turned so that more is better.
    """
    items, people = answers.shape
    # One more row, 1 for each complete case: its products are the sums and the number of people.
    found = np.zeros((items + 1, items + 1))
    block = np.empty((items + 1, min(people, _BLOCK)), np.float32)
    for start in range(0, people, _BLOCK):
        codes = answers[:, start : start + _BLOCK]
        complete = (codes < scale.points).all(axis=0)
        real = block[:, : complete.size]
        np.multiply(codes, complete, out=real[:items])
        real[items] = complete
        found += real @ real.T
    turn = np.eye(items + 1)
    turn[:items, :items] *= np.where(scale.turned, -1, 1)
    turn[:items, items] = np.where(scale.turned, scale.points - 1, 0)
    found = turn @ found @ turn.T
    exact = found.astype(np.int64)
    return CrossProduct(int(exact[items, items]), exact[items, :items], exact[:items, :items])
