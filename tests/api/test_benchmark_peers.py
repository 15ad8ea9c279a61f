"""Whom a concluded evaluation is compared with: enough of its own kind, and never told apart."""

import pytest

from tests.peers import FIVE, Others, benchmark, conclude, editions, pace, scoring
from tests.walkthrough import ok


def compared_with(client, evaluation):
    """The pooled score of the first domain; None without enough peers."""
    report = benchmark(client, evaluation)
    return None if report["not_enough_peers"] else pace(report)["pooled"]["score"]


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


def test_answers_too_few_to_be_shown_give_nothing(service, evaluator, asked, own, others):
    others.join(*FIVE[:4])
    with service.client_of_a_new_account() as another:
        conclude(another, asked, scoring(70)[:3])

    assert benchmark(evaluator, own)["not_enough_peers"]
