"""Importing as a platform does it: lines of JSON, and what became of each."""

import http.client
import json
import uuid

from app.storage import responses
from tests.walkthrough import go, new_key, plan, register, send_lines

ANSWER = {"answers": {"trust1": 4, "trust2": 2}, "role": "frontline"}
OLDER = {"code": "older", "label": "Older people", "audience": "service_user", "invited": 20}
CARERS = {"code": "carers", "label": "Carers", "audience": "carer", "invited": 20}
CONTACT = {"safeguarding": "Call 0300 000 000"}
ANOTHER = {"answers": {"trust1": 5}}


def opened(client, headcount=10, **design):
    """A survey of one organisation that is open, without any token."""
    one = [{"code": "trust", "name": "The Trust", "sector": "nhs", "headcount": headcount}]
    evaluation = plan(client, register(client, organisations=one), **design)
    go(client, evaluation, "surveying")
    return evaluation


def line(answer=ANSWER, key=None, **members):
    under = members or {"group": "trust"}
    return {"key": key or new_key(), "answer": answer, **under}


def imported(client, evaluation, lines, path="responses"):
    """What became of each line."""
    reply = send_lines(client, evaluation, path, lines)
    assert reply.status_code == 200, reply.text
    assert reply.headers["Content-Type"] == "application/x-ndjson"
    return [json.loads(one) for one in reply.text.splitlines()]


def became(results):
    """The status of each line, with the code of a refusal."""
    return [(one["status"], one["code"]) if "code" in one else one["status"] for one in results]


def stored(service, evaluation):
    with service.deployment.database.reading() as session:
        return responses.count(session, uuid.UUID(evaluation["id"]))


class Conversation:
    """An import whose lines are sent one by one, while the results are read."""

    def __init__(self, service, client, evaluation, path="responses"):
        self._connection = http.client.HTTPConnection(
            service.url.removeprefix("http://"), timeout=60
        )
        self._connection.putrequest("POST", f"/v1/evaluations/{evaluation['id']}/{path}:import")
        self._connection.putheader("Authorization", f"Bearer {client._access_token()}")
        self._connection.putheader("Content-Type", "application/x-ndjson")
        self._connection.putheader("Transfer-Encoding", "chunked")
        self._connection.endheaders()
        self._reply = None

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self._connection.close()

    def send(self, *lines):
        """Send lines."""
        for one in lines:
            self.send_bytes(json.dumps(one).encode() + b"\n")

    def send_bytes(self, content):
        """Send a piece of the body."""
        self._connection.send(b"%x\r\n%s\r\n" % (len(content), content))

    def end(self):
        """Say that the body ends here."""
        self._connection.send(b"0\r\n\r\n")

    def results(self, count):
        """The next results."""
        if self._reply is None:
            self._reply = self._connection.getresponse()
        return [json.loads(self._reply.readline()) for _ in range(count)]

    def rest(self):
        """All results that are left."""
        return [json.loads(one) for one in self._reply.read().splitlines()]
