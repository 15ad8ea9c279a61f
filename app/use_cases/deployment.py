"""One running deployment: what use cases draw on beside their arguments."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from app.gateways.webhooks import Gateway
from app.security.credentials import AccessTokens
from app.security.keys import Keys
from app.security.ledger import Ledger
from app.storage.database import Database
from app.use_cases.limits import Limits
from app.use_cases.tally import Tally
from app.use_cases.writer import Writer


@dataclass(frozen=True)
class Deployment:
    """The database, the keys, the one writer of answers, the way out, the clock and the limits.

    `ledger` is what all ledgers said when the process started: after a restore, a key that was
    withdrawn and a token that was revoked since the backup are still known by it.
    """

    database: Database
    keys: Keys
    ledger: Ledger
    access: AccessTokens
    writer: Writer
    gateway: Gateway
    tally: Tally
    clock: Callable[[], datetime]
    limits: Limits
    smallest_group: int
    body_limit: int
    public_url: str
