"""Process and outcome together: does what people say fit the partnership's own theory?"""

import pytest

from tests.verified import OUTCOMES
from tests.walkthrough import digest_of, fits


@pytest.fixture(scope="module")
def report(verified):
    """The combined report."""
    return verified.report("combined")


@pytest.fixture(scope="module")
def found(report):
    """What was found of an outcome for one voice."""

    def of(code, voice="op"):
        outcome = next(one for one in report["outcomes"] if one["code"] == code)
        return outcome, next(one for one in outcome["findings"] if one["voice"] == voice)

    return of


def test_the_domains_are_what_this_evaluation_was_made_for(verified):
    health = verified.report("health")

    bands = {domain["code"]: domain.get("band") for domain in health["domains"]}
    assert (bands["trust"], bands["rules"], bands["power"]) == ("celebrate", "middling", "develop")
    assert (bands["gain"], bands["voice"]) == ("unclear", None)
    assert (health["celebrate"], health["develop"]) == (["trust"], ["power"])
    assert health["divided"] == ["gain"]


@pytest.mark.parametrize(
    ("code", "process", "delivered", "finding"),
    [
        ("fits", "celebrate", "delivered", "consistent_with_theory"),
        ("theory", "celebrate", "not_delivered", "theory_in_question"),
        ("part", "celebrate", "partly", "theory_in_question"),
        ("steady", "middling", "delivered", "consistent_with_theory"),
        ("stuck", "middling", "not_delivered", "implementation_in_question"),
        ("lucky", "develop", "delivered", "delivered_otherwise"),
        ("weak", "develop", "not_delivered", "implementation_in_question"),
        ("weakest", "develop", "delivered", "delivered_otherwise"),
    ],
)
def test_process_and_delivery_together_say_something(found, code, process, delivered, finding):
    outcome, one = found(code)

    assert outcome["process"] == process
    assert (one["delivered"], one["finding"], one["why"]) == (delivered, finding, None)


@pytest.mark.parametrize(
    ("code", "why"),
    [
        ("unclear", "process_unclear"),
        ("nowhere", "process_unclear"),
        ("unasked", "too_few"),
        ("few", "too_few"),
        ("early", "too_early"),
        ("mixed", "delivery_unknown"),
    ],
)
def test_where_nothing_can_be_said_it_says_why(found, code, why):
    _, one = found(code)

    assert (one["finding"], one["why"]) == ("cannot_say", why)


def test_every_voice_has_a_finding_of_its_own(found):
    _, user = found("fits")
    _, carer = found("fits", "carers")
    _, of_nothing = found("theory", "carers")

    assert (user["finding"], carer["finding"]) == ("consistent_with_theory", "theory_in_question")
    assert (of_nothing["finding"], of_nothing["why"]) == ("cannot_say", "too_few")
    assert of_nothing["delivered"] is of_nothing["importance"] is None


def test_it_joins_every_outcome_with_the_domains_of_its_theory(report, verified):
    domains = {
        one["code"]: [(domain["code"], domain["band"]) for domain in one["domains"]]
        for one in report["outcomes"]
    }

    assert domains["weakest"] == [("trust", "celebrate"), ("power", "develop")]
    assert domains["unasked"] == [("voice", None)]
    assert domains.keys() >= OUTCOMES.keys()
    assert fits(verified.client, "CombinedReport", report)


def test_rival_explanations_stand_beside_it(report):
    assert {tuple(one["rivals"]) for one in report["outcomes"] if one["code"] in OUTCOMES} == {
        ("Frailty hubs",)
    }
    assert [one["name"] for one in report["initiatives"]] == ["Frailty hubs"]


def test_it_says_that_two_perceptions_show_no_cause(report):
    caveats = [caveat["en"] for caveat in report["method"]["caveats"]]
    headline = [line["en"] for line in report["headline"]]

    sentence = "Two views taken at the same time do not show that one thing caused the other."
    assert sentence in caveats
    assert sentence in headline
    assert len(headline) <= 10


def test_a_finding_is_a_plain_sentence_in_both_languages(found):
    _, one = found("theory")

    said = (
        "People are theory (Older people): the working together is strong, yet people say it is not"
    )
    assert one["summary"]["en"].startswith(said)
    assert one["summary"]["cy"].startswith("People are theory (Pobl hŷn): mae'r cydweithio yn gryf")


def test_it_rests_on_the_two_reports_as_they_were_published(report, verified):
    assert report["rests_on"] == {
        "health": verified.report("health")["digest"],
        "outcomes": verified.report("outcomes", edition="all")["digest"],
    }
    assert report["digest"] == digest_of(report)
