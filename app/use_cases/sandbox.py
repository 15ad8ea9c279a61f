"""Fill a sandbox with answers of people who do not exist, so that every report can be seen at once.

The answers go the way of an import: a place of a group or voice is drawn for each, the same rules
decide on it, and the one writer commits it. So nothing that is reckoned from them is special.
"""

import uuid
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from random import Random
from typing import Any

from app.errors import NotASandbox, Unavailable
from app.instruments.plausible import Staff, Users, ranking
from app.security import receipts
from app.security.credentials import Caller
from app.storage.database import Session
from app.storage.tables import Evaluation
from app.use_cases import access, asked, closing, imports, places, sandbox_outcomes
from app.use_cases.deployment import Deployment
from app.use_cases.evaluations import design_of, survey_of
from app.use_cases.submissions import Accepted, Submission
from app.use_cases.writer import LARGEST_BATCH, Writer

MOST = 10_000

# What the so-manieth person of an audience sends, who counts under this group or voice.
_Says = Callable[[str, str, int], dict[str, Any]]


@dataclass(frozen=True)
class Filling:
    """Answers that nobody has given yet.

    Attributes:
        stage: The stage that they belong to.
        outcomes: The codes of the outcomes that were written down for them.
    """

    stage: str
    outcomes: list[str]
    answers: Sequence[Submission]


def begin(
    deployment: Deployment, caller: Caller, evaluation_id: uuid.UUID, *, answered: int, seed: int
) -> Filling:
    """Make answers to the stage that is open; in `surfacing` outcomes too, where there are none.

    The same call makes the same answers under the same keys, so it may be repeated; a call for
    more makes the same and some besides.

    Args:
        answered: How many, at most as many as there are people.
        seed: Which answers; the same give the same in every evaluation of the same design.

    Raises:
        NotFound: There is no such evaluation, or it is another's.
        NotASandbox: Its answers come from people alone.
        WrongStage: Nobody answers in this stage, or not any more.
    """
    with deployment.database.writing() as session:
        evaluation = access.evaluation(session, caller, evaluation_id, lock=True)
        if not design_of(evaluation).sandbox:
            raise NotASandbox
        access.in_stage(evaluation, closing.AUDIENCES)
        stage, audiences = evaluation.stage, closing.AUDIENCES[evaluation.stage]
        now = deployment.clock()
        taking = imports.opened(evaluation, audiences=audiences, now=now)
        surfaced = []
        if stage == "surfacing":
            surfaced = sandbox_outcomes.surface(session, caller, evaluation, seed=seed, now=now)
        says = _says(session, evaluation, f"{seed}/{stage}")
        people = _drawn(evaluation, audiences, answered, seed)
    call = f"{evaluation_id}/{stage}/{seed}"
    answers = [
        imports.submission(
            deployment.keys,
            taking,
            key=receipts.fingerprint(deployment.keys.issuing, f"{call}/{number}").hex(),
            token=None,
            cell=cell,
            content=says(audience, cell, number),
        )
        for number, (audience, cell) in enumerate(people)
    ]
    return Filling(stage, surfaced, answers)


async def give(writer: Writer, filling: Filling) -> int:
    """Give the answers; how many were taken, for a group or voice may have no place left.

    Raises:
        Unavailable: Too many wait for the writer; what was taken is taken once.
    """
    given = 0
    for start in range(0, len(filling.answers), LARGEST_BATCH):
        batch = filling.answers[start : start + LARGEST_BATCH]
        results = await imports.decide(writer, batch)
        if any(isinstance(one, Unavailable) for one in results):
            raise Unavailable
        given += sum(isinstance(one, Accepted) for one in results)
    return given


def _drawn(
    evaluation: Evaluation, audiences: Sequence[str], answered: int, seed: int
) -> list[tuple[str, str]]:
    """Who answers, drawn by chance from all who are asked: audience, and group or voice.

    Whoever asks for more gets the same people first.
    """
    people = {
        (audience, cell): count
        for audience in audiences
        for cell, count in places.people(evaluation, audience).items()
    }
    if not people:
        return []
    chance = Random(f"{seed}/{evaluation.stage}")
    most = min(MOST, sum(people.values()))
    return chance.sample(list(people), most, counts=list(people.values()))[:answered]


def _says(session: Session, evaluation: Evaluation, seed: str) -> _Says:
    if evaluation.stage == "surveying":
        staff = Staff(survey_of(session, evaluation), seed)
        return lambda _, cell, number: staff.answer(cell, number)
    if evaluation.stage == "surfacing":
        ranked = asked.ranked(session, evaluation)
        return lambda _, __, number: ranking(ranked, seed, number)
    return Users(asked.scheduled(session, evaluation), seed).answer
