"""Rows as CSV (RFC 4180) that a spreadsheet takes for what they are, and runs nothing of."""

import csv
import io
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

_RUN = ("=", "+", "-", "@", "\t", "\r")  # a text that begins so would be run as a formula


def csv_of(columns: Sequence[str], rows: Iterable[Mapping[str, Any]]) -> str:
    """A header and a line for each row; members that are no column are left out."""
    text = io.StringIO()
    writer = csv.writer(text)
    writer.writerow(columns)
    writer.writerows([_cell(row.get(name)) for name in columns] for row in rows)
    return text.getvalue()


def _cell(value: Any) -> Any:
    """A cell: numbers stay numbers, words stay words."""
    if isinstance(value, list):
        value = " ".join(str(part) for part in value)
    if isinstance(value, str) and value.startswith(_RUN):
        return f"'{value}"
    return value
