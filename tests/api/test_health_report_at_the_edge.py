"""The largest questionnaire, the smallest domains and everybody of one mind, over HTTP."""

from tests.use_cases.test_edge_cases import answered, questionnaire
from tests.walkthrough import agreeing, fits, health_report, ok, strict_json


def test_two_hundred_items_of_eleven_points_one_alone_and_one_that_nobody_answered(evaluator):
    document = questionnaire([198, 1, 1], points=11)
    ok(evaluator.post("/v1/instruments", json=document), 201)
    bodies = [answered(document, lambda item, n=n: (len(item["code"]) + n) % 11) for n in range(32)]
    for body in bodies:
        del body["answers"]["item2x0"]

    reply = health_report(evaluator, {"trust": 40}, {"trust": bodies}, instrument="edge@1")

    report = strict_json(reply)
    assert fits(evaluator, "HealthReport", report)
    many, one, none = report["domains"]
    assert (many["n"], len(many["items"])) == (32, 198)
    assert (one["n"], one["alpha"], one["omega"]) == (32, None, None)
    assert none["suppressed"] is True


def test_everybody_says_the_best_of_everything(evaluator):
    bodies = [{"answers": agreeing(5), "overall": 5}] * 15

    reply = health_report(
        evaluator, {"trust": 20, "council": 20}, {"trust": bodies, "council": bodies}
    )

    report = strict_json(reply)
    assert fits(evaluator, "HealthReport", report)
    assert (report["overall"]["n"], report["overall"]["score"]) == (30, 93)
    assert report["overall"]["at_least"] is True
    assert report["divided"] == []
