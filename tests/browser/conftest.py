"""The service and a browser; on SQLite alone, since pages meet no database."""

import pytest

from tests.browser.chromium import chromium
from tests.browser.servers import line
from tests.service import RunningService
from tests.walkthrough import OpenSurvey


@pytest.fixture(scope="session")
def running(tmp_path_factory):
    """A service of its own: the one of all other tests must not come upon this database."""
    url = f"sqlite:///{tmp_path_factory.mktemp('database') / 'poet.sqlite'}"
    with RunningService(url, tmp_path_factory.mktemp("home")) as service:
        yield service


@pytest.fixture(scope="session")
def browser(tmp_path_factory):
    """One browser for all tests: each has a page of an origin of its own, so nothing is shared."""
    with chromium(tmp_path_factory.mktemp("profile")) as one:
        yield one


@pytest.fixture
def survey(evaluator):
    """The built-in survey, open, in two languages."""
    return OpenSurvey(evaluator, languages=["en", "cy"])


@pytest.fixture
def wire(service):
    """The line between pages and the service."""
    with line(service.url) as between:
        yield between
