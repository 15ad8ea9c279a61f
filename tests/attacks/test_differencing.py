"""The differencing attacker: random partnerships answer over HTTP, and everything is read.

The ordinary test command attacks a few partnerships; `--attacks=large` attacks 200 and looks at
more answers of each.
"""

import pytest

from tests.attacks.differencing_copy import Copy, comparable
from tests.attacks.differencing_equations import Known, reading
from tests.attacks.differencing_forcing import alike, attack
from tests.attacks.differencing_isolation import isolated
from tests.attacks.differencing_service import surveyed
from tests.attacks.populations import permuted, population, populations
from tests.service import RunningService

PARTNERSHIPS = {"small": 12, "large": 200}
ANSWERS = {"small": 10, "large": 25}  # of each partnership, chosen at random


def pytest_generate_tests(metafunc):
    if "seed" in metafunc.fixturenames:
        seeds = range(PARTNERSHIPS[metafunc.config.getoption("attacks")])
        shared = [pytest.param(seed, marks=pytest.mark.xdist_group(f"{seed}")) for seed in seeds]
        metafunc.parametrize("seed", shared, scope="module")


@pytest.fixture(scope="module")
def anonymous(tmp_path_factory):
    """A service whose deployment allows the smallest group that there can be."""
    folder = tmp_path_factory.mktemp("differencing")
    database = f"sqlite:///{folder / 'poet.sqlite'}"
    with RunningService(database, folder / "home", smallest_group=5) as service:
        yield service


@pytest.fixture(scope="module")
def of(seed):
    return population(seed)


@pytest.fixture(scope="module")
def read(anonymous, of):
    return surveyed(anonymous, of)


@pytest.fixture(scope="module")
def copy(of):
    return Copy(of)


@pytest.fixture(scope="module")
def equations(read, of, copy):
    return reading(read.report, Known.of(of, copy.groups), copy.voices)


@pytest.fixture
def answers(pytestconfig):
    return ANSWERS[pytestconfig.getoption("attacks")]


def suppressed(report):
    """Which cells a report withholds."""
    whole = [part["code"] for part in report["domains"] if "suppressed" in part]
    return whole + [
        (part["code"], table, cell["groups"])
        for part in [*report["domains"], {"code": "answered", "cuts": report["method"]["response"]}]
        for table, cells in part.get("cuts", {}).items()
        for cell in cells
        if "suppressed" in cell
    ]


def test_while_the_survey_is_open_only_multiples_of_the_smallest_group_are_told(read, of):
    told = read.while_open["progress"]

    counts = [told["answered"], *(group["answered"] for group in told["groups"])]
    assert all(count % of.smallest_group == 0 for count in counts)
    assert read.while_open["reports"]["items"] == read.while_open["statements"]["items"] == []
    assert "reports/health" not in read.while_open


def test_what_the_attacker_reckons_with_is_what_the_service_published(read, copy):
    assert comparable(read.report) == copy.publishes()


def test_no_combination_of_cells_speaks_about_fewer_than_k_people(equations, of):
    for variable in equations.forms:
        rows = [one.weights for one in equations.equations if one.variable == variable]
        assert not isolated(rows, of.smallest_group), variable


def test_no_answer_is_forced(equations, copy, answers, seed, record_property):
    verdict = attack(copy, equations, answers, seed=seed)

    record_property("free", len(verdict.free))
    record_property("undecided", len(verdict.undecided))
    assert verdict.forced == []
    assert len(verdict.free) > len(verdict.undecided)


def test_no_share_says_what_everybody_answered(read):
    assert alike(read.report) == []


def test_other_values_of_the_same_people_suppress_the_same_cells(copy, of, seed):
    withheld = suppressed(copy.publishes())

    for again in range(3):
        other = permuted(of, seed=3 * seed + again)
        assert suppressed(copy.publishes(other)) == withheld


@pytest.mark.parametrize("of", populations(2, first=30), ids=["one partnership", "another"])
def test_other_values_suppress_the_same_cells_over_http_too(anonymous, of):
    first, second = (surveyed(anonymous, one).report for one in (of, permuted(of, seed=1)))

    assert first != second
    assert suppressed(first) == suppressed(second)
