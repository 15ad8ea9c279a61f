"""Answers of people who do not exist: always valid, never all alike, the same for the same seed."""

from collections import Counter
from dataclasses import replace
from itertools import chain
from statistics import mean

import pytest
from jsonschema import Draft202012Validator

from app.instruments import built_in, codes, parse, sandbox, texts
from app.instruments.answers import Survey
from app.instruments.design import Design
from app.instruments.forms import RankingForm, VerificationForm
from app.instruments.plausible import Staff, Users, ranking
from app.instruments.questionnaires import (
    PutOutcome,
    ranking_schema,
    response_schema,
    verification_schema,
)
from app.use_cases.names import looks_named

ORGANISATIONS = ["trust", "council", "mind", "age-uk"]
DESIGN = Design(instrument="poet-staff@1")
OUTCOMES = [PutOutcome(f"outcome-{number}", {"en": "Plain"}) for number in range(6)]
SCALES = {
    "likert": {"min": 0, "max": 10, "labels": {"en": [str(point) for point in range(11)]}},
    "two": {"min": 1, "max": 2, "labels": {"en": ["No", "Yes"]}},
}
AWKWARD = parse(
    {
        "code": "awkward",
        "version": 1,
        "title": "Reversed, worse and conditional",
        "languages": ["en"],
        "scales": SCALES,
        "domains": [
            {
                "code": "strain",
                "label": "Strain",
                "scale": "likert",
                "higher_is": "worse",
                "items": [
                    {"code": "strain1", "text": "Tired?"},
                    {"code": "strain2", "text": "Fresh?", "reversed": True},
                ],
            },
            {
                "code": "asked",
                "label": "Asked",
                "scale": "two",
                "items": [
                    {"code": "asked1", "text": "Were you asked?"},
                    {
                        "code": "asked2",
                        "text": "Was it heard?",
                        "show_if": {"item": "asked1", "in": [2]},
                    },
                ],
            },
        ],
        "attributes": [
            {
                "code": "shift",
                "label": "Shift",
                "values": [{"code": "day", "label": "Day"}, {"code": "night", "label": "Night"}],
            }
        ],
    }
)
POET = built_in()["poet-staff@1"]
SURVEYS = {
    "everything": Survey(POET, DESIGN, ORGANISATIONS),
    "the short form": Survey(POET, replace(DESIGN, form="short"), ORGANISATIONS),
    "outcomes alone": Survey(POET, replace(DESIGN, modules=["outcomes"]), ORGANISATIONS),
    "drivers and depth": Survey(POET, replace(DESIGN, modules=["drivers", "depth"]), ["alone"]),
    "another instrument": Survey(AWKWARD, DESIGN, ORGANISATIONS),
}


def staff(survey, seed="1", people=200, group="trust"):
    made = Staff(survey, seed)
    return [made.answer(group, number) for number in range(people)]


def users(audience="service_user", seed="1", people=200, voice="older"):
    made = Users(OUTCOMES, seed)
    return [made.answer(audience, voice, number) for number in range(people)]


def given(sent, *codes_of_items):
    """The points that people gave to items."""
    answers = chain.from_iterable(one["answers"].items() for one in sent)
    return [point for code, point in answers if code in codes_of_items and isinstance(point, int)]


@pytest.mark.parametrize("name", SURVEYS)
@pytest.mark.parametrize("seed", ["0", "1", "77"])
def test_every_answer_of_staff_is_valid_and_says_something(name, seed):
    survey = SURVEYS[name]
    schema = Draft202012Validator(response_schema(survey))

    for sent in staff(survey, seed):
        assert survey.faults(sent) == []
        assert schema.is_valid(sent)
        assert not survey.says_nothing(sent)


@pytest.mark.parametrize("audience", ["service_user", "carer"])
@pytest.mark.parametrize("seed", ["0", "1", "77"])
def test_every_verification_is_valid_and_says_something(audience, seed):
    form = VerificationForm([one.id for one in OUTCOMES], audience)
    schema = Draft202012Validator(verification_schema(OUTCOMES, audience))

    for sent in users(audience, seed):
        assert form.faults(sent) == []
        assert schema.is_valid(sent)
        assert not form.says_nothing(sent)
        assert ("own" in sent) == (audience == "carer")


def test_every_ranking_is_valid_and_staff_do_not_share_every_outcome_alike():
    form, schema = (
        RankingForm([one.id for one in OUTCOMES]),
        Draft202012Validator(ranking_schema(OUTCOMES)),
    )

    sent = [ranking(OUTCOMES, "1", number) for number in range(300)]

    assert all(form.faults(one) == [] and schema.is_valid(one) for one in sent)
    ours = Counter(
        entry["outcome"] for one in sent for entry in one["outcomes"] if entry["ours"] == "yes"
    )
    assert max(ours.values()) - min(ours.values()) > 100


def test_staff_say_everything_that_they_are_asked_and_not_all_of_it():
    sent = staff(SURVEYS["everything"])

    times = Counter(member for one in sent for member in one)
    assert times.keys() == SURVEYS["everything"].asked | {"role"}
    assert 60 < times["statements"] < 140
    answers = Counter(map(str, chain.from_iterable(one["answers"].values() for one in sent)))
    assert answers.keys() == {"1", "2", "3", "4", "5", "dont_know", "not_applicable"}
    asked = len(SURVEYS["everything"].items) * len(sent)
    assert 0.95 < answers.total() / asked < 0.99
    assert 0.02 < answers["dont_know"] / asked < 0.06


def test_domains_differ_and_groups_differ_within_them():
    survey = SURVEYS["everything"]
    items = {
        domain.code: [item.code for item in domain.items if not item.reversed]
        for domain in survey.domains
    }
    by_group = {group: staff(survey, group=group) for group in ("trust", "council")}

    levels = [mean(given(by_group["trust"], *codes_)) for codes_ in items.values()]
    shifts = [
        abs(mean(given(by_group["trust"], *one)) - mean(given(by_group["council"], *one)))
        for one in items.values()
    ]

    assert max(levels) - min(levels) > 1.5
    assert max(shifts) > 0.3


def test_a_reversed_item_is_answered_the_other_way_round_and_so_is_a_domain_of_what_is_bad():
    sent = staff(SURVEYS["another instrument"], people=400)

    tired, fresh = given(sent, "strain1"), given(sent, "strain2")

    assert abs(mean(tired) + mean(fresh) - 10) < 1
    assert abs(mean(tired) - mean(fresh)) > 2


def test_a_question_with_a_condition_is_answered_where_it_is_met_and_nowhere_else():
    sent = [one["answers"] for one in staff(SURVEYS["another instrument"])]

    assert {one.get("asked1") for one in sent if "asked2" in one} == {2}
    assert any("asked2" not in one for one in sent if one.get("asked1") == 2)


def test_users_of_two_voices_do_not_say_the_same():
    def delivered(voice):
        verdicts = [verdict for one in users(voice=voice) for verdict in one["verdicts"]]
        return [
            mean(
                verdict["delivered"]
                for verdict in verdicts
                if verdict["outcome"] == one.id and verdict["delivered"] != "dont_know"
            )
            for one in OUTCOMES
        ]

    differences = [a - b for a, b in zip(delivered("older"), delivered("carers"), strict=True)]

    assert max(map(abs, differences)) > 0.5


def test_the_same_seed_gives_the_same_answers_and_another_gives_others():
    survey = SURVEYS["everything"]

    assert staff(survey, "1") == staff(survey, "1")
    assert staff(survey, "1") != staff(survey, "2")
    assert users(seed="1") == users(seed="1") != users(seed="2")
    assert ranking(OUTCOMES, "1", 0) == ranking(OUTCOMES, "1", 0)


def test_none_of_the_words_looks_like_a_name_and_every_outcome_names_known_choices():
    words = sandbox()
    written = [said for one in words["outcomes"] for said in one["statements"]] + words["none"]
    kinds = ("unwritten", "matters_most", "missing", "worse")

    said = [text for one in written for text in one.values()]
    assert not looks_named([*said, *(text for kind in kinds for text in words[kind])], known=[])
    for one in words["outcomes"]:
        assert one["outcome"]["type"] in codes("outcome_types")
        assert one["outcome"]["horizon"] in codes("horizons")
        assert set(one["outcome"]["beneficiaries"]) <= set(codes("service_user_groups"))
        assert (
            one["plain"].keys()
            == one["outcome"]["title"].keys()
            == texts("words")["dont_know"].keys()
        )
