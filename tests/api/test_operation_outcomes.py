"""What FHIR says of failures that no request brings about when one likes."""

import json

from app.api import problems
from app.errors import RateLimited, Unavailable
from tests.formats.fhir_tool import is_valid
from tests.speaking_fhir import BASE

ANSWERS = f"{BASE}/QuestionnaireResponse"
CANARY = "Jane of Ward 7"


class Asking:
    """A request under /fhir, as far as a refusal needs it."""

    def __init__(self, service):
        self.app = service._server.config.app
        self.url = type("Url", (), {"path": ANSWERS})
        self.headers, self.method = {}, "POST"


def test_what_must_wait_says_for_how_long(service):
    busy = problems.reply(Asking(service), Unavailable())
    often = problems.reply(Asking(service), RateLimited(retry_after=7))

    for reply, kind, seconds in ((busy, "transient", "2"), (often, "throttled", "7")):
        outcome = json.loads(reply.body)
        assert is_valid(outcome)
        assert outcome["issue"][0]["code"] == kind
        assert reply.headers["Retry-After"] == seconds


def test_what_fails_here_is_fatal_and_says_nothing_else(service, caplog):
    reply = problems.broken(Asking(service), ANSWERS, ValueError(CANARY))

    outcome = json.loads(reply.body)
    assert is_valid(outcome)
    assert reply.status_code == 500
    assert outcome["issue"][0]["severity"] == "fatal"
    assert outcome["issue"][0]["code"] == "exception"
    assert "Jane" not in caplog.text + reply.body.decode()
