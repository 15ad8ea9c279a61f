"""The privacy statement: what is stored, for how long, who can learn what, and what remains."""

import uuid
from typing import Any

from app.errors import NotFound
from app.instruments import texts
from app.instruments.questionnaires import said
from app.storage import evaluations
from app.storage.database import Session
from app.storage.tables import Evaluation
from app.use_cases.evaluations import design_of

_ALWAYS = ("what_is_stored", "how_long", "wave_rows", "who_learns_what", "withdraw")
_RESIDUAL = (
    "residual_keys",
    "residual_token_copy",
    "residual_invented",
    "residual_full_response",
)


def read(session: Session, evaluation_id: uuid.UUID, *, language: str) -> dict[str, Any]:
    """The statement of an evaluation, for anybody who knows its id.

    Raises:
        NotFound: There is no such evaluation.
    """
    evaluation = evaluations.by_id(session, evaluation_id)
    if evaluation is None:
        raise NotFound
    return statement_of(evaluation, language=language)


def statement_of(evaluation: Evaluation, *, language: str) -> dict[str, Any]:
    """The statement, true for how this evaluation collects and reminds."""
    design = design_of(evaluation)
    words = texts("privacy")
    residual = list(_RESIDUAL)
    if design.collection != "browser":
        residual.append("residual_import")
    says = [*_ALWAYS, f"collection_{design.collection}", f"reminders_{design.reminders}"]
    if design.shares:
        says.append("benchmark")
    if design.sandbox:
        says.insert(0, "sandbox")
    return {
        "smallest_group": evaluation.smallest_group,
        "collection": design.collection,
        "reminders": design.reminders,
        "origins": design.origins,
        "statement": [_say(words[name], language, evaluation) for name in says],
        "residual_risks": [_say(words[name], language, evaluation) for name in residual],
    }


def _say(by_language: dict[str, str], language: str, evaluation: Evaluation) -> str:
    return said(by_language, language).replace("{smallest_group}", str(evaluation.smallest_group))
