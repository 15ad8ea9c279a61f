"""Close a stage: unseal its answers, fold them into a wave, and destroy the rest."""

from collections.abc import Iterator, Mapping
from typing import Any

from pydantic_core import from_json

from app.instruments.design import groups_of
from app.security import chance
from app.security.keys import Keys
from app.security.ledger import marks_of_close
from app.storage import evaluations, ledgers, responses, statements, tokens
from app.storage.database import Session
from app.storage.tables import Evaluation
from app.use_cases import asked, waves
from app.use_cases.evaluations import design_of, partners_of, survey_of
from app.use_cases.names import looks_named
from app.use_cases.submissions import seal_of
from app.use_cases.waves import Answer, Wave

AUDIENCES = {
    "surveying": ("staff",),
    "surfacing": ("ranking",),
    "verifying": ("service_user", "carer"),
}
WAVES = {"surveying": "staff", "surfacing": "ranking", "verifying": "verification"}


def answers(session: Session, keys: Keys, evaluation: Evaluation) -> Iterator[Answer]:
    """The open answers, unsealed: the cell of each, and its content."""
    seal = seal_of(session, keys, evaluation)
    for key, sealed in responses.sealed(session, evaluation.id):
        opened = from_json(seal.open(sealed, row=key))
        yield opened["cell"], opened["content"]


def freeze(session: Session, keys: Keys, evaluation: Evaluation, *, unread: bool = False) -> None:
    """Turn the open stage's answers into its wave; afterwards no individual answer exists.

    Below the smallest group, or with `unread`, they are deleted unread, and the wave says only
    that. The evaluation's row is held by the caller, so an answer that was acknowledged is in the
    wave.
    """
    if not unread:
        ledgers.note(session, *marks(session, keys, evaluation))
    enough = not unread and responses.count(session, evaluation.id) >= evaluation.smallest_group
    opened = list(answers(session, keys, evaluation)) if enough else []
    wave = _fold(session, evaluation, opened)
    if not enough:
        wave = Wave(None, wave.invited, {}, {})
    waves.save(session, evaluation.id, WAVES[evaluation.stage], wave)
    _keep_words(session, evaluation, opened)
    responses.close(session, evaluation.id, remember=enough)
    tokens.delete_all(session, evaluation.id, AUDIENCES[evaluation.stage])
    evaluations.destroy_salt(session, evaluation.id)
    evaluation.closes_at = None
    evaluation.progress = None


def marks(session: Session, keys: Keys, evaluation: Evaluation) -> tuple[bytes, bytes]:
    """The marks that closing the open stage now leaves in the ledgers."""
    salt = evaluations.salt(session, evaluation.id)
    return marks_of_close(keys.ledger, salt, responses.keys(session, evaluation.id))


def _fold(session: Session, evaluation: Evaluation, opened: list[Answer]) -> Wave:
    design = design_of(evaluation)
    headcounts = {
        group.code: group.headcount or 0 for group in groups_of(design, partners_of(evaluation))
    }
    if evaluation.stage == "surveying":
        survey = survey_of(session, evaluation)
        least = evaluation.smallest_group
        return waves.fold_staff(survey, headcounts, opened, smallest_group=least)
    if evaluation.stage == "surfacing":
        ranked = [outcome.id for outcome in asked.ranked(session, evaluation)]
        issued = {
            code: min(people, tokens.issued(session, evaluation.id, "ranking", code))
            for code, people in headcounts.items()
        }
        asked_to_rank = {code: people for code, people in issued.items() if people}
        return waves.fold_ranking(ranked, asked_to_rank, opened)
    verified = [outcome.id for outcome in asked.scheduled(session, evaluation)]
    voices = {voice.code: (voice.audience, voice.invited) for voice in design.voices}
    return waves.fold_verification(verified, voices, opened)


def _keep_words(session: Session, evaluation: Evaluation, opened: list[Answer]) -> None:
    """Write each text under a random id, in a random order, apart from everything else."""
    known = [partner.name for partner in partners_of(evaluation)]
    rows = [
        {
            "id": chance.new_id(),
            "kind": kind,
            "fields": fields,
            "withheld": looks_named(_texts(fields), known=known),
        }
        for _, content in opened
        for kind, fields in _words(content)
    ]
    statements.add(session, evaluation.id, chance.shuffled(rows))


def _words(content: Mapping[str, Any]) -> Iterator[tuple[str, dict[str, Any]]]:
    for statement in content.get("statements") or []:
        yield "statement", dict(statement)
    for kind in ("unwritten", "matters_most", "worse"):
        if content.get(kind):
            yield kind, {"text": content[kind]}
    for text in content.get("missing") or []:
        yield "missing", {"text": text}


def _texts(fields: Mapping[str, Any]) -> Iterator[str]:
    for value in fields.values():
        if isinstance(value, str):
            yield value
