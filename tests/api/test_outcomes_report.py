"""The outcomes report: what staff work for, and what users and carers say of it."""

import pytest

from tests.verified import OUTCOMES
from tests.walkthrough import fits


def ends(low, high):
    return {"from": low, "to": high}


@pytest.fixture(scope="module")
def staff(verified):
    """The edition before users and carers were asked."""
    return verified.report("outcomes", edition="staff")


@pytest.fixture(scope="module")
def report(verified):
    """The edition with what users and carers say."""
    return verified.report("outcomes")


@pytest.fixture(scope="module")
def said(report):
    """What a voice says of an outcome."""

    def of(code, voice="op"):
        outcome = next(one for one in report["outcomes"] if one["code"] == code)
        return next(one for one in outcome["voices"] if one["voice"] == voice)

    return of


def test_the_fullest_edition_is_served_and_both_have_their_shape(verified, staff, report):
    assert (staff["edition"], report["edition"]) == ("staff", "all")
    assert fits(verified.client, "OutcomesReport", staff)
    assert fits(verified.client, "OutcomesReport", report)


def test_the_first_edition_has_every_outcome_and_nothing_of_users(staff):
    assert {one["code"] for one in staff["outcomes"]} == {*OUTCOMES, "system"}
    assert all(one["voices"] == one["gaps"] == [] for one in staff["outcomes"])
    assert not staff.keys() & {"voices", "missing", "harms"}
    assert len(staff["left_out"]) == 1


def test_an_outcome_is_reported_with_its_theory_and_its_evidence(verified, report):
    fits_ = next(one for one in report["outcomes"] if one["code"] == "fits")

    assert fits_["id"] == verified.outcomes["fits"]
    assert (fits_["domains"], fits_["rivals"]) == (["trust"], ["Frailty hubs"])
    assert fits_["rationale"] == "It helps"
    assert [one["finding"] for one in fits_["evidence"]] == ["supports"]
    assert fits_["named_by"] == {"fewer_than": 10}


def test_voices_say_who_was_asked_how_they_were_chosen_and_who_answered(report):
    voices = {one["voice"]: one for one in report["voices"]}

    op, carers, proxies = (voices[code] for code in ("op", "carers", "proxies:service_user"))
    assert (op["invited"], op["answered"], op["selection"]) == (40, 30, "all")
    assert (carers["invited"], carers["answered"], carers["selection"]) == (50, 20, "volunteers")
    assert (proxies["invited"], proxies["answered"]) == (None, 10)
    assert "everyone" not in voices


def test_ratings_of_experience_and_own_life_are_shares_of_three_and_four(report):
    voices = {one["voice"]: one for one in report["voices"]}

    assert voices["op"]["experience"] == {
        "respect": ends(90, 100),
        "say": ends(0, 10),
        "contact": None,
    }
    assert voices["op"]["own"] is None
    assert voices["carers"]["own"] == {
        "life": ends(90, 100),
        "health": ends(0, 10),
        "heard": None,
        "shared": None,
    }


@pytest.mark.parametrize(
    ("code", "verdict"),
    [("fits", "right"), ("theory", "not_valued"), ("part", "contested"), ("steady", "unknown")],
)
def test_whether_it_is_the_right_outcome(said, code, verdict):
    assert said(code)["importance"]["verdict"] == verdict


@pytest.mark.parametrize(
    ("code", "verdict"),
    [
        ("fits", "delivered"),
        ("theory", "not_delivered"),
        ("part", "partly"),
        ("early", "too_early"),
        ("mixed", "unknown"),
    ],
)
def test_how_far_it_is_delivered(said, code, verdict):
    assert said(code)["delivered"]["verdict"] == verdict


def test_figures_stand_beside_the_verdicts(said):
    fits_, mixed = said("fits"), said("mixed")

    # All of thirty: 28, 29 or 30 are one band, and 28 of 30 has an interval from 79 %.
    assert fits_["delivered"]["n"] == 30
    assert (fits_["delivered"]["share"], fits_["delivered"]["interval"]) == (
        ends(90, 100),
        ends(70, 100),
    )
    assert (mixed["delivered"]["share"], mixed["delivered"]["unfavourable"]) == (
        ends(40, 50),
        ends(40, 50),
    )
    assert fits_["direction"] == {
        "better": ends(50, 60),
        "same": ends(0, 10),
        "worse": ends(50, 60),
        "too_soon": ends(0, 10),
    }
    assert fits_["joint"]["mostly"] == ends(90, 100)
    assert fits_["expected"] == ends(0, 10)


def test_those_it_does_not_concern_are_in_no_share_but_their_own(said):
    lucky = said("lucky")["importance"]

    assert (lucky["n"], lucky["share"]) == (20, ends(90, 100))
    assert lucky["not_about_me"] == ends(30, 40)
    assert said("fits")["importance"]["not_about_me"] == ends(0, 10)


def test_an_outcome_that_nine_people_judged_is_suppressed(said):
    few = said("few")

    assert few == {"voice": "op", "audience": "service_user", "suppressed": True}


def test_users_and_carers_are_apart_and_may_differ(said):
    user, carer = said("fits"), said("fits", "carers")

    assert (user["delivered"]["verdict"], carer["delivered"]["verdict"]) == (
        "delivered",
        "not_delivered",
    )
    assert carer["delivered"]["n"] == 20
    assert said("theory", "carers")["suppressed"]


def test_of_volunteers_there_is_no_interval(said):
    assert said("fits", "carers")["delivered"]["interval"] is None
    assert said("fits", "carers")["delivered"]["of_those_asked"]
    assert not said("fits")["delivered"]["of_those_asked"]


def test_those_who_speak_for_somebody_are_a_voice_of_their_own(said):
    proxies = said("fits", "proxies:service_user")

    # All ten say no, in bands of twenty points; the thirty are as they were.
    assert (proxies["delivered"]["n"], proxies["delivered"]["share"]) == (10, ends(0, 20))
    assert said("fits")["delivered"]["share"] == ends(90, 100)


def test_importance_and_delivery_place_an_outcome(said):
    assert said("fits")["quadrant"]["probability"] >= 0.95
    assert said("fits")["quadrant"]["name"] != said("theory")["quadrant"]["name"]
    assert said("fits", "carers")["quadrant"] is None  # twenty people are too few


def test_gaps_are_between_those_who_put_it_among_their_three(report):
    fits_ = next(one for one in report["outcomes"] if one["code"] == "fits")
    gaps = {tuple(gap["between"]): gap for gap in fits_["gaps"]}

    assert gaps["staff", "op"]["points"] == ends(80, 100)
    assert gaps["staff", "carers"]["points"] == ends(-10, 10)
    assert gaps["op", "carers"]["points"] == ends(-100, -80)
    assert gaps["staff", "op"]["interval"]["from"] > 0


def test_what_is_missing_and_what_got_worse_is_named_in_users_words(report):
    assert [(one["code"], one["named_by"]) for one in report["missing"]] == [
        ("company", {"at_least": 10})
    ]
    assert [(one["code"], one["named_by"]) for one in report["harms"]] == [
        ("waits", {"at_least": 10})
    ]
    assert not {"company", "waits"} & {one["code"] for one in report["outcomes"]}


def test_it_is_said_in_plain_sentences_with_its_caveats(report):
    headline = [line["en"] for line in report["headline"]]

    assert "Older people: 40 asked, 30 answered; Carers: 50 asked, 20 answered" in headline[1]
    judged = [one for part in report["outcomes"] for one in part["voices"] if "summary" in one]
    done = sum((one["voice"], one["delivered"]["verdict"]) == ("op", "delivered") for one in judged)
    assert headline[2].startswith("Older people: of ")
    assert headline[2].endswith(f" matter to most and {done} happen for most.")
    assert len(headline) <= 10
    caveats = " ".join(caveat["en"] for caveat in report["method"]["caveats"])
    assert "the views of those asked" in caveats
    assert "are not in the figures of service users" in caveats
    assert report["method"]["as_of"] == "2027-03-01"


def test_each_outcome_says_who_names_it_and_who_calls_it_theirs(report):
    one = next(one for one in report["outcomes"] if one["code"] == "fits")

    assert one["summary"]["en"].startswith("People are fits: staff wrote it down in ")
    assert one["summary"]["cy"].startswith("People are fits: ysgrifennodd staff ef mewn ")


@pytest.mark.parametrize(
    ("outcome", "voice", "sentence"),
    [
        (
            "fits",
            "op",
            "Older people: it matters to most (90 to 100 % of 30 people); "
            "most say that it happens (90 to 100 % of 30 people).",
        ),
        ("theory", "op", "most say that it does not happen (0 to 10 % of 30 people)."),
        ("part", "op", "they do not agree whether it matters"),
        ("early", "op", "it is too early to say whether it happens"),
    ],
)
def test_what_each_voice_says_is_a_plain_sentence(said, outcome, voice, sentence):
    summary = said(outcome, voice)["summary"]

    assert sentence in summary["en"]
    assert summary["cy"] != summary["en"]
