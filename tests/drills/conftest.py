"""How long the drills are, and where they take place."""

import pytest

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
