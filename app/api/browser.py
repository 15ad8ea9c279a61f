"""The JavaScript module with which a page in the browser asks and sends."""

from pathlib import Path
from typing import Annotated

from fastapi import Header, Response

from app.api.routes import PUBLIC, public, router
from app.security import chance

routes = router("Respondents")
MEDIA_TYPE = "text/javascript"
_MODULE = Path(__file__).with_name("client.js").read_bytes()
_HEADERS = {
    "ETag": f'"{chance.digest(_MODULE)}"',
    "Cache-Control": "public, max-age=3600",
    "X-Content-Type-Options": "nosniff",
}


@routes.get(
    "/client.js",
    summary="The module for pages in the browser",
    response_class=Response,
    responses={
        200: {"content": {MEDIA_TYPE: {"schema": {"type": "string"}}}},
        304: {"description": "It has the digest that If-None-Match names."},
        **public(),
    },
    openapi_extra=PUBLIC,
)
async def read_client(
    if_none_match: Annotated[str | None, Header(max_length=1000)] = None,
) -> Response:
    """Reads the token, makes the key, pads, retries and keeps a draft; needs no other library."""
    known = {tag.strip().removeprefix("W/") for tag in (if_none_match or "").split(",")}
    if known & {_HEADERS["ETag"], "*"}:
        return Response(status_code=304, headers=_HEADERS)
    return Response(_MODULE, media_type=MEDIA_TYPE, headers=_HEADERS)
