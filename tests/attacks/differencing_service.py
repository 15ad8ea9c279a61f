"""A survey through HTTP alone: everybody answers, and everything that may be read is read."""

import asyncio
from collections import Counter
from dataclasses import dataclass

import httpx

from tests.attacks.populations import INSTRUMENT
from tests.walkthrough import go, issue, new_key, ok, plan, register

_AT_ONCE = 8


@dataclass(frozen=True)
class Read:
    """What an evaluator's client could read.

    Attributes:
        while_open: The JSON of every GET once everybody had answered, by path.
        published: The same once the staff wave was frozen.
        report: The health report.
    """

    while_open: dict
    published: dict
    report: dict


def surveyed(service, population):
    """Let a population answer a running service, and read whatever can be read."""
    with service.client_of_a_new_account() as client:
        reply = client.post("/v1/instruments", json=INSTRUMENT)
        assert reply.status_code == 201, reply.text
        partnership = register(client, organisations=list(population.organisations))
        evaluation = plan(client, partnership, **population.design)
        go(client, evaluation, "surveying")
        asyncio.run(_send_all(service.url, _letters(client, evaluation, population)))
        while_open = _everything(client, partnership, evaluation)
        go(client, evaluation, "surfacing")
        published = _everything(client, partnership, evaluation)
    return Read(while_open, published, published["reports/health"])


def _letters(client, evaluation, population):
    """A token and a submission for each person."""
    tokens = {
        group: issue(client, evaluation, "staff", group, count)
        for group, count in Counter(person.group for person in population.people).items()
    }
    return [(tokens[person.group].pop(), person.content) for person in population.people]


async def _send_all(url, letters):
    waiting = iter(letters)
    async with httpx.AsyncClient(base_url=url, timeout=60) as client:
        await asyncio.gather(*(_sender(client, waiting) for _ in range(_AT_ONCE)))


async def _sender(client, waiting):
    for token, body in waiting:
        headers = {"Authorization": f"Bearer {token}", "Idempotency-Key": new_key()}
        reply = await client.post("/v1/responses", json=body, headers=headers)
        assert reply.status_code == 201, reply.text


def _everything(client, partnership, evaluation):
    """The reply to every GET about an evaluation that is not refused."""
    found = {}
    for name in (
        "progress",
        "privacy",
        "statements",
        "statements?state=withheld",
        "outcomes",
        "schedule",
        "evidence",
        "actions",
        "questionnaire?audience=staff",
        "reports",
        "reports/health",
        "reports/outcomes",
        "reports/outcomes?edition=staff",
        "reports/combined",
        "benchmark",
    ):
        reply = client.get(f"/v1/evaluations/{evaluation['id']}/{name}")
        if reply.status_code == 200:
            found[name] = reply.json()
        else:
            assert reply.status_code in (404, 409), (name, reply.text)
    found["evaluation"] = ok(client.get(f"/v1/evaluations/{evaluation['id']}"))
    found["partnership"] = ok(client.get(f"/v1/partnerships/{partnership['id']}"))
    found["trend"] = ok(client.get(f"/v1/partnerships/{partnership['id']}/trend"))
    found["evaluations"] = ok(client.get(f"/v1/partnerships/{partnership['id']}/evaluations"))
    found["partnerships"] = ok(client.get("/v1/partnerships"))
    return found
