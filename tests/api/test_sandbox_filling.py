"""A partner's IT sees every report in minutes: answers of people who do not exist."""

import pytest

from tests.sandboxes import fill, played, report, sandbox
from tests.walkthrough import (
    agreeing,
    fits,
    go,
    issue,
    new_key,
    ok,
    refusal,
    send,
    send_all,
    surface,
)

# What every report of an evaluation has of its own, and what was made at random.
OWN = ("evaluation", "digest", "id", "rests_on", "outcome", "statement")


def figures(document):
    """A report without what is its evaluation's own."""
    if isinstance(document, dict):
        return {name: figures(part) for name, part in document.items() if name not in OWN}
    return [figures(part) for part in document] if isinstance(document, list) else document


@pytest.fixture(scope="module")
def concluded(running):
    """A sandbox that was played to its end."""
    running.clock.reset()
    with running.client_of_a_new_account() as client:
        evaluation = played(client)
        yield client, evaluation


def test_three_fills_show_every_report(concluded):
    client, evaluation = concluded

    health = report(client, evaluation, "health")
    outcomes = report(client, evaluation, "outcomes")
    combined = report(client, evaluation, "combined")

    assert (health["answered"], health["invited"]) == (80, 170)
    assert {"celebrate", "develop"} & {domain.get("band") for domain in health["domains"]}
    assert all(health[part] for part in ("drivers", "importance", "depth", "context", "statements"))
    assert outcomes["ranking"]["answered"] == 80
    assert outcomes["coders"]
    assert len(outcomes["outcomes"]) == 6
    voices = {one["voice"]: one for one in outcomes["outcomes"][0]["voices"]}
    assert voices["older"]["delivered"]
    assert combined["outcomes"][0]["findings"]


@pytest.mark.parametrize("name", ["health", "outcomes", "combined"])
def test_every_report_of_a_sandbox_says_so_first(concluded, name):
    client, evaluation = concluded
    shapes = {"health": "HealthReport", "outcomes": "OutcomesReport", "combined": "CombinedReport"}
    path = f"/v1/evaluations/{evaluation['id']}/reports/{name}"

    document = report(client, evaluation, name)
    welsh = client.get(path, headers={"Accept": "text/markdown", "Accept-Language": "cy"}).text

    assert document["sandbox"] is True
    assert document["headline"][0]["en"].startswith("This is a sandbox")
    assert document["headline"].count(document["headline"][0]) == 1
    assert f"\n\n- {document['headline'][0]['cy']}\n" in welsh
    assert fits(client, shapes[name], document)
    reason = {"reason": {"en": "A label was wrong"}}
    ok(client.post(f"{path}/errata", json=reason), 201)
    assert report(client, evaluation, name)["headline"][0] == document["headline"][0]


def test_the_same_seed_gives_the_same_figures_and_another_gives_others(concluded):
    client, evaluation = concluded
    same, other = played(client), played(client, seed=2)

    for name in ("health", "outcomes", "combined"):
        first, again, third = (
            figures(report(client, one, name)) for one in (evaluation, same, other)
        )
        # Beside errata that another test may have made of the first.
        first.pop("supersedes", None), first.pop("erratum", None)
        assert first == again, name
        assert first != third, name


def test_outcomes_coding_and_schedule_are_made_only_where_there_are_no_outcomes(evaluator):
    evaluation = played(evaluator, until="surveying")
    go(evaluator, evaluation, "surfacing")
    path = f"/v1/evaluations/{evaluation['id']}"

    first, again = ok(fill(evaluator, evaluation, 30)), ok(fill(evaluator, evaluation, 20, seed=2))

    assert (first["stage"], first["answered"], len(first["outcomes"])) == ("surfacing", 30, 6)
    assert (again["answered"], again["outcomes"]) == (20, [])
    listed = ok(evaluator.get(f"{path}/outcomes"))["items"]
    assert {one["code"] for one in listed} == set(first["outcomes"])
    assert all(one["domains"] for one in listed)
    assert any(one["statements"] for one in listed)
    schedule = ok(evaluator.get(f"{path}/schedule"))
    assert schedule["status"] == "approved"
    assert all(entry["plain"].keys() == {"en", "cy"} for entry in schedule["outcomes"])


def test_an_evaluators_own_outcomes_are_ranked_as_they_are(evaluator):
    evaluation = played(evaluator, until="surveying")
    go(evaluator, evaluation, "surfacing")
    title = {"en": "People sleep", "cy": "Pobl yn cysgu"}
    own = surface(evaluator, evaluation, "sleep", title=title)

    assert ok(fill(evaluator, evaluation))["outcomes"] == []

    listed = ok(evaluator.get(f"/v1/evaluations/{evaluation['id']}/outcomes"))["items"]
    assert [one["id"] for one in listed] == [own["id"]]


def test_a_fill_that_is_repeated_adds_nothing_and_none_goes_beyond_the_people(evaluator):
    evaluation = sandbox(evaluator)
    go(evaluator, evaluation, "surveying")

    twice = [ok(fill(evaluator, evaluation, 60))["answered"] for _ in range(2)]
    everybody = ok(fill(evaluator, evaluation, 10_000, seed=2))["answered"]

    assert twice == [60, 60]
    # A hundred and seventy people, and places for nine, six and five lost letters.
    assert everybody == 170 + 20 - 60
    assert ok(fill(evaluator, evaluation, 5, seed=3))["answered"] == 0
    go(evaluator, evaluation, "surfacing")
    assert report(evaluator, evaluation, "health")["answered"] == 190


def test_a_fill_of_more_adds_only_what_is_missing(evaluator):
    evaluation = sandbox(evaluator)
    go(evaluator, evaluation, "surveying")

    given = [ok(fill(evaluator, evaluation, many))["answered"] for many in (20, 30, 12)]

    assert given == [20, 30, 12]
    path = f"/v1/evaluations/{evaluation['id']}/progress"
    assert ok(evaluator.get(path))["answered"] == 30


def test_it_fills_what_tokens_have_left(evaluator, anybody):
    evaluation = sandbox(evaluator, collection="browser")
    go(evaluator, evaluation, "surveying")
    (mine, *_) = issue(evaluator, evaluation, "staff", "trust", 99)

    ok(send(anybody, "responses", mine, {"overall": 4}), 201)
    given = ok(fill(evaluator, evaluation, 170))["answered"]

    assert given == 170
    go(evaluator, evaluation, "surfacing")
    assert report(evaluator, evaluation, "health")["answered"] == 171


def test_a_round_of_people_is_never_filled(evaluator):
    evaluation = sandbox(evaluator, sandbox=False)
    go(evaluator, evaluation, "surveying")

    assert refusal(fill(evaluator, evaluation), 409) == "not-a-sandbox"

    assert refusal(evaluator.post(_stage(evaluation), json={"stage": "surfacing"}), 409) == (
        "too-few-answers"
    )


def _stage(evaluation):
    return f"/v1/evaluations/{evaluation['id']}/stage"


def test_a_stage_in_which_nobody_answers_is_not_filled(service, concluded, evaluator):
    draft = sandbox(evaluator)
    client, evaluation = concluded
    past = sandbox(evaluator, closes={"staff": "2027-03-05"})
    go(evaluator, past, "surveying")

    assert refusal(fill(evaluator, draft), 409) == "wrong-stage"
    assert refusal(fill(client, evaluation), 409) == "wrong-stage"
    service.clock.advance(days=6)
    assert refusal(fill(evaluator, past), 409) == "wrong-stage"


@pytest.mark.parametrize(
    "wanted",
    [
        {"answered": 0},
        {"answered": 10_001},
        {"answered": "many"},
        {"answered": 1.5},
        {"seed": -1},
        {"seed": True},
        {"group": "trust"},
    ],
)
def test_a_fill_that_makes_no_sense_is_refused(evaluator, wanted):
    evaluation = sandbox(evaluator)
    go(evaluator, evaluation, "surveying")

    reply = evaluator.post(f"/v1/evaluations/{evaluation['id']}/sandbox/fill", json=wanted)

    assert refusal(reply, 422) == "invalid"


def test_a_verification_without_voices_is_given_nothing(evaluator):
    evaluation = played(evaluator, until="surfacing", voices=[])
    go(evaluator, evaluation, "verifying")

    assert ok(fill(evaluator, evaluation)) == {"stage": "verifying", "answered": 0, "outcomes": []}


def test_no_statement_is_withheld_and_none_names_a_group(concluded):
    client, evaluation = concluded
    path = f"/v1/evaluations/{evaluation['id']}/statements"

    assert ok(client.get(f"{path}?state=withheld"))["items"] == []
    assert ok(client.get(path))["items"]


def test_real_answers_and_made_up_ones_are_in_one_report(evaluator, anybody):
    evaluation = sandbox(evaluator)
    go(evaluator, evaluation, "surveying")
    ok(fill(evaluator, evaluation, 40))
    tokens = issue(evaluator, evaluation, "staff", "council", 20)
    bodies = [{"answers": agreeing(3)}] * 20
    send_all(anybody, "responses", tokens, bodies)

    assert ok(evaluator.get(f"/v1/evaluations/{evaluation['id']}/progress"))["answered"] == 60
    assert ok(anybody.post("/v1/receipts/check", json={"key": new_key()})) == {"included": False}
