"""Take what respondents send: each token once, each key for one submission.

Everything about a batch is decided in one transaction, with a few statements for all of it; the
writer commits it and answers afterwards.
"""

import uuid
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from pydantic_core import from_json, to_json

from app.errors import (
    AppError,
    Invalid,
    KeyReused,
    NothingAnswered,
    TokenUnusable,
    Unavailable,
    WrongAudience,
    WrongStage,
)
from app.security import chance, receipts
from app.security import tokens as security
from app.security.keys import Keys
from app.security.ledger import EMPTY, Ledger
from app.security.sealing import Seal, seal
from app.storage import evaluations, submitting
from app.storage.database import Connection, Session
from app.storage.responses import Known
from app.storage.submitting import Opened
from app.storage.tables import STAGES, Evaluation
from app.storage.tokens import Right
from app.use_cases import asked
from app.use_cases.places import Drawing, Place

STAGE = {
    "staff": "surveying",
    "ranking": "surfacing",
    "service_user": "verifying",
    "carer": "verifying",
}


@dataclass(frozen=True, repr=False)
class Submission:
    """What one respondent sends.

    Attributes:
        audiences: Whose tokens the call takes.
        token, key: Fingerprints; of a line that is imported without a token, the key alone.
        receipt: What the reply shows.
        content: The answers, of a valid shape.
        evaluation: The only one that it may belong to, of a line that is imported.
        place: What is drawn for it when it has no token.
    """

    audiences: frozenset[str]
    token: bytes | None
    key: bytes
    receipt: str
    content: Mapping[str, Any]
    evaluation: uuid.UUID | None = None
    place: Place | None = None


@dataclass(frozen=True)
class Accepted:
    """The answer is on disk, or was before.

    Attributes:
        counts: Whether it was not there before, and is no sandbox's.
    """

    receipt: str
    evaluation: uuid.UUID
    counts: bool = field(default=False, compare=False)


def submission(
    keys: Keys,
    *,
    audiences: Sequence[str],
    token: str | None,
    key: str | None,
    content: Mapping[str, Any],
    evaluation: uuid.UUID | None = None,
    place: Place | None = None,
) -> Submission:
    """Read the token and the key of a submission, without asking the database.

    Raises:
        TokenMistyped: The token has a wrong character.
        IdempotencyKeyMissing, IdempotencyKeyMalformed, KeyNotSecret: The key cannot be used.
    """
    fingerprint = None if token is None else security.fingerprint(keys.tokens, token)
    read = receipts.read_key(key, token=token)
    return Submission(
        audiences=frozenset(audiences),
        token=fingerprint,
        key=receipts.fingerprint(keys.receipts, read),
        receipt=receipts.receipt(keys.receipts, read),
        content=content,
        evaluation=evaluation,
        place=place,
    )


def record(
    connection: Connection,
    keys: Keys,
    batch: Sequence[Submission],
    *,
    now: datetime,
    ledger: Ledger = EMPTY,
    kept: asked.KeptRules | None = None,
) -> list[Accepted | AppError]:
    """Decide on each submission of a batch, and keep those that are accepted.

    In this order: a known key with a token that is still live was used by somebody else (422,
    nothing spent); a known key with the same submission gets its 201 again, with another a 422;
    an unknown key with a live token is accepted; anything else is 410. After a restore the token
    of a withdrawn answer may be live again: its key, which the ledger has, is not accepted (422).
    What is imported without a token draws its place once it is found good.

    Args:
        connection: A transaction that writes.
        keys: The deployment's.
        batch: What came, in any order.
        now: The time.
        ledger: What was withdrawn and revoked before the database was restored.
        kept: Where the rules for answers are kept from one batch to the next.

    Raises:
        Unavailable: Another process took one of the tokens meanwhile; the batch is undone.
    """
    presented = {one.token for one in batch if one.token is not None}
    held, known = submitting.look_up(connection, tokens=presented, keys={one.key for one in batch})
    places = Counter(one.place for one in batch if one.place is not None)
    rights = {*held.values(), *(place.right for place in places)}
    named = {right.evaluation for right in rights} | {k.evaluation for k in known.values()}
    opened = submitting.opened(connection, named, alone=bool(places))
    with Session(connection) as session:
        drawing = Drawing(session, keys, places, presented)
        decision = _Batch(
            session, keys, now, ledger, held, known, opened, drawing, kept or asked.KeptRules()
        )
        results = [decision.on(one) for one in batch]
        decision.keep(connection)
    return results


@dataclass
class _Batch:
    session: Session
    keys: Keys
    now: datetime
    ledger: Ledger
    held: dict[bytes, Right]
    known: dict[bytes, Known]
    evaluations: dict[uuid.UUID, Opened]
    drawing: Drawing
    kept: asked.KeptRules
    spent: set[bytes] = field(default_factory=set)
    sealed: dict[bytes, bytes] = field(default_factory=dict)
    rules: dict[tuple[uuid.UUID, str], asked.Rules] = field(default_factory=dict)
    seals: dict[uuid.UUID, Seal] = field(default_factory=dict)

    def on(self, one: Submission) -> Accepted | AppError:
        try:
            return self._decide(one)
        except AppError as refusal:
            return refusal

    def keep(self, connection: Connection) -> None:
        if not self.sealed:
            return
        if submitting.spend(connection, self.spent) < len(self.spent):
            raise Unavailable
        self.drawing.keep()
        # A random order within the commit: it mixes those who answered at the same moment.
        order = chance.shuffled(self.sealed)
        of = {key: self.known[key].evaluation for key in order}
        submitting.add(connection, of, {key: self.sealed[key] for key in order})

    def _decide(self, one: Submission) -> Accepted:
        right = self._right(one)
        if one.key in self.known:
            return self._again(one, right)
        if right is None:
            raise TokenUnusable
        if self.ledger.says("withdrawn", one.key):
            raise KeyReused
        evaluation = self.evaluations[right.evaluation]
        self._may_answer(one, right, evaluation)
        rules = self._rules(evaluation, right.audience)
        if rules.says_nothing(one.content):
            raise NothingAnswered
        if faults := rules.faults(one.content):
            raise Invalid(faults=faults)
        token = one.token if one.place is None else self.drawing.draw(one.place)
        if token is not None:
            self.spent.add(token)
        row = to_json({"cell": right.cell, "content": one.content})
        self.sealed[one.key] = self._seal(evaluation).close(row, row=one.key)
        self.known[one.key] = Known(evaluation.id, self.sealed[one.key])
        return Accepted(one.receipt, evaluation.id, counts=not evaluation.sandbox)

    def _right(self, one: Submission) -> Right | None:
        """What allows a submission: its token while that is live, or the place that it asks for."""
        if one.place is not None:
            return one.place.right
        if one.token is None or one.token in self.spent:
            return None
        right = self.held.get(one.token)
        elsewhere = right is not None and one.evaluation not in (None, right.evaluation)
        return None if elsewhere else right

    def _again(self, one: Submission, right: Right | None) -> Accepted:
        known = self.known[one.key]
        if one.evaluation not in (None, known.evaluation):
            raise KeyReused
        if right is not None and (one.place is None or self._from_before(known, right)):
            raise KeyReused
        if known.sealed is not None:
            opened = self._seal(self.evaluations[known.evaluation]).open(known.sealed, row=one.key)
            before = from_json(opened)
            moved = one.place is not None and one.place.right.cell != before["cell"]
            if moved or before["content"] != from_json(to_json(one.content)):
                raise KeyReused
        return Accepted(one.receipt, known.evaluation)

    def _from_before(self, known: Known, right: Right) -> bool:
        """Whether a key was used in a stage that is closed, not in the one that is open."""
        open_still = self.evaluations[known.evaluation].stage == STAGE[right.audience]
        return known.sealed is None and open_still

    def _may_answer(self, one: Submission, right: Right, evaluation: Opened) -> None:
        if right.audience not in one.audiences:
            raise WrongAudience
        answering_now(evaluation, right.audience, now=self.now)

    def _rules(self, evaluation: Opened, audience: str) -> asked.Rules:
        place = (evaluation.id, audience)
        if place not in self.rules:
            self.rules[place] = self.kept.of(self.session, evaluation, audience)
        return self.rules[place]

    def _seal(self, evaluation: Opened) -> Seal:
        if evaluation.id not in self.seals:
            self.seals[evaluation.id] = _seal_with(self.keys, evaluation, evaluation.salt)
        return self.seals[evaluation.id]


def answering_now(evaluation: Evaluation | Opened, audience: str, *, now: datetime) -> None:
    """Go on only while this audience answers.

    Raises:
        WrongStage: Its stage has not come; the token stays good.
        TokenUnusable: Its stage is over.
    """
    needed = STAGE[audience]
    if STAGES.index(evaluation.stage) < STAGES.index(needed):
        raise WrongStage(stage=evaluation.stage, needed=[needed])
    over = evaluation.closes_at is None or evaluation.closes_at <= now
    if evaluation.stage != needed or over:
        raise TokenUnusable


def seal_of(session: Session, keys: Keys, evaluation: Evaluation) -> Seal:
    """The seal of the stage that is open."""
    return _seal_with(keys, evaluation, evaluations.salt(session, evaluation.id))


def _seal_with(keys: Keys, evaluation: Evaluation | Opened, salt: bytes | None) -> Seal:
    if salt is None:
        raise LookupError("an open stage has a salt")
    return seal(keys.sealing, salt=salt, evaluation=evaluation.id, stage=evaluation.stage)
