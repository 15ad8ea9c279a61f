"""People who all answered alike: nothing published, and nothing missing, gives them away."""

import pytest

from tests.attacks.differencing_copy import Copy
from tests.attacks.populations import EVERY_ITEM, REVERSED, Person, Population

SIDE = 20
UNANIMOUS = {item: 2 if item in REVERSED else 4 for item in EVERY_ITEM}
EVERYTHING = ("alpha", "alpha_interval", "omega", "omega_interval", "between", "agreement")


def two_organisations(said):
    """Forty people of two organisations, with these answers."""
    organisations = tuple(
        {"code": code, "name": code, "sector": "nhs", "headcount": SIDE} for code in ("a", "b")
    )
    people = tuple(Person("ab"[at % 2], None, answers) for at, answers in enumerate(said))
    return Population(0, organisations, (), ("organisation",), 10, people)


def all_but(*changed):
    """Everybody answers alike, but for as many as there are changes."""
    others = [UNANIMOUS] * (2 * SIDE - len(changed))
    return two_organisations([*(UNANIMOUS | change for change in changed), *others])


def coefficients(of):
    return [{name: part[name] for name in EVERYTHING} for part in Copy(of).publishes()["domains"]]


def test_that_all_answered_alike_is_published_as_if_one_had_not():
    alike, not_quite = coefficients(all_but()), coefficients(all_but({"trust1": 5, "rules1": 5}))

    assert alike == not_quite
    assert alike[0]["alpha"] == alike[0]["between"]["icc1"] == alike[0]["between"]["icc2"] == 0


def test_people_who_all_answered_alike_may_as_well_not_have():
    moves = [{item: answer} for item in ("trust1", "trust2", "trust3") for answer in (5, 3)]

    # On each item two people of one organisation move apart: every figure stays as it was.
    in_pairs = [one for pair in zip(moves, [{}] * len(moves), strict=True) for one in pair]

    assert Copy(all_but(*in_pairs)).publishes() == Copy(all_but()).publishes()


@pytest.mark.parametrize("moods", [(0,), (0, 1), (-2, 1, 0, -1)], ids=["all", "two", "four"])
def test_an_item_that_all_answered_alike_is_not_told_by_a_missing_omega(moods):
    moved = [(moods[at % len(moods)], moods[at // 3 % len(moods)]) for at in range(2 * SIDE)]
    said = [UNANIMOUS | {"trust1": 4 + one, "trust2": 4 + other} for one, other in moved]

    trust = coefficients(two_organisations(said))[0]

    assert trust["alpha"] is not None
    assert trust["omega"] is not None
