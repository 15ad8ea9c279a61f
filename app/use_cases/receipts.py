"""A respondent's own key: is my answer in, and take it out again."""

from datetime import datetime

from app.errors import StageClosed
from app.security import receipts
from app.security.keys import Keys
from app.security.ledger import mark
from app.storage import ledgers, responses, submitting
from app.storage.database import Session


def included(session: Session, keys: Keys, key: str) -> bool:
    """Whether an answer was given under this key and not withdrawn."""
    fingerprint = receipts.fingerprint(keys.receipts, key)
    return fingerprint in responses.known(session, [fingerprint])


def withdraw(session: Session, keys: Keys, key: str, *, now: datetime) -> None:
    """Take an answer out while its stage is open; the token stays used, the key is forgotten.

    Raises:
        StageClosed: The answer is in a wave, where nobody can find it.
    """
    fingerprint = receipts.fingerprint(keys.receipts, key)
    before = responses.known(session, [fingerprint]).get(fingerprint)
    if before is None:
        return
    held = submitting.opened(session.connection(), [before.evaluation])[before.evaluation]
    # Only now is the evaluation held; until then its stage may have been closed.
    known = responses.known(session, [fingerprint]).get(fingerprint)
    if known is None:
        return
    if known.sealed is None or held.closes_at is None or held.closes_at <= now:
        raise StageClosed
    responses.withdraw(session, [fingerprint])
    ledgers.note(session, mark(keys.ledger, "withdrawn", fingerprint))
