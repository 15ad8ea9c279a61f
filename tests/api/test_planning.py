"""Before anybody is asked: how many to invite, and what will then probably be shown."""

import uuid

import pytest

from tests.walkthrough import (
    ORGANISATIONS,
    faults,
    fits,
    go,
    issue,
    ok,
    plan,
    refusal,
    register,
    send,
)

THREE = [{"code": one["code"], "headcount": one["headcount"]} for one in ORGANISATIONS]
SHIRE = [
    {"code": "trust", "headcount": 1_500},
    {"code": "council", "headcount": 450},
    {"code": "mind", "headcount": 40},
    {"code": "age-uk", "headcount": 12},
    {"code": "carers", "headcount": 8},
]
CUTS = ["organisation", "role", ["organisation", "role"]]


def sample(client, **members):
    body = {"organisations": SHIRE, "margin": 5, "response_rate": 0.4} | members
    return client.post("/v1/sample-size", json=body)


def forecast(client, evaluation, *rates, **members):
    body = {"response_rates": rates or [0.45]} | members
    return client.post(f"/v1/evaluations/{evaluation['id']}/forecast", json=body)


def by_code(found):
    return {one["code"]: one for one in found["organisations"]}


def chances(found, cut):
    return {cell["groups"][0]: cell["chance"] for cell in found["cuts"][cut]}


# How many to invite.


def test_a_thousand_people_are_sampled_as_councils_sample_carers(evaluator):
    found = ok(sample(evaluator, organisations=[{"code": "council", "headcount": 1_000}]))

    assert (found["returns_needed"], found["invitations"]) == (278, 696)
    assert (found["expected"], found["margin"], found["reached"]) == (278.4, 4.99, True)
    assert found["summary"]["en"].startswith("Invite 696 of 1000 people.")
    assert found["warnings"] == []
    assert fits(evaluator, "SampleSize", found)


def test_each_organisation_gets_its_share_a_floor_or_everybody(evaluator):
    found = ok(sample(evaluator))
    organisations = by_code(found)

    assert [one["code"] for one in found["organisations"]] == [one["code"] for one in SHIRE]
    assert sum(one["invite"] for one in found["organisations"]) == found["invitations"]
    assert all(one["invite"] <= one["headcount"] for one in found["organisations"])
    assert organisations["trust"]["note"] is None
    assert organisations["mind"]["note"] == organisations["age-uk"]["note"] == "everyone"
    assert organisations["mind"]["chance"] >= 0.9
    assert organisations["trust"]["margin"] < organisations["council"]["margin"]
    assert organisations["trust"]["score_margin"] < organisations["council"]["score_margin"]


def test_organisations_that_will_not_be_shown_are_named(evaluator):
    found = ok(sample(evaluator))
    organisations = by_code(found)

    assert found["warnings"] == [
        {"code": "groups-too-small", "groups": ["carers"]},
        {"code": "groups-hardly-shown", "groups": ["age-uk"]},
    ]
    assert organisations["age-uk"]["chance"] < 0.1
    assert organisations["age-uk"]["margin"] is organisations["carers"]["margin"] is None


def test_a_floor_is_in_invitations(evaluator):
    organisations = [{"code": "trust", "headcount": 3_000}, {"code": "mind", "headcount": 100}]

    found = ok(sample(evaluator, organisations=organisations, floor=50))

    assert found["floor"] == 50
    assert by_code(found)["mind"] | {"invite": 50, "note": "floor"} == by_code(found)["mind"]


def test_a_margin_out_of_reach_is_said_to_be(evaluator):
    found = ok(sample(evaluator, organisations=THREE, margin=3))

    assert found["invitations"] == found["headcount"] == 90
    assert not found["reached"]
    assert found["margin"] > 3
    assert found["warnings"][-1] == {"code": "margin-not-reached", "groups": []}
    assert found["summary"]["en"].startswith("Invite everybody, 90 people.")


def test_too_few_to_show_anything_have_no_margin(evaluator):
    found = ok(sample(evaluator, organisations=[{"code": "mind", "headcount": 20}]))

    assert (found["invitations"], found["margin"], found["score_margin"]) == (20, None, None)
    assert "too few to show anything" in found["summary"]["en"]


def test_a_client_of_one_partnership_may_ask_too(service, evaluator):
    account = ok(evaluator.get("/v1/me"))["account_name"]
    own = uuid.UUID(register(evaluator)["id"])
    with service.client_of(account, partnership=own) as limited:
        assert ok(sample(limited)) == ok(sample(evaluator))


@pytest.mark.parametrize(
    ("members", "pointer", "code"),
    [
        ({"margin": 0}, "/margin", None),
        ({"margin": 26}, "/margin", None),
        ({"response_rate": 0}, "/response_rate", None),
        ({"response_rate": 1.1}, "/response_rate", None),
        ({"response_rate": None}, "/response_rate", None),
        ({"organisations": []}, "/organisations", None),
        ({"organisations": [{"code": "a", "headcount": 0}]}, "/organisations/0/headcount", None),
        ({"organisations": [{"code": "a"}]}, "/organisations/0/headcount", "required"),
        ({"organisations": [THREE[0], THREE[0]]}, "/organisations/1/code", "code-twice"),
        ({"smallest_group": 4}, "/smallest_group", None),
        ({"smallest_group": 9}, "/smallest_group", "below-deployment"),
        ({"floor": 0}, "/floor", None),
        ({"everyone_from": 0}, "/everyone_from", None),
        ({"partnership": "x"}, "/partnership", "unknown-field"),
    ],
    ids=str,
)
def test_a_sample_that_cannot_be_is_pointed_at(evaluator, members, pointer, code):
    found = faults(sample(evaluator, **members))

    assert any(place == pointer and code in (None, name) for place, name in found), found


# What will probably be shown.


def test_every_group_and_category_of_every_declared_cut_has_its_chance(evaluator):
    evaluation = plan(evaluator, cuts=CUTS)

    found = ok(forecast(evaluator, evaluation, 0.3, 0.6))

    assert fits(evaluator, "Forecasts", found)
    assert (found["invited"], found["smallest_group"]) == (90, 10)
    assert [one["response_rate"] for one in found["forecasts"]] == [0.3, 0.6]
    assert [one["answered_expected"] for one in found["forecasts"]] == [27, 54]
    for one in found["forecasts"]:
        assert {cut: len(cells) for cut, cells in one["cuts"].items()} == {
            "organisation": 3,
            "role": 4,
            "organisation × role": 12,
        }
        assert one["cuts"].keys() == one["precision"].keys()
        for cells in one["cuts"].values():
            for cell in cells:
                shares = (cell["chance"], cell["pooled"], cell["suppressed"])
                assert sum(shares) == pytest.approx(1)
                assert all(share == round(share, 2) >= 0 for share in shares)
    assert found["shares"] == {
        "role": dict.fromkeys(["strategic", "manager", "frontline", "support"], 0.25)
    }


def test_more_answers_show_more(evaluator):
    low, high = ok(forecast(evaluator, plan(evaluator), 0.3, 0.7))["forecasts"]

    assert chances(low, "organisation")["mind"] < 0.5 < chances(high, "organisation")["mind"]
    assert low["whole"]["band"] < 0.5 < high["whole"]["band"]
    assert [cell["headcount"] for cell in low["cuts"]["organisation"]] == [40, 30, 20]
    assert low["precision"]["organisation"] == {"runs": 400, "margin": 0.05, "undecided": 0}
    assert low["summary"]["en"].startswith("If 30 % answer, about 27 of 90 people do.")
    assert low["summary"].keys() == {"en", "cy"}


def test_the_same_call_gets_the_same_reply(evaluator):
    evaluation = plan(evaluator, cuts=CUTS)

    assert ok(forecast(evaluator, evaluation)) == ok(forecast(evaluator, evaluation))


def test_shares_of_roles_may_be_given(evaluator):
    evaluation = plan(evaluator, cuts=["role"])
    shares = {"role": {"frontline": 0.6, "strategic": 0}}

    found = ok(forecast(evaluator, evaluation, 0.6, shares=shares, missing=0))

    assert found["shares"]["role"] == pytest.approx(
        {"strategic": 0, "manager": 0.2, "frontline": 0.6, "support": 0.2}
    )
    roles = chances(found["forecasts"][0], "role")
    assert roles["frontline"] > 0.9
    assert roles["strategic"] == 0


def test_declared_groups_count_together_and_small_ones_are_warned_of(evaluator):
    small = [{"code": "trust", "headcount": 60}] + [
        {"code": code, "headcount": 8} for code in ("mind", "age-uk")
    ]
    evaluation = plan(evaluator, register(evaluator, organisations=small))

    apart = ok(forecast(evaluator, evaluation, 0.9))
    pooled = [{"code": "vol", "label": "Voluntary", "organisations": ["mind", "age-uk"]}]
    ok(evaluator.patch(f"/v1/evaluations/{evaluation['id']}", json={"groups": pooled}))
    together = ok(forecast(evaluator, evaluation, 0.9))

    assert apart["warnings"] == [{"code": "groups-too-small", "groups": ["mind", "age-uk"]}]
    cells = {cell["groups"][0]: cell for cell in apart["forecasts"][0]["cuts"]["organisation"]}
    assert cells["mind"]["chance"] == cells["age-uk"]["chance"] == 0
    assert cells["mind"]["pooled"] > 0.7
    assert chances(together["forecasts"][0], "organisation").keys() == {"trust", "vol"}
    assert chances(together["forecasts"][0], "organisation")["vol"] > 0.7


def test_staff_drawn_at_random_have_bands_however_few_answer(evaluator):
    many = [one | {"headcount": 200} for one in ORGANISATIONS]
    partnership = register(evaluator, organisations=many)

    found = {
        selection: ok(
            forecast(evaluator, plan(evaluator, partnership, staff_selection=selection), 0.2)
        )
        for selection in ("all", "random")
    }

    assert {one: found[one]["staff_selection"] for one in found} == {"all": "all"} | {
        "random": "random"
    }
    assert found["all"]["forecasts"][0]["whole"]["band"] == 0
    assert found["random"]["forecasts"][0]["whole"]["band"] == 1


def test_it_may_be_asked_in_any_stage_and_looks_at_no_answer(evaluator):
    evaluation = plan(evaluator)
    before = ok(forecast(evaluator, evaluation))
    go(evaluator, evaluation, "surveying")

    for token in issue(evaluator, evaluation, "staff", "mind", 12):
        ok(send(evaluator, "responses", token, {"overall": 4}), 201)
    assert ok(forecast(evaluator, evaluation)) == before

    go(evaluator, evaluation, "surfacing")
    assert ok(forecast(evaluator, evaluation)) == before


def test_a_survey_without_domains_shows_none(evaluator):
    evaluation = plan(evaluator, modules=["outcomes"])

    assert refusal(forecast(evaluator, evaluation), 422) == "invalid"


@pytest.mark.parametrize(
    ("members", "pointer", "code"),
    [
        ({"response_rates": []}, "/response_rates", None),
        ({"response_rates": [0.5] * 6}, "/response_rates", None),
        ({"response_rates": [0.5, 0]}, "/response_rates/1", None),
        ({"response_rates": [1.5]}, "/response_rates/0", None),
        ({"response_rates": 0.5}, "/response_rates", None),
        ({"missing": 1}, "/missing", None),
        ({"missing": -0.1}, "/missing", None),
        ({"shares": {"age": {"old": 0.5}}}, "/shares/age", "unknown-attribute"),
        ({"shares": {"role": {"chef": 0.5}}}, "/shares/role/chef", "unknown-value"),
        ({"shares": {"role": {"support": -1}}}, "/shares/role/support", None),
        (
            {"shares": {"role": {"support": 0.6, "manager": 0.5}}},
            "/shares/role",
            "sum-over-one",
        ),
        ({"runs": 10**9}, "/runs", "unknown-field"),
    ],
    ids=str,
)
def test_a_forecast_that_cannot_be_is_pointed_at(evaluator, members, pointer, code):
    found = faults(forecast(evaluator, plan(evaluator), **members))

    assert any(place == pointer and code in (None, name) for place, name in found), found


def test_another_accounts_evaluation_is_not_there(service, evaluator):
    evaluation = plan(evaluator)

    with service.client_of_a_new_account() as stranger:
        assert refusal(forecast(stranger, evaluation), 404) == "not-found"
