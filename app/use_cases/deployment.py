"""One running deployment: what use cases draw on beside their arguments."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from app.security.credentials import AccessTokens
from app.security.keys import Keys
from app.storage.database import Database
from app.use_cases.writer import Writer


@dataclass(frozen=True)
class Deployment:
    """The database, the keys, the one writer of answers, the clock and the limits."""

    database: Database
    keys: Keys
    access: AccessTokens
    writer: Writer
    clock: Callable[[], datetime]
    smallest_group: int
    body_limit: int
    public_url: str
