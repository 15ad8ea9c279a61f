"""Reads the lines of an import, has them decided, and writes down what became of each."""

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from pydantic import BaseModel, TypeAdapter
from pydantic_core import to_json

from app.api.answering import content_of
from app.api.lines import MapLine, ResponseLine, VerificationLine
from app.api.problems import status_of
from app.api.reading import read, validated
from app.errors import AppError, Invalid, Malformed, TooLarge
from app.formats.strict import document_of
from app.use_cases import imports
from app.use_cases.deployment import Deployment
from app.use_cases.imports import Import
from app.use_cases.records import Records
from app.use_cases.submissions import Accepted, Submission

_SHAPES: dict[type[BaseModel], TypeAdapter[Any]] = {
    shape: TypeAdapter(shape) for shape in (ResponseLine, VerificationLine)
}
_MAP = TypeAdapter(MapLine)


@dataclass(frozen=True)
class _Read:
    """One line as it was read.

    Attributes:
        number: Which line of the body.
        found: What it hands in; why it is refused; nothing of a map.
        stripped: What was left behind of a tool's record.
    """

    number: int
    found: Submission | AppError | None
    stripped: Sequence[str] = ()


@dataclass
class Clerk:
    """Takes the lines of one import, in order.

    Attributes:
        only_checks: Whether everything is decided and nothing is kept.
        begun: Whether a line was read: a map can only be the first.
    """

    deployment: Deployment
    taking: Import
    shape: type[ResponseLine | VerificationLine]
    only_checks: bool = False
    begun: bool = False
    _reading: asyncio.Lock = field(default_factory=asyncio.Lock)

    async def decided(self, lines: Sequence[tuple[int, bytes]]) -> bytes:
        """What became of some lines, a line each."""
        async with self._reading:  # in the order in which they came
            if self.taking.records is None:
                read = self._read_all(lines)
            else:  # there is more in reading these, and others are waiting
                read = await asyncio.to_thread(self._read_all, lines)
        good = [one.found for one in read if isinstance(one.found, Submission)]
        results = iter(await self._decide(good) if good else ())
        return b"".join(
            self._told(one, next(results), within="/answer")
            if isinstance(one.found, Submission)
            else self._told(one, one.found)
            for one in read
        )

    async def _decide(self, good: Sequence[Submission]) -> list[Accepted | AppError]:
        if self.only_checks:
            return await imports.check(self.deployment, good)
        return await imports.decide(self.deployment.writer, good)

    def _read_all(self, lines: Sequence[tuple[int, bytes]]) -> list[_Read]:
        return [self._read(number, line) for number, line in lines]

    def _read(self, number: int, line: bytes) -> _Read:
        try:
            if len(line) > self.deployment.body_limit:
                raise TooLarge
            records = self.taking.records
            if records is None:
                return _Read(number, self._submission(read(_SHAPES[self.shape], line)))
            return self._translated(records, number, line)
        except AppError as refusal:
            return _Read(number, refusal)
        except RecursionError:  # it is nested deeper than anything that is asked
            return _Read(number, Malformed())

    def _translated(self, records: Records, number: int, line: bytes) -> _Read:
        """A line that is a tool's record, or the map of those that follow."""
        first, self.begun = not self.begun, True
        record = document_of(line)
        if first and isinstance(record, dict) and record.keys() == {"map"}:
            _describe(records, record)
            return _Read(number, None)
        reading = records.read(record)
        ours: dict[str, Any] = {"key": reading.key, "answer": reading.answer}
        if reading.token is not None:
            ours["token"] = reading.token
        elif reading.cell is not None:
            ours[self.shape.under] = reading.cell
        return _Read(
            number, self._submission(validated(_SHAPES[self.shape], ours)), reading.stripped
        )

    def _submission(self, line: ResponseLine | VerificationLine) -> Submission:
        return imports.submission(
            self.deployment.keys,
            self.taking,
            key=line.key,
            token=line.token,
            cell=line.cell,
            content=content_of(line.answer),
        )

    def _told(self, read: _Read, result: Accepted | AppError | None, *, within: str = "") -> bytes:
        """A line of the reply; nothing of the line that it answers is in it but names.

        Args:
            read: What it answers.
            result: What became of it.
            within: Where in the line the faults are.
        """
        told: dict[str, Any] = {"line": read.number}
        if isinstance(result, AppError):
            told |= {"status": status_of(type(result)), "code": result.code()}
            if result.faults:
                told["errors"] = [
                    {**vars(fault), "pointer": within + fault.pointer} for fault in result.faults
                ]
        elif result is None or self.only_checks:
            told |= {"status": 200, "valid": True}
        else:
            told |= {"status": 201, "receipt": result.receipt}
        if read.stripped:
            told["stripped"] = list(read.stripped)
        return to_json(told) + b"\n"


def _describe(records: Records, record: Any) -> None:
    try:
        described = validated(_MAP, record).map
    except Invalid as refusal:
        records.refuse(refusal)
        raise
    records.describe(described.where, secret=described.secret)
