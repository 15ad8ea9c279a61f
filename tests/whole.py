"""A whole evaluation with every call that the contract has, for the recorded examples."""

from tests import speaking_fhir
from tests.peers import Others
from tests.walkthrough import (
    DOMAINS,
    agreeing,
    go,
    issue,
    new_key,
    ok,
    plan,
    register,
    send,
    send_lines,
    surveyed,
)

VOICES = [
    {
        "code": "older",
        "label": {"en": "Older people", "cy": "Pobl hŷn"},
        "audience": "service_user",
        "service_user_group": "older_people",
        "invited": 30,
        "selection": "all",
    },
    {
        "code": "carers",
        "label": {"en": "Carers", "cy": "Gofalwyr"},
        "audience": "carer",
        "invited": 20,
        "selection": "random",
    },
]
STATEMENT = {
    "outcome": "Older people stay in their own homes for longer",
    "for_whom": "People over 75 who live alone",
    "mechanism": "Nurses and social workers visit together and plan together",
    "horizon": "1-3y",
    "distinctive": "yes",
}
INSTRUMENT = {
    "code": "pulse",
    "version": 1,
    "title": "A short pulse",
    "languages": ["en"],
    "scales": {"agree3": {"min": 1, "max": 3, "labels": {"en": ["No", "Partly", "Yes"]}}},
    "domains": [
        {
            "code": "pace",
            "label": "Pace",
            "scale": "agree3",
            "items": [{"code": "pace1", "text": "We decide fast enough."}],
        }
    ],
}


def play(evaluator, anybody, service):
    """Play it, from fetching an access token to the next round."""
    _around(evaluator, anybody, service)
    partnership = register(
        evaluator,
        formed_on="2023-04-01",
        governance={"hierarchy": 0.2, "market": 0.2, "network": 0.6},
        depth={"current": "coordination", "desired": "joint_management"},
        initiatives=[{"name": "Warm Homes", "overlap": "Also visits older people at home"}],
    )
    evaluation = plan(
        evaluator,
        partnership,
        cuts=["organisation", "role"],
        languages=["en", "cy"],
        voices=VOICES,
        benchmark=True,
    )
    _planning(evaluator, partnership, evaluation)
    webhook = _listening(evaluator, partnership)
    _surveying(evaluator, anybody, evaluation)
    outcome = _surfacing(evaluator, evaluation)
    _verifying(evaluator, evaluation, outcome)
    _concluding(evaluator, evaluation)
    _told(evaluator, webhook)
    _comparing(evaluator, evaluation, service)
    _asking_again(evaluator, partnership)


def _around(evaluator, anybody, service):
    made = service.client_of_a_new_account()
    client_id, secret = made._credential
    form = {"grant_type": "client_credentials", "client_id": client_id, "client_secret": secret}
    ok(anybody.post("/v1/oauth/token", data=form))
    for path in ("/.well-known/jwks.json", "/livez", "/readyz"):
        ok(anybody.get(path))
    for path in ("/guides", "/guides/scoring", "/problems", "/problems/wrong-stage"):
        assert anybody.get(path).status_code == 200, path
    assert anybody.get("/v1/client.js").is_success
    ok(evaluator.get("/v1/me"))
    ok(evaluator.post("/v1/instruments", json=INSTRUMENT), 201)
    ok(evaluator.get("/v1/instruments/pulse/1"))
    ok(evaluator.get("/v1/instruments/pulse/1/formats/surveyjs"))
    ok(evaluator.get("/v1/instruments"))


def _planning(evaluator, partnership, evaluation):
    ok(evaluator.get(f"/v1/partnerships/{partnership['id']}"))
    changes = {"service_area": "Older people"}
    ok(evaluator.patch(f"/v1/partnerships/{partnership['id']}", json=changes))
    ok(evaluator.get("/v1/partnerships"))
    ok(evaluator.get(f"/v1/partnerships/{partnership['id']}/evaluations"))
    at = f"/v1/evaluations/{evaluation['id']}"
    ok(evaluator.get(at))
    ok(evaluator.patch(at, json={"origins": ["https://survey.example.org"]}))
    ok(evaluator.get(f"{at}/questionnaire", params={"audience": "staff"}))
    staffed = [{"code": "trust", "headcount": 400}, {"code": "mind", "headcount": 20}]
    wish = {"organisations": staffed, "margin": 5, "response_rate": 0.4}
    ok(evaluator.post("/v1/sample-size", json=wish))
    ok(evaluator.post(f"{at}/forecast", json={"response_rates": [0.3, 0.6]}))
    spare = plan(evaluator, partnership, sandbox=True)
    go(evaluator, spare, "surveying")
    fill = {"answered": 120, "seed": 1}
    ok(evaluator.post(f"/v1/evaluations/{spare['id']}/sandbox/fill", json=fill))
    ok(evaluator.delete(f"/v1/evaluations/{spare['id']}"), 204)


def _listening(evaluator, partnership):
    wanted = {
        "url": "https://hooks.example.org/poet",
        "events": ["evaluation.stage_changed", "report.published"],
        "partnership": partnership["id"],
    }
    return ok(evaluator.post("/v1/webhooks", json=wanted), 201)


def _told(evaluator, webhook):
    at = f"/v1/webhooks/{webhook['id']}"
    ok(evaluator.get("/v1/webhooks"))
    ok(evaluator.get(at))
    ok(evaluator.get(f"{at}/deliveries"))
    ok(evaluator.post(f"{at}/ping"), 202)
    ok(evaluator.post(f"{at}/replay", json={"since": "2027-03-01T00:00:00Z"}), 202)
    ok(evaluator.post(f"{at}/rotate"))
    ok(evaluator.patch(at, json={"enabled": False}))
    ok(evaluator.delete(at), 204)


def _surveying(evaluator, anybody, evaluation):
    at = f"/v1/evaluations/{evaluation['id']}"
    go(evaluator, evaluation, "surveying")
    tokens = issue(evaluator, evaluation, "staff", "trust", 35)
    headers = {"Authorization": f"Bearer {tokens[0]}"}
    ok(anybody.get("/v1/questionnaire", headers=headers))
    ok(anybody.get(f"{at}/privacy"))
    key = new_key()
    full = {
        "role": "frontline",
        "answers": {"trust1": 4, "rules2": "dont_know", "means3": "not_applicable"},
        "context": {"context1": 4},
        "overall": 4,
        "statements": [STATEMENT],
        "unwritten": "It keeps the two boards talking",
        "drivers": {"practice": {"saving_money": 3}, "official": {"better_lives": 4}},
        "importance": {"trust": 3, "means": 7},
        "depth": {"council": {"current": "coordination", "right": "joint_management"}},
    }
    ok(send(anybody, "responses", tokens[0], full, key), 201)
    speaking_fhir.play(evaluator, anybody, evaluation, tokens.pop())
    ok(anybody.post("/v1/receipts/check", json={"key": key}))
    gone = new_key()
    ok(send(anybody, "responses", tokens[1], full, gone), 201)
    ok(anybody.post("/v1/receipts/withdraw", json={"key": gone}), 204)
    ok(evaluator.post(f"{at}/tokens/revoke", json={"tokens": tokens[2:3]}), 204)
    for number, token in enumerate(tokens[3:]):
        answers = {f"trust{item}": 1 + (number + item) % 5 for item in range(1, 6)}
        ok(send(anybody, "responses", token, {"role": "manager", "answers": answers}), 201)
    line = {"key": new_key(), "group": "trust", "answer": {"role": "manager", "overall": 4}}
    ok(send_lines(evaluator, evaluation, "responses", [line]))
    ok(evaluator.get(f"{at}/progress"))


def _surfacing(evaluator, evaluation):
    at = f"/v1/evaluations/{evaluation['id']}"
    go(evaluator, evaluation, "surfacing")
    statements = ok(evaluator.get(f"{at}/statements"))["items"]
    first = next(one for one in statements if one["kind"] == "statement")
    ok(evaluator.patch(f"/v1/statements/{first['id']}", json={"withheld": False}))
    body = {
        "code": "home",
        "title": {"en": "Older people stay at home", "cy": "Pobl hŷn yn aros gartref"},
        "type": "change",
        "horizon": "1-3y",
        "beneficiaries": ["older_people"],
        "rationale": "Joint visits find what one service alone misses.",
        "indicator": "Weeks at home after discharge",
        "domains": ["practice", "means"],
        "rivals": ["Warm Homes"],
    }
    outcome = ok(evaluator.post(f"{at}/outcomes", json=body), 201)
    other = ok(evaluator.post(f"{at}/outcomes", json=body | {"code": "at-home"}), 201)
    line = {"statement": first["id"], "coder": "ann", "outcome": "at-home"}
    ok(evaluator.put(f"{at}/coding", json=[line]))
    merge = {"into": outcome["id"], "why": "Two names for one thing"}
    ok(evaluator.post(f"/v1/outcomes/{other['id']}/merge", json=merge))
    new = body | {
        "code": "company",
        "title": {"en": "Older people have company", "cy": "Cwmni i bobl hŷn"},
    }
    split = {"outcome": new, "statements": [], "why": "Two things under one name"}
    ok(evaluator.post(f"/v1/outcomes/{outcome['id']}/split", json=split), 201)
    change = {
        "why": "Said more plainly",
        "title": {
            "en": "Older people stay at home longer",
            "cy": "Pobl hŷn yn aros gartref yn hwy",
        },
    }
    ok(evaluator.patch(f"/v1/outcomes/{outcome['id']}", json=change))
    ok(evaluator.get(f"/v1/outcomes/{outcome['id']}"))
    ok(evaluator.get(f"{at}/outcomes"))
    for token in issue(evaluator, evaluation, "ranking", "trust", 12):
        ranked = {"outcomes": [{"outcome": outcome["id"], "ours": "yes"}], "top": [outcome["id"]]}
        ok(send(evaluator, "rankings", token, ranked), 201)
    return outcome


def _verifying(evaluator, evaluation, outcome):
    at = f"/v1/evaluations/{evaluation['id']}"
    schedule = ok(evaluator.get(f"{at}/schedule"))
    for entry in schedule["outcomes"]:
        entry["plain"]["cy"] = "Rwy'n byw yn fy nghartref fy hun"
    del schedule["methods"]
    ok(evaluator.put(f"{at}/schedule", json=schedule | {"status": "approved"}))
    found = {
        "outcome": outcome["id"],
        "method": "focus group",
        "people": 9,
        "voice": "older",
        "finding": "supports",
        "summary": "Nearly all spoke of one plan instead of two.",
        "strength": "moderate",
        "agreed_with_participants": True,
    }
    ok(evaluator.post(f"{at}/evidence", json=found), 201)
    ok(evaluator.get(f"{at}/evidence"))
    go(evaluator, evaluation, "verifying")
    verdict = {"outcome": outcome["id"], "importance": 4, "delivered": 3, "direction": "better"}
    for token in issue(evaluator, evaluation, "service_user", "older", 25):
        body = {
            "as": "self",
            "matters_most": "My own bed",
            "verdicts": [verdict],
            "top": [outcome["id"]],
            "missing": ["Somebody to talk to"],
            "experience": {"respect": 4},
        }
        ok(send(evaluator, "verifications", token, body), 201)
    line = {"key": new_key(), "voice": "older", "answer": {"verdicts": [verdict]}}
    ok(send_lines(evaluator, evaluation, "verifications", [line]))


def _concluding(evaluator, evaluation):
    at = f"/v1/evaluations/{evaluation['id']}"
    go(evaluator, evaluation, "interpreting")
    go(evaluator, evaluation, "concluded")
    for name in ("", "/health", "/outcomes", "/combined"):
        ok(evaluator.get(f"{at}/reports{name}"))
    assert evaluator.get(f"{at}/reports/health.csv").is_success
    wrong = {"reason": {"en": "The name of a domain was wrong", "cy": "Roedd enw maes yn anghywir"}}
    ok(evaluator.post(f"{at}/reports/health/errata", json=wrong), 201)
    what = {"domain": "trust", "what": "Meet monthly", "due_on": "2027-06-01"}
    action = ok(evaluator.post(f"{at}/actions", json=what), 201)
    ok(evaluator.get(f"{at}/actions"))
    ok(evaluator.patch(f"/v1/actions/{action['id']}", json={"status": "done"}))


def _comparing(evaluator, evaluation, service):
    Others(service, evaluation, DOMAINS).join(41, 48, 52, 57, 63)
    at = f"/v1/evaluations/{evaluation['id']}/benchmark"
    ok(evaluator.get(at))
    assert evaluator.get(f"{at}.csv").is_success


def _asking_again(evaluator, partnership):
    answers = [{"answers": agreeing(3 + number % 3)} for number in range(32)]
    surveyed(evaluator, answers, partnership=partnership)
    at = f"/v1/partnerships/{partnership['id']}/trend"
    ok(evaluator.get(at))
    assert evaluator.get(f"{at}.csv").is_success
