"""What a batch of submissions asks of the database, in as few statements as there can be.

The statements are made once, and run on the session's connection: on the way through the session
each would cost half as much again.
"""

import uuid
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import (
    BindParameter,
    LargeBinary,
    String,
    bindparam,
    cast,
    delete,
    insert,
    literal_column,
    null,
    select,
    union_all,
)
from sqlalchemy.orm import Session

from app.storage.responses import Known
from app.storage.tables import ClosedKey, Evaluation, Response, Salt, Token
from app.storage.tokens import Right

_TOKENS, _OPEN, _CLOSED, _EVALUATIONS, _SALTS = (
    table.metadata.tables[table.__tablename__]
    for table in (Token, Response, ClosedKey, Evaluation, Salt)
)
_NOTHING, _NO_WORD = cast(null(), LargeBinary), cast(null(), String)
_THESE_TOKENS = _TOKENS.c.fingerprint.in_(bindparam("tokens", expanding=True))
_THESE_KEYS: BindParameter[bytes] = bindparam("keys", expanding=True)
_THESE_ROUNDS: BindParameter[uuid.UUID] = bindparam("ids", expanding=True)
_LOOK_UP = union_all(
    select(
        literal_column("0"),
        _TOKENS.c.fingerprint,
        _TOKENS.c.evaluation_id,
        _TOKENS.c.audience,
        _TOKENS.c.cell,
        _NOTHING,
    ).where(_THESE_TOKENS),
    select(
        literal_column("1"),
        _OPEN.c.key,
        _OPEN.c.evaluation_id,
        _NO_WORD,
        _NO_WORD,
        _OPEN.c.sealed,
    ).where(_OPEN.c.key.in_(_THESE_KEYS)),
    select(
        literal_column("1"),
        _CLOSED.c.key,
        _CLOSED.c.evaluation_id,
        _NO_WORD,
        _NO_WORD,
        _NOTHING,
    ).where(_CLOSED.c.key.in_(_THESE_KEYS)),
)
_OPENED = (
    select(
        _EVALUATIONS.c.id,
        _EVALUATIONS.c.stage,
        _EVALUATIONS.c.closes_at,
        _EVALUATIONS.c.design,
        _EVALUATIONS.c.organisations,
    )
    .where(_EVALUATIONS.c.id.in_(_THESE_ROUNDS))
    .order_by(_EVALUATIONS.c.id)
)
_TOGETHER, _ALONE = _OPENED.with_for_update(read=True), _OPENED.with_for_update()
_SALT = select(_SALTS.c.evaluation_id, _SALTS.c.salt).where(
    _SALTS.c.evaluation_id.in_(_THESE_ROUNDS)
)
_SPEND = delete(_TOKENS).where(_THESE_TOKENS)
_ADD = insert(_OPEN)


@dataclass(frozen=True, repr=False)
class Opened:
    """An evaluation to whoever answers it; `salt` while a stage is open."""

    id: uuid.UUID
    stage: str
    closes_at: datetime | None
    design: dict[str, Any]
    organisations: list[Any] | None
    salt: bytes | None


def look_up(
    session: Session, *, tokens: Collection[bytes], keys: Collection[bytes]
) -> tuple[dict[bytes, Right], dict[bytes, Known]]:
    """What those of the tokens that are live allow, and those of the keys that were used before.

    One statement, so that both are of one moment: a submission that another process commits
    meanwhile has both spent its token and used its key, or neither.
    """
    held: dict[bytes, Right] = {}
    known: dict[bytes, Known] = {}
    named = {"tokens": list(tokens), "keys": list(keys)}
    for of_key, name, evaluation, audience, cell, sealed in session.connection().execute(
        _LOOK_UP, named
    ):
        if of_key:
            known[name] = Known(evaluation, sealed)
        else:
            held[name] = Right(evaluation, audience, cell)
    return held, known


def opened(
    session: Session, ids: Collection[uuid.UUID], *, alone: bool = False
) -> dict[uuid.UUID, Opened]:
    """These evaluations, held so that none is closed before this transaction ends.

    With `alone`, nobody else answers them or gives places away meanwhile.
    """
    if not ids:
        return {}
    named = {"ids": list(ids)}
    connection = session.connection()
    rows = connection.execute(_ALONE if alone else _TOGETHER, named).all()
    # Only once they are held: a join would show the salt of before beside the stage of after.
    salts = {row[0]: row[1] for row in connection.execute(_SALT, named)}
    return {row[0]: Opened(*row, salts.get(row[0])) for row in rows}


def spend(session: Session, fingerprints: Collection[bytes]) -> int:
    """Use tokens up; how many were still there to be used."""
    return session.connection().execute(_SPEND, {"tokens": list(fingerprints)}).rowcount


def add(
    session: Session, evaluation_of: Mapping[bytes, uuid.UUID], sealed: Mapping[bytes, bytes]
) -> None:
    """Keep sealed answers, in the order of `sealed`."""
    session.connection().execute(
        _ADD,
        [
            {"key": key, "evaluation_id": evaluation_of[key], "sealed": content}
            for key, content in sealed.items()
        ],
    )
