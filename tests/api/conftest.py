"""What several journeys begin with."""

import pytest

from tests.peers import Others, conclude, questionnaire, scoring
from tests.verified import Verified


@pytest.fixture(scope="session")
def verified(running):
    """A concluded evaluation in which each verdict and each finding occurs."""
    running.clock.reset()
    with running.client_of_a_new_account() as client:
        yield Verified(client)


@pytest.fixture
def asked():
    """A questionnaire that nobody else uses."""
    return questionnaire()


@pytest.fixture
def own(evaluator, asked):
    """A concluded evaluation in benchmarks, with nobody to be compared with yet."""
    return conclude(evaluator, asked, scoring(65))


@pytest.fixture
def others(service, own):
    """The partnerships of other accounts that it may meet in benchmarks."""
    return Others(service, own)
