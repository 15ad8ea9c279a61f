"""The cross-product of a domain: all that reliability needs."""

from dataclasses import dataclass

import numpy as np

from app.scoring.codes import Answers, Counts, Reals
from app.scoring.domains import DomainScale

_BLOCK = 65_536  # people at a time: the only floating-point copy of answers, and it stays small


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
    products = np.zeros((items, items))
    sums = np.zeros(items, np.int64)
    turned = np.array(scale.turned, dtype=bool)[:, None]
    n = 0
    for start in range(0, people, _BLOCK):
        block = answers[:, start : start + _BLOCK]
        complete = (block < scale.points).all(axis=0)
        points = np.where(turned, scale.points - 1 - block, block) * complete
        real = points.astype(np.float64)  # whole numbers far below 2**53: the sums stay exact
        products += real @ real.T
        sums += points.sum(axis=1, dtype=np.int64)
        n += int(np.count_nonzero(complete))
    return CrossProduct(n, sums, products.astype(np.int64))
