"""Columns and rules that several tables share."""

import uuid
from datetime import datetime
from typing import Annotated

from sqlalchemy import CheckConstraint, ForeignKey
from sqlalchemy.orm import mapped_column

Evaluated = Annotated[
    uuid.UUID, mapped_column(ForeignKey("evaluations.id", ondelete="CASCADE"), index=True)
]
OfEvaluation = Annotated[
    uuid.UUID, mapped_column(ForeignKey("evaluations.id", ondelete="CASCADE"), primary_key=True)
]
# When a machine or the end of a stage last changed the record; nothing that a respondent does.
Changed = datetime
STAGES = ("draft", "surveying", "surfacing", "verifying", "interpreting", "concluded")
WITHOUT_ROWID = {"sqlite_with_rowid": False}


def one_of(column: str, *values: str) -> CheckConstraint:
    """A column that holds one of these words."""
    return CheckConstraint(f"{column} IN ({', '.join(repr(v) for v in values)})", name=column)
