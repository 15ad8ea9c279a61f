"""Rounds of one partnership, and the trend over them, over HTTP."""

from tests.walkthrough import (
    agreeing,
    digest_of,
    fits,
    go,
    issue,
    ok,
    plan,
    send_all,
    strict_json,
)

ORGANISATIONS = [
    {"code": code, "name": f"The {code}", "sector": "other", "headcount": people}
    for code, people in {"trust": 60, "council": 30, "mind": 12, "age-uk": 10}.items()
]


def opinion(trust, power, rules):
    """What somebody thinks of three domains; the others are left out."""
    said = agreeing(trust, ["trust"]) | agreeing(power, ["power"]) | agreeing(rules, ["rules"])
    return {"answers": said}


WARY, GLAD, SAME = opinion(2, 4, 3), opinion(4, 2, 3), opinion(3, 3, 4)
EVEN = opinion(3, 3, 3)


def reported(client, partnership, answers, **design):
    """A round of a partnership, up to its health report."""
    evaluation = plan(client, partnership, **design)
    go(client, evaluation, "surveying")
    for group, bodies in answers.items():
        tokens = issue(client, evaluation, "staff", group, len(bodies))
        send_all(client, "responses", tokens, bodies)
    go(client, evaluation, "surfacing", abandon=True)
    return evaluation


def trend_of(client, partnership):
    """The trend of a partnership, which fits the contract."""
    trend = strict_json(client.get(f"/v1/partnerships/{partnership['id']}/trend"))
    assert fits(client, "Trend", trend)
    assert trend["digest"] == digest_of(trend)
    return trend


def act(client, evaluation, **members):
    """Record an action."""
    at = f"/v1/evaluations/{evaluation['id']}/actions"
    return ok(client.post(at, json={"what": "Meet"} | members), 201)


def seen(client, evaluation):
    """What was seen of each action of an evaluation, by what it is about."""
    found = ok(client.get(f"/v1/evaluations/{evaluation['id']}/actions"))["items"]
    return {one["domain"] or one["outcome"]: one["seen"] for one in found}


def line(comparison, code):
    """What a comparison says of a domain."""
    return next(domain for domain in comparison["domains"] if domain["code"] == code)
