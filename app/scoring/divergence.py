"""How differently groups spread over the same choices, beside what chance alone would show."""

from dataclasses import dataclass

import numpy as np
from scipy import special, stats

from app.scoring.codes import Counts, Reals


@dataclass(frozen=True)
class Divergence:
    """Jensen-Shannon divergence between groups.

    Attributes:
        bits: From 0, all alike, to the binary logarithm of the number of groups.
        by_chance: Its mean if groups were put together at random, in bits.
        p: Probability of as much by chance, above 0, at most 1.
        draws: How many random arrangements this rests on.
    """

    bits: float
    by_chance: float
    p: float
    draws: int


def divergence(counts: Counts, *, seed: int, draws: int = 2000) -> Divergence | None:
    """Measure how differently groups spread over the same choices.

    Args:
        counts: People by group (rows) and choice (columns), shape (groups, choices); published
            groups only. Each group has one voice, whatever its size.
        seed: Start of the random numbers: the same seed gives the same result.
        draws: How many random arrangements to compare with, at least 1.

    Returns:
        The divergence; None with fewer than two groups that chose. The arrangements keep how
        many people each group has and how often each choice was made.

    Source:
        Lin, J. (1991). Divergence measures based on the Shannon entropy. IEEE Transactions on
        Information Theory 37(1), 145-151, section V. Probability as in Phipson, B., & Smyth,
        G. K. (2010). Permutation p-values should never be zero. Statistical Applications in
        Genetics and Molecular Biology 9(1), 39.
    """
    counts = counts[counts.sum(axis=1) > 0]
    counts = counts[:, counts.sum(axis=0) > 0]
    if len(counts) < 2:
        return None
    found = float(jensen_shannon(counts[None])[0])
    null = stats.random_table(counts.sum(axis=1), counts.sum(axis=0), seed=seed)
    chance = jensen_shannon(null.rvs(size=draws).astype(np.int64).reshape(draws, *counts.shape))
    # A tie is as much as was found, whatever the last binary digit says.
    as_much = int(np.count_nonzero(chance >= found - 1e-12))
    return Divergence(found, float(chance.mean()), (1 + as_much) / (1 + draws), draws)


def jensen_shannon(tables: Counts) -> Reals:
    """Measure the divergence of many tables at once.

    Args:
        tables: People by group and choice, shape (tables, groups, choices); no empty group.

    Returns:
        The divergences, in bits, shape (tables,), each group weighted alike.

    Source:
        Lin (1991), as in `divergence`.
    """
    shares = tables / tables.sum(axis=2, keepdims=True)
    mixed = special.entr(shares.mean(axis=1)).sum(axis=1)
    apart = special.entr(shares).sum(axis=2).mean(axis=1)
    bits: Reals = np.maximum(mixed - apart, 0.0) / np.log(2)
    return bits
