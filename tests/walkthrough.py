"""The steps of an evaluation as a survey platform and an evaluator take them, over HTTP."""

import hashlib
import json
import secrets
from concurrent.futures import ThreadPoolExecutor

from jsonschema import Draft202012Validator

ORGANISATIONS = [
    {"code": "trust", "name": "Northshire NHS Trust", "sector": "nhs", "headcount": 40},
    {"code": "council", "name": "Northshire Council", "sector": "local_authority", "headcount": 30},
    {"code": "mind", "name": "Mind in Northshire", "sector": "voluntary", "headcount": 20},
]
DOMAINS = (
    *("purpose", "gain", "trust", "power", "rules"),
    *("means", "practice", "self", "voice", "learning"),
)
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


def send_lines(client, evaluation, path, lines):
    """Import lines: documents, or bytes as they are. The reply."""
    content = b"".join(
        line if isinstance(line, bytes) else json.dumps(line).encode() + b"\n" for line in lines
    )
    headers = {"Content-Type": "application/x-ndjson"}
    path = f"/v1/evaluations/{evaluation['id']}/{path}:import"
    return client.post(path, content=content, headers=headers)


def send_all(client, path, tokens, bodies):
    """Let many respondents answer at the same time, one token each; the keys they used."""
    keys = [new_key() for _ in bodies]
    with ThreadPoolExecutor(8) as pool:
        waiting = [
            pool.submit(send, client, path, token, body, key)
            for token, body, key in zip(tokens, bodies, keys, strict=True)
        ]
    for reply in waiting:
        ok(reply.result(), 201)
    return keys


def surveyed(client, answers, *, partnership=None, **design):
    """An evaluation of one organisation, open for coding: these people answered its survey."""
    one = [ORGANISATIONS[0] | {"headcount": max(40, len(answers))}]
    evaluation = plan(client, partnership or register(client, organisations=one), **design)
    go(client, evaluation, "surveying")
    tokens = issue(client, evaluation, "staff", "trust", len(answers))
    send_all(client, "responses", tokens, answers)
    go(client, evaluation, "surfacing")
    return evaluation


def surface(client, evaluation, code, **members):
    """Write an outcome down."""
    body = {"code": code, "title": f"People are {code}", "type": "change", "rationale": "It helps"}
    return ok(client.post(f"/v1/evaluations/{evaluation['id']}/outcomes", json=body | members), 201)


def approve(client, evaluation, outcomes):
    """Approve a schedule that asks about these outcomes; every other is left out."""
    path = f"/v1/evaluations/{evaluation['id']}"
    asked = {one["id"] for one in outcomes}
    standing = [
        one for one in ok(client.get(f"{path}/outcomes"))["items"] if one["merged_into"] is None
    ]
    others = [one for one in standing if one["id"] not in asked]
    schedule = {
        "status": "approved",
        "outcomes": [
            {"outcome": one["id"], "plain": one["title"], "reason": "Chosen"} for one in outcomes
        ],
        "left_out": [{"outcome": one["id"], "reason": "Not now"} for one in others],
    }
    return ok(client.put(f"{path}/schedule", json=schedule))


def refusal(reply, status):
    """The code of a refusal that must have this status."""
    return ok(reply, status)["code"]


def faults(reply):
    """What a refused body is blamed for: pointers with codes."""
    return {(fault["pointer"], fault["code"]) for fault in ok(reply, 422).get("errors", [])}


class OpenSurvey:
    """An evaluation that staff answer, and a supply of tokens."""

    def __init__(self, client, **design):
        self.client = client
        large = [one | {"headcount": 100} for one in ORGANISATIONS]
        self.evaluation = plan(client, register(client, organisations=large), **design)
        go(client, self.evaluation, "surveying")
        self._tokens = iter(
            token
            for one in large
            for token in issue(client, self.evaluation, "staff", one["code"], one["headcount"])
        )

    def token(self):
        """A token that nobody has used."""
        return next(self._tokens)

    def send(self, body, token=None, key=None):
        """Answer, with a token of one's own."""
        return send(self.client, "responses", token or self.token(), body, key)

    def asked(self, token):
        """What the holder of a token is asked; 200 while the token is good."""
        headers = {"Authorization": f"Bearer {token}"}
        return self.client.get("/v1/questionnaire", headers=headers)


def fits(client, shape, document):
    """Whether a document has the shape that the contract gives it."""
    contract = ok(client.get("/openapi.json", headers={"Authorization": ""}))
    schema = {"$ref": f"#/components/schemas/{shape}", "components": contract["components"]}
    return Draft202012Validator(schema).is_valid(document)


def strict_json(reply):
    """The JSON of a reply, which holds no NaN and no Infinity."""

    def refuse(constant):
        raise ValueError(constant)

    return json.loads(reply.text, parse_constant=refuse)


def digest_of(document):
    """The SHA-256 of a report's canonical JSON, without its digest."""
    rest = {name: value for name, value in document.items() if name != "digest"}
    text = json.dumps(rest, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
    return hashlib.sha256(text.encode()).hexdigest()


def agreeing(answer, domains=DOMAINS):
    """The same opinion of each domain; the fifth item of each is reversed."""
    return {
        f"{domain}{item}": 6 - answer if item == 5 else answer
        for domain in domains
        for item in range(1, 6)
    }


def health_report(client, headcounts, answers, **design):
    """The reply with the health report of organisations whose staff answered so."""
    organisations = [
        {"code": code, "name": code, "sector": "other", "headcount": people}
        for code, people in headcounts.items()
    ]
    evaluation = plan(client, register(client, organisations=organisations), **design)
    go(client, evaluation, "surveying")
    for group, bodies in answers.items():
        tokens = issue(client, evaluation, "staff", group, len(bodies))
        send_all(client, "responses", tokens, bodies)
    go(client, evaluation, "surfacing")
    return client.get(f"/v1/evaluations/{evaluation['id']}/reports/health")
