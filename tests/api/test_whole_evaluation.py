from tests.walkthrough import *


def answer(n, **more):
    return {
        "answers": {
            f"{d}{i}": 1 + (n * 7 + i) % 5
            for d in ["purpose", "gain", "trust", "power", "rules", "means", "practice", "self", "voice", "learning"]
            for i in range(1, 6)
        },
        "role": ["frontline", "manager", "support", "strategic"][n % 4],
        **more,
    }


def test_whole(evaluator):
    p = register(evaluator)
    e = plan(
        evaluator,
        p,
        languages=["en", "cy"],
        cuts=["organisation", "role"],
        voices=[
            {
                "code": "op",
                "label": {"en": "Older people", "cy": "Pobl hŷn"},
                "audience": "service_user",
                "invited": 40,
                "selection": "all",
                "service_user_group": "older_people",
            },
            {
                "code": "carers",
                "label": {"en": "Carers", "cy": "Gofalwyr"},
                "audience": "carer",
                "invited": 20,
                "selection": "random",
            },
        ],
    )
    go(evaluator, e, "surveying")
    st = {
        "outcome": "People stay at home longer",
        "mechanism": "we visit together",
        "horizon": "1-3y",
    }
    survey(
        evaluator,
        e,
        {
            "trust": [
                answer(
                    i,
                    statements=[st],
                    unwritten="nothing",
                    drivers={
                        "practice": {"saving_money": 3},
                        "official": {"better_lives": 4, "saving_money": 1},
                    },
                    importance={"trust": 10},
                    overall=4,
                    context={"context1": 3},
                    depth={"council": {"current": "coordination"}},
                )
                for i in range(30)
            ],
            "council": [answer(i) for i in range(20)],
            "mind": [answer(i) for i in range(12)],
        },
    )
    print(ok(evaluator.get(f"/v1/evaluations/{e['id']}/progress")))
    print(go(evaluator, e, "surfacing"))
    import json

    r = evaluator.get(f"/v1/evaluations/{e['id']}/reports/health")
    print(json.dumps(ok(r), indent=1)[:6000])
    s = ok(evaluator.get(f"/v1/evaluations/{e['id']}/statements"))["items"]
    o = ok(
        evaluator.post(
            f"/v1/evaluations/{e['id']}/outcomes",
            json={
                "code": "home",
                "title": "People stay at home",
                "type": "change",
                "rationale": "because",
                "domains": ["trust"],
            },
        ),
        201,
    )
    o2 = ok(
        evaluator.post(
            f"/v1/evaluations/{e['id']}/outcomes",
            json={
                "code": "well",
                "title": "People well",
                "type": "change",
                "rationale": "because",
                "domains": ["trust"],
            },
        ),
        201,
    )
    ok(
        evaluator.put(
            f"/v1/evaluations/{e['id']}/coding",
            json=[
                {"statement": x["id"], "coder": "a", "outcome": "home"}
                for x in s
                if x["kind"] == "statement"
            ],
        )
    )
    for t in issue(evaluator, e, "ranking", "trust", 20):
        ok(
            send(
                evaluator,
                "rankings",
                t,
                {"outcomes": [{"outcome": o["id"], "ours": "yes"}], "top": [o["id"]]},
            ),
            201,
        )
    sch = ok(evaluator.get(f"/v1/evaluations/{e['id']}/schedule"))
    for x in sch["outcomes"]:
        x["plain"]["cy"] = "cymraeg"
    ok(
        evaluator.put(
            f"/v1/evaluations/{e['id']}/schedule",
            json={"status": "approved", "outcomes": sch["outcomes"], "left_out": sch["left_out"]},
        )
    )
    go(evaluator, e, "verifying")
    for aud, v, n in (("service_user", "op", 35), ("carer", "carers", 14)):
        for t in issue(evaluator, e, aud, v, n):
            ok(evaluator.get("/v1/questionnaire", headers={"Authorization": f"Bearer {t}"}))
            ok(
                send(
                    evaluator,
                    "verifications",
                    t,
                    {
                        "verdicts": [
                            {
                                "outcome": o["id"],
                                "importance": 4,
                                "delivered": 3,
                                "direction": "better",
                            }
                        ],
                        "missing": ["more time"],
                        "worse": "longer waits",
                        "top": [o["id"]],
                    },
                ),
                201,
            )
    go(evaluator, e, "interpreting")
    go(evaluator, e, "concluded")
    print(
        json.dumps(ok(evaluator.get(f"/v1/evaluations/{e['id']}/reports/outcomes")), indent=1)[
            :5000
        ]
    )
    print(
        json.dumps(ok(evaluator.get(f"/v1/evaluations/{e['id']}/reports/combined")), indent=1)[
            :3000
        ]
    )
