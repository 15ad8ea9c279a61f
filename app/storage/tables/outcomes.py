"""Surfaced outcomes, how they came about, and what is done about them."""

import uuid
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from app.storage.database import Table
from app.storage.tables.columns import Changed, Evaluated, OfEvaluation


class Outcome(Table):
    """Statements coded into one: what the partnership works for."""

    __tablename__ = "outcomes"
    __table_args__ = (UniqueConstraint("evaluation_id", "code"),)

    id: Mapped[uuid.UUID] = mapped_column(primary_key=True)
    evaluation_id: Mapped[Evaluated]
    code: Mapped[str]
    document: Mapped[dict[str, Any]]
    merged_into: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("outcomes.id"))
    updated_at: Mapped[Changed]


class OutcomeChange(Table):
    """What an outcome said before it was changed, and why it was."""

    __tablename__ = "outcome_changes"

    outcome_id: Mapped[uuid.UUID] = mapped_column(
        ForeignKey("outcomes.id", ondelete="CASCADE"), primary_key=True
    )
    edition: Mapped[int] = mapped_column(primary_key=True)
    why: Mapped[str]
    before: Mapped[dict[str, Any]]


class Coding(Table):
    """One coder's decision on one statement: an outcome, or the reason why it is none."""

    __tablename__ = "codings"
    __table_args__ = (
        CheckConstraint("(outcome_id IS NULL) <> (reason IS NULL)", name="outcome_or_reason"),
        Index("ix_codings_outcome_id", "outcome_id"),
    )

    statement_id: Mapped[uuid.UUID] = mapped_column(
        ForeignKey("statements.id", ondelete="CASCADE"), primary_key=True
    )
    coder: Mapped[str] = mapped_column(String(40), primary_key=True)
    position: Mapped[int] = mapped_column(primary_key=True)
    outcome_id: Mapped[uuid.UUID | None] = mapped_column(
        ForeignKey("outcomes.id", ondelete="CASCADE")
    )
    reason: Mapped[str | None]


class Schedule(Table):
    """The outcomes put to service users and carers, those left out, and how to ask."""

    __tablename__ = "schedules"

    evaluation_id: Mapped[OfEvaluation]
    approved: Mapped[bool]
    document: Mapped[dict[str, Any]]


class Evidence(Table):
    """What another method found about an outcome."""

    __tablename__ = "evidence"

    id: Mapped[uuid.UUID] = mapped_column(primary_key=True)
    evaluation_id: Mapped[Evaluated]
    outcome_id: Mapped[uuid.UUID] = mapped_column(
        ForeignKey("outcomes.id", ondelete="CASCADE"), index=True
    )
    document: Mapped[dict[str, Any]]
    updated_at: Mapped[Changed]


class Action(Table):
    """What the partnership will do about an area for development."""

    __tablename__ = "actions"

    id: Mapped[uuid.UUID] = mapped_column(primary_key=True)
    evaluation_id: Mapped[Evaluated]
    document: Mapped[dict[str, Any]]
    updated_at: Mapped[Changed]
