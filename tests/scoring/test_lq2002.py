"""A real staff survey of 49 organisations, against the figures of R (psych, multilevel).

Bliese, P. D., Halverson, R. R., & Schriesheim, C. A. (2002). The Leadership Quarterly 13(1), 3-14.
"""

import csv
from importlib import resources

import numpy as np
import pytest

from app.scoring.agreement import answer_variance, within_group_agreement_of_items
from app.scoring.between import intraclass, variation
from app.scoring.domains import DomainScale, person_scores
from app.scoring.items import item_histograms
from app.scoring.products import cross_product
from app.scoring.reliability import reliability_of
from app.scoring.scores import score_of

with resources.files("app.demo").joinpath("lq2002.csv").open(encoding="utf-8") as file:
    PEOPLE = list(csv.DictReader(file))
COMPANIES, GROUPS = np.unique([int(person["COMPID"]) for person in PEOPLE], return_inverse=True)
LOWEST = {"LEAD": 1, "TSIG": 1, "HOSTIL": 0}


def answers_to(domain):
    items = [name for name in PEOPLE[0] if name.startswith(domain)]
    rows = [[int(person[item]) - LOWEST[domain] for person in PEOPLE] for item in items]
    answers = np.array(rows, dtype=np.uint8)
    return answers, DomainScale(5, (False,) * len(items))


def test_everybody_is_here():
    sizes = np.bincount(GROUPS)

    assert (len(PEOPLE), COMPANIES.size) == (2042, 49)
    assert sizes[:3].tolist() == [24, 37, 45]
    assert (sizes.min(), sizes.max()) == (10, 99)


@pytest.mark.parametrize(
    ("domain", "alpha", "mean", "icc1", "icc2"),
    [
        ("LEAD", 0.9022366, 3.000712, 0.08795622, 0.8007544),
        ("TSIG", 0.8231408, 3.13304, 0.080384, 0.7846078),
        ("HOSTIL", 0.8729244, 0.9470127, 0.05400494, 0.7040592),
    ],
)
def test_a_domain_scores_as_in_r(domain, alpha, mean, icc1, icc2):
    answers, scale = answers_to(domain)
    people = person_scores(answers, scale)
    companies = [
        score_of(people.values, counts) for counts in people.counts_by_group(GROUPS, COMPANIES.size)
    ]

    whole = score_of(people.values, people.counts)
    found = intraclass(variation(companies), mean_group_size=True)

    assert reliability_of(cross_product(answers, scale)).alpha == pytest.approx(alpha, abs=1e-6)
    assert whole.mean / 25 + LOWEST[domain] == pytest.approx(mean, abs=1e-6)
    assert (found.icc1, found.icc2) == pytest.approx((icc1, icc2), abs=1e-6)


def test_a_domain_of_something_bad_is_turned():
    answers, scale = answers_to("HOSTIL")
    turned = DomainScale(5, scale.reversed_items, worse_is_higher=True)

    people = person_scores(answers, turned)

    assert score_of(people.values, people.counts).mean == pytest.approx(100 - 0.9470127 * 25)


def test_organisations_agree_on_leadership_as_in_r():
    answers, _ = answers_to("LEAD")
    histograms = item_histograms(answers, 5, GROUPS, COMPANIES.size)[:, :, :5]
    variances = [[answer_variance(item) for item in company] for company in histograms]

    agreement = [
        within_group_agreement_of_items(float(np.mean(company)), 5, items=11)
        for company in variances
    ]

    assert agreement[:3] == pytest.approx([0.8075273, 0.8959383, 0.8600120], abs=1e-6)
    summary = min(agreement), np.median(agreement), np.mean(agreement), max(agreement)
    assert summary == pytest.approx((0.7749, 0.8701, 0.8678, 0.9423), abs=5e-5)
