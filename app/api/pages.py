"""Pages for people: the guides, and one for every problem code."""

from html import escape

from fastapi.responses import HTMLResponse
from markdown_it import MarkdownIt

from app.api.problems import every_refusal, status_of
from app.api.routes import PUBLIC, public, router
from app.errors import NotFound
from app.use_cases.guides import guide, guides

routes = router("Pages", prefix="", default_response_class=HTMLResponse)
_MARKDOWN = MarkdownIt("commonmark").enable("table")
_STYLE = (
    "body{font:1rem/1.5 system-ui,sans-serif;max-width:46rem;margin:2rem auto;padding:0 1rem}"
    "table{border-collapse:collapse}td,th{border:1px solid #aaa;padding:.2rem .5rem;"
    "text-align:left}pre{overflow:auto;background:#f4f4f4;padding:.5rem}"
)


@routes.get("/guides", summary="The guides", responses=public(), openapi_extra=PUBLIC)
def list_guides() -> HTMLResponse:
    """Longer pages: integrating, webhooks, anonymity, scoring, operating, figures."""
    links = "".join(f'<li><a href="/guides/{name}">{name}</a></li>' for name in guides())
    return _page("Guides", f"<h1>Guides</h1><ul>{links}</ul>")


@routes.get("/guides/{name}", summary="One guide", responses=public(NotFound), openapi_extra=PUBLIC)
def read_guide(name: str) -> HTMLResponse:
    """One guide."""
    return _page(name.capitalize(), _MARKDOWN.render(guide(name)))


@routes.get("/problems", summary="All problems", responses=public(), openapi_extra=PUBLIC)
def list_problems() -> HTMLResponse:
    """Every code that a refusal can carry."""
    rows = "".join(
        f'<tr><td><a href="/problems/{kind.code()}">{kind.code()}</a></td>'
        f"<td>{status_of(kind)}</td><td>{escape(kind.meaning())}</td></tr>"
        for kind in every_refusal()
    )
    head = "<tr><th>code</th><th>status</th><th>meaning</th></tr>"
    return _page("Problems", f"<h1>Problems</h1><table>{head}{rows}</table>")


@routes.get(
    "/problems/{code}",
    summary="One problem",
    responses=public(NotFound),
    openapi_extra=PUBLIC,
)
def read_problem(code: str) -> HTMLResponse:
    """What a code means, and what to do about it."""
    kind = next((kind for kind in every_refusal() if kind.code() == code), None)
    if kind is None:
        raise NotFound
    welsh = f'<p lang="cy">{escape(kind.cy)}</p>' if kind.cy else ""
    mend = f"<h2>What to do</h2><p>{escape(kind.mend)}</p>" if kind.mend else ""
    body = (
        f"<h1>{escape(kind.title())}</h1><p><code>{code}</code>, HTTP {status_of(kind)}</p>"
        f"<p>{escape(kind.meaning())}</p>{welsh}{mend}"
    )
    return _page(kind.title(), body)


def _page(title: str, body: str) -> HTMLResponse:
    return HTMLResponse(
        f'<!doctype html><html lang="en"><meta charset="utf-8">'
        f"<title>{escape(title)} – POET</title>"
        f"<style>{_STYLE}</style><body>{body}</body></html>"
    )
