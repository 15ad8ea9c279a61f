"""Issue respondent tokens, and revoke them."""

import uuid
from collections.abc import Sequence

from app.errors import (
    AppError,
    Fault,
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
from app.storage import tokens
from app.storage.database import Session
from app.storage.tables import Evaluation, Issuance
from app.use_cases import access, asked
from app.use_cases.evaluations import design_of, groups, too_small

_STAGES = {
    "staff": ("draft", "surveying"),
    "ranking": ("surfacing",),
    "service_user": ("surfacing", "verifying"),
    "carer": ("surfacing", "verifying"),
}


def issue(
    session: Session,
    keys: Keys,
    caller: Caller,
    evaluation_id: uuid.UUID,
    *,
    audience: str,
    cell: str,
    count: int,
    key: str | None,
) -> list[str]:
    """Issue tokens to one group or voice; the same key and call give the same tokens again.

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
    people = _people(evaluation, audience, cell)
    if audience == "ranking":
        _translated(session, evaluation)
    key = receipts.read_call_key(key) or security.new_call_key()
    call = receipts.fingerprint(keys.issuing, f"{evaluation.id}/{key}")
    made = security.derive(
        keys.issuing, call=f"{evaluation.id}/{audience}/{cell}/{key}", count=count
    )
    before = tokens.issuance(session, call)
    if before is not None:
        if (before.audience, before.cell, before.count) != (audience, cell, count):
            raise KeyReused("The key belongs to another call.")
        return made
    left = people + max(5, people // 10) - tokens.issued(session, evaluation.id, audience, cell)
    if count > left:
        raise TokensExhausted(left=left)
    tokens.add(
        session,
        Issuance(call=call, evaluation_id=evaluation.id, audience=audience, cell=cell, count=count),
        [security.fingerprint(keys.tokens, token) for token in made],
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
    tokens.revoke(session, evaluation.id, [found for found in fingerprints if found])


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
    if audience in ("staff", "ranking"):
        for group in groups(evaluation):
            if group.code == cell:
                return group.headcount or 0
        raise Invalid(faults=[Fault("/group", "unknown-group", "No such group.")])
    voice = design_of(evaluation).voice(cell)
    if voice is None or voice.audience != audience:
        raise Invalid(faults=[Fault("/voice", "unknown-voice", "No such voice.")])
    return voice.invited
