"""What respondents hold and leave behind.

No token, response or statement carries a time, a serial number or a pointer to another of them:
each would tie an answer to the person who gave it. Their SQLite tables have no rowid, which would
keep the order of arrival.
"""

import uuid
from typing import Any

from sqlalchemy import Index, LargeBinary
from sqlalchemy.orm import Mapped, mapped_column

from app.storage.database import Table
from app.storage.tables.columns import WITHOUT_ROWID, Evaluated, one_of


class Issuance(Table):
    """One call that issued tokens, or the places that imports took: how many for whom."""

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
        one_of("audience", "staff", "ranking", "service_user", "carer"),
        Index(None, "evaluation_id", "audience", "cell", "fingerprint"),
        WITHOUT_ROWID,
    )

    fingerprint: Mapped[bytes] = mapped_column(LargeBinary(32), primary_key=True)
    evaluation_id: Mapped[Evaluated] = mapped_column(index=False)
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


class Statement(Table):
    """Words of one respondent, apart from their answers, their group and their other words."""

    __tablename__ = "statements"
    __table_args__ = (
        one_of("kind", "statement", "unwritten", "matters_most", "missing", "worse"),
        WITHOUT_ROWID,
    )

    id: Mapped[uuid.UUID] = mapped_column(primary_key=True)
    evaluation_id: Mapped[Evaluated]
    kind: Mapped[str]
    fields: Mapped[dict[str, Any]]
    withheld: Mapped[bool]
