"""The steps of an evaluation as a survey platform and an evaluator take them, over HTTP."""

import secrets

ORGANISATIONS = [
    {"code": "trust", "name": "Northshire NHS Trust", "sector": "nhs", "headcount": 40},
    {"code": "council", "name": "Northshire Council", "sector": "local_authority", "headcount": 30},
    {"code": "mind", "name": "Mind in Northshire", "sector": "voluntary", "headcount": 20},
]
CONTACT = {"safeguarding": {"en": "Call 0300 000 000", "cy": "Ffoniwch 0300 000 000"}}


def ok(reply, status=200):
    """The JSON of a reply that must have this status."""
    assert reply.status_code == status, reply.text
    return reply.json() if reply.content else None


def new_key():
    """A key that only the sender knows."""
    return secrets.token_urlsafe(16)


def register(client, **members):
    """Register a partnership."""
    body = {"name": "Northshire", "organisations": ORGANISATIONS} | members
    return ok(client.post("/v1/partnerships", json=body), 201)


def plan(client, partnership=None, **design):
    """Plan an evaluation of a (new) partnership."""
    partnership = partnership or register(client)
    body = {"instrument": "poet-staff@1", "contact": CONTACT} | design
    return ok(client.post(f"/v1/partnerships/{partnership['id']}/evaluations", json=body), 201)


def go(client, evaluation, stage, **options):
    """Take the evaluation to a stage."""
    reply = client.post(
        f"/v1/evaluations/{evaluation['id']}/stage", json={"stage": stage} | options
    )
    return ok(reply)


def issue(client, evaluation, audience, cell, count):
    """Issue tokens to a group of staff or a voice."""
    named = "group" if audience in ("staff", "ranking") else "voice"
    reply = client.post(
        f"/v1/evaluations/{evaluation['id']}/tokens",
        json={"audience": audience, named: cell, "count": count},
    )
    return ok(reply, 201)["tokens"]


def send(client, path, token, body, key=None):
    """Send a respondent's answers."""
    headers = {"Authorization": f"Bearer {token}", "Idempotency-Key": key or new_key()}
    return client.post(f"/v1/{path}", json=body, headers=headers)


def survey(client, evaluation, answers_by_group):
    """Let each group answer, one token each."""
    for group, answers in answers_by_group.items():
        tokens = issue(client, evaluation, "staff", group, len(answers))
        for token, body in zip(tokens, answers, strict=True):
            ok(send(client, "responses", token, body), 201)
