"""What comes with the service: a whole staff questionnaire, and how to ask each group of users.

It can be used as it is, in English and in Welsh; the Welsh says that it is a draft.
"""

import pytest

from tests.walkthrough import ok, plan, register, surface, surveyed

DOMAINS = ["purpose", "gain", "trust", "power", "rules"]
DOMAINS += ["means", "practice", "self", "voice", "learning"]
LEVELS = {"structural", "organisational", "individual"}
USER_GROUPS = {
    "older_people",
    "dementia",
    "learning_disability",
    "mental_health",
    "physical_sensory",
    "children_young_people",
    "families",
    "carers",
    "substance_misuse",
    "homeless",
    "minority_language",
    "end_of_life",
}


@pytest.fixture
def instrument(evaluator):
    """The built-in staff questionnaire."""
    return ok(evaluator.get("/v1/instruments/poet-staff/1"))


def texts_of(value, place=""):
    """Every text for people in a document, with its place: maps that have English."""
    if isinstance(value, dict) and "en" in value:
        yield place, value
    elif isinstance(value, dict):
        for name, part in value.items():
            yield from texts_of(part, f"{place}/{name}")
    elif isinstance(value, list):
        for at, part in enumerate(value):
            yield from texts_of(part, f"{place}/{at}")


def items_of(instrument):
    return [item for domain in instrument["domains"] for item in domain["items"]]


def test_ten_domains_of_five_items_make_the_health_of_a_partnership(instrument):
    assert [domain["code"] for domain in instrument["domains"]] == DOMAINS
    for domain in instrument["domains"]:
        codes = [item["code"] for item in domain["items"]]
        assert codes == [f"{domain['code']}{number}" for number in range(1, 6)]
        assert domain["in_index"] is True
        assert domain["higher_is"] == "better"
        assert domain["scale"] == "agree5"
        assert domain["description"]


def test_every_item_under_a_domain_is_on_one_to_five(instrument):
    scale = instrument["scales"]["agree5"]

    assert (scale["min"], scale["max"]) == (1, 5)
    assert scale["labels"]["en"][0] == "Strongly disagree"
    assert scale["labels"]["en"][4] == "Strongly agree"
    assert {len(labels) for labels in scale["labels"].values()} == {5}


def test_three_items_of_each_domain_make_the_short_form(instrument):
    for domain in instrument["domains"]:
        assert sum(item["short_form"] for item in domain["items"]) == 3
    assert len(items_of(instrument)) == 50


def test_one_item_of_each_domain_is_reversed_and_in_both_forms(instrument):
    for domain in instrument["domains"]:
        (reversed_,) = [item for item in domain["items"] if item["reversed"]]
        assert reversed_["code"] == f"{domain['code']}5"
        assert reversed_["short_form"]


def test_every_item_is_about_one_level(instrument):
    levels = [item["level"] for item in items_of(instrument)]

    assert set(levels) == LEVELS
    by_code = {item["code"]: item["level"] for item in items_of(instrument)}
    assert by_code["purpose1"] == "individual"
    assert by_code["gain2"] == "structural"
    assert by_code["trust2"] == "organisational"


def test_what_is_not_in_the_index_stands_apart(instrument):
    assert len(instrument["context"]["items"]) == 5
    assert [item["reversed"] for item in instrument["context"]["items"]].count(True) == 2
    assert instrument["overall"]["text"]["en"].startswith("Since this partnership began")
    assert instrument["importance"]["en"]
    assert set(instrument["depth"]) == {"current", "right"}
    assert instrument["unwritten"]["en"]


def test_nine_reasons_are_asked_twice_and_four_of_them_are_the_frames(instrument):
    drivers = instrument["drivers"]

    frames = [driver["frame"] for driver in drivers["items"] if driver["frame"]]
    assert sorted(frames) == ["high_performance", "social_challenges", "structural", "third_way"]
    assert len(drivers["items"]) == 9
    assert drivers["practice"]["en"] != drivers["official"]["en"]
    scale = instrument["scales"][drivers["scale"]]
    assert (scale["min"], scale["max"]) == (0, 4)


def test_a_theory_of_change_is_asked_for_in_steps(instrument):
    codes = [prompt["code"] for prompt in instrument["prompts"]]

    asked = {"outcome", "for_whom", "context", "mechanism", "horizon", "first_sign"}
    assert asked | {"evidence", "distinctive", "unintended"} <= set(codes)
    assert codes[0] == "outcome"
    outcome = instrument["prompts"][0]
    assert "a joint team is a means" in outcome["help"]["en"].lower()


def test_only_the_role_is_asked_about_the_person(instrument):
    (role,) = instrument["attributes"]

    assert role["code"] == "role"
    values = [value["code"] for value in role["values"]]
    assert values == ["strategic", "manager", "frontline", "support"]


def test_everything_is_said_in_english_and_in_welsh_which_is_a_draft(instrument):
    assert instrument["languages"] == ["en", "cy"]
    assert instrument["draft_languages"] == ["cy"]
    texts = list(texts_of(instrument))
    assert len(texts) > 100
    for place, text in texts:
        assert text["en"], place
        assert text["cy"], place
        assert text["en"] != text["cy"], place


def test_no_two_items_ask_the_same(instrument):
    for language in ("en", "cy"):
        wordings = [item["text"][language] for item in items_of(instrument)]
        wordings += [item["text"][language] for item in instrument["context"]["items"]]
        assert len(set(wordings)) == 55


def test_the_wording_may_be_passed_on(instrument):
    assert instrument["licence"]["name"] == "MIT"
    assert instrument["redistributable"] is True


@pytest.fixture
def methods(evaluator):
    """The guidance in the schedule of a partnership for all twelve groups of users."""
    organisations = [{"code": "trust", "headcount": 40}]
    partnership = register(
        evaluator, organisations=organisations, service_user_groups=sorted(USER_GROUPS)
    )
    evaluation = plan(evaluator, partnership)
    path = f"/v1/evaluations/{evaluation['id']}/schedule"
    return ok(evaluator.get(path))["methods"]


def test_for_twelve_groups_of_users_there_is_a_way_to_ask(methods):
    assert {entry["service_user_group"] for entry in methods} == USER_GROUPS
    assert len(methods) == 12


@pytest.mark.parametrize("part", ["why", "not_when", "adjustments", "ethics"])
def test_each_way_says_why_and_when_not_and_what_care_to_take(methods, part):
    wordings = [entry[part]["en"] for entry in methods]

    assert all(len(wording) > 40 for wording in wordings)
    assert len(set(wordings)) == 12, "each is about its own group"


def test_each_way_names_methods_and_how_many_people_it_takes(methods):
    for entry in methods:
        assert len(entry["methods"]) >= 2, entry["service_user_group"]
        assert entry["least"] >= 1
        assert entry["example"]["en"]


def test_the_guidance_is_in_english_and_in_welsh(methods):
    for place, text in texts_of(methods):
        assert text["en"], place
        assert text["cy"], place
        assert text["en"] != text["cy"], place


def test_a_schedule_carries_the_guidance_for_the_people_it_is_put_to(evaluator):
    voices = [
        {"code": "a", "label": "A", "audience": "service_user", "invited": 30}
        | {"service_user_group": "dementia"},
        {"code": "b", "label": "B", "audience": "carer", "invited": 30},
    ]
    evaluation = surveyed(evaluator, [{"overall": 4}] * 10, voices=voices)
    surface(evaluator, evaluation, "home")

    schedule = ok(evaluator.get(f"/v1/evaluations/{evaluation['id']}/schedule"))

    groups = {entry["service_user_group"] for entry in schedule["methods"]}
    assert groups == {"dementia", "carers"}
