"""Delete an evaluation that no round remains of: a draft, or a sandbox."""

import uuid

from app.security.credentials import Caller
from app.security.ledger import mark
from app.storage import evaluations, ledgers
from app.use_cases import access
from app.use_cases.deployment import Deployment
from app.use_cases.evaluations import design_of


def delete(deployment: Deployment, caller: Caller, evaluation_id: uuid.UUID) -> None:
    """Delete a draft, or a sandbox in any stage, with everything that belongs to it.

    Raises:
        NotFound: There is none, or it is another's.
        WrongStage: It is no sandbox, and has left `draft`.
    """
    with deployment.database.writing() as session:
        evaluation = access.evaluation(session, caller, evaluation_id, lock=True)
        if not design_of(evaluation).sandbox:
            access.in_stage(evaluation, ["draft"])
        open_stage = evaluation.closes_at is not None
        if open_stage:
            # A backup may bring it back; what people answered is then deleted unread.
            salt = evaluations.salt(session, evaluation.id)
            ledgers.note(session, mark(deployment.keys.ledger, "closed", salt))
        evaluations.delete(session, evaluation)
    if open_stage:
        deployment.database.tidy()
