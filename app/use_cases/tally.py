"""How many answers this process took, as far as that may be told."""

from datetime import date
from threading import Lock

STEP = 100  # answers; more than any smallest group that is likely to be declared


class Tally:
    """Counts answers; tells whole steps of them, renewed at most daily.

    A counter that moved with the answers would tell, to whoever reads it twice, that somebody
    answered in between; and steps alone can be filled up with answers of one's own until the next
    one moves them.
    """

    def __init__(self) -> None:
        self._lock = Lock()
        self._taken = 0
        self._told = 0
        self._day: date | None = None

    def add(self, taken: int) -> None:
        """Count answers that were not there before."""
        with self._lock:
            self._taken += taken

    def told(self, today: date) -> int:
        """How many there were in whole steps, when that was first asked today."""
        with self._lock:
            if self._day not in (None, today):
                self._told = self._taken // STEP * STEP
            self._day = today
            return self._told
