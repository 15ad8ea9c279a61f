"""Take what respondents send: each token once, each key for one submission.

Everything about a batch is decided in one transaction, with a few statements for all of it; the
writer commits it and answers afterwards.
"""

import json
import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

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
from app.security.sealing import Seal, seal
from app.storage import evaluations, responses, tokens
from app.storage.database import Session
from app.storage.responses import Known
from app.storage.tables import STAGES, Evaluation
from app.storage.tokens import Right
from app.use_cases import asked

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
        token, key: Fingerprints.
        receipt: What the reply shows.
        content: The answers, of a valid shape.
    """

    audiences: frozenset[str]
    token: bytes
    key: bytes
    receipt: str
    content: Mapping[str, Any]


@dataclass(frozen=True)
class Accepted:
    """The answer is on disk, or was before."""

    receipt: str
    evaluation: uuid.UUID


def submission(
    keys: Keys, *, audiences: Sequence[str], token: str, key: str | None, content: Mapping[str, Any]
) -> Submission:
    """Read the token and the key of a submission, without asking the database.

    Raises:
        TokenMistyped: The token has a wrong character.
        IdempotencyKeyMissing, IdempotencyKeyMalformed, KeyNotSecret: The key cannot be used.
    """
    fingerprint = security.fingerprint(keys.tokens, token)
    read = receipts.read_key(key, token=token)
    return Submission(
        audiences=frozenset(audiences),
        token=fingerprint,
        key=receipts.fingerprint(keys.receipts, read),
        receipt=receipts.receipt(keys.receipts, read),
        content=content,
    )


def record(
    session: Session, keys: Keys, batch: Sequence[Submission], *, now: datetime
) -> list[Accepted | AppError]:
    """Decide on each submission of a batch, and keep those that are accepted.

    In this order: a known key with a token that is still live was used by somebody else (422,
    nothing spent); a known key with the same submission gets its 201 again, with another a 422;
    an unknown key with a live token is accepted; anything else is 410.

    Raises:
        Unavailable: Another process took one of the tokens meanwhile; the batch is undone.
    """
    held = tokens.live(session, {one.token for one in batch})
    known = responses.known(session, {one.key for one in batch})
    named = {right.evaluation for right in held.values()} | {k.evaluation for k in known.values()}
    decision = _Batch(session, keys, now, held, known, evaluations.open_to_answers(session, named))
    results = [decision.on(one) for one in batch]
    decision.keep()
    return results


@dataclass
class _Batch:
    session: Session
    keys: Keys
    now: datetime
    held: dict[bytes, Right]
    known: dict[bytes, Known]
    evaluations: dict[uuid.UUID, Evaluation]
    spent: set[bytes] = field(default_factory=set)
    sealed: dict[bytes, bytes] = field(default_factory=dict)
    forms: dict[tuple[uuid.UUID, str], asked.Form] = field(default_factory=dict)
    seals: dict[uuid.UUID, Seal] = field(default_factory=dict)

    def on(self, one: Submission) -> Accepted | AppError:
        try:
            return self._decide(one)
        except AppError as refusal:
            return refusal

    def keep(self) -> None:
        if not self.spent:
            return
        if tokens.spend(self.session, self.spent) < len(self.spent):
            raise Unavailable
        # A random order within the commit: it mixes those who answered at the same moment.
        order = chance.shuffled(self.sealed)
        of = {key: self.known[key].evaluation for key in order}
        responses.add(self.session, of, {key: self.sealed[key] for key in order})

    def _decide(self, one: Submission) -> Accepted:
        right = None if one.token in self.spent else self.held.get(one.token)
        if one.key in self.known:
            return self._again(one, right)
        if right is None:
            raise TokenUnusable
        evaluation = self.evaluations[right.evaluation]
        self._may_answer(one, right, evaluation)
        form = self._form(evaluation, right.audience)
        if form.says_nothing(one.content):
            raise NothingAnswered
        if faults := form.faults(one.content):
            raise Invalid(faults=faults)
        row = packed({"cell": right.cell, "content": one.content})
        self.sealed[one.key] = self._seal(evaluation).close(row, row=one.key)
        self.spent.add(one.token)
        self.known[one.key] = Known(evaluation.id, self.sealed[one.key])
        return Accepted(one.receipt, evaluation.id)

    def _again(self, one: Submission, right: Right | None) -> Accepted:
        known = self.known[one.key]
        if right is not None:
            raise KeyReused
        if known.sealed is not None:
            opened = self._seal(self.evaluations[known.evaluation]).open(known.sealed, row=one.key)
            if json.loads(opened)["content"] != json.loads(packed(one.content)):
                raise KeyReused
        return Accepted(one.receipt, known.evaluation)

    def _may_answer(self, one: Submission, right: Right, evaluation: Evaluation) -> None:
        if right.audience not in one.audiences:
            raise WrongAudience
        answering_now(evaluation, right.audience, now=self.now)

    def _form(self, evaluation: Evaluation, audience: str) -> asked.Form:
        place = (evaluation.id, audience)
        if place not in self.forms:
            self.forms[place] = asked.form(self.session, evaluation, audience)
        return self.forms[place]

    def _seal(self, evaluation: Evaluation) -> Seal:
        if evaluation.id not in self.seals:
            self.seals[evaluation.id] = seal_of(self.session, self.keys, evaluation)
        return self.seals[evaluation.id]


def answering_now(evaluation: Evaluation, audience: str, *, now: datetime) -> None:
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
    salt = evaluations.salt(session, evaluation.id)
    return seal(keys.sealing, salt=salt, evaluation=evaluation.id, stage=evaluation.stage)


def packed(content: Mapping[str, Any]) -> bytes:
    """The bytes of a document that are sealed and compared."""
    return json.dumps(content, sort_keys=True, separators=(",", ":"), ensure_ascii=False).encode()
