"""The stored records, one class a table."""

from app.storage.tables.accounts import (
    Account,
    Client,
    Organisation,
    Partnership,
    PublishedInstrument,
)
from app.storage.tables.benchmarks import Benchmark
from app.storage.tables.columns import STAGES
from app.storage.tables.ledgers import Ledger
from app.storage.tables.outcomes import Action, Coding, Evidence, Outcome, OutcomeChange, Schedule
from app.storage.tables.respondents import ClosedKey, Issuance, Response, Statement, Token
from app.storage.tables.rounds import Evaluation, Report, Salt, Sheet, Wave
from app.storage.tables.webhooks import Delivery, Webhook

__all__ = [
    "STAGES",
    "Account",
    "Action",
    "Benchmark",
    "Client",
    "ClosedKey",
    "Coding",
    "Delivery",
    "Evaluation",
    "Evidence",
    "Issuance",
    "Ledger",
    "Organisation",
    "Outcome",
    "OutcomeChange",
    "Partnership",
    "PublishedInstrument",
    "Report",
    "Response",
    "Salt",
    "Schedule",
    "Sheet",
    "Statement",
    "Token",
    "Wave",
    "Webhook",
]
