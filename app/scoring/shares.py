"""The form in which shares may be published: bands that always cover at least two people."""

from dataclasses import dataclass
from math import ceil, floor

from app.scoring.codes import Counts
from app.scoring.forms import rests_on_answers
from app.scoring.intervals import wilson_interval

_WIDTHS = (1, 2, 5, 10, 20, 25, 50)


@dataclass(frozen=True)
class ShareBand:
    """A share lies between two percentages: at or above the lower, and below the higher.

    The highest band includes 100.
    """

    low: int
    high: int

    @property
    def middle(self) -> float:
        """The middle of the band, in percent."""
        return (self.low + self.high) / 2


def share_width(n: int) -> int:
    """Say how wide, in points, the bands of a share of `n` people (at least 4) are."""
    return next(width for width in _WIDTHS if width * n >= 200)


def share_band(count: int, n: int, *, smallest_group: int) -> ShareBand | None:
    """Give a share its public form.

    Args:
        count: How many have the property, in [0, `n`].
        n: How many there are, of a cell that the audit lets be shown.
        smallest_group: Fewest people a number may rest on, at least 5.

    Returns:
        The band that the share falls in; None below `smallest_group`.
    """
    if n < smallest_group:
        return None
    width = share_width(n)
    low = width * min(100 * count // (n * width), 100 // width - 1)
    return ShareBand(low, low + width)


def share_interval(band: ShareBand, n: int) -> ShareBand:
    """Enclose a published share by the outer edges of all bands that its interval touches.

    Args:
        band: The published band of the share.
        n: How many people it is a share of, at least 4.

    Returns:
        The outer edges of the bands touched by the Wilson intervals of every count that the
        band stands for. The interval of the one true count would tell it: of 10 people,
        8, 9 and 10 are one band, but only 10 has an interval that begins at 60.
    """
    fewest, most = counts_in(band, n)
    lowest, highest = wilson_interval(fewest, n), wilson_interval(most, n)
    if lowest is None or highest is None:
        return ShareBand(0, 100)
    width = share_width(n)
    low = width * floor(round(100 * lowest.low / width, 9))
    return ShareBand(low, width * ceil(round(100 * highest.high / width, 9)))


def share_distribution(
    counts: Counts, *, smallest_group: int
) -> tuple[ShareBand | None, ...] | None:
    """Give a distribution over categories its public form.

    Args:
        counts: People by category, shape (categories,).
        smallest_group: Fewest people a number may rest on, at least 5.

    Returns:
        The band of each category; None below 3 × `smallest_group`.
    """
    n = int(counts.sum())
    if not rests_on_answers(n, smallest_group=smallest_group):
        return None
    return tuple(share_band(int(count), n, smallest_group=smallest_group) for count in counts)


def counts_in(band: ShareBand, n: int) -> tuple[int, int]:
    """Say which counts, of `n` people, a band stands for: the fewest and the most."""
    fewest = -(-band.low * n // 100)
    most = n if band.high == 100 else -(-band.high * n // 100) - 1
    return fewest, most
