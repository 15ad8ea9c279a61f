"""Issue respondent tokens, and revoke them."""

import uuid
from collections.abc import Sequence

from app.errors import (
    AppError,
    GroupsTooSmall,
    Invalid,
    KeyReused,
    TokensExhausted,
    TranslationMissing,
    WrongStage,
)
from app.security import receipts
from app.security import tokens as security
from app.security.credentials import Caller
from app.security.keys import Keys
from app.security.ledger import mark
from app.storage import ledgers, tokens
from app.storage.database import Session
from app.storage.tables import Evaluation, Issuance
from app.use_cases import access, asked, places
from app.use_cases.deployment import Deployment
from app.use_cases.evaluations import design_of, too_small

_STAGES = {
    "staff": ("draft", "surveying"),
    "ranking": ("surfacing",),
    "service_user": ("surfacing", "verifying"),
    "carer": ("surfacing", "verifying"),
}


def issue(
    session: Session,
    deployment: Deployment,
    caller: Caller,
    evaluation_id: uuid.UUID,
    *,
    audience: str,
    cell: str,
    count: int,
    key: str | None,
) -> list[str]:
    """Issue tokens to one group or voice; the same key and call give the same tokens again.

    After a restore they may be tokens that were issued before: those that were revoked, which the
    ledger has, stay so.

    Raises:
        NotFound: There is no such evaluation, or it is another's.
        WrongStage: This audience is not asked yet, or not any more.
        GroupsTooSmall: Organisations have to be pooled first.
        TranslationMissing: An outcome to be ranked has no title in a declared language.
        Invalid: There is no such group or voice for this audience.
        IdempotencyKeyMalformed: The key has other characters.
        KeyReused: The key belongs to another call.
        TokensExhausted: More than there are people, with the allowance for lost letters.
    """
    evaluation = access.evaluation(session, caller, evaluation_id, lock=True)
    access.in_stage(evaluation, _STAGES[audience])
    if audience == "ranking" and evaluation.closes_at is None:
        raise WrongStage("The ranking round is closed.", stage=evaluation.stage, needed=[])
    # The first token fixes the groups, so they have to be right before it.
    if small := too_small(evaluation):
        raise GroupsTooSmall(groups=small)
    quota = places.quota(_people(evaluation, audience, cell))
    if audience == "ranking":
        _translated(session, evaluation)
    keys = deployment.keys
    key = receipts.read_call_key(key) or security.new_call_key()
    call = receipts.fingerprint(keys.issuing, f"{evaluation.id}/{key}")
    made = security.derive(
        keys.issuing,
        call=f"{evaluation.id}/{audience}/{cell}/{key}",
        count=count,
        sandbox=design_of(evaluation).sandbox,
    )
    before = tokens.issuance(session, call)
    if before is not None:
        if (before.audience, before.cell, before.count) != (audience, cell, count):
            raise KeyReused("The key belongs to another call.")
        return made
    left = quota - tokens.issued(session, evaluation.id, audience, cell)
    if count > left:
        raise TokensExhausted(left=left)
    fingerprints = [security.fingerprint(keys.tokens, token) for token in made]
    tokens.add(
        session,
        Issuance(call=call, evaluation_id=evaluation.id, audience=audience, cell=cell, count=count),
        [one for one in fingerprints if not deployment.ledger.says("revoked", one)],
    )
    return made


def revoke(
    session: Session,
    keys: Keys,
    caller: Caller,
    evaluation_id: uuid.UUID,
    presented: Sequence[str],
) -> None:
    """Take tokens back; nothing is said of any of them, and no place is given back.

    Raises:
        NotFound: There is no such evaluation, or it is another's.
    """
    evaluation = access.evaluation(session, caller, evaluation_id, lock=True)
    fingerprints = [_fingerprint(keys, token) for token in presented]
    taken = tokens.revoke(
        session, [found for found in fingerprints if found], evaluation=evaluation.id
    )
    # Not of a used one: restored, it is live again, and its holder's retry must not be refused.
    ledgers.note(session, *(mark(keys.ledger, "revoked", one) for one in taken))


def _translated(session: Session, evaluation: Evaluation) -> None:
    """Staff rank outcomes by their titles, in every language of the evaluation."""
    missing = [
        f"/outcomes/{outcome.id}/title/{language}"
        for outcome in asked.ranked(session, evaluation)
        for language in design_of(evaluation).languages
        if language not in outcome.plain
    ]
    if missing:
        raise TranslationMissing(missing=missing)


def _fingerprint(keys: Keys, token: str) -> bytes | None:
    try:
        return security.fingerprint(keys.tokens, token)
    except AppError:
        return None


def _people(evaluation: Evaluation, audience: str, cell: str) -> int:
    """How many people the group or voice has."""
    found = places.people(evaluation, audience).get(cell)
    if found is None:
        raise Invalid(faults=[places.unknown(audience)])
    return found
