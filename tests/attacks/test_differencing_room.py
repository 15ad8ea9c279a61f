"""Safe cells that, beside each other, told of four people before scores had room.

Number 97 of the attack's 200: everybody at 88, one of two groups at 77, so the other group, and
above all its strategic staff, at the top of the scale to the last person.
"""

import pytest

from tests.attacks.differencing_controls import scores_without_room
from tests.attacks.differencing_copy import Copy
from tests.attacks.differencing_equations import Known, reading
from tests.attacks.differencing_forcing import Programme
from tests.attacks.populations import EVERY_ITEM, population

TOLD = [(37, "trust2"), (6, "trust1"), (32, "trust3"), (26, "trust1")]


@pytest.fixture(scope="module")
def of():
    return population(97)


def read(of, changes=()):
    copy = Copy(of, changes)
    report = copy.publishes()
    return report, reading(report, Known.of(of, copy.groups), copy.voices)


def forced(equations):
    programme = Programme(equations)
    return [(who, item) for who, item in TOLD if programme.forced(who, EVERY_ITEM.index(item))]


def trust(report):
    """The cells of the domain by organisation."""
    domain = next(domain for domain in report["domains"] if domain["code"] == "trust")
    return {cell["groups"][0]: cell for cell in domain["cuts"]["organisation"]}, domain


def test_control_scores_without_room_force_answers(of):
    report, equations = read(of, scores_without_room())

    assert trust(report)[0]["org-0"]["score"] == 77
    assert forced(equations) == TOLD


def test_with_room_none_of_them_is_forced(of):
    _, equations = read(of)

    assert forced(equations) == []


def test_the_score_that_told_is_open_and_so_is_all_that_follows_from_it(of):
    cells, domain = trust(read(of)[0])
    told = cells["org-0"]

    assert told["at_most"]
    assert told["score"] > 77
    assert (told["basis"], told["band"]) == ("fixed", None)
    assert told["interval"]["from"] == 10  # the least that 21 people are ever shown with
    for total in ("score_by_headcount", "score_equal_voice"):
        assert domain[total]["at_most"]
