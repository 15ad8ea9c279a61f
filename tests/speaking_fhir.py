"""Calls under /fhir as a system makes them that speaks FHIR R4."""

import json

from tests.formats.fhir_tool import is_valid, respond
from tests.walkthrough import new_key, ok

FHIR = "application/fhir+json"
BASE = "/fhir/R4"


def found(reply, status=200):
    """The resource of a reply that must have this status.

    That Questionnaires are valid is tested where they are made; it takes seconds.
    """
    resource = ok(reply, status)
    assert reply.headers["Content-Type"] == FHIR
    assert resource["resourceType"] in ("Questionnaire", "Bundle") or is_valid(resource)
    return resource


def questionnaire(client, evaluation, audience="staff"):
    """What an evaluation asks, as it is read under its id."""
    name = f"poet-{audience.replace('_', '-')}-{evaluation['id']}.1"
    return found(client.get(f"{BASE}/Questionnaire/{name}"))


def create(client, token, resource, key=None, **options):
    """Send a QuestionnaireResponse."""
    content = resource if isinstance(resource, bytes) else json.dumps(resource).encode()
    headers = {"Authorization": f"Bearer {token}", "Idempotency-Key": key or new_key()}
    headers |= {"Content-Type": FHIR} | options.pop("headers", {})
    path = f"{BASE}/QuestionnaireResponse"
    return client.post(path, content=content, headers=headers, **options)


def codes(outcome):
    """The codes of ours in each issue."""
    return [[one["code"] for one in issue["details"]["coding"]] for issue in outcome["issue"]]


def play(evaluator, anybody, evaluation, token):
    """One call of each kind, around one answer."""
    ok(anybody.get(f"{BASE}/metadata"))
    asked = questionnaire(evaluator, evaluation)
    ok(evaluator.get(f"{BASE}/Questionnaire", params={"url": asked["url"]}))
    answered = respond(asked, {"trust1": 4, "unwritten": "It keeps the two boards talking"})
    found(create(anybody, token, answered), 201)
