"""The health report of 41 people whose figures can be worked out by hand."""

import pytest

from tests.walkthrough import DOMAINS, agreeing, fits, health_report, strict_json

ASKED = [code for code in DOMAINS if code != "means"]
HEADCOUNTS = {"trust": 60, "council": 20, "mind": 12, "age-uk": 10}


# A score of 75 each, of 25 each, and of 50 each.
GLAD = {
    "answers": agreeing(4, ASKED) | {"means1": "dont_know"},
    "overall": 5,
    "context": {"context1": 4, "context3": 4},
    "importance": {"trust": 10},
    "drivers": {"official": {"saving_money": 4}, "practice": {"saving_money": 1}},
    "depth": {"council": {"current": "coordination", "right": "joint_management"}},
}
SAD = {
    "answers": agreeing(2, ASKED) | {"means1": 4},
    "overall": 5,
    "context": {"context1": 4, "context3": 4},
    "importance": {"trust": 5, "means": 5},
    "drivers": {"official": {"saving_money": 2}, "practice": {"saving_money": 3}},
    "depth": {"council": {"current": "coordination"}},
    "statements": [{"outcome": "people are well"}],
}
MIDDLING = {
    "answers": agreeing(3, ASKED),
    "overall": 5,
    "context": {"context1": 4, "context3": 4},
    "unwritten": "nobody says no",
}
ANSWERS = {
    "trust": [GLAD] * 20,
    "council": [SAD | {"statements": SAD["statements"] * 2}] * 4 + [SAD] * 6,
    "mind": [MIDDLING] * 6,
    "age-uk": [MIDDLING] * 5,
}


@pytest.fixture(scope="module")
def report(running):
    """The report of the 41."""
    running.clock.reset()
    with running.client_of_a_new_account() as client:
        found = strict_json(health_report(client, HEADCOUNTS, ANSWERS))
        assert fits(client, "HealthReport", found)
    return found


@pytest.fixture(scope="module")
def trust(report):
    """Its part on trust."""
    return next(domain for domain in report["domains"] if domain["code"] == "trust")


def ends(low, high):
    return {"from": low, "to": high}


def test_it_says_who_was_asked_and_who_answered(report):
    assert (report["invited"], report["answered"]) == (102, 41)
    assert report["instrument"] == "poet-staff@1"
    assert report["headline"][0]["en"] == "102 people were asked and 41 answered."
    assert 1 <= len(report["headline"]) <= 10
    assert all({"en", "cy"} <= line.keys() for line in report["headline"])


def test_a_score_is_the_mean_over_people(trust):
    # (20 × 75 + 10 × 25 + 11 × 50) / 41 = 56.1; the standard deviation is 20.75, so the interval
    # is 56.1 ± 2.021 × 20.75 / √41 = 49.5 to 62.6, outward to multiples of 5.
    assert (trust["n"], trust["score"]) == (41, 56)
    assert (trust["interval"], trust["basis"]) == (ends(45, 65), "answers")
    assert trust["band"] == "unclear"
    assert trust["summary"]["en"].startswith("Trust")


def test_totals_count_groups_by_headcount_or_alike(trust, report):
    # By headcount (60 × 75 + 20 × 25 + 22 × 50) / 102 = 59.8; alike (75 + 25 + 50) / 3 = 50.
    for part in (trust, report["overall"]):
        assert part["score_by_headcount"] == {"score": 60}
        assert part["score_equal_voice"] == {"score": 50}


def test_the_overall_score_is_the_mean_over_people_of_their_domains(report):
    overall = report["overall"]

    assert (overall["n"], overall["score"], overall["interval"]) == (41, 56, ends(45, 65))
    assert "band" not in overall
    assert "56 of 100" in overall["summary"]["en"]


def test_a_group_is_shown_from_ten_people_and_smaller_ones_are_pooled(trust):
    cells = {tuple(cell["groups"]): cell for cell in trust["cuts"]["organisation"]}

    # Their intervals are those of a fixed spread of 25 points: ± 2.093 × 25 / √20, and so on.
    expected = {
        ("trust",): (20, 75, ends(63, 87)),
        ("council",): (10, 25, ends(20, 43)),
        ("age-uk", "mind"): (11, 50, ends(33, 67)),
    }
    found = {
        tuple(sorted(groups)): (cell["n"], cell["score"], cell["interval"])
        for groups, cell in cells.items()
    }
    assert found == expected
    assert {cell["basis"] for cell in cells.values()} == {"fixed"}
    assert {cell["band"] for cell in cells.values()} == {None}


def test_the_response_is_told_for_the_groups_that_are_shown(report):
    response = {
        tuple(sorted(entry["groups"])): entry["answered"]
        for entry in report["method"]["response"]["organisation"]
    }

    assert response == {("trust",): 20, ("council",): 10, ("age-uk", "mind"): 11}


def test_groups_are_compared_as_they_are_published(trust, report):
    between = trust["between"]

    assert between["largest_gap"]["higher"] == ["trust"]
    assert between["largest_gap"]["lower"] == ["council"]
    assert between["largest_gap"]["points"] == 50
    assert between["icc1"] == between["icc2"] == 0.95  # 1.00 is read "0.95 or more"
    assert trust["divided"]
    assert report["divided"] == ASKED


def test_items_show_shares_in_bands_and_scores_from_thirty_people(trust):
    items = {item["code"]: item for item in trust["items"]}

    # 20 of 41 agree, 48.8 %, in bands of five points; the reversed item is turned.
    for code in ("trust1", "trust5"):
        assert (items[code]["score"], items[code]["interval"]) == (56, ends(45, 65))
        assert items[code]["favourable"] == ends(45, 50)
        assert items[code]["dont_know"] == items[code]["not_answered"] == ends(0, 5)
    assert items["trust5"]["reversed"]
    assert items["trust1"]["level"] == "individual"


def test_a_domain_that_nobody_answered_well_enough_is_suppressed(report):
    means = next(domain for domain in report["domains"] if domain["code"] == "means")

    assert means.keys() == {"code", "label", "suppressed"}


def test_levels_have_scores_and_no_bands(report):
    assert [level["level"] for level in report["levels"]] == [
        "structural",
        "organisational",
        "individual",
    ]
    # Of the council's nine structural items one is at 75: (20 × 75 + 10 × 30.6 + 11 × 50) / 41.
    assert [(level["n"], level["score"]) for level in report["levels"]] == [
        (41, 57),
        (41, 56),
        (41, 56),
    ]
    assert not any("band" in level for level in report["levels"])


def test_drivers_are_compared_person_by_person(report):
    saving = next(one for one in report["drivers"] if one["code"] == "saving_money")

    # Official (20 × 100 + 10 × 50) / 30 = 83.3; in practice (20 × 25 + 10 × 75) / 30 = 41.7.
    assert (saving["official"]["n"], saving["official"]["score"]) == (30, 83)
    assert (saving["practice"]["n"], saving["practice"]["score"]) == (30, 42)
    assert saving["gap"]["points"] == 41
    others = [one for one in report["drivers"] if one["code"] != "saving_money"]
    assert {str(one["gap"]) for one in others} == {"None"}
    assert all(one["official"] == {"suppressed": True} for one in others)


def test_points_of_importance_are_shared_among_those_who_gave_any(report):
    found = {one["code"]: one for one in report["importance"]}

    # (20 × 10 + 10 × 5) / 30 = 8.3 points of ten; (10 × 5) / 30 = 1.7.
    assert (found["trust"]["n"], found["trust"]["score"]) == (30, 83)
    assert (found["means"]["n"], found["means"]["score"]) == (30, 17)
    assert (found["voice"]["score"], found["voice"]["at_most"]) == (7, True)


def test_depth_shows_how_closely_people_work_with_each_partner(report):
    found = {one["organisation"]: one for one in report["depth"]}

    assert found["council"]["current"]["coordination"] == ends(90, 100)
    assert found["council"]["current"]["formal_merger"] == ends(0, 10)
    assert found["council"]["right"] is None  # 20 people are too few for a distribution
    assert found["trust"] == {"organisation": "trust", "current": None, "right": None}


def test_context_and_criterion_stand_apart(report):
    context = {one["code"]: one for one in report["context"]}

    assert context["context1"]["score"] == 75
    assert context["context3"]["score"] == 25  # a reversed item
    assert context["context2"]["suppressed"]
    # Everybody says "much better", which 41 people may only say as "95 or more".
    assert (report["criterion"]["score"], report["criterion"]["at_least"]) == (95, True)
    assert report["criterion"]["favourable"] == ends(95, 100)


def test_statements_are_counted_in_tens(report):
    assert report["statements"] == 10  # of 14


def test_the_method_says_how(report):
    method = report["method"]

    assert method["smallest_group"] == 10
    assert method["thresholds"]["celebrate_from"] == 65
    assert method["thresholds"]["develop_to"] == 55
    assert method["scoring_version"]
    assert len(method["caveats"]) >= 6
    assert all({"en", "cy"} <= caveat.keys() for caveat in method["caveats"])


def test_it_says_what_change_another_such_round_could_show(report):
    # 41 people twice, a spread of 25 points: (1.990 + 0.846) × 25 × √(2/41) = 15.7.
    caveats = [caveat["en"] for caveat in report["method"]["caveats"]]

    assert any(line.startswith("A change smaller than 16 points could not") for line in caveats)
