"""What too few people answered is not shown, and what was left open counts as nothing else."""

from tests.walkthrough import (
    agreeing,
    fits,
    go,
    health_report,
    issue,
    plan,
    send_all,
    strict_json,
    surveyed,
)

HEADCOUNTS = {"trust": 40, "council": 20, "mind": 10}
GLAD, SAD = {"answers": agreeing(4)}, {"answers": agreeing(2)}


def ends(low, high):
    return {"from": low, "to": high}


def test_a_group_too_small_is_not_shown_and_neither_is_what_would_give_it_away(evaluator):
    answers = {"trust": [GLAD] * 20, "council": [SAD] * 3}

    report = strict_json(health_report(evaluator, HEADCOUNTS, answers))

    trust = next(domain for domain in report["domains"] if domain["code"] == "trust")
    (pool,) = trust["cuts"]["organisation"]
    assert set(pool["groups"]) == {"trust", "council", "mind"}
    assert (pool["n"], pool["score"]) == (trust["n"], trust["score"]) == (23, 68)
    assert trust["between"] == {}
    assert trust["score_by_headcount"] is trust["score_equal_voice"] is None
    (response,) = report["method"]["response"]["organisation"]
    assert response["answered"] == 23


def test_a_group_of_which_nobody_answered_is_suppressed_without_a_number(evaluator):
    answers = {"trust": [GLAD] * 20, "council": [SAD] * 10}

    report = strict_json(health_report(evaluator, HEADCOUNTS, answers))

    trust = next(domain for domain in report["domains"] if domain["code"] == "trust")
    assert [cell["groups"] for cell in trust["cuts"]["organisation"][:2]] == [
        ["trust"],
        ["council"],
    ]
    silent = {"groups": ["mind"], "suppressed": True}
    assert trust["cuts"]["organisation"][2:] == [silent]
    assert silent in report["method"]["response"]["organisation"]


def test_an_unanswered_survey_says_that_everything_is_suppressed(evaluator):
    evaluation = plan(evaluator)
    go(evaluator, evaluation, "surveying")
    tokens = issue(evaluator, evaluation, "staff", "trust", 9)
    send_all(evaluator, "responses", tokens, [GLAD] * 9)
    go(evaluator, evaluation, "surfacing", abandon=True)

    reply = evaluator.get(f"/v1/evaluations/{evaluation['id']}/reports/health")
    report = strict_json(reply)

    assert fits(evaluator, "HealthReport", report)
    assert (report["answered"], report["invited"]) == (None, 90)
    assert report["overall"] == {"suppressed": True}
    assert len(report["domains"]) == 10
    assert all(domain["suppressed"] for domain in report["domains"])
    assert report["statements"] == 0
    for part in ("levels", "celebrate", "develop", "divided", "drivers", "importance", "depth"):
        assert report[part] == []


def test_not_knowing_is_an_answer_of_its_own_and_never_a_midpoint(evaluator):
    three = {"trust1": 4, "trust2": 5, "trust3": 4}
    with_words = three | {"trust4": "dont_know", "trust5": "not_applicable"}

    without, with_them = (
        strict_json(
            evaluator.get(
                f"/v1/evaluations/"
                f"{surveyed(evaluator, [{'answers': said}] * 12)['id']}/reports/health"
            )
        )["domains"][2]
        for said in (three, with_words)
    )

    for member in ("n", "score", "interval", "basis"):
        assert without[member] == with_them[member]
    assert without["score"] == 83  # (75 + 100 + 75) / 3, within 200 / 12 of the end
    said = {item["code"]: item for item in with_them["items"]}
    unsaid = {item["code"]: item for item in without["items"]}
    assert said["trust4"]["dont_know"] == said["trust5"]["not_applicable"] == ends(80, 100)
    assert unsaid["trust4"]["dont_know"] == unsaid["trust5"]["not_applicable"] == ends(0, 20)
    assert unsaid["trust4"]["not_answered"] == ends(80, 100)
    assert said["trust4"]["favourable"] is None
