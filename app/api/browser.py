"""The JavaScript module with which a page in the browser asks and sends."""

from pathlib import Path

from fastapi import Request, Response

from app.api.route import knows
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
async def read_client(request: Request) -> Response:
    """Reads the token, makes the key, pads, retries and keeps a draft; needs no other library."""
    if knows(request, _HEADERS["ETag"]):
        return Response(status_code=304, headers=_HEADERS)
    return Response(_MODULE, media_type=MEDIA_TYPE, headers=_HEADERS)
