"""Surveys at the edge of sense still get a report, in strict JSON and without a number too many."""

import json
from collections import Counter
from uuid import uuid4

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app import instruments
from app.instruments.answers import Survey
from app.storage.tables import Evaluation
from app.use_cases import waves
from app.use_cases.evaluations import DESIGN, groups
from app.use_cases.reports import health
from tests.walkthrough import agreeing

BUILT_IN = instruments.document_of(instruments.built_in()["poet-staff@1"])
SUPPRESSED = {"suppressed": True}
K = 10


def questionnaire(domains, points=5):
    """An instrument with so many items in each domain; the last of several is reversed."""
    labels = [str(point) for point in range(points)]
    return {
        "code": "edge",
        "version": 1,
        "title": "Edge",
        "languages": ["en"],
        "scales": {"agree": {"min": 0, "max": points - 1, "labels": {"en": labels}}},
        "domains": [
            {
                "code": f"domain{place}",
                "label": f"Domain {place}",
                "scale": "agree",
                "items": [
                    {
                        "code": f"item{place}x{item}",
                        "text": "An item",
                        "reversed": 0 < item == items - 1,
                        "level": "individual",
                    }
                    for item in range(items)
                ],
            }
            for place, items in enumerate(domains)
        ],
    }


def answered(document, value):
    """A body that answers every item of an instrument alike; `value` may depend on the item."""
    return {
        "answers": {
            item["code"]: value(item) if callable(value) else value
            for domain in document["domains"]
            for item in domain["items"]
        }
    }


def reported(bodies, *, document=BUILT_IN, k=K, headcount=60):
    """The health report of organisations whose staff answered so, as strict JSON gives it back."""
    evaluation = Evaluation(
        id=uuid4(),
        instrument=f"{document['code']}@{document['version']}",
        smallest_group=k,
        design={"instrument": "edge@1", "smallest_group": k},
        organisations=[
            {"code": code, "name": code, "sector": "other", "headcount": max(headcount, len(said))}
            for code, said in bodies.items()
        ],
    )
    invited = {group.code: group.headcount for group in groups(evaluation)}
    design = DESIGN.validate_python(evaluation.design)
    survey = Survey(instruments.parse(document), design, list(invited))
    answers = [(code, body) for code, said in bodies.items() for body in said]
    wave = waves.fold_staff(survey, invited, answers, smallest_group=k)
    found = health.document(survey, evaluation, wave, Counter())
    return json.loads(json.dumps(found, allow_nan=False))


def domain(report, code):
    return next(part for part in report["domains"] if part["code"] == code)


@pytest.mark.parametrize("people", [0, 1, 9])
def test_nobody_one_person_and_one_too_few_are_suppressed(people):
    report = reported({"trust": [{"answers": agreeing(4), "overall": 4}] * people})

    assert report["overall"] == SUPPRESSED
    assert all(part["suppressed"] for part in report["domains"])
    assert report["celebrate"] == report["develop"] == report["divided"] == []


def test_one_organisation_is_compared_with_nobody():
    report = reported({"trust": [{"answers": agreeing(2 + n % 4)} for n in range(40)]})

    trust = domain(report, "trust")
    (cell,) = trust["cuts"]["organisation"]
    assert (cell["groups"], cell["n"]) == (["trust"], 40)
    assert trust["between"] == {}
    assert trust["score_by_headcount"] is trust["score_equal_voice"] is None


@pytest.mark.parametrize(("answer", "mark"), [(5, "at_least"), (1, "at_most"), (3, None)])
def test_people_who_all_answer_alike_do_not_give_themselves_away(answer, mark):
    alike = [{"answers": agreeing(answer)}] * 40

    report = reported({"trust": alike[:20], "council": alike[20:]})

    for part in report["domains"]:
        assert part["interval"]["from"] < part["interval"]["to"]
        assert part.get("at_least", False) == (mark == "at_least")
        assert part.get("at_most", False) == (mark == "at_most")
        assert part["agreement"] == 0.95
        assert (part["alpha"], part["divided"], part["polarised"]) == (0.0, False, False)
        assert (part["between"]["icc1"], part["between"]["icc2"]) == (0.0, 0.0)


@pytest.mark.parametrize("answer", ["dont_know", "not_applicable"])
def test_where_everybody_says_that_they_cannot_say_nothing_is_scored(answer):
    report = reported({"trust": [answered(BUILT_IN, answer)] * 40})

    assert report["overall"] == SUPPRESSED
    assert all(part["suppressed"] for part in report["domains"])
    assert report["method"]["response"]["organisation"] == [{"groups": ["trust"], "answered": 40}]


def test_a_domain_of_one_item_has_a_score_but_no_reliability():
    document = questionnaire([1, 2])
    bodies = [answered(document, n % 5) for n in range(40)]

    report = reported({"trust": bodies}, document=document)

    for part in report["domains"]:
        assert part["n"] == 40
        assert part["alpha"] is part["alpha_interval"] is part["omega"] is None
    assert domain(report, "domain0")["reversed_disagree"] is None
    assert domain(report, "domain1")["reversed_disagree"] is True


def test_a_domain_that_nobody_answered_is_suppressed_beside_the_others():
    document = questionnaire([3, 3])
    bodies = [answered(document, 3) for _ in range(40)]
    for body in bodies:
        body["answers"] = {
            code: said for code, said in body["answers"].items() if code.startswith("item0")
        }

    report = reported({"trust": bodies}, document=document)

    assert domain(report, "domain0")["n"] == 40
    assert domain(report, "domain1") == {
        "code": "domain1",
        "label": {"en": "Domain 1"},
        "suppressed": True,
    }


def test_organisations_of_one_person_are_shown_together_or_not_at_all():
    bodies = {f"org-{n}": [{"answers": agreeing(1 + n % 5)}] for n in range(40)}

    report = reported(bodies, headcount=1)

    for part in report["domains"]:
        assert part["n"] == 40
        for cell in part["cuts"]["organisation"]:
            assert cell.get("suppressed") or cell["n"] >= K
        assert part["between"] == {}


def test_two_hundred_items_of_eleven_points():
    document = questionnaire([200], points=11)
    bodies = [
        answered(document, lambda item, n=n: (len(item["code"]) + n * 7) % 11) for n in range(45)
    ]

    report = reported({"trust": bodies[:25], "council": bodies[25:]}, document=document)

    (part,) = report["domains"]
    assert (part["n"], len(part["items"])) == (45, 200)
    assert part["alpha"] <= 1
    assert part["omega"] is None


def test_people_in_two_camps_are_polarised_and_said_to_be_divided():
    report = reported({"trust": [{"answers": agreeing(1 + 4 * (n % 2))} for n in range(40)]})

    assert all(part["polarised"] and part["divided"] for part in report["domains"])


@settings(deadline=None, max_examples=30)
@given(st.data())
def test_whatever_is_answered_there_is_a_report(data):
    sizes = data.draw(st.lists(st.integers(1, 6), min_size=1, max_size=3))
    points = data.draw(st.integers(2, 11))
    document = questionnaire(sizes, points)
    said = st.sampled_from([*range(points), "dont_know", "not_applicable", None])
    everything = [item["code"] for part in document["domains"] for item in part["items"]]
    few = data.draw(st.lists(st.lists(said, min_size=18, max_size=18), min_size=1, max_size=8))
    rows = (few * 16)[: data.draw(st.integers(5, 60))]
    people = [
        {
            "answers": {
                code: one for code, one in zip(everything, row, strict=False) if one is not None
            }
        }
        for row in rows
    ]
    cut = data.draw(st.integers(0, len(people)))

    report = reported({"trust": people[:cut], "council": people[cut:]}, document=document, k=5)

    for part in [report["overall"], *report["domains"]]:
        if "suppressed" not in part:
            assert part["interval"]["from"] <= part["score"] <= part["interval"]["to"]
            assert 0 <= part["interval"]["from"] < part["interval"]["to"] <= 100
