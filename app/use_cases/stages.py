"""Take an evaluation to its next stage, close what is past its last day."""

import logging
import uuid
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from app.errors import (
    ClosesEarly,
    ClosesLaterOnly,
    ContactMissing,
    GroupsTooSmall,
    ScheduleNotApproved,
    TooFewAnswers,
    TranslationMissing,
    WrongStage,
)
from app.security import sealing
from app.security.credentials import Caller
from app.security.keys import Keys
from app.storage import evaluations, responses, tokens
from app.storage.database import Session
from app.storage.tables import STAGES, Evaluation
from app.use_cases import access, asked, benchmark, closing, reports, schedules, telling
from app.use_cases.deployment import Deployment
from app.use_cases.evaluations import (
    closing as closing_moment,
)
from app.use_cases.evaluations import design_of, instrument_of, partners_of, too_small, warnings

log = logging.getLogger("poet")


@dataclass(frozen=True)
class Step:
    """What a caller asks of a stage.

    Attributes:
        stage: The next stage, or the one already reached.
        early: Close before the closing day.
        abandon: Give up answers that are too few to be shown.
        dry_run: Say what would happen, and change nothing.
    """

    stage: str
    early: bool = False
    abandon: bool = False
    dry_run: bool = False


def step(
    deployment: Deployment, caller: Caller, evaluation_id: uuid.UUID, wanted: Step
) -> dict[str, Any]:
    """Go to the next stage; the reports that belong to it can be fetched when this returns.

    Raises:
        NotFound: There is no such evaluation, or it is another's.
        WrongStage: It is not the next stage.
        ClosesEarly, TooFewAnswers: The stage that ends is not done.
        GroupsTooSmall, TranslationMissing, ScheduleNotApproved, ContactMissing: The stage that
            begins is not ready.
    """
    with deployment.database.writing() as session:
        evaluation = access.evaluation(session, caller, evaluation_id, lock=True)
        moves = wanted.stage != evaluation.stage
        published = _move(session, deployment, evaluation, wanted) if moves else []
        result = {
            "stage": evaluation.stage,
            "published": published,
            "closes_at": evaluation.closes_at,
            "warnings": warnings(evaluation),
            "dry_run": wanted.dry_run,
        }
        if wanted.dry_run:
            session.rollback()
    if moves and not wanted.dry_run:
        deployment.database.tidy()
    return result


def close_due(deployment: Deployment) -> int:
    """Close every stage that is past its last day; how many were.

    One process at a time has an evaluation in hand; an evaluation that fails does not keep the
    others open. Answers that are too few to be shown are deleted unread.
    """
    with deployment.database.reading() as session:
        due = evaluations.due(session, deployment.clock())
    closed = 0
    for evaluation_id in due:
        try:
            closed += _close(deployment, evaluation_id)
        except Exception as failure:
            log.error("a stage could not be closed (%s)", type(failure).__name__)
    # Every time: what somebody was reading while a stage closed could not be forgotten then.
    deployment.database.tidy()
    return closed


def _close(deployment: Deployment, evaluation_id: uuid.UUID) -> bool:
    with deployment.database.writing() as session:
        evaluation = evaluations.take(session, evaluation_id)
        now = deployment.clock()
        if evaluation is None or evaluation.closes_at is None or evaluation.closes_at > now:
            return False
        end(session, deployment.keys, evaluation, now=now)
    return True


def end(
    session: Session, keys: Keys, evaluation: Evaluation, *, now: datetime, unread: bool = False
) -> None:
    """Close the open stage, whatever it holds, and begin the next."""
    closing.freeze(session, keys, evaluation, unread=unread)
    # The ranking round ends by itself, but only the evaluator can say that coding is done.
    if evaluation.stage != "surfacing":
        _begin(session, evaluation, now)


def _move(
    session: Session, deployment: Deployment, evaluation: Evaluation, wanted: Step
) -> list[str]:
    """End the stage that is open and begin the next; the names of the reports this publishes."""
    at, to = STAGES.index(evaluation.stage), STAGES.index(wanted.stage)
    if to != at + 1:
        raise WrongStage(
            f"The evaluation is in '{evaluation.stage}'; only the next stage follows.",
            stage=evaluation.stage,
            needed=list(STAGES[max(to - 1, 0) : to]),
        )
    now = deployment.clock()
    if evaluation.closes_at is not None:
        _end(session, deployment, evaluation, wanted, now)
    published = _begin(session, evaluation, now)
    # By itself a stage closes all the same: what it took must not wait for ever.
    if evaluation.closes_at is not None and evaluation.closes_at <= now:
        raise ClosesLaterOnly("The closing day of the stage that begins has passed.")
    return published


def _end(
    session: Session,
    deployment: Deployment,
    evaluation: Evaluation,
    wanted: Step,
    now: datetime,
) -> None:
    """Close the stage that ends, if it may."""
    days = design_of(evaluation).closes
    declared = {
        "surveying": days.staff,
        "surfacing": days.ranking,
        "verifying": days.verification,
    }[evaluation.stage]
    invited = any(
        tokens.any_issued(session, evaluation.id, audience)
        for audience in closing.AUDIENCES[evaluation.stage]
    )
    # Nobody was invited to rank, so there is nothing to wait for and nothing to give up.
    nobody = evaluation.stage == "surfacing" and not invited
    if nobody:
        tokens.delete_all(session, evaluation.id, closing.AUDIENCES["surfacing"])
        evaluations.destroy_salt(session, evaluation.id)
        evaluation.closes_at = None
        return
    open_still = evaluation.closes_at is not None and evaluation.closes_at > now
    if declared is not None and open_still and not wanted.early:
        raise ClosesEarly(closes=declared.isoformat())
    few = responses.count(session, evaluation.id) < evaluation.smallest_group
    if few and not wanted.abandon:
        raise TooFewAnswers(smallest_group=evaluation.smallest_group)
    closing.freeze(session, deployment.keys, evaluation)


def _begin(session: Session, evaluation: Evaluation, now: datetime) -> list[str]:
    """Open the next stage: what must be ready is checked, what ends is published."""
    stage = STAGES[STAGES.index(evaluation.stage) + 1]
    if stage == "surveying":
        _ready_to_survey(session, evaluation)
    if stage == "verifying":
        _ready_to_verify(session, evaluation)
    evaluation.stage = stage
    evaluation.updated_at = now
    if stage in closing.WAVES:
        evaluations.keep_salt(session, evaluation.id, sealing.new_salt())
        evaluation.closes_at = closing_moment(design_of(evaluation), stage, now)
    evaluations.save(session, evaluation)
    today = now.astimezone(design_of(evaluation).zone).date()
    published = reports.publish(session, evaluation, today=today, now=now)
    if stage == "concluded":
        benchmark.conclude(session, evaluation)
    telling.stage_changed(session, evaluation, published, now=now)
    return published


def _ready_to_survey(session: Session, evaluation: Evaluation) -> None:
    if small := too_small(evaluation):
        raise GroupsTooSmall(groups=small)
    design = design_of(evaluation)
    instrument = instrument_of(session, evaluation)
    texts = {f"/groups/{group.code}": group.label for group in design.groups}
    if design.contact.help:
        texts["/contact/help"] = design.contact.help
    _translated(texts, design.languages)
    if missing := set(design.languages) - set(instrument.languages):
        raise TranslationMissing(missing=sorted(f"/instrument/{code}" for code in missing))
    evaluation.organisations = [vars(partner) for partner in partners_of(evaluation)]


def _ready_to_verify(session: Session, evaluation: Evaluation) -> None:
    if not schedules.complete(session, evaluation):
        raise ScheduleNotApproved
    design = design_of(evaluation)
    if not design.contact.safeguarding:
        raise ContactMissing
    texts = {f"/voices/{voice.code}": voice.label for voice in design.voices}
    texts["/contact/safeguarding"] = design.contact.safeguarding
    for outcome in asked.scheduled(session, evaluation):
        texts[f"/schedule/{outcome.id}"] = outcome.plain
    _translated(texts, design.languages)


def _translated(texts: dict[str, dict[str, str]], languages: list[str]) -> None:
    missing = [
        f"{pointer}/{language}"
        for pointer, by_language in texts.items()
        for language in languages
        if not by_language.get(language)
    ]
    if missing:
        raise TranslationMissing(missing=missing)
