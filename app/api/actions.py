"""Actions: what the partnership will do about an area for development."""

import uuid
from datetime import date, datetime
from typing import Annotated, Literal

from pydantic import BaseModel, Field

from app.api.dependencies import Now, Reading, ReadsActions, WritesActions, Writing
from app.api.partnerships import Name, Paragraph
from app.api.routes import Shape, Since, machine, router
from app.errors import NotFound, WrongStage
from app.use_cases import actions

routes = router("Actions")
Status = Literal["open", "done", "dropped"]


class NewAction(Shape):
    """What will be done, about a domain or about an outcome."""

    what: Annotated[Paragraph, Field(min_length=1)]
    domain: Annotated[str | None, Field(max_length=20)] = None
    outcome: Annotated[str | None, Field(max_length=36)] = None
    owner: Name | None = None
    due_on: date | None = None
    status: Status = "open"


class ActionChanges(Shape):
    """The members to change."""

    what: Annotated[Paragraph, Field(min_length=1)] = ""
    owner: Name | None = None
    due_on: date | None = None
    status: Status = "open"


class Action(NewAction):
    """A recorded action; `seen` is what the next comparable round says of its domain."""

    id: uuid.UUID
    updated_at: datetime
    seen: Literal["better", "worse", "no_sign_yet", "could_not_be_seen", "not_measured"]


class Actions(BaseModel):
    """The actions of an evaluation."""

    items: list[Action]
    next: str | None


@routes.post(
    "/evaluations/{evaluation_id}/actions",
    status_code=201,
    summary="Record an action",
    responses=machine(NotFound, WrongStage, body=True),
)
def record_action(
    caller: WritesActions, session: Writing, now: Now, evaluation_id: uuid.UUID, body: NewAction
) -> Action:
    """Record what will be done, once there is a report to act on."""
    document = body.model_dump(mode="json")
    return Action.model_validate(actions.add(session, caller, evaluation_id, document, now=now))


@routes.get(
    "/evaluations/{evaluation_id}/actions", summary="List actions", responses=machine(NotFound)
)
def list_actions(
    caller: ReadsActions, session: Reading, evaluation_id: uuid.UUID, since: Since = None
) -> Actions:
    """The actions of an evaluation."""
    found = actions.listed(session, caller, evaluation_id, since=since)
    return Actions.model_validate({"items": found, "next": None})


@routes.patch(
    "/actions/{action_id}", summary="Change an action", responses=machine(NotFound, body=True)
)
def change_action(
    caller: WritesActions, session: Writing, now: Now, action_id: uuid.UUID, body: ActionChanges
) -> Action:
    """Change an action's words, owner, day or status."""
    changes = body.model_dump(mode="json", exclude_unset=True)
    return Action.model_validate(actions.change(session, caller, action_id, changes, now=now))
