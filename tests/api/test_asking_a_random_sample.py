"""Staff who are asked are all there are, or drawn at random: declared, and told in the report."""

import pytest

from tests.walkthrough import (
    agreeing,
    approve,
    faults,
    go,
    health_report,
    issue,
    ok,
    plan,
    refusal,
    register,
    surface,
    surveyed,
)

HEADCOUNTS = {"trust": 160}
FEW = {"trust": [{"answers": agreeing(5)}] * 20 + [{"answers": agreeing(4)}] * 20}


def patch(client, evaluation, **changes):
    return client.patch(f"/v1/evaluations/{evaluation['id']}", json=changes)


def trust(report):
    return next(domain for domain in report["domains"] if domain["code"] == "trust")


@pytest.fixture(scope="module")
def reports(running):
    """Two reports of one in four who answered: of all staff, and of staff drawn at random."""
    running.clock.reset()
    with running.client_of_a_new_account() as client:
        yield {
            selection: ok(health_report(client, HEADCOUNTS, FEW, staff_selection=selection))
            for selection in ("all", "random")
        }


def test_all_staff_are_asked_unless_it_is_said_otherwise(evaluator):
    partnership = register(evaluator)

    assert plan(evaluator, partnership)["staff_selection"] == "all"
    drawn = plan(evaluator, partnership, staff_selection="random")
    assert drawn["staff_selection"] == "random"
    assert ok(evaluator.get(f"/v1/evaluations/{drawn['id']}")) == drawn


def test_staff_are_not_volunteers(evaluator):
    path = f"/v1/partnerships/{register(evaluator)['id']}/evaluations"

    reply = evaluator.post(
        path, json={"instrument": "poet-staff@1", "staff_selection": "volunteers"}
    )

    assert faults(reply) == {("/staff_selection", "unknown-value")}


def test_how_staff_are_chosen_changes_before_the_first_token_and_not_after(evaluator):
    evaluation = plan(evaluator)

    changed = ok(patch(evaluator, evaluation, staff_selection="random"))
    assert changed["staff_selection"] == "random"

    issue(evaluator, evaluation, "staff", "trust", 1)
    assert refusal(patch(evaluator, evaluation, staff_selection="all"), 409) == "design-fixed"
    assert ok(patch(evaluator, evaluation, staff_selection="random")) == changed


def test_an_open_round_keeps_how_its_staff_were_chosen(evaluator):
    evaluation = plan(evaluator)
    go(evaluator, evaluation, "surveying")

    assert refusal(patch(evaluator, evaluation, staff_selection="random"), 409) == "design-fixed"


def test_few_answers_make_bands_unclear_unless_people_were_drawn_at_random(reports):
    assert trust(reports["all"])["score"] == trust(reports["random"])["score"]
    assert trust(reports["all"])["band"] == "unclear"
    assert trust(reports["random"])["band"] == "celebrate"
    assert (reports["all"]["celebrate"], len(reports["random"]["celebrate"])) == ([], 10)


def test_the_bands_of_groups_follow_the_same_rule(reports):
    def bands(report):
        return [cell["band"] for cell in trust(report)["cuts"]["organisation"]]

    assert bands(reports["all"]) == ["unclear"]
    assert bands(reports["random"]) == ["celebrate"]


def test_the_report_says_how_staff_were_chosen(reports):
    caveats = {
        selection: [caveat["en"] for caveat in report["method"]["caveats"]]
        for selection, report in reports.items()
    }

    assert [reports[one]["method"]["staff_selection"] for one in ("all", "random")] == [
        "all",
        "random",
    ]
    assert [text for text in caveats["random"] if "drawn at random" in text]
    assert not [text for text in caveats["all"] if "drawn at random" in text]
    assert set(caveats["all"]) < set(caveats["random"])


def test_the_list_of_those_drawn_is_not_taken_for_the_list_of_the_staff(reports):
    assert trust(reports["all"])["interval_of_staff_list"] is not None
    assert trust(reports["random"])["interval_of_staff_list"] is None
    assert trust(reports["random"])["nonresponse_bounds"] is not None


@pytest.mark.parametrize("selection", ["all", "random"])
def test_the_later_reports_say_it_too(evaluator, selection):
    evaluation = surveyed(evaluator, [{"overall": 4}] * 10, staff_selection=selection)
    approve(evaluator, evaluation, [surface(evaluator, evaluation, "home")])
    for stage in ("verifying", "interpreting", "concluded"):
        go(evaluator, evaluation, stage, abandon=True)

    for name in ("outcomes", "combined"):
        report = ok(evaluator.get(f"/v1/evaluations/{evaluation['id']}/reports/{name}"))
        said = [caveat for caveat in report["method"]["caveats"] if "drawn" in caveat["en"]]
        assert len(said) == (selection == "random"), name
