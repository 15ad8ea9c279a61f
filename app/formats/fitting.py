"""A record that answers one of several forms, read as an answer to that one."""

from collections.abc import Callable, Sequence
from typing import TypeVar

from app.errors import Invalid

Read = TypeVar("Read")


def first_that_fits(readings: Sequence[Callable[[], Read]]) -> Read:
    """What is read by the first form that fits.

    Args:
        readings: Reads it as an answer to one form each; at least one.

    Raises:
        Invalid: None fits. What is wrong is told of a form that it does not say it is no answer
            to, else of any; of several, the last of those by which the least is wrong.
    """
    refusals = []
    for read in readings:
        try:
            return read()
        except Invalid as refusal:
            refusals.append(refusal)
    raise min(reversed(refusals), key=lambda one: (_of_another(one), len(one.faults)))


def _of_another(refusal: Invalid) -> bool:
    return any(fault.code == "another-version" for fault in refusal.faults)
