"""How long the drills are, and where they take place."""

import pytest

from tests.drills.fleets import ALONE, SERVICES, WORKERS, fleet_of
from tests.drills.processes import served


@pytest.fixture(scope="session")
def large(request):
    """Whether the drills are as long as they get."""
    return request.config.getoption("--drills") == "large"


@pytest.fixture
def poet(url, tmp_path):
    """The service in a process of its own, on each database."""
    with served(url, tmp_path / "home") as running:
        yield running


@pytest.fixture(params=[ALONE, WORKERS, SERVICES], ids=str)
def fleet(request, url, tmp_path):
    """One process, two workers of one service, and two services, on each database."""
    with fleet_of(url, tmp_path / "home", request.param) as running:
        yield running
