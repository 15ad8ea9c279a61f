"""Entity tags: what a machine has already is not sent again, and no tag is for anybody else."""

import pytest

from app.security import chance
from tests.walkthrough import OpenSurvey, ok, refusal, register

MEASURED = "/metrics"  # new at every call


@pytest.fixture(scope="module")
def reads(running):
    """Every path of the contract that a machine reads, with its operation."""
    with running.http() as anybody:
        paths = ok(anybody.get("/openapi.json"))["paths"]
    return {
        path: methods["get"]
        for path, methods in paths.items()
        if "get" in methods
        and any("machine" in one for one in methods["get"]["security"])
        and path != MEASURED
    }


def again(client, path, etag, **headers):
    return client.get(path, headers={"If-None-Match": etag, **headers})


def test_everything_that_a_machine_reads_can_be_asked_for_by_its_entity_tag(reads):
    assert len(reads) > 15
    for path, operation in reads.items():
        assert "304" in operation["responses"], path
        assert "If-None-Match" in [one["name"] for one in operation["parameters"]], path
        assert "ETag" in operation["responses"]["200"]["headers"], path


def test_the_entity_tag_is_of_the_bytes_and_who_has_them_is_sent_nothing(reads, verified, service):
    known = {
        "partnership_id": verified.evaluation["partnership"],
        "evaluation_id": verified.evaluation["id"],
        "outcome_id": verified.outcomes["fits"],
        "code": "poet-staff",
        "version": 1,
        "report": "outcomes",
    }
    read = []
    for path in reads:
        if set(_names(path)) - known.keys():
            continue
        at = path.format(**known)
        first = verified.client.get(at)
        if first.status_code != 200:
            continue  # no benchmark, and no progress once nobody answers
        etag = first.headers["ETag"]
        reply = again(verified.client, at, etag)

        digest = etag.strip('"')
        report = "json" in first.headers["Content-Type"] and "digest" in first.json()
        assert digest == (first.json()["digest"] if report else chance.digest(first.content)), path
        assert (reply.status_code, reply.content) == (304, b""), path
        assert reply.headers["ETag"] == etag, path
        assert again(verified.client, at, '"other"').content == first.content, path
        read.append(path)

    assert len(read) > 15


@pytest.mark.parametrize("named", ["{}", "W/{}", '"other", {}', "*"])
def test_a_tag_is_found_among_others_and_marked_weak(evaluator, named):
    register(evaluator)
    etag = evaluator.get("/v1/partnerships").headers["ETag"]

    assert again(evaluator, "/v1/partnerships", named.format(etag)).status_code == 304


def test_a_change_makes_another_tag(evaluator):
    at = f"/v1/partnerships/{register(evaluator)['id']}"
    etag = evaluator.get(at).headers["ETag"]

    ok(evaluator.patch(at, json={"service_area": "Older people"}))

    assert again(evaluator, at, etag).status_code == 200


def test_a_page_that_is_known_still_leads_to_the_next(evaluator):
    for _ in range(2):
        register(evaluator)
    first = evaluator.get("/v1/partnerships", params={"limit": 1})

    reply = again(evaluator, "/v1/partnerships?limit=1", first.headers["ETag"])

    assert reply.status_code == 304
    assert reply.headers["Link"] == first.headers["Link"]


def test_who_may_not_read_is_not_told_that_nothing_changed(service, evaluator):
    at = f"/v1/partnerships/{register(evaluator)['id']}"
    etag = evaluator.get(at).headers["ETag"]

    with service.client_of_a_new_account() as stranger:
        assert refusal(again(stranger, at, etag), 404) == "not-found"
        assert refusal(again(stranger, at, "*"), 404) == "not-found"
    assert again(evaluator, at, etag, Authorization="Bearer no").status_code == 401


def test_respondents_and_public_pages_have_no_tag(evaluator, anybody):
    survey = OpenSurvey(evaluator)

    asked = survey.asked(survey.token())
    privacy = anybody.get(f"/v1/evaluations/{survey.evaluation['id']}/privacy")

    assert asked.status_code == privacy.status_code == 200
    assert "ETag" not in asked.headers
    assert "ETag" not in privacy.headers


def _names(path):
    return [part[1:].split("}")[0] for part in path.split("/") if part.startswith("{")]
