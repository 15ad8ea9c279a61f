"""A route that goes away says so beforehand, on every reply and in the contract."""

import asyncio
from datetime import date
from types import SimpleNamespace

import httpx
import pytest
from fastapi import FastAPI, Response

from app.api import problems
from app.api.contract import contract
from app.api.dependencies import Machine
from app.api.route import deprecated
from app.api.routes import PUBLIC, machine, public, router
from app.errors import NotFound

SAYS = {
    "Deprecation": "@1798761600",
    "Sunset": "Sat, 01 Jan 2028 00:00:00 GMT",
    "Link": '</guides/integrating>; rel="deprecation"; type="text/html"',
}
going = deprecated(since=date(2027, 1, 1), sunset=date(2028, 1, 1), page="/guides/integrating")


@pytest.fixture
def throwaway():
    """A service of three routes, two of which go away."""
    routes = router("Throwaway")

    @routes.get("/old", summary="Old", responses=public(), openapi_extra=PUBLIC)
    @going
    async def read_old() -> dict[str, str]:
        """The old way."""
        return {"said": "as before"}

    @routes.get("/older", summary="Older", responses=public(), openapi_extra=PUBLIC)
    @going
    async def read_older(missing: bool = False) -> Response:
        """The way before, which may refuse and has a link of its own."""
        if missing:
            raise NotFound
        return Response(b"{}", headers={"Link": '<?cursor=x>; rel="next"'})

    @routes.get("/new", summary="New", responses=public(), openapi_extra=PUBLIC)
    async def read_new() -> dict[str, str]:
        """The new way."""
        return {"said": "anew"}

    @routes.get("/guarded", summary="Guarded", responses=machine())
    @going
    async def read_guarded(caller: Machine) -> dict[str, str]:
        """For machines."""
        return {"for": str(caller.client)}

    app = FastAPI(generate_unique_id_function=lambda route: route.name)
    problems.install(app)
    app.include_router(routes)
    contract(app)
    return app


def get(app, path):
    """The reply of an app that nobody serves."""

    async def ask():
        transport = httpx.ASGITransport(app)
        async with httpx.AsyncClient(transport=transport, base_url="http://poet") as client:
            return await client.get(path)

    return asyncio.run(ask())


def said(reply):
    """What a reply says about the end of its route."""
    return {name: reply.headers[name] for name in SAYS if name in reply.headers}


def test_each_reply_says_since_when_until_when_and_what_instead(throwaway):
    reply = get(throwaway, "/v1/old")

    assert reply.json() == {"said": "as before"}
    assert said(reply) == SAYS


def test_a_refusal_says_so_too(throwaway):
    reply = get(throwaway, "/v1/older?missing=true")

    assert reply.status_code == 404
    assert said(reply) == SAYS


def test_a_machine_without_a_token_is_told_too(throwaway):
    throwaway.state.deployment = SimpleNamespace(clock=lambda: None)

    reply = get(throwaway, "/v1/guarded")

    assert reply.status_code == 401
    assert said(reply) == SAYS


def test_a_link_of_the_reply_stays_beside_it(throwaway):
    links = get(throwaway, "/v1/older").headers.get_list("Link")

    assert links == ['<?cursor=x>; rel="next"', SAYS["Link"]]


def test_a_route_that_stays_says_nothing(throwaway):
    assert said(get(throwaway, "/v1/new")) == {}


def test_the_contract_marks_what_goes_away_and_nothing_else(throwaway):
    paths = get(throwaway, "/openapi.json").json()["paths"]

    marked = {path: operation["get"].get("deprecated", False) for path, operation in paths.items()}
    assert marked == {
        "/v1/old": True,
        "/v1/older": True,
        "/v1/new": False,
        "/v1/guarded": True,
    }


def test_today_nothing_goes_away(anybody):
    paths = anybody.get("/openapi.json").json()["paths"]

    assert not [
        path for path, methods in paths.items() for one in methods.values() if "deprecated" in one
    ]
