"""How many have answered so far: in steps, and at most once a day, so that nobody stands out."""

import uuid
from collections import Counter
from datetime import datetime
from typing import Any

from app.errors import WrongStage
from app.security.credentials import Caller
from app.security.keys import Keys
from app.storage.database import Session
from app.storage.tables import Evaluation
from app.use_cases import access, closing
from app.use_cases.evaluations import design_of, groups


def read(
    session: Session, keys: Keys, caller: Caller, evaluation_id: uuid.UUID, *, now: datetime
) -> dict[str, Any]:
    """Answers to the open stage, in whole multiples of the smallest group.

    Raises:
        NotFound: There is no such evaluation, or it is another's.
        WrongStage: No stage with respondents is open.
    """
    evaluation = access.evaluation(session, caller, evaluation_id, lock=True)
    access.in_stage(evaluation, closing.WAVES)
    if evaluation.closes_at is None:
        raise WrongStage("The ranking round is closed.", stage=evaluation.stage, needed=[])
    today = now.astimezone(design_of(evaluation).zone).date().isoformat()
    if evaluation.progress is None or evaluation.progress["on"] != today:
        evaluation.progress = {"on": today, **_count(session, keys, evaluation)}
    return {"stage": evaluation.stage, **evaluation.progress}


def _count(session: Session, keys: Keys, evaluation: Evaluation) -> dict[str, Any]:
    step = evaluation.smallest_group
    counted: Counter[str] = Counter()
    counted.update(cell for cell, _ in closing.answers(session, keys, evaluation))
    invited = _invited(evaluation)
    return {
        "answered": sum(counted.values()) // step * step,
        "invited": sum(invited.values()),
        "groups": [
            {"code": code, "invited": people, "answered": counted[code] // step * step}
            for code, people in invited.items()
            if people >= 2 * step
        ],
    }


def _invited(evaluation: Evaluation) -> dict[str, int]:
    if evaluation.stage == "verifying":
        return {voice.code: voice.invited for voice in design_of(evaluation).voices}
    return {group.code: group.headcount or 0 for group in groups(evaluation)}
