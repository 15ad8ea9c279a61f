"""Which others a partnership may be compared with, when others were shown before."""

from collections import Counter
from collections.abc import Collection, Set
from typing import NamedTuple

from app.scoring.disclosure import Safety, safety


class Peer(NamedTuple):
    """One round of one partnership, each by its id."""

    partnership: str
    evaluation: str


def changed(now: Set[Peer], before: Set[Peer]) -> int:
    """Count the partnerships that came, went or have another round in the one set."""
    return len({peer.partnership for peer in now ^ before})


def enough_changed(now: Set[Peer], before: Set[Peer], *, least: int, share: float) -> bool:
    """Decide whether so many have changed that figures are worth reckoning anew.

    Args:
        now: The peers that figures would be over.
        before: Those of the figures that stand.
        least: Fewest partnerships that must have changed.
        share: The share of those before that must have changed, in [0, 1].
    """
    return changed(now, before) >= max(least, share * len(before))


def may_follow(chosen: Set[Peer], shown: Collection[Set[Peer]], *, least: int) -> bool:
    """Decide whether figures over these peers may be shown to who has seen those of other sets.

    Args:
        chosen: The peers that figures would be over.
        shown: Every set of peers that the same reader was shown figures of, in any order.
        least: Fewest partnerships that a difference may speak about, at least 1.

    Returns:
        Whether the set is one of those, or differs from each of them in at least `least`
        partnerships, and no combination of all of them speaks about fewer than `least` rounds.

    Source:
        The exact rule for the cells of a report, with rounds of partnerships in place of
        people: `safety` in `disclosure/published.py`.
    """
    if any(not changed(chosen, before) for before in shown):
        return True
    if any(changed(chosen, before) < least for before in shown):
        return False
    every = [*(set(before) for before in shown), set(chosen)]
    # Peers that no set tells apart are one profile.
    profiles = Counter(
        tuple(int(peer in one) for one in every) for peer in frozenset().union(*every)
    )
    rows = list(zip(*profiles, strict=True))
    found = safety(rows, list(profiles.values()), smallest_group=least)
    return found is Safety.SAFE
