"""Packs answers into columns of small integers, and back.

A wave's sheet is what remains of answers once their stage is closed: one column an item, rows
sorted so that no order of arrival survives, and the group as the only attribute of a row.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from app.scoring.codes import DONT_KNOW, NO_ANSWERS, NOT_ANSWERED, NOT_APPLICABLE, Counts

Mask = NDArray[np.bool_]  # (people,)
NO_ROWS: Mask = np.zeros(0, dtype=bool)
_CODES = 256  # a byte

_WORDS = {
    "dont_know": int(DONT_KNOW),
    "not_applicable": int(NOT_APPLICABLE),
    "not_about_me": int(NOT_APPLICABLE),
}


@dataclass(frozen=True)
class Column:
    """Where one answer stands in a submission, and how it becomes a small integer.

    Attributes:
        name: The column's name on its sheet.
        path: The members that lead to the answer.
        first: The answer that is coded 0, for answers that are whole numbers.
        choices: The answers in order, for answers that are words; each is coded by its place.
        unsaid: The code of an answer that is not there.
    """

    name: str
    path: tuple[str, ...]
    first: int = 0
    choices: tuple[str, ...] = ()
    unsaid: int = int(NOT_ANSWERED)

    def code(self, submission: Mapping[str, Any]) -> int:
        """The code of the answer in `submission`, in [0, 10] or one of the three special codes."""
        value: Any = submission
        for member in self.path:
            value = value.get(member) if value else None
        if value is None:
            return self.unsaid
        if isinstance(value, str):
            return self.choices.index(value) if value in self.choices else _WORDS[value]
        return int(value) - self.first


@dataclass(frozen=True)
class Sheet:
    """Answers of n people: columns of codes, and each row's group.

    Attributes:
        columns: Names of the columns.
        groups: Codes of the groups, in their declared order.
        group_of_row: uint16, shape (n,), positions in `groups`.
        answers: uint8, shape (columns, n).
    """

    columns: tuple[str, ...]
    groups: tuple[str, ...]
    group_of_row: NDArray[np.uint16]
    answers: NDArray[np.uint8]

    def of(self, names: Sequence[str]) -> NDArray[np.uint8]:
        """The columns with these names, shape (names, n)."""
        places = [self.columns.index(name) for name in names]
        first = places[0] if places else 0
        if places == list(range(first, first + len(places))):
            return self.answers[first : first + len(places)]  # neighbours need no copy
        return self.answers[places]

    def column(self, name: str) -> NDArray[np.uint8]:
        """One column, shape (n,)."""
        column: NDArray[np.uint8] = self.answers[self.columns.index(name)]
        return column

    def complete(self, names: Sequence[str]) -> Mask:
        """Which rows answered every one of these columns, shape (n,)."""
        complete: Mask = np.all(self.of(names) < min(NO_ANSWERS), axis=0)
        return complete

    def members(self, groups: Sequence[str]) -> Mask:
        """Which rows belong to these groups, shape (n,)."""
        wanted = [self.groups.index(group) for group in groups if group in self.groups]
        return np.isin(self.group_of_row, wanted)

    def counts(self, name: str, size: int, among: Mask | None = None) -> Counts:
        """How many rows (of those `among`) have each of the first `size` codes, shape (size,)."""
        column = self.column(name) if among is None else self.column(name)[among]
        return np.bincount(column, minlength=_CODES)[:size].astype(np.int64)

    def how_many(self, name: str, code: int, among: Mask | None = None) -> int:
        """How many rows (of those `among`) have this code."""
        return int(self.counts(name, _CODES, among)[code])

    def pairs(self, first: str, second: str, size: int, among: Mask) -> Counts:
        """Rows by the codes of two columns, of those that have both, shape (size, size)."""
        one, other = self.column(first)[among], self.column(second)[among]
        both = (one < size) & (other < size)
        cells = one[both].astype(np.intp) * size + other[both]
        return np.bincount(cells, minlength=size**2).reshape(size, size).astype(np.int64)


def encode(
    columns: Sequence[Column],
    groups: Sequence[str],
    submissions: Iterable[tuple[str, Mapping[str, Any]]],
) -> Sheet:
    """Code submissions, each with its group's code, in the order given."""
    place = {code: number for number, code in enumerate(groups)}
    rows = [
        place[group].to_bytes(2, "big") + bytes(column.code(submission) for column in columns)
        for group, submission in submissions
    ]
    return _from_rows(tuple(column.name for column in columns), tuple(groups), rows)


def sorted_rows(sheet: Sheet) -> Sheet:
    """The same rows in an order that depends on nothing but what they say."""
    table = np.vstack([sheet.group_of_row >> 8, sheet.group_of_row & 255, sheet.answers])
    rows = sorted(row.tobytes() for row in table.astype(np.uint8).T)
    return _from_rows(sheet.columns, sheet.groups, rows)


def unpack(
    columns: Sequence[str], groups: Sequence[str], *, group_of_row: bytes, answers: bytes
) -> Sheet:
    """Read a sheet back from its two blobs (`group_of_row` little-endian)."""
    rows = np.frombuffer(group_of_row, dtype="<u2")
    codes = np.frombuffer(answers, dtype=np.uint8).reshape(len(columns), len(rows))
    return Sheet(tuple(columns), tuple(groups), rows, codes)


def stacked(counts: Sequence[Counts]) -> Counts:
    """Counts of several groups as one table, shape (groups, codes)."""
    return np.vstack(counts)


def blobs(sheet: Sheet) -> tuple[bytes, bytes]:
    """The two blobs of a sheet: `group_of_row` little-endian, and the answers by column."""
    return sheet.group_of_row.astype("<u2").tobytes(), sheet.answers.tobytes()


def _from_rows(columns: tuple[str, ...], groups: tuple[str, ...], rows: list[bytes]) -> Sheet:
    """Each row is its group's position in two bytes, then a byte for each column."""
    table = np.frombuffer(b"".join(rows), dtype=np.uint8).reshape(len(rows), 2 + len(columns))
    group_of_row = table[:, 0].astype(np.uint16) * 256 + table[:, 1]
    return Sheet(columns, groups, group_of_row, np.ascontiguousarray(table[:, 2:].T))
