"""A round that the attacker's population answers through the running service, over HTTP.

A neighbour's round stands open in the same database all along, as in any real one, so that no
table is ever empty. What the attacker gets is collected twice: while the round is open, and when
it is finished.
"""

import http.client
import json
import uuid
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit

import psycopg

from app.security import receipts, tokens
from tests.attacks.artefacts import Evidence, Server, listening, of_sqlite
from tests.attacks.linkage_population import SHARES, population
from tests.receiving import Receiver, deliver
from tests.receiving import register as register_webhook
from tests.service import RunningService
from tests.walkthrough import go, issue, ok, plan, register

AT_ONCE = 16
SPARE = 5  # codes of each group that nobody uses
NEIGHBOURS = 30  # as large a part of the whole as lets them stand everywhere between the others


@dataclass(frozen=True)
class Played:
    """One finished round, with what the attacker has of it.

    Attributes:
        codes: Each person's access code.
        open: The evidence from before the close.
        closed: The evidence from after it.
        published: The statements as they can be read after the close.
        privacy: The privacy statement that the people were shown.
    """

    evaluation: uuid.UUID
    people: list
    codes: list
    keys: object
    open: Evidence
    closed: Evidence
    published: list
    privacy: dict

    def marks(self, *, with_keys):
        """What stands for each person where they or their letter left a trace."""
        shown = {}
        for person, code in zip(self.people, self.codes, strict=True):
            texts = (code, tokens.normalise(code), person.key, person.address)
            shown |= {text.encode(): person.place for text in texts}
            if with_keys:
                receipt = receipts.receipt(self.keys.receipts, person.key)
                shown[receipt.encode()] = person.place
                shown[tokens.fingerprint(self.keys.tokens, code)] = person.place
                shown[receipts.fingerprint(self.keys.receipts, person.key)] = person.place
        return shown


@dataclass(frozen=True)
class Place:
    """A database of the attack's own, and how its evidence is collected."""

    url: str
    evidence: object


def fresh_sqlite(folder):
    """A new SQLite file."""
    path = Path(folder) / "poet.sqlite"
    return Place(f"sqlite:///{path}", lambda: of_sqlite(path))


def fresh_postgres(server_url):
    """A new database on a running PostgreSQL server."""
    name = f"linkage_{uuid.uuid4().hex}"
    with psycopg.connect(server_url, autocommit=True) as asking:
        asking.execute(f"CREATE DATABASE {name}")
    parts = urlsplit(server_url)
    url = parts._replace(path=f"/{name}").geturl()
    return Place(url, Server.now(url).evidence)


def drop(place):
    """Remove a PostgreSQL database again."""
    if place.url.startswith("postgresql"):
        name = urlsplit(place.url).path[1:]
        with psycopg.connect(place.url.replace(f"/{name}", "/postgres"), autocommit=True) as asking:
            asking.execute(f"DROP DATABASE {name} WITH (FORCE)")


def play(place, home, *, size, seed, at_once):
    """Let a population answer, one after the other or sixteen at once, and close the round."""
    people = population(size, seed)
    service = RunningService(place.url, home)
    with (
        listening() as heard,
        Receiver() as receiver,
        service,
        service.client_of_a_new_account() as client,
    ):
        replies = _Replies(client)
        register_webhook(client, receiver.url)
        evaluation, codes = opened(client, people)
        neighbours = population(NEIGHBOURS, seed + 1, animals=("numbat", "numbat"))
        _, neighbours_codes = opened(client, neighbours)
        turns = _turns(
            list(zip(people, codes, strict=True)),
            list(zip(neighbours, neighbours_codes, strict=True)),
        )
        answer(service.url, turns, at_once)
        replies.read_all(evaluation)
        privacy = ok(client.get(f"/v1/evaluations/{evaluation['id']}/privacy"))
        deliver(service)
        while_open = _seen(place, heard, replies, receiver)
        go(client, evaluation, "surfacing")
        deliver(service)
        published = replies.statements(evaluation)
        replies.read_all(evaluation)
        return Played(
            evaluation=uuid.UUID(evaluation["id"]),
            people=people,
            codes=codes,
            keys=service.deployment.keys,
            open=while_open,
            closed=_seen(place, heard, replies, receiver),
            published=published,
            privacy=privacy,
        )


def _seen(place, heard, replies, receiver):
    found = place.evidence().with_text("service log", heard.text)
    found.files["replies"] = replies.text
    found.files["webhooks"] = b"\n".join(
        repr(message.headers).encode() + message.body for message in receiver.received
    )
    assert found.files["webhooks"], "the evaluator was told of the round"
    return found


def opened(client, people):
    """An open evaluation of these people, and each one's access code."""
    count = {group: sum(person.group == group for person in people) for group in SHARES}
    organisations = [
        {"code": group, "name": group, "sector": "nhs", "headcount": max(10, number + SPARE)}
        for group, number in count.items()
    ]
    partnership = register(client, organisations=organisations)
    evaluation = plan(client, partnership, cuts=["organisation", "role"])
    go(client, evaluation, "surveying")
    supply = {
        group: iter(issue(client, evaluation, "staff", group, number + SPARE))
        for group, number in count.items()
    }
    return evaluation, [next(supply[person.group]) for person in people]


def _turns(people, neighbours):
    """Everybody in their order, and every so often a neighbour in between."""
    every = len(people) // len(neighbours)
    for number, person in enumerate(people):
        yield person
        if number % every == every - 1 and number // every < len(neighbours):
            yield neighbours[number // every]


def answer(url, turns, at_once):
    """Let them answer: each begins after the one before has begun."""
    with ThreadPoolExecutor(AT_ONCE if at_once else 1) as pool:
        for status in pool.map(lambda turn: submit(url, *turn), turns):
            assert status == 201


def submit(url, person, code):
    """Answer as this person, from their own address; the status of the reply."""
    connection = http.client.HTTPConnection(
        urlsplit(url).hostname, urlsplit(url).port, timeout=60, source_address=(person.address, 0)
    )
    headers = {
        "Authorization": f"Bearer {code}",
        "Idempotency-Key": person.key,
        "Content-Type": "application/json",
    }
    connection.request("POST", "/v1/responses", json.dumps(person.body), headers)
    reply = connection.getresponse()
    reply.read()
    connection.close()
    return reply.status


class _Replies:
    """Every reply that the machines of the evaluator see, in the order in which they come."""

    def __init__(self, client):
        self._client = client
        self.text = b""
        self._paths = client.get("/openapi.json").json()["paths"]
        client.event_hooks["response"].append(self._keep)

    def _keep(self, reply):
        if not reply.request.url.path.endswith("/tokens"):
            self.text += reply.read() + b"\n"

    def read_all(self, evaluation):
        """Fetch whatever can be fetched of an evaluation."""
        for path, operations in self._paths.items():
            if "get" in operations and "{evaluation_id}" in path:
                self._client.get(path.replace("{evaluation_id}", evaluation["id"]))

    def statements(self, evaluation):
        """Every published statement, page by page."""
        found, cursor = [], {}
        while True:
            path = f"/v1/evaluations/{evaluation['id']}/statements"
            page = ok(self._client.get(path, params={"limit": 100, **cursor}))
            found += page["items"]
            if page["next"] is None:
                return found
            cursor = {"cursor": page["next"]}
