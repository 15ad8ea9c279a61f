"""JSON as it must be before anything is read in it: a name given twice would lose an answer."""

import json
from collections import Counter
from collections.abc import Iterator, Sequence
from itertools import islice
from typing import Any

from app.errors import MOST_FAULTS, Fault, Invalid, Malformed, nameable

_LONGEST_POINTER = 200


def document_of(body: bytes) -> Any:
    """What a JSON document holds.

    Raises:
        Malformed: It is not JSON.
        Invalid: An object has two members of one name, of which one would be lost.
    """
    try:
        document = json.loads(body, object_pairs_hook=_Object, parse_constant=_no_number)
        faults = list(islice(_twice(document, ""), MOST_FAULTS))
    except (ValueError, RecursionError):
        raise Malformed("The body is not JSON.") from None
    if faults:
        raise Invalid(faults=faults)
    return document


class _Object(dict[str, Any]):
    """An object that knows which of its names came twice."""

    def __init__(self, members: Sequence[tuple[str, Any]]) -> None:
        super().__init__(members)
        times = Counter(name for name, _ in members)
        self.twice = [name for name, count in times.items() if count > 1]


def _twice(value: Any, pointer: str) -> Iterator[Fault]:
    if isinstance(value, _Object):
        for name in value.twice:
            place = _within(pointer, name)
            yield Fault(place, "answered-twice", "Another member has the same name.")
    for name, one in _members(value):
        yield from _twice(one, _within(pointer, name))


def _within(pointer: str, name: str) -> str:
    """The pointer to a member, or to what it stands in where that is as near as may be said."""
    near = nameable(name) and len(pointer) < _LONGEST_POINTER
    return f"{pointer}/{name}" if near else pointer


def _members(value: Any) -> list[tuple[str, Any]]:
    if isinstance(value, dict):
        return list(value.items())
    return [(str(at), one) for at, one in enumerate(value)] if isinstance(value, list) else []


def _no_number(constant: str) -> None:
    raise ValueError(constant)
