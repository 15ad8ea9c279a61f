"""Waves: what remains of a stage when its respondents are done."""

import uuid
from collections.abc import Sequence

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.storage.tables import Sheet, Wave


def add(session: Session, wave: Wave, sheets: Sequence[Sheet]) -> None:
    """Keep a wave; it never changes."""
    session.add(wave)
    session.add_all(sheets)
    session.flush()


def find(session: Session, evaluation: uuid.UUID, kind: str) -> Wave | None:
    """The wave of one kind."""
    return session.get(Wave, (evaluation, kind))


def sheets(session: Session, evaluation: uuid.UUID, kind: str) -> dict[str, Sheet]:
    """The sheets of a wave by name."""
    rows = session.scalars(
        select(Sheet).where(Sheet.evaluation_id == evaluation, Sheet.wave == kind)
    )
    return {row.name: row for row in rows}
