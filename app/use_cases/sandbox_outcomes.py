"""What people who do not exist are said to work for: a sandbox's outcomes, coding and schedule."""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from random import Random
from typing import Any

from app.instruments import sandbox
from app.security.credentials import Caller
from app.storage import outcomes as kept
from app.storage import statements as written
from app.storage.database import Session
from app.storage.tables import Evaluation, Statement
from app.use_cases import outcomes, schedules, statements
from app.use_cases.evaluations import design_of, survey_of
from app.use_cases.statements import KINDS, Decision

_CODERS = ("first", "second")
_OTHERWISE = 0.12  # how often the second coder reads a statement otherwise
_MOST_READ = 20  # of the same words
_UNSAID: dict[str, Any] = {
    "origin": "staff",
    "indicator": None,
    "prevention": None,
    "distinctive": None,
    "context": None,
    "mechanism": None,
    "rivals": [],
}


def surface(
    session: Session, caller: Caller, evaluation: Evaluation, *, seed: int, now: datetime
) -> list[str]:
    """Write outcomes down, code statements into them and approve the schedule; their codes.

    An evaluation that has outcomes is left as it is.
    """
    if kept.of_evaluation(session, evaluation.id):
        return []
    ids = {}
    for document in _documents(session, evaluation):
        made = outcomes.surface(session, caller, evaluation.id, document, now=now)
        ids[document["code"]] = str(made["id"])
    rows = written.of_evaluation(session, evaluation.id, KINDS["surfacing"])
    readable = [row for row in rows if not row.withheld]
    decisions = list(_read(readable, list(ids), seed))
    statements.code(session, caller, evaluation.id, decisions, now=now)
    schedules.put(session, caller, evaluation.id, _schedule(session, evaluation, ids))
    return list(ids)


def _documents(session: Session, evaluation: Evaluation) -> Iterator[dict[str, Any]]:
    """The outcomes, each with a domain of the instrument for its theory."""
    domains = [domain.code for domain in survey_of(session, evaluation).instrument.domains]
    for place, one in enumerate(sandbox()["outcomes"]):
        yield {
            **_UNSAID,
            **one["outcome"],
            "title": _translated(evaluation, one["outcome"]["title"]),
            "domains": [domains[place % len(domains)]],
        }


def _read(rows: Sequence[Statement], codes: Sequence[str], seed: int) -> Iterator[Decision]:
    """How two coders read the words that are known; a few of those that are alike."""
    words = sandbox()
    meant: dict[str, str | None] = {
        said["outcome"]: one["outcome"]["code"]
        for one in words["outcomes"]
        for said in one["statements"]
    }
    meant |= dict.fromkeys([*(said["outcome"] for said in words["none"]), *words["unwritten"]])
    read: Counter[str] = Counter()
    for row in rows:
        text = row.fields["outcome" if row.kind == "statement" else "text"]
        if text not in meant or read[text] == _MOST_READ:
            continue
        read[text] += 1
        chance = Random(f"{seed}/{text}/{read[text]}")
        differs = chance.random() < _OTHERWISE
        for coder, code in zip(
            _CODERS, (meant[text], chance.choice(codes) if differs else meant[text]), strict=True
        ):
            why = None if code else words["not_an_outcome"]
            yield Decision(row.id, coder, code, why)


def _schedule(session: Session, evaluation: Evaluation, ids: Mapping[str, str]) -> dict[str, Any]:
    """The schedule that the service drafts, in plain words."""
    plain = {
        ids[one["outcome"]["code"]]: _translated(evaluation, one["plain"])
        for one in sandbox()["outcomes"]
    }
    drafted = schedules.draft(session, evaluation)
    put = [{**entry, "plain": plain[entry["outcome"]]} for entry in drafted["outcomes"]]
    return {"status": "approved", "outcomes": put, "left_out": drafted["left_out"]}


def _translated(evaluation: Evaluation, text: Mapping[str, str]) -> dict[str, str]:
    """A text in every language of the evaluation; English where there is no translation."""
    languages = design_of(evaluation).languages
    return {**text} | {code: text.get(code, text["en"]) for code in languages}
