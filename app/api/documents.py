"""Documents with a digest: served as they are stored, as text to read, or as a table."""

from collections.abc import Callable
from typing import Annotated, Any

from fastapi import Depends, Request, Response

from app.api.problems import language_of
from app.use_cases.reports import Stored, readable, tabular

_CSV = "text/csv"
_FORMS: dict[str, Callable[[Stored, str], str]] = {"text/markdown": readable, _CSV: tabular}
SERVED: dict[int | str, dict[str, Any]] = {
    200: {
        "description": "The document; with `Accept: text/markdown` as a text to read, with "
        "`Accept: text/csv` as a table, in the language of `Accept-Language`.",
        "content": {form: {"schema": {"type": "string"}} for form in _FORMS},
    },
}
TABLE: dict[int | str, dict[str, Any]] = {
    200: {
        "description": "One row a number; labels in the language of `Accept-Language`.",
        "content": {_CSV: {"schema": {"type": "string"}}},
    },
}


class Wanted:
    """In which form a document is asked for.

    Attributes:
        form: Its media type, where it is not the document itself.
        language: Of the text to read, or of the table's labels.
    """

    def __init__(self, request: Request) -> None:
        accepted = request.headers.get("Accept", "")
        self.form = next((form for form in _FORMS if form in accepted), None)
        self.language = language_of(request)


async def _wanted(request: Request) -> Wanted:
    return Wanted(request)


Asked = Annotated[Wanted, Depends(_wanted)]


def served(document: Stored, wanted: Wanted) -> Response:
    """A document in the form that is wanted, with its strong ETag."""
    if wanted.form is None:
        headers = {"ETag": f'"{document.digest}"'}
        return Response(document.body, media_type="application/json", headers=headers)
    text = _FORMS[wanted.form](document, wanted.language)
    return Response(text, media_type=wanted.form)


def table(document: Stored, wanted: Wanted) -> Response:
    """A document as a table, whatever else would be accepted."""
    wanted.form = _CSV
    return served(document, wanted)
