"""How often a machine may call: a bucket of calls for each client, filled at an even rate."""

import math
import uuid
from dataclasses import dataclass
from datetime import datetime
from threading import Lock

WINDOW_SECONDS = 60


@dataclass(frozen=True)
class Standing:
    """Where a client stands after a call.

    Attributes:
        allowed: Whether this call may go on.
        limit: Calls a minute.
        left: Calls that may be made at once now.
        full_in: Seconds until as many as `limit` may be made at once again.
        retry_after: Seconds until the next call may be made; 0 when there is one left.
    """

    allowed: bool
    limit: int
    left: int
    full_in: int
    retry_after: int


@dataclass
class _Bucket:
    calls: float
    at: datetime


class Limits:
    """The buckets of one process; they are empty of clients when it starts.

    Args:
        per_minute: Calls that a client may make a minute, and at most at once; 0 for any number.
    """

    def __init__(self, per_minute: int) -> None:
        self._limit = per_minute
        self._buckets: dict[uuid.UUID, _Bucket] = {}
        self._lock = Lock()

    def take(self, client: uuid.UUID, *, now: datetime) -> Standing | None:
        """Count a call of a client; None where calls are not limited."""
        if not self._limit:
            return None
        rate = self._limit / WINDOW_SECONDS
        with self._lock:
            bucket = self._buckets.setdefault(client, _Bucket(float(self._limit), now))
            # A clock that is set back gives nothing and takes nothing.
            passed = max(0.0, (now - bucket.at).total_seconds())
            bucket.calls = min(float(self._limit), bucket.calls + passed * rate)
            bucket.at = now
            allowed = bucket.calls >= 1
            if allowed:
                bucket.calls -= 1
            calls = bucket.calls
        return Standing(
            allowed=allowed,
            limit=self._limit,
            left=int(calls),
            full_in=math.ceil((self._limit - calls) / rate),
            retry_after=0 if calls >= 1 else math.ceil((1 - calls) / rate),
        )
