"""Staff say which of the coded outcomes they share, and the report says it group by group."""

import pytest

from tests.walkthrough import (
    ORGANISATIONS,
    approve,
    fits,
    go,
    issue,
    ok,
    plan,
    refusal,
    register,
    send,
    send_all,
    strict_json,
    surface,
)

GROUPS = {"trust": 24, "council": 16, "mind": 4}


def ends(low, high):
    return {"from": low, "to": high}


class Ranked:
    """An evaluation in which 44 people of three groups ranked two outcomes."""

    def __init__(self, client):
        self.client = client
        self.evaluation = plan(client, register(client, organisations=ORGANISATIONS))
        self.path = f"/v1/evaluations/{self.evaluation['id']}"
        go(client, self.evaluation, "surveying")
        tokens = issue(client, self.evaluation, "staff", "trust", 12)
        send_all(client, "responses", tokens, [{"statements": [{"outcome": "well"}]}] * 12)
        go(client, self.evaluation, "surfacing")
        self.home = surface(client, self.evaluation, "home")["id"]
        self.well = surface(client, self.evaluation, "well")["id"]
        for group, people in GROUPS.items():
            tokens = issue(client, self.evaluation, "ranking", group, people)
            send_all(client, "rankings", tokens, [self.ranking(group, n) for n in range(people)])
        approve(client, self.evaluation, ok(client.get(f"{self.path}/outcomes"))["items"])
        go(client, self.evaluation, "verifying")
        self.reply = client.get(f"{self.path}/reports/outcomes")
        self.report = strict_json(self.reply)

    def ranking(self, group, number):
        """The trust's people share `home`, the council's do not; `well` divides nobody."""
        home = "yes" if group == "trust" else "no"
        ours = [{"outcome": self.home, "ours": home}]
        if number < 3:
            ours.append({"outcome": self.well, "ours": "dont_know"})
        else:
            ours.append({"outcome": self.well, "ours": "yes"})
        return {"outcomes": ours, "top": [self.home if group == "trust" else self.well]}

    def shared(self, outcome):
        return self.reported(outcome)["shared"]

    def reported(self, outcome):
        return next(one for one in self.report["outcomes"] if one["id"] == outcome)


@pytest.fixture(scope="module")
def ranked(running):
    """One such evaluation for the whole file."""
    running.clock.reset()
    with running.client_of_a_new_account() as client:
        yield Ranked(client)


def test_the_report_says_who_was_asked_and_who_answered(ranked):
    assert ranked.report["ranking"] == {"invited": 44, "answered": 44}
    assert ranked.report["edition"] == "staff"
    assert fits(ranked.client, "OutcomesReport", ranked.report)


def test_it_says_how_many_share_an_outcome(ranked):
    home = ranked.shared(ranked.home)

    # 24 of 44 share it: 54.5 %, in bands of five points.
    assert home["n"] == 44
    assert (home["yes"], home["partly"], home["no"]) == (ends(50, 55), ends(0, 5), ends(45, 50))
    assert home["top"] == ends(50, 55)
    assert home["dont_know"] == ends(0, 5)


def test_it_shows_the_groups_that_may_be_shown(ranked):
    groups = ranked.shared(ranked.home)["groups"]

    shown = {tuple(one["groups"]): one for one in groups if "suppressed" not in one}
    assert shown["trust",]["n"] == 24
    assert shown["trust",]["yes"] == ends(90, 100)
    assert all(one["n"] >= 10 for one in shown.values())
    assert ("mind",) not in shown
    # Who knows the whole and the trust must not learn what four people said.
    assert all("mind" in codes for codes in shown if "council" in codes)


def test_groups_that_see_it_differently_diverge_more_than_by_chance(ranked):
    differing, alike = (ranked.shared(one)["divergence"] for one in (ranked.home, ranked.well))

    assert differing["bits"] > 0.9
    assert differing["by_chance"] < 0.1
    assert differing["probability"] <= 0.01
    assert alike["bits"] == 0.0
    assert alike["probability"] == 1.0


def test_those_who_do_not_know_are_in_no_share_but_their_own(ranked):
    well = ranked.shared(ranked.well)

    # 3 of each group do not know; the 35 others share it.
    assert (well["n"], well["yes"]) == (35, ends(90, 100))
    assert well["dont_know"] == ends(20, 25)


def test_after_the_round_nobody_ranks(ranked, service):
    reply = ranked.client.post(
        f"{ranked.path}/tokens", json={"audience": "ranking", "group": "trust", "count": 1}
    )

    assert refusal(reply, 409) == "wrong-stage"


def test_without_a_ranking_round_the_report_says_that_nobody_was_asked(evaluator):
    evaluation = plan(evaluator)
    go(evaluator, evaluation, "surveying")
    tokens = issue(evaluator, evaluation, "staff", "trust", 10)
    send_all(evaluator, "responses", tokens, [{"overall": 4}] * 10)
    go(evaluator, evaluation, "surfacing")
    approve(evaluator, evaluation, [surface(evaluator, evaluation, "home")])
    go(evaluator, evaluation, "verifying")

    report = strict_json(evaluator.get(f"/v1/evaluations/{evaluation['id']}/reports/outcomes"))

    assert report["ranking"] is None
    assert [one["shared"] for one in report["outcomes"]] == [None]


def test_too_few_who_ranked_are_deleted_unread(evaluator):
    evaluation = plan(evaluator)
    go(evaluator, evaluation, "surveying")
    tokens = issue(evaluator, evaluation, "staff", "trust", 10)
    send_all(evaluator, "responses", tokens, [{"overall": 4}] * 10)
    go(evaluator, evaluation, "surfacing")
    home = surface(evaluator, evaluation, "home")
    (token,) = issue(evaluator, evaluation, "ranking", "trust", 1)
    ok(send(evaluator, "rankings", token, {"top": [home["id"]]}), 201)
    approve(evaluator, evaluation, [home])

    stage = f"/v1/evaluations/{evaluation['id']}/stage"
    refused = evaluator.post(stage, json={"stage": "verifying"})
    go(evaluator, evaluation, "verifying", abandon=True)
    report = strict_json(evaluator.get(f"/v1/evaluations/{evaluation['id']}/reports/outcomes"))

    assert refusal(refused, 409) == "too-few-answers"
    assert report["ranking"]["answered"] is None
    assert report["outcomes"][0]["shared"] is None


def test_how_many_call_an_outcome_theirs_is_said_in_a_sentence(ranked):
    home = ranked.reported(ranked.home)
    share, n = home["shared"]["yes"], home["shared"]["n"]

    said = f"; {share['from']} to {share['to']} % of {n} who were asked call it theirs."
    assert home["summary"]["en"].endswith(said)
