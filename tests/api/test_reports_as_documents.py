"""A report is a document: computed once, named by its digest, and never another."""

import json
import uuid
from types import SimpleNamespace

import pytest
from markdown_it import MarkdownIt

from app.storage import reports
from tests.walkthrough import (
    digest_of,
    fits,
    go,
    ok,
    plan,
    refusal,
    strict_json,
    surface,
    surveyed,
)

SUPPRESSED = {"suppressed": True}
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


@pytest.fixture(scope="module")
def corrected(running):
    """A health report, its erratum, and what the list then says."""
    running.clock.reset()
    with running.client_of_a_new_account() as client:
        answers = [{"answers": {"trust1": 4, "trust2": 4, "trust3": 4}}] * 12
        evaluation = surveyed(client, answers)
        at = f"/v1/evaluations/{evaluation['id']}/reports"
        before = strict_json(client.get(f"{at}/health"))
        reason = {"en": "A *label* was wrong | twice", "cy": "Roedd label yn anghywir"}
        reply = client.post(f"{at}/health/errata", json={"reason": reason})
        yield SimpleNamespace(client=client, at=at, before=before, reason=reason, reply=reply)


def test_an_erratum_replaces_a_report_with_a_reason(corrected):
    after = strict_json(corrected.client.get(f"{corrected.at}/health"))

    assert corrected.reply.status_code == 201
    assert corrected.reply.json()["digest"] == after["digest"] == digest_of(after)
    assert after["supersedes"] == corrected.before["digest"]
    assert after["erratum"] == {"reason": corrected.reason}
    assert fits(corrected.client, "HealthReport", after)


def test_an_erratum_shows_and_withholds_the_same_cells(corrected):
    after = strict_json(corrected.client.get(f"{corrected.at}/health"))

    for name in ("supersedes", "erratum", "digest"):
        after.pop(name)
    assert after == {name: part for name, part in corrected.before.items() if name != "digest"}


def test_an_erratum_that_would_show_more_is_refused(evaluator, service):
    """As it would be, had an earlier version of the service withheld more."""
    answers = [{"answers": {"trust1": 4, "trust2": 4, "trust3": 4}}] * 12
    evaluation = surveyed(evaluator, answers)
    at = f"/v1/evaluations/{evaluation['id']}/reports/health"
    report = strict_json(evaluator.get(at))
    withheld = report | {"domains": [SUPPRESSED for _ in report["domains"]]}
    with service.deployment.database.writing() as session:
        row = reports.find(session, uuid.UUID(evaluation["id"]), "health", "")
        row.body = json.dumps(withheld).encode()

    reply = evaluator.post(f"{at}/errata", json={"reason": {"en": "We may show more now"}})

    assert refusal(reply, 409) == "cells-changed"
    assert strict_json(evaluator.get(at)) == withheld


def test_what_was_never_published_cannot_be_corrected(corrected, evaluator):
    wrong = {"reason": {"en": "A slip"}}

    missing = corrected.client.post(f"{corrected.at}/combined/errata", json=wrong)
    others = evaluator.post(f"{corrected.at}/health/errata", json=wrong)
    unsaid = corrected.client.post(f"{corrected.at}/health/errata", json={})

    assert refusal(missing, 404) == refusal(others, 404) == "not-found"
    assert refusal(unsaid, 422) == "invalid"


@pytest.mark.parametrize(("language", "title"), [("en", "# Outcomes"), ("cy", "# Canlyniadau")])
def test_a_report_can_be_read_as_text(verified, service, language, title):
    headers = {"Accept": "text/markdown", "Accept-Language": language}
    reply = verified.client.get(f"{verified.path}/reports/outcomes", headers=headers)
    report = verified.report("outcomes")

    assert reply.headers["Content-Type"] == "text/markdown; charset=utf-8"
    assert reply.text.startswith(title)
    summaries = [one["summary"] for one in report["outcomes"]]
    summaries += [one["summary"] for part in report["outcomes"] for one in part["voices"]
                  if "summary" in one]  # fmt: skip
    assert all(summary[language] in reply.text for summary in summaries)
    assert all(line[language] in reply.text for line in report["method"]["caveats"])


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize("language", ["en", "cy"])
def test_the_text_is_markdown_and_has_an_etag_of_its_own(verified, service, name, language):
    at = f"{verified.path}/reports/{name}"
    headers = {"Accept": "text/markdown", "Accept-Language": language}
    text = verified.client.get(at, headers=headers)
    document = verified.client.get(at)

    etag = text.headers["ETag"]
    again = verified.client.get(at, headers=headers | {"If-None-Match": etag})
    other = verified.client.get(at, headers={"If-None-Match": etag})

    assert etag != document.headers["ETag"]
    assert (again.status_code, other.status_code) == (304, 200)
    assert text.headers["Vary"].startswith("Accept, Accept-Language")
    tokens = MarkdownIt("commonmark").enable("table").parse(text.text)
    assert tokens[0].tag == "h1"
    assert not [token for token in tokens if token.type.startswith("html")]


def test_words_of_people_stay_words_in_the_text(corrected):
    reply = corrected.client.get(f"{corrected.at}/health", headers={"Accept": "text/markdown"})

    assert "A \\*label\\* was wrong \\| twice" in reply.text
