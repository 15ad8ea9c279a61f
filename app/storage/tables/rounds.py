"""Evaluations, and what remains of their stages."""

import uuid
from datetime import datetime
from typing import Any

from sqlalchemy import ForeignKey, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.storage.database import Table
from app.storage.tables.accounts import Partnership
from app.storage.tables.columns import STAGES, Changed, OfEvaluation, one_of


class Evaluation(Table):
    """One round of a partnership.

    `closes_at` is there while a stage takes answers. `organisations` is the staff list as it stood
    when the survey opened.
    """

    __tablename__ = "evaluations"
    __table_args__ = (UniqueConstraint("partnership_id", "number"), one_of("stage", *STAGES))

    id: Mapped[uuid.UUID] = mapped_column(primary_key=True)
    partnership_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("partnerships.id"))
    number: Mapped[int]
    stage: Mapped[str]
    instrument: Mapped[str]
    smallest_group: Mapped[int]
    design: Mapped[dict[str, Any]]
    organisations: Mapped[list[Any] | None]
    closes_at: Mapped[datetime | None] = mapped_column(index=True)
    progress: Mapped[dict[str, Any] | None]
    updated_at: Mapped[Changed]

    partnership: Mapped[Partnership] = relationship(lazy="joined", innerjoin=True)


class Salt(Table):
    """Half of the key that seals the answers to the open stage; without it, nobody can read them.

    A table of its own: PostgreSQL leaves old versions of a row on disk, and only a small table can
    be written anew whenever a stage closes.
    """

    __tablename__ = "salts"

    evaluation_id: Mapped[OfEvaluation]
    salt: Mapped[bytes]


class Wave(Table):
    """What remains of a stage's answers: how many, and which cells of it may be published."""

    __tablename__ = "waves"
    __table_args__ = (one_of("kind", "staff", "ranking", "verification"),)

    evaluation_id: Mapped[OfEvaluation]
    kind: Mapped[str] = mapped_column(primary_key=True)
    answered: Mapped[int | None]
    invited: Mapped[dict[str, Any]]
    cells: Mapped[dict[str, Any]]


class Sheet(Table):
    """A part of a wave: columns of small integers, rows sorted, the group their only attribute."""

    __tablename__ = "sheets"

    evaluation_id: Mapped[OfEvaluation]
    wave: Mapped[str] = mapped_column(primary_key=True)
    name: Mapped[str] = mapped_column(primary_key=True)
    columns: Mapped[list[Any]]
    groups: Mapped[list[Any]]
    group_of_row: Mapped[bytes]
    answers: Mapped[bytes]


class Report(Table):
    """A document computed once; its digest is its ETag."""

    __tablename__ = "reports"

    evaluation_id: Mapped[OfEvaluation]
    name: Mapped[str] = mapped_column(primary_key=True)
    edition: Mapped[str] = mapped_column(primary_key=True)
    digest: Mapped[str]
    body: Mapped[bytes]
    updated_at: Mapped[Changed]
