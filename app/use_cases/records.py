"""Records of survey tools, read as answers: through a stated map, with what identifies left out."""

import dataclasses
from collections.abc import Mapping, Sequence
from functools import partial
from typing import Any, Protocol

from app.errors import Fault, Invalid, nameable
from app.formats.cells import Fields
from app.formats.fitting import first_that_fits
from app.formats.form import Form, Reading
from app.formats.formbricks import FormbricksReader
from app.formats.limesurvey import LimeSurveyReader
from app.formats.odk import OdkReader
from app.formats.redcap import RedcapReader
from app.security import receipts


class _Reader(Protocol):
    def knows(self, name: str, /) -> bool: ...

    def read(self, record: Mapping[str, Any], /) -> Reading: ...


class _Reads(Protocol):
    def __call__(self, form: Form, fields: Fields, /) -> _Reader: ...


_TOOLS: dict[str, _Reads] = {
    "odk": OdkReader,
    "kobo": OdkReader,
    "limesurvey": LimeSurveyReader,
    "redcap": RedcapReader,
    "formbricks": FormbricksReader,
}


class Records:
    """Reads the records of one tool in one import.

    Args:
        tool: Its name.
        forms: What each audience is asked; a record answers one of them.
    """

    def __init__(self, tool: str, forms: Sequence[Form]) -> None:
        self._tool, self._forms = _TOOLS[tool], forms
        self._refused: Invalid | None = None
        self._secret: str | None = None
        self._use(Fields())

    def describe(self, fields: Fields, *, secret: str | None = None) -> None:
        """Read the records that follow by this map.

        Args:
            fields: Where they keep what.
            secret: What a number is made a key with.

        Raises:
            Invalid: It names a question that is not asked.
        """
        faults = [
            Fault(_pointer(theirs), "unknown-question", "The form has no such question.")
            for theirs, ours in fields.fields.items()
            if ours is not None and not any(one.knows(ours) for one in self._readers)
        ]
        if faults:
            self._refused = Invalid(faults=faults)
            raise self._refused
        self._secret = secret
        self._use(fields)

    def refuse(self, refusal: Invalid) -> None:
        """Read nothing more: the map could not be read."""
        self._refused = refusal

    def read(self, record: Any) -> Reading:
        """What one record says.

        Raises:
            Invalid: It is no answer to what was asked, or the map of its fields is wrong.
        """
        if self._refused is not None:
            raise Invalid(faults=[Fault("", "map-refused", "The map before it was refused.")])
        if not isinstance(record, dict):
            raise Invalid(faults=[Fault("", "wrong-type", "A record is an object.")])
        reading = self._reading(record)
        if self._secret is None or reading.key is None:
            return reading
        return dataclasses.replace(reading, key=receipts.key_from(self._secret, reading.key))

    def _use(self, fields: Fields) -> None:
        self._readers = [self._tool(form, fields) for form in self._forms]

    def _reading(self, record: Mapping[str, Any]) -> Reading:
        """What it says as an answer to the first form that it fits."""
        return first_that_fits([partial(reader.read, record) for reader in self._readers])


def _pointer(name: str) -> str:
    return f"/map/fields/{name}" if nameable(name) else "/map/fields"
