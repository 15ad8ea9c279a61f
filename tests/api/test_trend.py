"""A partnership asks again: what has become better or worse, and what could not have been seen."""

import pytest

from tests.rounds import (
    EVEN,
    GLAD,
    ORGANISATIONS,
    SAME,
    WARY,
    act,
    line,
    reported,
    seen,
    trend_of,
)
from tests.walkthrough import ok, refusal, register, surface


def ends(low, high):
    return {"from": low, "to": high}


class FourRounds:
    """Trust rises and power falls; then the short form; then the full one again."""

    def __init__(self, client):
        self.client = client
        self.partnership = register(client, organisations=ORGANISATIONS)
        first = {
            "trust": [WARY] * 20 + [SAME] * 20,
            "council": [WARY] * 10 + [SAME] * 10,
            "mind": [EVEN] * 6,
            "age-uk": [EVEN] * 5,
        }
        second = {
            "trust": [GLAD] * 20 + [SAME] * 20,
            "council": [GLAD] * 10 + [SAME] * 10,
            "mind": [EVEN] * 11,
        }
        self.first = reported(client, self.partnership, first)
        for domain in ("trust", "power", "rules", "means"):
            act(client, self.first, domain=domain)
        self.home = surface(client, self.first, "home")
        act(client, self.first, outcome=self.home["id"])
        self.seen_at_first = seen(client, self.first)
        self.second = reported(client, self.partnership, second)
        short = {"trust": [{"answers": {"trust1": 4, "trust2": 4}}] * 12}
        self.third = reported(client, self.partnership, short, form="short")
        fourth = second | {"council": [GLAD] * 4}
        self.fourth = reported(client, self.partnership, fourth)
        self.trend = trend_of(client, self.partnership)


@pytest.fixture(scope="module")
def shared(running):
    """The four rounds, for the whole file."""
    running.clock.reset()
    with running.client_of_a_new_account() as client:
        yield FourRounds(client)


@pytest.fixture
def four(shared, service):
    """The four rounds, with the clock at today."""
    return shared


def test_each_round_is_compared_with_the_one_before_that_asked_the_same(four):
    found = [(one["number"], one["compared_with"], one["why"]) for one in four.trend["rounds"]]

    assert found == [
        (1, None, "no_earlier_round"),
        (2, 1, None),
        (3, None, "another_form"),
        (4, 2, None),
    ]
    pairs = [(one["before"]["number"], one["after"]["number"]) for one in four.trend["changes"]]
    assert pairs == [(1, 2), (2, 4)]


def test_a_domain_that_rose_is_better_and_one_that_fell_is_worse(four):
    change = four.trend["changes"][0]

    # Before (30 × 25 + 41 × 50) / 71 = 39.4, after 60.6; spread 12.4 each, so the change is
    # 21.1 ± 1.98 × 2.09 = 17.0 to 25.2, outward to multiples of 5.
    trust = line(change, "trust")
    assert trust["before"] == {"n": 71, "score": 39}
    assert trust["after"] == {"n": 71, "score": 61}
    assert (trust["change"], trust["interval"], trust["basis"]) == (22, ends(15, 30), "answers")
    assert trust["verdict"] == "better"
    assert line(change, "power")["change"] == -22
    assert (change["better"], change["worse"]) == (["trust"], ["power"])
    assert trust["summary"]["en"] == (
        "Trust: from 39 in round 1 to 61 in round 2, +22 points (+15 to +30); this is better."
    )


def test_each_line_says_which_change_it_could_have_shown(four):
    rules = line(four.trend["changes"][0], "rules")

    # 2.82 × 2.05 = 5.8, up to a multiple of 5.
    assert (rules["change"], rules["smallest_change"], rules["verdict"]) == (0, 10, "no_sign_yet")
    caveats = [caveat["en"] for caveat in four.trend["changes"][0]["caveats"]]
    assert caveats[0].startswith("A change smaller than 10 points could not have been seen")
    assert "two different sets of people may have answered" in caveats[1]


def test_effect_sizes_stand_beside_a_change_of_enough_people(four):
    change = four.trend["changes"][0]

    effects = line(change, "trust")["effects"]
    # 30 at 25 and 41 at 50 against 41 at 50 and 30 at 75: (30 × 71 + 41 × 30 + 41² / 2) / 71².
    assert effects["superiority"] == 0.83
    assert effects["cliffs_delta"] == 0.66
    assert effects["hedges_g"] == 1.69
    assert effects["superiority_interval"]["from"] < 0.83 < effects["superiority_interval"]["to"]
    council = line(change, "trust")["cuts"]["organisation"][1]
    assert (council["groups"], council["effects"]) == (["council"], None)


def test_only_the_same_groups_are_compared(four):
    """In round 1 two charities were pooled, in round 2 one of them stood alone."""
    cells = line(four.trend["changes"][0], "trust")["cuts"]["organisation"]

    assert [(cell["groups"], cell["verdict"]) for cell in cells] == [
        (["trust"], "better"),
        (["council"], "better"),
    ]
    # 25 ± 2.024 × 25 × √(2/20): the council's twenty answers are too few for a real interval.
    assert (cells[1]["interval"], cells[1]["basis"]) == (ends(8, 42), "fixed")
    assert cells[1]["smallest_change"] == 23


def test_a_cell_that_a_round_does_not_show_is_not_in_the_trend(four):
    last = four.trend["changes"][1]

    assert [cell["groups"] for cell in line(last, "trust")["cuts"]["organisation"]] == [["trust"]]
    assert [domain["code"] for domain in last["domains"]] == ["trust", "power", "rules"]
    assert "suppressed" not in str(four.trend)


def test_a_figure_over_all_that_a_round_does_not_show_is_not_there(four):
    """Nobody answered half of the ten domains."""
    assert four.trend["changes"][0]["overall"] is None


def test_the_headline_is_of_the_latest_comparison_and_ends_with_its_caveats(four):
    said = [sentence["en"] for sentence in four.trend["headline"]]

    assert said[0] == "No domain is surely better or worse than in round 2."
    assert "could not have been seen" in said[1]
    assert "two different sets of people" in said[2]
    assert all({"en", "cy"} <= sentence.keys() for sentence in four.trend["headline"])


def test_the_method_states_every_threshold(four):
    method = four.trend["method"]

    assert method["thresholds"] == {
        "chance": 0.05,
        "power": 0.8,
        "worth_seeing": 10.0,
        "least_spread": 10.0,
        "fixed_spread": 25.0,
    }
    assert "two different sets of people" in method["caveats"][-1]["en"]


def test_the_health_report_says_what_changed(four):
    at = "/v1/evaluations/{}/reports/health"
    first, second, third = (
        ok(four.client.get(at.format(one["id"])))["headline"]
        for one in (four.first, four.second, four.third)
    )

    changed = [line(four.trend["changes"][0], code)["summary"] for code in ("trust", "power")]
    assert [sentence for sentence in second if sentence in changed] == changed
    assert len(second) <= 10
    assert not any("in round" in sentence["en"] for sentence in [*first, *third])


def test_an_action_on_a_domain_is_seen_by_the_next_round(four):
    assert seen(four.client, four.first) == {
        "trust": "better",
        "power": "worse",
        "rules": "no_sign_yet",
        "means": "not_measured",  # nobody answered it
        four.home["id"]: "not_measured",
    }
    assert set(four.seen_at_first.values()) == {"not_measured"}


def test_an_action_is_not_measured_by_a_round_that_asked_otherwise(four):
    assert act(four.client, four.third, domain="trust")["seen"] == "not_measured"
    assert act(four.client, four.fourth, domain="trust")["seen"] == "not_measured"
    assert act(four.client, four.second, domain="trust")["seen"] == "no_sign_yet"


def test_who_has_the_trend_already_is_sent_nothing(four):
    at = f"/v1/partnerships/{four.partnership['id']}/trend"
    etag = four.client.get(at).headers["ETag"]

    again = four.client.get(at, headers={"If-None-Match": etag})

    assert etag == f'"{four.trend["digest"]}"'
    assert (again.status_code, again.content) == (304, b"")


def test_the_trend_of_another_account_is_not_there(four, evaluator):
    reply = evaluator.get(f"/v1/partnerships/{four.partnership['id']}/trend")

    assert refusal(reply, 404) == "not-found"


def test_the_trend_can_be_read_as_text(four):
    at = f"/v1/partnerships/{four.partnership['id']}/trend"

    text = four.client.get(at, headers={"Accept": "text/markdown", "Accept-Language": "cy"}).text

    assert text.startswith("# Newid rhwng rowndiau")
    assert "## 1 → 2" in text
    assert "Ymddiriedaeth: o 39 yn rownd 1 i 61 yn rownd 2, +22 o bwyntiau (+15 i +30)" in text
