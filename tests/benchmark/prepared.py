"""Evaluations that wait for the load: a survey and a verification that are open, and a report."""

import json
import secrets
import uuid
from dataclasses import dataclass
from datetime import UTC, datetime

from app.security import tokens
from app.security.keys import load_or_make
from app.storage import schema
from app.storage import tokens as stored
from app.storage.database import Database
from app.storage.tables import Issuance
from tests.benchmark.serving import Letters
from tests.service import RunningService
from tests.walkthrough import CONTACT, DOMAINS, approve, go, plan, register, surface, surveyed

ITEMS = [f"{domain}{number}" for domain in DOMAINS[:8] for number in range(1, 6)]
ANSWER = {
    "role": "frontline",
    "overall": 4,
    "answers": {item: 1 + at % 5 for at, item in enumerate(ITEMS)},
}
VOICES = [
    {"code": "ld", "label": {"en": "Users"}, "invited": 1_000_000, "audience": "service_user"}
]


@dataclass
class Ours:
    """What our own service holds.

    Attributes:
        surveying, verifying: The evaluations that are open.
        reported: One with a health report.
        outcomes: What is verified.
        credential: Of a machine that may do everything.
    """

    surveying: str
    verifying: str
    reported: str
    outcomes: list[str]
    credential: tuple[str, str]

    @property
    def verdicts(self):
        """What a service user says of ten outcomes."""
        verdicts = [
            {"outcome": one, "importance": 3, "delivered": 2, "direction": "better", "expected": 3}
            for one in self.outcomes
        ]
        return {"as": "self", "verdicts": verdicts, "matters_most": "To be asked"}


def prepare(url, folder):
    """Make the evaluations, in a service of the tests that ends before the load begins."""
    with RunningService(url, folder) as service, service.client_of_a_new_account() as client:
        service.clock.now = datetime.now(UTC)  # the contenders live today
        one = [{"code": "trust", "name": "T", "sector": "nhs", "headcount": 1_000_000}]
        surveying = plan(client, register(client, organisations=one))
        go(client, surveying, "surveying")
        answers = [ANSWER] * 20
        reported = surveyed(client, answers)
        verifying = surveyed(client, answers, voices=VOICES, contact=CONTACT)
        outcomes = [surface(client, verifying, f"o{number}") for number in range(10)]
        approve(client, verifying, outcomes)
        go(client, verifying, "verifying", early=True, abandon=True)
        return Ours(
            surveying["id"],
            verifying["id"],
            reported["id"],
            [one["id"] for one in outcomes],
            client._credential,
        )


def letters(url, folder, evaluation, audience, cell, count):
    """Live tokens with keys; straight into the database, for there are many."""
    keys, database = load_or_make(folder), Database(url)
    schema.migrate(database)
    made = tokens.derive(keys.tokens, call=f"benchmark {audience}", count=count)
    with database.writing() as session:
        issuance = Issuance(
            call=secrets.token_bytes(32),
            evaluation_id=uuid.UUID(evaluation),
            audience=audience,
            cell=cell,
            count=count,
        )
        stored.add(session, issuance, [tokens.fingerprint(keys.tokens, one) for one in made])
    database.dispose()
    return with_keys(folder / f"letters of {audience}", made)


def with_keys(path, made):
    """The letters of some tokens."""
    return Letters(path, [(token, secrets.token_urlsafe(16)) for token in made])


def lines(path, letters, count):
    """A file of so many answers to be imported."""
    with path.open("w") as file:
        for token, key in letters.taken(count):
            file.write(json.dumps({"key": key, "token": token, "answer": ANSWER}) + "\n")
    return path
