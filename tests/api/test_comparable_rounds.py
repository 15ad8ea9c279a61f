"""Which rounds and groups are compared, and what a trend says when there is nothing to compare."""

from tests.rounds import GLAD, ORGANISATIONS, WARY, act, line, reported, seen, trend_of
from tests.walkthrough import agreeing, go, ok, plan, register
from tests.whole import INSTRUMENT


def test_a_partnership_without_a_report_has_a_trend_that_says_so(evaluator):
    partnership = register(evaluator)
    go(evaluator, plan(evaluator, partnership), "surveying")

    trend = trend_of(evaluator, partnership)

    assert (trend["rounds"], trend["changes"]) == ([], [])
    assert [said["en"] for said in trend["headline"]] == ["No round has been reported yet."]
    assert trend["method"]["caveats"]


def test_a_first_round_has_nothing_to_be_compared_with(evaluator):
    partnership = register(evaluator, organisations=ORGANISATIONS)
    first = reported(evaluator, partnership, {"trust": [WARY] * 12})

    trend = trend_of(evaluator, partnership)

    (only,) = trend["rounds"]
    assert (only["evaluation"], only["answered"], only["invited"]) == (first["id"], 12, 112)
    assert only["why"] == "no_earlier_round"
    assert trend["changes"] == []
    assert trend["headline"] == [only["summary"]]


def test_another_questionnaire_is_not_compared(evaluator):
    evaluator.post("/v1/instruments", json=INSTRUMENT)
    partnership = register(evaluator, organisations=ORGANISATIONS)
    reported(evaluator, partnership, {"trust": [WARY] * 12})
    pulse = {"trust": [{"answers": {"pace1": 2}}] * 12}
    reported(evaluator, partnership, pulse, instrument="pulse@1")

    trend = trend_of(evaluator, partnership)

    assert [one["instrument"] for one in trend["rounds"]] == ["poet-staff@1", "pulse@1"]
    assert [one["why"] for one in trend["rounds"]] == ["no_earlier_round", "another_instrument"]
    assert trend["changes"] == []


def test_a_round_that_shows_nothing_is_passed_over(evaluator):
    partnership = register(evaluator, organisations=ORGANISATIONS)
    answers = {"trust": [WARY] * 12}
    first = reported(evaluator, partnership, answers)
    act(evaluator, first, domain="trust")
    reported(evaluator, partnership, {"trust": [GLAD] * 3})
    before = seen(evaluator, first)
    reported(evaluator, partnership, answers)

    trend = trend_of(evaluator, partnership)

    found = [(one["compared_with"], one["why"]) for one in trend["rounds"]]
    assert found == [(None, "no_earlier_round"), (None, "nothing_shown"), (1, None)]
    assert trend["rounds"][1]["answered"] is None
    assert before == {"trust": "not_measured"}
    assert seen(evaluator, first) == {"trust": "could_not_be_seen"}  # of twelve and twelve


def test_groups_of_one_name_but_of_other_partners_are_not_compared(evaluator):
    partnership = register(evaluator, organisations=ORGANISATIONS)

    def grouped(*organisations):
        return [{"code": "small", "label": "Small", "organisations": list(organisations)}]

    answers = {"trust": [WARY] * 12, "small": [WARY] * 12}
    for members in (("mind",), ("mind", "age-uk"), ("age-uk", "mind")):
        reported(evaluator, partnership, answers, groups=grouped(*members))

    cells = [
        [cell["groups"] for cell in line(change, "trust")["cuts"]["organisation"]]
        for change in trend_of(evaluator, partnership)["changes"]
    ]

    assert cells == [[["trust"]], [["small"], ["trust"]]]


def test_partners_who_joined_and_left_are_named(evaluator):
    partnership = register(evaluator, organisations=ORGANISATIONS[:2])
    answers = {"trust": [{"answers": agreeing(2)}] * 12}
    reported(evaluator, partnership, answers)
    changed = {"organisations": [ORGANISATIONS[0], ORGANISATIONS[2]]}
    ok(evaluator.patch(f"/v1/partnerships/{partnership['id']}", json=changed))
    reported(evaluator, partnership, {"trust": [{"answers": agreeing(3)}] * 12})

    (change,) = trend_of(evaluator, partnership)["changes"]

    assert (change["joined"], change["left"]) == (["mind"], ["council"])
    assert change["caveats"][0]["en"].startswith("The partners were not the same")
    # 25 points; 12 against 12 could have shown 30: 2.93 × 25 × √(2/12).
    assert (change["overall"]["change"], change["overall"]["smallest_change"]) == (25, 30)
    assert "verdict" not in change["overall"]
    assert change["overall"]["effects"] is None


def test_the_larger_of_two_smallest_groups_counts(evaluator):
    partnership = register(evaluator, organisations=ORGANISATIONS[:2])
    reported(evaluator, partnership, {"trust": [WARY] * 15})
    strict = {"trust": [GLAD] * 40}
    reported(evaluator, partnership, strict, smallest_group=20, cuts=[])
    reported(evaluator, partnership, strict, cuts=[])

    first, second = trend_of(evaluator, partnership)["changes"]

    assert first["domains"] == []  # fifteen are too few where twenty are asked for
    assert {part["basis"] for part in second["domains"]} == {"fixed"}  # forty where sixty are
