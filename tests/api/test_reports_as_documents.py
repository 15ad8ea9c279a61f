"""A report is a document: computed once, named by its digest, and never another."""

import pytest

from tests.walkthrough import (
    digest_of,
    go,
    ok,
    plan,
    refusal,
    strict_json,
    surface,
    surveyed,
)

NAMES = ("health", "outcomes", "outcomes?edition=staff", "combined")


@pytest.mark.parametrize("name", NAMES)
def test_the_digest_is_of_the_canonical_json_and_is_the_strong_etag(verified, service, name):
    reply = verified.client.get(f"{verified.path}/reports/{name}")

    report = strict_json(reply)
    assert report["digest"] == digest_of(report)
    assert reply.headers["ETag"] == f'"{report["digest"]}"'
    assert reply.headers["Content-Type"] == "application/json"


@pytest.mark.parametrize("made", ["{}", "W/{}", '"other", {}', "*"])
def test_who_has_it_already_is_sent_nothing(verified, service, made):
    at = f"{verified.path}/reports/health"
    etag = verified.client.get(at).headers["ETag"]

    again = verified.client.get(at, headers={"If-None-Match": made.format(etag)})
    other = verified.client.get(at, headers={"If-None-Match": '"other"'})

    assert (again.status_code, again.content) == (304, b"")
    assert again.headers["ETag"] == etag
    assert other.status_code == 200


def test_the_list_names_each_report_with_its_digest_and_its_path(verified, service):
    listed = ok(verified.client.get(f"{verified.path}/reports"))["items"]

    assert [(one["report"], one["edition"]) for one in listed] == [
        ("combined", None),
        ("health", None),
        ("outcomes", "all"),
        ("outcomes", "staff"),
    ]
    for one in listed:
        assert strict_json(verified.client.get(one["path"]))["digest"] == one["digest"]


def test_a_report_is_there_when_its_stage_begins_and_never_changes(evaluator, service):
    answers = [{"answers": {"trust1": 4, "trust2": 4, "trust3": 4}}] * 12
    evaluation = surveyed(evaluator, answers)
    at = f"/v1/evaluations/{evaluation['id']}/reports/health"
    before = evaluator.get(at)

    surface(evaluator, evaluation, "home", domains=["trust"])
    change = {"closes": {"ranking": "2027-12-31"}}
    ok(evaluator.patch(f"/v1/evaluations/{evaluation['id']}", json=change))
    service.clock.advance(days=40)
    after = evaluator.get(at)

    assert before.status_code == 200
    assert after.content == before.content
    assert after.headers["ETag"] == before.headers["ETag"]


@pytest.mark.parametrize("name", NAMES)
def test_before_its_stage_a_report_is_not_there(evaluator, name):
    evaluation = plan(evaluator)
    at = f"/v1/evaluations/{evaluation['id']}/reports"

    in_draft = evaluator.get(f"{at}/{name}")
    go(evaluator, evaluation, "surveying")
    while_open = evaluator.get(f"{at}/{name}")

    assert refusal(in_draft, 404) == refusal(while_open, 404) == "not-found"
    assert ok(evaluator.get(at))["items"] == []


def test_no_parameter_filters_a_report(verified, service):
    at = f"{verified.path}/reports/health"

    plain = verified.client.get(at)
    asked = verified.client.get(at, params={"organisation": "trust", "role": "frontline"})

    assert asked.content == plain.content or asked.status_code == 422


def test_a_report_of_another_account_is_not_there(verified, evaluator):
    for name in NAMES:
        assert refusal(evaluator.get(f"{verified.path}/reports/{name}"), 404) == "not-found"


def test_no_answer_makes_a_report_that_is_no_json(evaluator):
    """Everybody alike, nobody at all, one answer each: where a NaN would come from."""
    alike = {f"trust{item}": 3 for item in range(1, 6)}
    answers = [{"answers": alike} for _ in range(29)] + [{"answers": {"gain1": 1}}]

    evaluation = surveyed(evaluator, answers)
    reply = evaluator.get(f"/v1/evaluations/{evaluation['id']}/reports/health")

    report = strict_json(reply)
    domains = {domain["code"]: domain for domain in report["domains"]}
    assert domains["trust"]["score"] == 50
    assert domains["gain"]["suppressed"]
