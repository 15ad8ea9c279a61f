"""What several journeys begin with."""

import pytest

from tests.verified import Verified


@pytest.fixture(scope="session")
def verified(running):
    """A concluded evaluation in which each verdict and each finding occurs."""
    running.clock.reset()
    with running.client_of_a_new_account() as client:
        yield Verified(client)
