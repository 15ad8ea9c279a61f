"""Once outcomes are put to users and carers they are fixed; users may name their own."""

from tests.walkthrough import (
    approve,
    faults,
    go,
    issue,
    ok,
    refusal,
    send,
    send_all,
    surface,
    surveyed,
)

ANSWERS = [{"statements": [{"outcome": f"people are well, {n}"}]} for n in range(12)]
VOICE = {"code": "op", "label": "Older people", "audience": "service_user", "invited": 20}


def path(evaluation):
    return f"/v1/evaluations/{evaluation['id']}"


def test_staff_rank_what_was_surfaced(evaluator):
    evaluation = surveyed(evaluator, ANSWERS, voices=[VOICE])
    home, well = (surface(evaluator, evaluation, code) for code in ("home", "well"))
    token, other = issue(evaluator, evaluation, "ranking", "trust", 2)
    asked = ok(evaluator.get("/v1/questionnaire", headers={"Authorization": f"Bearer {token}"}))
    ranking = {"outcomes": [{"outcome": home["id"], "ours": "partly"}], "top": [well["id"]]}

    nothing = send(evaluator, "rankings", token, {"outcomes": [], "top": []})
    unknown = send(evaluator, "rankings", token, {"top": [home["id"], "x"]})
    twice = send(evaluator, "rankings", token, {"top": [home["id"]] * 2})
    four = send(evaluator, "rankings", token, {"top": [home["id"]] * 4})
    words = send(
        evaluator, "rankings", token, {"outcomes": [{"outcome": home["id"], "ours": "so"}]}
    )

    assert {one["id"] for one in asked["outcomes"]} == {home["id"], well["id"]}
    assert refusal(nothing, 422) == "nothing-answered"
    assert faults(unknown) == {("/top/1", "unknown-outcome")}
    assert faults(twice) == {("/top/0", "outcome-twice"), ("/top/1", "outcome-twice")}
    assert faults(four) == {("/top", "too-long")}
    assert faults(words) == {("/outcomes/0/ours", "unknown-value")}
    for unspent in (token, other):
        assert send(evaluator, "rankings", unspent, ranking).status_code == 201


def verifying(client, evaluation, outcomes):
    approve(client, evaluation, outcomes)
    go(client, evaluation, "verifying")
    tokens = issue(client, evaluation, "service_user", "op", 10)
    verdict = {"outcome": outcomes[0]["id"], "importance": 4}
    send_all(client, "verifications", tokens, [{"verdicts": [verdict], "worse": "waits"}] * 10)


def test_what_was_put_to_users_is_fixed(evaluator):
    evaluation = surveyed(evaluator, ANSWERS, voices=[VOICE])
    home, well = (surface(evaluator, evaluation, code) for code in ("home", "well"))
    new = {"code": "new", "title": "New", "type": "change", "rationale": "It helps"}

    def attempts():
        at = f"/v1/outcomes/{home['id']}"
        return [
            evaluator.post(f"{path(evaluation)}/outcomes", json=new),
            evaluator.patch(at, json={"why": "x", "title": "Other"}),
            evaluator.post(f"{at}/merge", json={"into": well["id"], "why": "x"}),
            evaluator.post(f"{at}/split", json={"outcome": new, "statements": [], "why": "x"}),
        ]

    verifying(evaluator, evaluation, [home, well])
    while_verifying = attempts()
    go(evaluator, evaluation, "interpreting")
    while_interpreting = attempts()[1:]
    theory = {"why": "They told us how", "mechanism": "one visit", "rivals": []}
    thought_over = ok(evaluator.patch(f"/v1/outcomes/{home['id']}", json=theory))

    assert [refusal(reply, 409) for reply in while_verifying] == ["wrong-stage"] * 4
    assert [refusal(reply, 409) for reply in while_interpreting] == ["wrong-stage"] * 3
    assert thought_over["mechanism"] == "one visit"
    assert thought_over["history"] == [{"edition": 2, "why": "They told us how"}]


def test_users_name_outcomes_of_their_own_when_their_words_are_read(evaluator):
    evaluation = surveyed(evaluator, ANSWERS, voices=[VOICE])
    home = surface(evaluator, evaluation, "home")
    verifying(evaluator, evaluation, [home])
    go(evaluator, evaluation, "interpreting")

    staff = {"code": "calm", "title": "Calm", "type": "change", "rationale": "They say so"}
    refused = evaluator.post(f"{path(evaluation)}/outcomes", json=staff)
    calm = surface(evaluator, evaluation, "calm", origin="user")
    quiet = surface(evaluator, evaluation, "quiet", origin="user")
    said = ok(evaluator.get(f"{path(evaluation)}/statements"))["items"]
    users = [one for one in said if one["kind"] == "worse"]
    staffs = next(one for one in said if one["kind"] == "statement")
    lines = [{"statement": users[0]["id"], "coder": "ann", "outcome": "calm"}]
    ok(evaluator.put(f"{path(evaluation)}/coding", json=lines))
    again = evaluator.put(
        f"{path(evaluation)}/coding", json=[lines[0] | {"statement": staffs["id"]}]
    )
    merge = {"into": quiet["id"], "why": "The same"}
    merged = ok(evaluator.post(f"/v1/outcomes/{calm['id']}/merge", json=merge))

    assert faults(refused) == {("/origin", "wrong-origin")}
    assert faults(again) == {("/0/statement", "unknown-statement")}
    assert merged["statements"] == [users[0]["id"]]
