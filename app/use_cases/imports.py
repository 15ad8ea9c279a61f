"""Answers in bulk: many lines at once, each decided as if its respondent had sent it."""

import asyncio
import dataclasses
import uuid
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from app.errors import AppError, CollectionIsBrowser, Invalid, Unavailable, WrongStage
from app.security.credentials import Caller
from app.security.keys import Keys
from app.storage.database import Session
from app.storage.tables import Evaluation
from app.storage.tokens import Right
from app.use_cases import access, exchange, places, submissions
from app.use_cases.deployment import Deployment
from app.use_cases.evaluations import design_of
from app.use_cases.places import Place
from app.use_cases.records import Records
from app.use_cases.submissions import Accepted, Submission
from app.use_cases.writer import Writer

_PAUSES = (0.1, 0.4, 1.5)


@dataclass(frozen=True)
class Import:
    """What takes the lines of one import.

    Attributes:
        evaluation: Whose respondents they come from.
        audiences: Who answers this call.
        places: The group or voice of a line that has no token.
        records: What reads the lines, where they are a survey tool's.
    """

    evaluation: uuid.UUID
    audiences: Sequence[str]
    places: Mapping[str, Place]
    records: Records | None = None


def begin(
    session: Session,
    caller: Caller,
    evaluation_id: uuid.UUID,
    *,
    audiences: Sequence[str],
    tool: str | None = None,
    now: datetime,
) -> Import:
    """Open an evaluation to the answers that a platform collected.

    Args:
        session: A transaction that reads.
        caller: Who hands them in.
        evaluation_id: Whose they are.
        audiences: Who answers this call.
        tool: Whose records the lines are, if they are not in our shape.
        now: The time.

    Raises:
        NotFound: There is no such evaluation, or it is another's.
        CollectionIsBrowser: Its respondents were promised that nobody passes their answers on.
        WrongStage: Those who are asked do not answer yet, or not any more.
    """
    evaluation = access.evaluation(session, caller, evaluation_id)
    if design_of(evaluation).collection == "browser":
        raise CollectionIsBrowser
    taking = opened(evaluation, audiences=audiences, now=now)
    if tool is None:
        return taking
    forms = [exchange.form_of(session, evaluation, audience) for audience in audiences]
    return dataclasses.replace(taking, records=Records(tool, forms))


def opened(evaluation: Evaluation, *, audiences: Sequence[str], now: datetime) -> Import:
    """What takes answers of these audiences.

    Raises:
        WrongStage: They do not answer yet, or not any more.
    """
    access.in_stage(evaluation, {submissions.STAGE[audience] for audience in audiences})
    if evaluation.closes_at is None or evaluation.closes_at <= now:
        raise WrongStage("The stage is past its last day.", stage=evaluation.stage, needed=[])
    found = {
        cell: Place(Right(evaluation.id, audience, cell), places.quota(people))
        for audience in audiences
        for cell, people in places.people(evaluation, audience).items()
    }
    return Import(evaluation.id, audiences, found)


def submission(
    keys: Keys,
    taking: Import,
    *,
    key: str | None,
    token: str | None,
    cell: str | None,
    content: Mapping[str, Any],
) -> Submission:
    """Read one line, without asking the database: it has a token, or counts under a group or voice.

    Raises:
        Invalid: There is no such group or voice.
        TokenMistyped: The token has a wrong character.
        IdempotencyKeyMissing, IdempotencyKeyMalformed, KeyNotSecret: The key cannot be used.
    """
    place = taking.places.get(cell or "")
    if token is None and place is None:
        raise Invalid(faults=[places.unknown(taking.audiences[0])])
    return submissions.submission(
        keys,
        audiences=taking.audiences,
        token=token,
        key=key,
        content=content,
        evaluation=taking.evaluation,
        place=place,
    )


async def decide(writer: Writer, lines: Collection[Submission]) -> list[Accepted | AppError]:
    """The results of some lines, decided in one transaction and on disk.

    When too many wait for the writer, they are tried again, and then refused as unavailable.
    """
    for pause in _PAUSES:
        try:
            return await writer.submit_all(list(lines))
        except Unavailable:
            await asyncio.sleep(pause)
    return [Unavailable() for _ in lines]


async def check(deployment: Deployment, lines: Collection[Submission]) -> list[Accepted | AppError]:
    """What would become of some lines: they are decided, and the decision is undone."""
    try:
        return await asyncio.to_thread(_decided_and_undone, deployment, list(lines))
    except Unavailable:
        return [Unavailable() for _ in lines]


def _decided_and_undone(
    deployment: Deployment, lines: Sequence[Submission]
) -> list[Accepted | AppError]:
    with deployment.database.batch() as connection:
        found = submissions.record(
            connection, deployment.keys, lines, now=deployment.clock(), ledger=deployment.ledger
        )
        connection.rollback()
    return found
