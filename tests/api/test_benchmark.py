"""A concluded evaluation beside others like it: what is shown, to whom, and when.

Every test has questions of its own, so that its partnerships meet no others.
"""

import contextlib

import pytest

from tests.peers import FIVE, benchmark, conclude, pace, scoring
from tests.walkthrough import digest_of, fits, go, plan, refusal, strict_json


def test_five_others_are_pooled_and_the_own_score_is_drawn_towards_them(service, evaluator, asked):
    """All over HTTP; neither who keeps apart nor who belongs to the same account counts."""
    with contextlib.ExitStack() as clients:
        for score in FIVE:
            client = clients.enter_context(service.client_of_a_new_account())
            conclude(client, asked, scoring(score))
        apart = clients.enter_context(service.client_of_a_new_account())
        conclude(apart, asked, scoring(80), benchmark=False)
        conclude(evaluator, asked, scoring(80))
        report = benchmark(evaluator, conclude(evaluator, asked, scoring(65)))

    found = pace(report)
    assert (found["score"], found["basis"]) == (65, "fixed")
    # Spreads of 25 points: standard errors of 7.906, tau squared 187.5, t of 4 degrees 2.776.
    assert found["pooled"] == {"score": 50, "interval": {"from": 30, "to": 70}, "quartiles": None}
    assert found["shrunk"] == 61
    assert found["limits"] is None
    assert found["summary"] == {
        "en": "Pace: 65 here; partnerships like this: 50 (30 to 70).",
        "cy": "Y pace: 65 yma; partneriaethau tebyg: 50 (30 i 70).",
    }
    assert report["peers"] == {"partnerships": {"at_least": 5}, "accounts": {"at_least": 5}}


def test_it_is_a_report_with_a_digest_in_the_shape_that_the_contract_gives(evaluator, own, others):
    others.join(*FIVE)
    at = f"/v1/evaluations/{own['id']}/benchmark"

    reply = evaluator.get(at)
    again = evaluator.get(at, headers={"If-None-Match": reply.headers["ETag"]})

    report = strict_json(reply)
    assert fits(evaluator, "Benchmark", report)
    assert report["digest"] == digest_of(report)
    assert reply.headers["ETag"] == f'"{report["digest"]}"'
    assert (again.status_code, again.content) == (304, b"")
    assert report["method"]["caveats"][-1]["en"].startswith("Do not use these figures to rank")
    assert report["headline"][0]["en"] == "Compared with 5 or more partnerships of other accounts."


@pytest.mark.parametrize(
    ("language", "line"),
    [
        ("en", "- Pace: 65 here; partnerships like this: 50 (30 to 70)."),
        ("cy", "- Y pace: 65 yma; partneriaethau tebyg: 50 (30 i 70)."),
    ],
)
def test_it_can_be_read_as_text(evaluator, own, others, language, line):
    others.join(*FIVE)
    headers = {"Accept": "text/markdown", "Accept-Language": language}

    reply = evaluator.get(f"/v1/evaluations/{own['id']}/benchmark", headers=headers)

    assert reply.status_code == 200
    assert line in reply.text.splitlines()


def test_before_it_is_concluded_there_is_none(evaluator):
    evaluation = plan(evaluator, benchmark=True)

    in_draft = evaluator.get(f"/v1/evaluations/{evaluation['id']}/benchmark")
    go(evaluator, evaluation, "surveying")
    while_open = evaluator.get(f"/v1/evaluations/{evaluation['id']}/benchmark")

    assert refusal(in_draft, 409) == refusal(while_open, 409) == "wrong-stage"
    assert while_open.json()["needed"] == ["concluded"]


def test_who_gives_nothing_is_given_nothing(evaluator, asked):
    evaluation = conclude(evaluator, asked, scoring(65), benchmark=False)

    reply = evaluator.get(f"/v1/evaluations/{evaluation['id']}/benchmark")

    assert refusal(reply, 409) == "benchmark-not-shared"


def test_to_another_account_it_is_not_there(service, own):
    with service.client_of_a_new_account() as stranger:
        reply = stranger.get(f"/v1/evaluations/{own['id']}/benchmark")

    assert refusal(reply, 404) == "not-found"


def test_with_four_others_it_says_that_they_are_fewer_than_five(evaluator, own, others):
    others.join(*FIVE[:4])

    report = benchmark(evaluator, own)

    assert report["not_enough_peers"]
    assert report["domains"] == []
    assert report["peers"] == {"partnerships": {"fewer_than": 5}, "accounts": {"fewer_than": 5}}
    assert fits(evaluator, "Benchmark", report)


def test_quartiles_from_ten_and_limits_from_twenty(evaluator, own, others):
    seen = []
    for batch in (5, 5, 10):
        others.join(*range(42, 42 + batch))
        seen.append(pace(benchmark(evaluator, own)))

    assert [one["pooled"]["quartiles"] is None for one in seen] == [True, False, False]
    assert [one["limits"] is None for one in seen] == [True, True, False]
    assert seen[1]["pooled"]["quartiles"] == {"lower": 45, "median": 45, "upper": 45}
    # Chance explains how these differ: 1.96 and 3.09 standard errors of 7.906 to each side of 45.
    assert seen[2]["pooled"]["score"] == 45
    assert seen[2]["limits"] == {
        "percent_95": {"from": 29, "to": 61},
        "percent_99_8": {"from": 20, "to": 70},
    }


def test_where_one_counts_for_more_than_half_nothing_is_shown(evaluator, own, others):
    others.join(50, 50, 50, 50)
    others.join(50, people=1000)

    found = pace(benchmark(evaluator, own))

    assert found["score"] == 65
    assert (found["pooled"], found["shrunk"], found["limits"]) == (None, None, None)
    assert found["summary"]["en"] == (
        "Pace: 65 here; one partnership counts for too much to show the others."
    )
