"""What a caller may see: its own account's, and of that its own partnership's if it is limited."""

import uuid
from collections.abc import Collection

from app.errors import NotFound, WrongStage
from app.security.credentials import Caller
from app.storage import evaluations, partnerships
from app.storage.database import Session
from app.storage.tables import Evaluation, Partnership


def partnership(session: Session, caller: Caller, partnership_id: uuid.UUID) -> Partnership:
    """The caller's partnership with this id.

    Raises:
        NotFound: There is none, or it is another's.
    """
    found = partnerships.find(
        session, partnership_id, account=caller.account, only=caller.partnership
    )
    if found is None:
        raise NotFound
    return found


def evaluation(
    session: Session, caller: Caller, evaluation_id: uuid.UUID, *, lock: bool = False
) -> Evaluation:
    """The caller's evaluation with this id, held against changes with `lock`.

    Raises:
        NotFound: There is none, or it is another's.
    """
    found = evaluations.find(
        session, evaluation_id, account=caller.account, only=caller.partnership, lock=lock
    )
    if found is None:
        raise NotFound
    return found


def in_stage(evaluation: Evaluation, stages: Collection[str]) -> None:
    """Go on only in one of these stages.

    Raises:
        WrongStage: The evaluation is in another.
    """
    if evaluation.stage not in stages:
        raise WrongStage(
            f"The evaluation is in '{evaluation.stage}'.",
            stage=evaluation.stage,
            needed=sorted(stages),
        )
