"""Sandboxes over HTTP: planned, filled on their way, read."""

from tests.walkthrough import ORGANISATIONS, go, ok, plan, register, strict_json

VOICES = [
    {
        "code": code,
        "label": {"en": code.title(), "cy": code.title()},
        "audience": audience,
        "invited": invited,
        "selection": "all",
    }
    for code, audience, invited in (("older", "service_user", 60), ("carers", "carer", 30))
]
BOTH = {"en": "Call 0300 000 000", "cy": "Ffoniwch 0300 000 000"}
LARGE = [
    one | {"headcount": people} for one, people in zip(ORGANISATIONS, (90, 60, 20), strict=True)
]
STAGES = ("surveying", "surfacing", "verifying", "interpreting", "concluded")


def sandbox(client, partnership=None, **design):
    """A new sandbox with two voices, in two languages."""
    partnership = partnership or register(client, organisations=LARGE, formed_on="2023-04-01")
    declared = {"voices": VOICES, "languages": ["en", "cy"], "contact": {"safeguarding": BOTH}}
    return plan(client, partnership, **declared | {"sandbox": True} | design)


def fill(client, evaluation, answered=120, seed=1):
    """The reply to a call that fills a sandbox."""
    path = f"/v1/evaluations/{evaluation['id']}/sandbox/fill"
    return client.post(path, json={"answered": answered, "seed": seed})


def played(client, evaluation=None, *, seed=1, until="concluded", **design):
    """A (new) sandbox that was filled in every stage on its way."""
    evaluation = evaluation or sandbox(client, **design)
    for stage in STAGES[: STAGES.index(until) + 1]:
        go(client, evaluation, stage)
        if stage in ("surveying", "surfacing", "verifying"):
            ok(fill(client, evaluation, 80, seed))
    return evaluation


def report(client, evaluation, name):
    """A published report."""
    return strict_json(client.get(f"/v1/evaluations/{evaluation['id']}/reports/{name}"))
