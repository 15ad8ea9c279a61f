"""Documents with a digest: served as they are stored, as text to read, or not at all once known."""

from typing import Annotated, Any

from fastapi import Depends, Header, Request, Response

from app.api.problems import language_of
from app.use_cases.reports import Stored, readable

_MARKDOWN = "text/markdown"
SERVED: dict[int | str, dict[str, Any]] = {
    200: {
        "description": "The document; with `Accept: text/markdown` as a text to read, in the "
        "language of `Accept-Language`.",
        "content": {_MARKDOWN: {"schema": {"type": "string"}}},
    },
    304: {"description": "It has the digest that If-None-Match names."},
}


class Wanted:
    """In which form a document is asked for, and which the caller has already.

    Attributes:
        language: Of the text to read; None for the document itself.
        known: The entity tags that the caller has.
    """

    def __init__(
        self,
        request: Request,
        if_none_match: Annotated[str | None, Header(max_length=1000)] = None,
    ) -> None:
        text = _MARKDOWN in request.headers.get("Accept", "")
        self.language = language_of(request) if text else None
        self.known = {tag.strip().removeprefix("W/") for tag in (if_none_match or "").split(",")}


Asked = Annotated[Wanted, Depends()]


def served(document: Stored, wanted: Wanted) -> Response:
    """A document in the form that is wanted, with its strong ETag."""
    form = f"-{wanted.language}" if wanted.language else ""
    etag = f'"{document.digest}{form}"'
    headers = {
        "ETag": etag,
        "Cache-Control": "private, max-age=0, must-revalidate",
        "Vary": "Accept, Accept-Language",
    }
    if etag in wanted.known or "*" in wanted.known:
        return Response(status_code=304, headers=headers)
    if wanted.language:
        text = readable(document, wanted.language)
        return Response(text, media_type=_MARKDOWN, headers=headers)
    return Response(document.body, media_type="application/json", headers=headers)
