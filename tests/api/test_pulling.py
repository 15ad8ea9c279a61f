"""Pulling: who comes again is sent what is new, and nothing that a respondent did is new."""

import uuid
from datetime import datetime

import pytest

from app.use_cases import stages
from tests.walkthrough import (
    ORGANISATIONS,
    OpenSurvey,
    agreeing,
    go,
    ok,
    plan,
    register,
    surface,
    surveyed,
)

ANSWERS = [{"answers": agreeing(4), "statements": [{"outcome": "People stay at home"}]}] * 12


def ids(items):
    return [one["id"] for one in items]


def changed(client, path, since, **query):
    """The items of a list that were changed at this moment or later."""
    query |= {"updated_since": since.strftime("%Y-%m-%dT%H:%M:%SZ")}
    return ok(client.get(path, params=query))["items"]


def again(client, path, etag, **headers):
    return client.get(path, headers={"If-None-Match": etag, **headers})


def test_partnerships_and_evaluations_are_listed_from_when_they_changed(evaluator, service):
    old = register(evaluator)
    round_one = plan(evaluator, old)
    service.clock.advance(hours=1)
    since = service.clock()
    new = register(evaluator)
    round_two = plan(evaluator, old)
    rounds = f"/v1/partnerships/{old['id']}/evaluations"

    assert ids(changed(evaluator, "/v1/partnerships", since)) == [new["id"]]
    assert ids(changed(evaluator, rounds, since)) == [round_two["id"]]

    service.clock.advance(hours=1)
    ok(evaluator.patch(f"/v1/partnerships/{old['id']}", json={"service_area": "All"}))
    ok(evaluator.patch(f"/v1/evaluations/{round_one['id']}", json={"origins": []}))

    assert ids(changed(evaluator, "/v1/partnerships", service.clock())) == [old["id"]]
    assert ids(changed(evaluator, rounds, service.clock())) == [round_one["id"]]


def test_a_record_says_when_it_was_changed(evaluator, service):
    made = register(evaluator)
    service.clock.advance(minutes=5, microseconds=17)
    at = f"/v1/partnerships/{made['id']}"

    after = ok(evaluator.patch(at, json={"country": "GB-WLS"}))

    assert made["updated_at"] == "2027-03-01T12:00:00Z"
    assert datetime.fromisoformat(after["updated_at"]) == service.clock()
    assert ok(evaluator.get(at)) == after


def test_a_stage_that_begins_is_a_change_and_so_are_its_reports(evaluator, service):
    evaluation = surveyed(evaluator, ANSWERS)
    rounds = f"/v1/partnerships/{evaluation['partnership']}/evaluations"
    reports = f"/v1/evaluations/{evaluation['id']}/reports"
    published = service.clock()
    service.clock.advance(days=1)
    assert changed(evaluator, rounds, service.clock()) == []
    assert [one["report"] for one in changed(evaluator, reports, published)] == ["health"]
    assert changed(evaluator, reports, service.clock()) == []

    ok(evaluator.post(f"{reports}/health/errata", json={"reason": {"en": "A slip"}}), 201)

    assert [one["report"] for one in changed(evaluator, reports, service.clock())] == ["health"]


def test_a_stage_that_ends_by_itself_is_a_change(evaluator, service):
    evaluation = plan(evaluator, closes={"staff": "2027-03-10"})
    go(evaluator, evaluation, "surveying")
    service.clock.advance(days=15)
    stages.close_due(service.deployment)

    rounds = f"/v1/partnerships/{evaluation['partnership']}/evaluations"
    (found,) = changed(evaluator, rounds, service.clock())
    assert (found["id"], found["stage"]) == (evaluation["id"], "surfacing")


def test_nothing_that_a_respondent_does_is_a_change(evaluator, service):
    survey = OpenSurvey(evaluator)
    at = f"/v1/evaluations/{survey.evaluation['id']}"
    before = evaluator.get(at)
    service.clock.advance(days=1)

    key = str(uuid.uuid4())
    for _ in range(12):
        ok(survey.send({"overall": 4}), 201)
    ok(survey.send({"overall": 1}, key=key), 201)
    ok(evaluator.post("/v1/receipts/withdraw", json={"key": key}), 204)
    ok(evaluator.get(f"{at}/progress"))

    rounds = f"/v1/partnerships/{survey.evaluation['partnership']}/evaluations"
    assert changed(evaluator, rounds, service.clock()) == []
    assert again(evaluator, at, before.headers["ETag"]).status_code == 304


def test_outcomes_are_listed_from_when_they_were_changed_or_coded(evaluator, service):
    evaluation = surveyed(evaluator, ANSWERS)
    at = f"/v1/evaluations/{evaluation['id']}"
    made = {code: surface(evaluator, evaluation, code)["id"] for code in ("a", "b", "c", "d", "e")}
    statements = ids(ok(evaluator.get(f"{at}/statements"))["items"])

    def coded(outcome):
        return [{"statement": statements[0], "coder": "ann", "outcome": outcome}]

    def found():
        return [one["code"] for one in changed(evaluator, f"{at}/outcomes", service.clock())]

    service.clock.advance(hours=1)
    assert found() == []
    ok(evaluator.patch(f"/v1/outcomes/{made['a']}", json={"why": "Plainer", "title": "A"}))
    assert found() == ["a"]
    service.clock.advance(hours=1)
    ok(evaluator.put(f"{at}/coding", json=coded("b")))
    assert found() == ["b"]
    service.clock.advance(hours=1)
    ok(evaluator.put(f"{at}/coding", json=coded("b")))
    assert found() == []
    ok(evaluator.put(f"{at}/coding", json=coded("c")))
    assert found() == ["b", "c"]
    service.clock.advance(hours=1)
    ok(evaluator.post(f"/v1/outcomes/{made['c']}/merge", json={"into": made["d"], "why": "One"}))
    assert found() == ["c", "d"]
    service.clock.advance(hours=1)
    new = {"code": "f", "title": "F", "type": "change", "rationale": "It helps"}
    split = {"outcome": new, "statements": statements[:1], "why": "Two"}
    ok(evaluator.post(f"/v1/outcomes/{made['d']}/split", json=split), 201)
    assert found() == ["d", "f"]


def test_evidence_and_actions_are_listed_from_when_they_were_recorded_or_changed(
    evaluator, service
):
    evaluation = surveyed(evaluator, ANSWERS)
    at = f"/v1/evaluations/{evaluation['id']}"
    outcome = surface(evaluator, evaluation, "home")["id"]
    found = {
        "outcome": outcome,
        "method": "interviews",
        "finding": "supports",
        "summary": "So they say",
        "strength": "weak",
    }

    def record():
        action = {"domain": "trust", "what": "Meet monthly"}
        return (
            ok(evaluator.post(f"{at}/evidence", json=found), 201)["id"],
            ok(evaluator.post(f"{at}/actions", json=action), 201)["id"],
        )

    _, old_action = record()
    service.clock.advance(hours=1)
    evidence, action = record()

    assert ids(changed(evaluator, f"{at}/evidence", service.clock())) == [evidence]
    assert ids(changed(evaluator, f"{at}/actions", service.clock())) == [action]

    service.clock.advance(hours=1)
    ok(evaluator.patch(f"/v1/actions/{old_action}", json={"status": "done"}))
    assert ids(changed(evaluator, f"{at}/actions", service.clock())) == [old_action]


def test_instruments_are_listed_from_when_they_were_published(evaluator, service):
    built_in = [one["code"] for one in ok(evaluator.get("/v1/instruments"))["items"]]
    document = ok(evaluator.get("/v1/instruments/poet-staff/1")) | {"code": "ours"}
    ok(evaluator.post("/v1/instruments", json=document), 201)
    published = service.clock()
    service.clock.advance(hours=1)

    def found(since):
        return [one["code"] for one in changed(evaluator, "/v1/instruments", since)]

    assert found(published) == [*built_in, "ours"]
    assert found(service.clock()) == built_in


def test_a_list_of_changes_is_read_to_its_end_whatever_changes_meanwhile(evaluator, service):
    since = service.clock()
    made = {register(evaluator)["id"] for _ in range(7)}

    found, link = [], f"?limit=2&updated_since={since.strftime('%Y-%m-%dT%H:%M:%SZ')}"
    while link:
        reply = evaluator.get(f"/v1/partnerships{link}")
        page = ok(reply)["items"]
        found += ids(page)
        service.clock.advance(minutes=1)
        ok(evaluator.patch(f"/v1/partnerships/{page[0]['id']}", json={"name": "Renamed"}))
        link = reply.links["next"]["url"] if "next" in reply.links else None

    assert sorted(found) == sorted(made)
    assert len(found) == 7


@pytest.mark.parametrize(
    "since",
    [
        *("yesterday", "0.61", "1772366400", "2027-03-01"),
        *("2027-03-01T12:00:00", "0001-01-01T00:00:00+14:00"),
    ],
)
def test_what_is_no_moment_is_pointed_at(evaluator, since):
    reply = evaluator.get("/v1/partnerships", params={"updated_since": since})

    (fault,) = ok(reply, 422)["errors"]
    assert fault["pointer"] == "/query/updated_since"


@pytest.mark.parametrize("since", ["2027-03-01T13:00:00+01:00", "2027-03-01T12:00:00.000Z"])
def test_a_moment_may_be_given_in_any_zone(evaluator, since):
    made = register(evaluator, organisations=ORGANISATIONS[:1])

    found = ok(evaluator.get("/v1/partnerships", params={"updated_since": since}))["items"]

    assert ids(found) == [made["id"]]


def test_statements_tell_no_time(evaluator, service):
    evaluation = surveyed(evaluator, ANSWERS)
    at = f"/v1/evaluations/{evaluation['id']}/statements"

    every = ok(evaluator.get(at))["items"]
    asked = ok(evaluator.get(at, params={"updated_since": "2099-01-01T00:00:00Z"}))["items"]

    assert every == asked
    assert not [name for one in every for name in one if name.endswith("_at")]
