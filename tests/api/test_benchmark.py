"""A concluded evaluation beside others like it: five accounts and more, and never one of them.

Every test has questions of its own, so that its partnerships meet no others.
"""

import contextlib

import pytest

from tests.peers import Others, benchmark, conclude, editions, questionnaire, scoring
from tests.walkthrough import digest_of, fits, go, ok, plan, refusal, strict_json

FIVE = (30, 40, 50, 60, 70)


@pytest.fixture
def asked():
    """A questionnaire that nobody else uses."""
    return questionnaire()


@pytest.fixture
def own(evaluator, asked):
    """A concluded evaluation in benchmarks, with nobody to be compared with yet."""
    return conclude(evaluator, asked, scoring(65))


@pytest.fixture
def others(service, own):
    """The partnerships of other accounts that it may meet."""
    return Others(service, own)


def pace(report):
    """The first domain of a benchmark."""
    return report["domains"][0]


def compared_with(client, evaluation):
    """The pooled score of the first domain; None without enough peers."""
    report = benchmark(client, evaluation)
    return None if report["not_enough_peers"] else pace(report)["pooled"]["score"]


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


def test_six_partnerships_of_four_accounts_are_not_enough(evaluator, own, others):
    others.join(30, 40, 50)
    others.join(60, 70, 80, account=others.account())

    report = benchmark(evaluator, own)

    assert report["not_enough_peers"]
    assert report["domains"] == []
    assert report["peers"] == {"partnerships": {"at_least": 5}, "accounts": {"fewer_than": 5}}


def test_once_there_are_enough_the_next_reading_shows_them(evaluator, own, others):
    others.join(*FIVE[:4])
    before = compared_with(evaluator, own)

    others.join(FIVE[4])

    assert (before, compared_with(evaluator, own)) == (None, 50)


@pytest.mark.parametrize(
    "other", [{"contents": "other"}, {"form": "short"}], ids=["contents", "form"]
)
def test_other_questions_under_the_same_name_are_never_compared(evaluator, own, others, other):
    others.join(*FIVE[:4])
    others.join(FIVE[4], **other)

    assert benchmark(evaluator, own)["not_enough_peers"]


def test_the_contents_of_a_questionnaire_are_told_apart(service, evaluator, asked, own):
    with service.client_of_a_new_account() as another:
        elsewhere = conclude(another, asked | {"title": "Other questions"}, scoring(40))

    assert (
        Others(service, elsewhere)._strata["contents"] != Others(service, own)._strata["contents"]
    )


def test_of_a_partnership_only_the_latest_round_counts(evaluator, own, others):
    first, *_ = others.join(80, *FIVE[1:])
    others.again(first, 30)

    assert compared_with(evaluator, own) == 50


def test_who_does_not_publish_every_domain_gives_nothing(service, evaluator, asked, own, others):
    others.join(*FIVE[:4])
    with service.client_of_a_new_account() as another:
        silent = conclude(another, asked, scoring(70, care1="dont_know"))
        gets = benchmark(another, silent)

    assert benchmark(evaluator, own)["not_enough_peers"]
    # With the fixture's own evaluation there are five to compare it with.
    assert pace(gets)["pooled"]["score"] == 49
    assert gets["domains"][1]["suppressed"]
    assert gets["domains"][1]["shrunk"] is None
    assert gets["domains"][1]["summary"]["en"].startswith("Care: cannot be shown here; ")


ELSEWHERE = {
    "service_area": "Children",
    "country": "GB-WLS",
    "breadth": "wider_community",
    "depth": "formal_merger",
}
WIDENED = ("service_area", "country", "breadth", "depth")


def test_the_narrowest_kind_with_enough_counts_and_is_widened_in_one_order(evaluator, own, others):
    """Five come that are unlike in what is given up last, then five unlike in the one before."""
    found = []
    for score, name in zip((40, 45, 50, 55, 60), (*reversed(WIDENED), None), strict=True):
        others.join(*[score] * 5, **({name: ELSEWHERE[name]} if name else {}))
        found.append(benchmark(evaluator, own))

    assert [pace(one)["pooled"]["score"] for one in found] == [40, 45, 50, 55, 60]
    for report, given_up in zip(found, (4, 3, 2, 1, 0), strict=True):
        assert report["strata"]["widened_over"] == list(WIDENED[:given_up])
        assert set(report["strata"]["alike_in"]) == {"instrument", "form", *WIDENED[given_up:]}
        assert report["method"]["widened_in_order"] == list(WIDENED)


def test_words_are_the_same_however_they_are_written(evaluator, own, others):
    others.join(*FIVE, service_area="older  PEOPLE")
    others.join(*[80] * 5, service_area="Children")

    assert compared_with(evaluator, own) == 50


def test_what_a_partnership_does_not_say_it_has_in_common_with_nobody(service, evaluator, asked):
    own = conclude(evaluator, asked, scoring(65), country=None)
    Others(service, own).join(*FIVE)

    report = benchmark(evaluator, own)

    assert report["strata"]["own"]["country"] is None
    assert report["strata"]["widened_over"] == ["service_area", "country"]


def test_what_kind_it_is_stays_as_it_was_when_it_concluded(evaluator, own, others):
    others.join(*FIVE)
    others.join(*[80] * 5, country="GB-WLS")
    before = benchmark(evaluator, own)

    change = {"country": "GB-WLS", "service_area": "Children"}
    ok(evaluator.patch(f"/v1/partnerships/{own['partnership']}", json=change))

    assert benchmark(evaluator, own) == before


def test_it_is_renewed_when_five_have_changed_and_not_before(service, evaluator, own, others):
    others.join(*FIVE)
    at = f"/v1/evaluations/{own['id']}/benchmark"
    before = evaluator.get(at)

    others.join(80, 80, 80, 80)
    four_more = evaluator.get(at)
    of_one = editions(service, own)
    others.join(80)
    five_more = evaluator.get(at)

    assert four_more.content == before.content
    assert five_more.content != before.content
    assert pace(five_more.json())["pooled"]["score"] == 65
    assert five_more.json()["peers"]["partnerships"] == {"at_least": 10}
    assert (of_one, editions(service, own)) == (1, 2), "each is remembered, once"


def test_new_rounds_of_a_few_do_not_renew_it_and_those_of_five_do(evaluator, own, others):
    peers = others.join(*FIVE)
    before = benchmark(evaluator, own)

    for peer in peers[:4]:
        others.again(peer, 75)
    after_four = benchmark(evaluator, own)
    others.again(peers[4], 75)

    assert after_four == before
    assert compared_with(evaluator, own) == 75


def test_another_evaluation_of_the_account_does_not_tell_who_came_since(
    evaluator, asked, own, others
):
    others.join(*FIVE)
    first = benchmark(evaluator, own)
    others.join(80)

    second = benchmark(evaluator, conclude(evaluator, asked, scoring(40)))

    assert [part["pooled"] for part in second["domains"]] == [
        part["pooled"] for part in first["domains"]
    ]


def test_a_wider_kind_does_not_tell_who_is_not_in_the_narrower(evaluator, asked, own, others):
    others.join(*FIVE)
    others.join(80, service_area="Children")
    assert compared_with(evaluator, own) == 50

    wider = conclude(evaluator, asked, scoring(40), service_area="Carers")
    with_one_more = benchmark(evaluator, wider)
    others.join(*[80] * 4, service_area="Children")

    assert with_one_more["not_enough_peers"]
    assert compared_with(evaluator, wider) == 65


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


def test_answers_too_few_to_be_shown_give_nothing(service, evaluator, asked, own, others):
    others.join(*FIVE[:4])
    with service.client_of_a_new_account() as another:
        conclude(another, asked, scoring(70)[:3])

    assert benchmark(evaluator, own)["not_enough_peers"]
