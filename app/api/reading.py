"""Bodies checked by their models; what is wrong with one is said as everywhere."""

import json
from contextlib import suppress
from typing import Any

from pydantic import TypeAdapter, ValidationError

from app.api.problems import invalid
from app.errors import Malformed


def read(shape: TypeAdapter[Any], body: bytes) -> Any:
    """What a body of JSON holds.

    Raises:
        Malformed: It is not JSON.
        Invalid: It is empty, or has another shape.
    """
    # What is wrong with a body is looked for on a second reading: nearly all are right.
    with suppress(ValidationError):
        return shape.validate_json(body)
    if not body:
        raise invalid([{"type": "missing", "loc": ("body",), "msg": "There is no body."}])
    try:
        document = json.loads(body)
    except (ValueError, RecursionError):
        raise Malformed("The body is not JSON.") from None
    return validated(shape, document)


def validated(shape: TypeAdapter[Any], document: Any) -> Any:
    """What a document holds that was read before.

    Raises:
        Invalid: It has another shape.
    """
    try:
        return shape.validate_python(document)
    except ValidationError as failure:
        # Without the input: it is somebody's answer.
        faults = failure.errors(include_url=False, include_context=False, include_input=False)
    placed = [{**fault, "loc": ("body", *fault["loc"])} for fault in faults]
    raise invalid(placed, body=document)
