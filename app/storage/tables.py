"""The stored records, one class a table.

No token, response, statement or wave carries a time, a serial number or a pointer to another of
them: each would tie an answer to the person who gave it. Their SQLite tables have no rowid, which
would keep the order of arrival.
"""

import uuid
from datetime import date, datetime
from typing import Annotated, Any

from sqlalchemy import CheckConstraint, ForeignKey, Index, LargeBinary, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.storage.database import Table

Evaluated = Annotated[
    uuid.UUID, mapped_column(ForeignKey("evaluations.id", ondelete="CASCADE"), index=True)
]
OfEvaluation = Annotated[
    uuid.UUID, mapped_column(ForeignKey("evaluations.id", ondelete="CASCADE"), primary_key=True)
]
STAGES = ("draft", "surveying", "surfacing", "verifying", "interpreting", "concluded")
WITHOUT_ROWID = {"sqlite_with_rowid": False}


def _one_of(column: str, *values: str) -> CheckConstraint:
    return CheckConstraint(f"{column} IN ({', '.join(repr(v) for v in values)})", name=column)


class Account(Table):
    """Who runs evaluations; the boundary that nothing crosses."""

    __tablename__ = "accounts"

    id: Mapped[uuid.UUID] = mapped_column(primary_key=True)
    name: Mapped[str] = mapped_column(unique=True)


class Client(Table):
    """A machine credential of an account; two secrets may be good while one replaces the other."""

    __tablename__ = "clients"

    id: Mapped[uuid.UUID] = mapped_column(primary_key=True)
    account_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("accounts.id"), index=True)
    partnership_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("partnerships.id"))
    secret: Mapped[bytes]
    older_secret: Mapped[bytes | None]
    scopes: Mapped[list[Any]]
    revoked: Mapped[bool] = mapped_column(default=False)


class Partnership(Table):
    """The organisations evaluated together, and what kind of partnership they are."""

    __tablename__ = "partnerships"

    id: Mapped[uuid.UUID] = mapped_column(primary_key=True)
    account_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("accounts.id"), index=True)
    name: Mapped[str]
    country: Mapped[str | None]
    service_area: Mapped[str | None]
    formed_on: Mapped[date | None]
    profile: Mapped[dict[str, Any]]

    organisations: Mapped[list["Organisation"]] = relationship(
        order_by="Organisation.position", cascade="all, delete-orphan", lazy="selectin"
    )


class Organisation(Table):
    """A partner, and how many of its staff are asked."""

    __tablename__ = "organisations"

    partnership_id: Mapped[uuid.UUID] = mapped_column(
        ForeignKey("partnerships.id"), primary_key=True
    )
    code: Mapped[str] = mapped_column(primary_key=True)
    position: Mapped[int]
    name: Mapped[str]
    sector: Mapped[str]
    headcount: Mapped[int]


class PublishedInstrument(Table):
    """An instrument that a client published; it never changes."""

    __tablename__ = "instruments"

    account_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("accounts.id"), primary_key=True)
    code: Mapped[str] = mapped_column(primary_key=True)
    version: Mapped[int] = mapped_column(primary_key=True)
    digest: Mapped[str]
    document: Mapped[dict[str, Any]]


class Evaluation(Table):
    """One round of a partnership.

    `salt` is half of the key that seals the answers to the open stage; without it, nobody can read
    them. `organisations` is the staff list as it stood when the survey opened.
    """

    __tablename__ = "evaluations"
    __table_args__ = (UniqueConstraint("partnership_id", "number"), _one_of("stage", *STAGES))

    id: Mapped[uuid.UUID] = mapped_column(primary_key=True)
    partnership_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("partnerships.id"))
    number: Mapped[int]
    stage: Mapped[str]
    instrument: Mapped[str]
    smallest_group: Mapped[int]
    design: Mapped[dict[str, Any]]
    organisations: Mapped[list[Any] | None]
    salt: Mapped[bytes | None]
    closes_at: Mapped[datetime | None] = mapped_column(index=True)
    progress: Mapped[dict[str, Any] | None]

    partnership: Mapped[Partnership] = relationship(lazy="joined", innerjoin=True)


class Issuance(Table):
    """One call that issued tokens: its key's fingerprint, and how many for whom."""

    __tablename__ = "issuances"

    call: Mapped[bytes] = mapped_column(LargeBinary(32), primary_key=True)
    evaluation_id: Mapped[Evaluated]
    audience: Mapped[str]
    cell: Mapped[str]
    count: Mapped[int]


class Token(Table):
    """A right to answer once; the row is deleted when it is used."""

    __tablename__ = "tokens"
    __table_args__ = (
        _one_of("audience", "staff", "ranking", "service_user", "carer"),
        WITHOUT_ROWID,
    )

    fingerprint: Mapped[bytes] = mapped_column(LargeBinary(32), primary_key=True)
    evaluation_id: Mapped[Evaluated]
    audience: Mapped[str]
    cell: Mapped[str]


class Response(Table):
    """One sealed set of answers while its stage is open; named by its sender's key alone."""

    __tablename__ = "responses"
    __table_args__ = (WITHOUT_ROWID,)

    key: Mapped[bytes] = mapped_column(LargeBinary(32), primary_key=True)
    evaluation_id: Mapped[Evaluated]
    sealed: Mapped[bytes]


class ClosedKey(Table):
    """A key whose answer is in a wave: it still proves inclusion, and finds nothing."""

    __tablename__ = "closed_keys"
    __table_args__ = (WITHOUT_ROWID,)

    key: Mapped[bytes] = mapped_column(LargeBinary(32), primary_key=True)
    evaluation_id: Mapped[Evaluated]


class Wave(Table):
    """What remains of a stage's answers: how many, and which cells of it may be published."""

    __tablename__ = "waves"
    __table_args__ = (_one_of("kind", "staff", "ranking", "verification"),)

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


class Statement(Table):
    """Words of one respondent, apart from their answers, their group and their other words."""

    __tablename__ = "statements"
    __table_args__ = (
        _one_of("kind", "statement", "unwritten", "matters_most", "missing", "worse"),
        WITHOUT_ROWID,
    )

    id: Mapped[uuid.UUID] = mapped_column(primary_key=True)
    evaluation_id: Mapped[Evaluated]
    kind: Mapped[str]
    fields: Mapped[dict[str, Any]]
    withheld: Mapped[bool]


class Outcome(Table):
    """Statements coded into one: what the partnership works for."""

    __tablename__ = "outcomes"
    __table_args__ = (UniqueConstraint("evaluation_id", "code"),)

    id: Mapped[uuid.UUID] = mapped_column(primary_key=True)
    evaluation_id: Mapped[Evaluated]
    code: Mapped[str]
    document: Mapped[dict[str, Any]]
    merged_into: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("outcomes.id"))


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


class Report(Table):
    """A document computed once; its digest is its ETag."""

    __tablename__ = "reports"

    evaluation_id: Mapped[OfEvaluation]
    name: Mapped[str] = mapped_column(primary_key=True)
    edition: Mapped[str] = mapped_column(primary_key=True)
    digest: Mapped[str]
    body: Mapped[bytes]


class Action(Table):
    """What the partnership will do about an area for development."""

    __tablename__ = "actions"

    id: Mapped[uuid.UUID] = mapped_column(primary_key=True)
    evaluation_id: Mapped[Evaluated]
    document: Mapped[dict[str, Any]]
