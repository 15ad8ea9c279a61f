"""Numbers that independent packages compute alike: statsmodels, krippendorff and numpy."""

from itertools import combinations

import krippendorff
import numpy as np
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays
from scipy.special import expit, logit
from statsmodels.multivariate.factor import Factor
from statsmodels.stats.multicomp import pairwise_tukeyhsd
from statsmodels.tools.numdiff import approx_fprime, approx_hess

from app.scoring.between import tukey_kramer
from app.scoring.coders import NOT_CODED, coder_agreement
from app.scoring.codes import NOT_ANSWERED
from app.scoring.omega import mcdonald_omega, one_factor
from app.scoring.products import cross_product
from app.scoring.scores import score_of
from tests.scoring.test_lq2002 import answers_to

LOADINGS = (0.5, 0.9, 1.2, 0.7, 0.3)
SPREADS = (1.0, 0.7, 1.1, 0.4, 0.9)


def covariance_of(seed, people):
    rng = np.random.default_rng(seed)
    view = rng.normal(size=people)
    rows = [
        loading * view + spread * rng.normal(size=people)
        for loading, spread in zip(LOADINGS, SPREADS, strict=True)
    ]
    return np.cov(rows)


def omega_of(parameters):
    loadings, uniquenesses = np.split(parameters, 2)
    return loadings.sum() ** 2 / (loadings.sum() ** 2 + uniquenesses.sum())


def omega_by_statsmodels(covariance, people):
    spread = np.sqrt(np.diag(covariance))
    model = Factor(
        corr=covariance / np.outer(spread, spread), n_factor=1, method="ml", nobs=people
    ).fit()
    return omega_of(np.append(model.loadings[:, 0] * spread, model.uniqueness * spread**2))


@pytest.mark.parametrize("domain", ["LEAD", "TSIG", "HOSTIL"])
def test_omega_of_a_real_survey_as_statsmodels_fits_it(domain):
    answers, scale = answers_to(domain)
    product = cross_product(answers, scale)

    found = mcdonald_omega(product.covariance, product.n)

    assert found.value == pytest.approx(
        omega_by_statsmodels(product.covariance, product.n), abs=1e-5
    )


@pytest.mark.parametrize("seed", range(4))
def test_omega_of_unequal_items_as_statsmodels_fits_it(seed):
    covariance = covariance_of(seed, 200)

    found = mcdonald_omega(covariance, 200)

    assert found.value == pytest.approx(omega_by_statsmodels(covariance, 200), abs=1e-5)


@pytest.mark.parametrize("people", [60, 400])
def test_the_interval_of_omega_is_that_of_the_likelihood_itself(people):
    """Its curvature by differences, where our interval has it by formula."""
    factor = one_factor(covariance_of(1, people))
    implied = np.outer(factor.loadings, factor.loadings) + np.diag(factor.uniquenesses)
    best = np.append(factor.loadings, factor.uniquenesses)

    def unlikelihood(parameters):
        loadings, uniquenesses = np.split(parameters, 2)
        model = np.outer(loadings, loadings) + np.diag(uniquenesses)
        fit = np.linalg.slogdet(model)[1] + np.trace(np.linalg.solve(model, implied))
        return (people - 1) / 2 * fit

    gradient = approx_fprime(best, omega_of, centered=True)
    error = np.sqrt(gradient @ np.linalg.solve(approx_hess(best, unlikelihood), gradient))
    omega = omega_of(best)
    margin = 1.959964 * error / (omega * (1 - omega))

    found = mcdonald_omega(implied, people)

    assert found.value == pytest.approx(omega, abs=1e-7)
    expected = expit([logit(omega) - margin, logit(omega) + margin])
    assert (found.interval.low, found.interval.high) == pytest.approx(expected, abs=1e-4)


@given(
    arrays(
        np.int64,
        st.tuples(st.integers(2, 4), st.integers(1, 12)),
        elements=st.integers(NOT_CODED, 3),
    )
)
def test_coders_agree_as_the_krippendorff_package_says(codes):
    found = coder_agreement(codes)
    assume(found.alpha is not None)

    counts = np.stack([(codes == code).sum(axis=0) for code in range(4)], axis=1)
    reference = krippendorff.alpha(value_counts=counts, level_of_measurement="nominal")

    assert found.alpha == pytest.approx(reference, abs=1e-12)


@pytest.mark.parametrize("sizes", [(10, 11, 40), (5, 80, 12, 33), (25, 25, 25, 25, 25, 25)])
def test_the_largest_gap_of_unequal_groups_as_statsmodels_has_it(sizes):
    rng = np.random.default_rng(sum(sizes))
    groups = [np.clip(rng.normal(45 + 7 * at, 22, size), 0, 100) for at, size in enumerate(sizes)]
    reference = pairwise_tukeyhsd(np.concatenate(groups), np.repeat(np.arange(len(sizes)), sizes))
    largest = int(np.argmax(np.abs(reference.meandiffs)))
    low, high = sorted(reference.confint[largest] * np.sign(reference.meandiffs[largest]))
    pair = list(combinations(range(len(sizes)), 2))[largest]

    found = tukey_kramer([score_of(group) for group in groups]).largest

    assert {found.higher, found.lower} == set(pair)
    assert found.points == pytest.approx(abs(reference.meandiffs[largest]))
    assert found.p == pytest.approx(reference.pvalues[largest], abs=2e-3)
    assert (found.interval.low, found.interval.high) == pytest.approx((low, high), abs=0.02)


def test_reliability_rests_on_complete_cases_alone():
    answers, scale = answers_to("TSIG")
    blanked = answers.copy()
    blanked[0, ::3] = NOT_ANSWERED

    found = cross_product(blanked, scale)

    kept = answers[:, np.arange(answers.shape[1]) % 3 != 0]
    np.testing.assert_allclose(found.covariance, np.cov(kept), rtol=1e-12)
