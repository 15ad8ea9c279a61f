"""Whether two people who code the same statements find the same outcomes in them."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final, Literal

import numpy as np
from numpy.typing import NDArray

from app.scoring.bands import CONVENTIONS, Thresholds

NOT_CODED: Final = -1

Strength = Literal["firm", "tentative", "weak"]


@dataclass(frozen=True)
class CoderAgreement:
    """Agreement between coders beyond chance.

    Attributes:
        units: Statements that two coders or more have coded.
        alpha: Krippendorff's alpha, at most 1; None if nothing can disagree, or nothing was
            coded twice.
        strength: What it is called by convention; None with `alpha`.
    """

    units: int
    alpha: float | None
    strength: Strength | None


def coder_agreement(
    codes: NDArray[np.integer[Any]], *, thresholds: Thresholds = CONVENTIONS
) -> CoderAgreement:
    """Measure how far coders agree on nominal codes, not all of them having coded everything.

    Args:
        codes: Number of the code that each coder gave, from 0, shape (coders, statements);
            `NOT_CODED` where a coder gave none.
        thresholds: The cut-offs.

    Returns:
        The agreement over the statements with two codes or more.

    Source:
        Krippendorff, K. (2011). Computing Krippendorff's alpha-reliability. University of
        Pennsylvania, section C (nominal data, any number of observers, missing data).
    """
    categories = int(codes.max(initial=NOT_CODED)) + 1
    counts = np.stack([(codes == code).sum(axis=0) for code in range(categories)] or [[]], axis=1)
    counts = counts[counts.sum(axis=1) > 1].astype(np.int64)
    coders, totals = counts.sum(axis=1), counts.sum(axis=0)
    n = int(totals.sum())
    expected = n**2 - int((totals**2).sum())
    if expected == 0:
        return CoderAgreement(len(counts), None, None)
    observed = float(((coders**2 - (counts**2).sum(axis=1)) / (coders - 1)).sum())
    alpha = 1 - (n - 1) * observed / expected
    return CoderAgreement(len(counts), alpha, _strength(alpha, thresholds))


def readings(by_statement: Sequence[Mapping[str, str]]) -> NDArray[np.int64]:
    """Number coders' readings for `coder_agreement`.

    Args:
        by_statement: For each statement, what each coder read in it, by the coder's name.

    Returns:
        Codes, shape (coders, statements), `NOT_CODED` where a coder read nothing.
    """
    coders = sorted({coder for read in by_statement for coder in read})
    labels = sorted({label for read in by_statement for label in read.values()})
    table = np.full((len(coders), len(by_statement)), NOT_CODED, dtype=np.int64)
    for column, read in enumerate(by_statement):
        for coder, label in read.items():
            table[coders.index(coder), column] = labels.index(label)
    return table


def _strength(alpha: float, thresholds: Thresholds) -> Strength:
    if alpha >= thresholds.firm_coding:
        return "firm"
    return "tentative" if alpha >= thresholds.tentative_coding else "weak"
