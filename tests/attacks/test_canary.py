"""Nothing of a respondent is in anything that the service writes or sends.

The command that operators run is started as a process of its own, on SQLite and on PostgreSQL.
Somebody with a mark on everything (address, browser, cookies, access code, key, words) sends it
right and wrong requests; then all its logs, files and replies are searched for the marks.
"""

import http.server
import os
import socket
import subprocess
import sys
import tempfile
import threading
import time
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import httpx
import pytest
import sqlalchemy as sa

from app.storage import schema
from app.storage.database import Database
from app.use_cases import accounts
from tests.attacks.artefacts import copied
from tests.attacks.linkage_canaries import Respondent, hits, wrong_requests
from tests.attacks.linkage_population import population
from tests.attacks.linkage_rounds import drop, fresh_postgres, fresh_sqlite
from tests.service import Clock, Machine
from tests.walkthrough import ORGANISATIONS, go, issue, new_key, ok, plan, register

POET = Path(sys.executable).with_name("poet")
ANSWERING = 12
START_SECONDS = 60
REFUSED = {400, 401, 403, 404, 405, 409, 410, 413, 415, 422}


@dataclass(frozen=True)
class Visit:
    """What somebody with a mark on everything left behind.

    Attributes:
        statuses: Of their replies, the right ones apart from the wrong ones and the broken ones.
        secrets: Their access codes and keys.
        replies: Bodies and headers that they got.
        told: Those to bodies with a member that might be a code, but is somebody's name or code.
        while_open, after: Everything written by then, by name.
        machines: What the evaluator could read afterwards, the statements apart.
        published: The statements.
    """

    statuses: tuple
    secrets: dict
    replies: dict
    told: list
    while_open: dict
    after: dict
    machines: dict
    published: bytes


@pytest.fixture(scope="module", params=["sqlite", "postgresql"])
def visit(request, tmp_path_factory):
    home = tmp_path_factory.mktemp("canary")
    if request.param == "sqlite":
        place = fresh_sqlite(home)
    else:
        place = fresh_postgres(request.getfixturevalue("postgres"))
    database = Database(place.url)
    schema.migrate(database)
    try:
        with serving(home, place.url) as url, machine(url, database) as client:
            yield visited(client, database, place, home)
    finally:
        database.dispose()
        drop(place)


@contextmanager
def serving(home, url):
    """`poet serve`, its output in a file beside its keys; its address."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    settings = {"POET_HOME": str(home), "POET_DATABASE_URL": url, "PATH": os.environ["PATH"]}
    with (home / "service.log").open("wb") as log:
        process = subprocess.Popen(
            [POET, "serve", "--port", str(port)], env=settings, stdout=log, stderr=log
        )
        try:
            _wait(process, f"http://127.0.0.1:{port}")
            yield f"http://127.0.0.1:{port}"
        finally:
            process.terminate()
            process.wait()


def _wait(process, url):
    until = time.monotonic() + START_SECONDS
    while time.monotonic() < until and process.poll() is None:
        try:
            return httpx.get(f"{url}/readyz").raise_for_status()
        except httpx.TransportError:
            time.sleep(0.1)
    return pytest.fail("the service did not start")


def machine(url, database):
    with database.writing() as session:
        accounts.add_account(session, "canary")
        made = accounts.add_client(session, "canary", scopes=(), partnership=None)
    return Machine(url, (str(made.client), made.secret), Clock())


def visited(client, database, place, home):
    """Let somebody right and wrong in, and collect what is left of them."""
    one = [ORGANISATIONS[0]]
    evaluation = plan(client, register(client, organisations=one))
    later = plan(client, register(client, organisations=one))
    early = issue(client, later, "staff", "trust", 1)[0]
    go(client, evaluation, "surveying")
    codes = issue(client, evaluation, "staff", "trust", ANSWERING + 1)
    keys = [new_key() for _ in codes]
    someone = Respondent(str(client.base_url).rstrip("/"))

    right = [
        someone.answer(code, person.body, key)
        for code, key, person in zip(codes, keys, population(ANSWERING, seed=1), strict=False)
    ]
    right += [
        someone.send("GET", "/v1/questionnaire", Authorization=f"Bearer {codes[-1]}"),
        someone.send("POST", "/v1/receipts/check", {"key": keys[0]}),
    ]
    marks = {"live": codes[-1], "spent": codes[0], "early": early}
    wrong = wrong_requests(someone, **marks, key=keys[-1], used_key=keys[0])
    named = [someone.answer(codes[-1], {name: "x"}, keys[-1]) for name in ("quollberry", codes[-1])]
    told = [someone.replies.pop() for _ in named]
    broken = while_broken(database, lambda: [
        someone.answer(codes[-1], {"unwritten": "quollberry"}, keys[-1]),
        someone.send("POST", "/v1/receipts/check", {"key": keys[0]}),
    ])  # fmt: skip
    while_open = written(place, home)
    go(client, evaluation, "surfacing")
    published = client.get(f"/v1/evaluations/{evaluation['id']}/statements").content
    return Visit(
        statuses=(right, wrong, broken),
        secrets={**marks, "key": keys[-1], "used key": keys[0]},
        replies=dict(enumerated("reply", someone.replies)),
        told=told,
        while_open=while_open,
        after=written(place, home),
        machines=readable(client, evaluation),
        published=published,
    )


def while_broken(database, act):
    """Do something while a table is not where it should be."""
    rename = "ALTER TABLE {} RENAME TO {}"
    with database.writing() as session:
        session.execute(sa.text(rename.format("closed_keys", "elsewhere")))
    try:
        return act()
    finally:
        with database.writing() as session:
            session.execute(sa.text(rename.format("elsewhere", "closed_keys")))


def written(place, home):
    """Every file of the service and of its database, and its output."""
    with tempfile.TemporaryDirectory() as folder:
        copies = copied([path for path in home.iterdir() if path.is_file()], folder)
        return {copy.name: copy.read_bytes() for copy in copies} | place.evidence().files


def readable(client, evaluation):
    """What machines and anybody can fetch, the statements apart."""
    contract = client.get("/openapi.json")
    paths = [
        path.replace("{evaluation_id}", evaluation["id"])
        for path, operations in ok(contract)["paths"].items()
        if "get" in operations and path.count("{") == path.count("{evaluation_id}")
    ]
    paths += ["/metrics", "/openapi.json"]
    return {path: client.get(path).content for path in paths if not path.endswith("/statements")}


def enumerated(name, values):
    return ((f"{name} {number}", value) for number, value in enumerate(values))


def words(contents):
    """Which of the words that were accepted stand in which of some contents."""
    canaries = [word.encode() for person in population(ANSWERING, seed=1) for word in person.words]
    return {
        name
        for name, content in contents.items()
        if any(word in content.lower() for word in canaries)
    }


def test_the_visitor_met_every_kind_of_refusal(visit):
    right, wrong, broken = visit.statuses

    assert set(right) == {201, 200}
    assert set(wrong) == REFUSED
    assert set(broken) <= {500, 503}


def test_no_reply_repeats_anything_to_its_sender(visit):
    assert hits(visit.replies, visit.secrets) == set()
    assert words(visit.replies) == set()


def test_a_member_that_might_be_a_code_is_named_to_its_sender_and_nowhere_else(visit):
    """A developer has to learn which member is unknown; no log does."""
    assert all(b"unknown-field" in reply for reply in visit.told)
    assert {canary for canary, _ in hits({"told": b"".join(visit.told)}, visit.secrets)} <= {
        "text",
        "live",
    }


def test_nothing_that_was_written_while_the_stage_is_open_shows_anything(visit):
    assert hits(visit.while_open, visit.secrets) == set()
    assert words(visit.while_open) == set()


def test_afterwards_there_are_only_the_words_that_were_accepted_and_only_in_the_database(visit):
    assert hits(visit.after, visit.secrets) == set()
    assert words({"service.log": visit.after["service.log"]}) == set()


def test_machines_read_accepted_words_as_statements_and_nothing_else_of_anybody(visit):
    assert words({"statements": visit.published}) == {"statements"}
    assert hits({"statements": visit.published}, visit.secrets) == set()
    assert hits(visit.machines, visit.secrets) == set()
    assert words(visit.machines) == set()


def test_a_service_that_logs_what_it_gets_is_found():
    log = []

    class Careless(http.server.BaseHTTPRequestHandler):
        def handle_any(self):
            body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
            log.append(f"{self.client_address} {self.path} {self.headers} {body.decode()}")
            self.send_response(422)
            self.end_headers()
            self.wfile.write(body)

        do_GET = do_POST = do_DELETE = handle_any  # noqa: N815

        def log_message(self, *_):
            pass

    codes = {"live": "0123-4567-89AB-CDEF", "spent": "1123-4567-89AB-CDEF", "early": "2-3"}
    keys = {"key": "kkkkkkkkkkkkkkkkkkkkkkkkkkk", "used_key": "uuuuuuuuuuuuuuuuuuuuuuuuuuuuu"}
    with http.server.HTTPServer(("127.0.0.1", 0), Careless) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        someone = Respondent(f"http://127.0.0.1:{server.server_port}")
        wrong_requests(someone, **codes, **keys)
        server.shutdown()

    wrote = {"log": "\n".join(log).encode(), "reply": b"\n".join(someone.replies)}
    found = {canary for canary, _ in hits(wrote, {**codes, **keys})}
    assert found == {canary for canary, _ in hits({"log": wrote["log"]}, {**codes, **keys})}
    assert {"address", "text", "agent", "request id", "cookie", "live", "key"} <= found
    assert ("text", "reply") in hits(wrote, {})
