"""Which sets of partnerships may be shown one after another, so that none stands out between."""

import pytest

from app.scoring.peers import Peer, changed, enough_changed, may_follow

LEAST = 5


def rounds(*partnerships, number=1):
    """The same round of partnerships, named by numbers."""
    return frozenset(Peer(f"p{one}", f"p{one} round {number}") for one in partnerships)


def may(chosen, *shown):
    return may_follow(chosen, shown, least=LEAST)


def test_the_first_set_and_the_same_again_may_be_shown():
    five = rounds(*range(5))

    assert may(five)
    assert may(five, five)
    assert may(five, rounds(*range(5, 15)), five)


@pytest.mark.parametrize("more", range(1, 7))
def test_fewer_than_five_more_would_be_told_by_the_difference(more):
    before, now = rounds(*range(6)), rounds(*range(6 + more))

    assert may(now, before) == may(before, now) == (more >= LEAST)


def test_who_came_and_who_went_count_alike():
    before = rounds(*range(10))

    assert not may(rounds(*range(2, 12)), before)
    assert may(rounds(*range(3, 12)), before)


def test_a_new_round_is_one_change_of_one_partnership():
    before = rounds(*range(8))

    replaced = [rounds(*range(n, 8)) | rounds(*range(n), number=2) for n in range(6)]

    assert [changed(one, before) for one in replaced] == list(range(6))
    assert [may(one, before) for one in replaced] == [True, False, False, False, False, True]


def test_three_sets_together_must_not_tell_one_either():
    """Twelve less five less six is one, though each two differ by enough."""
    twelve, five, six = rounds(*range(12)), rounds(*range(5)), rounds(*range(5, 11))

    assert may(five, twelve)
    assert may(six, twelve)
    assert not may(six, twelve, five)
    assert may(rounds(*range(5, 12)), twelve, five)


def test_a_set_too_small_is_never_shown():
    assert not may(rounds(*range(4)))


@pytest.mark.parametrize(("before", "needed"), [(5, 5), (50, 5), (51, 6), (200, 20)])
def test_figures_are_reckoned_anew_when_five_and_a_tenth_have_changed(before, needed):
    shown = rounds(*range(before))

    due = [
        enough_changed(rounds(*range(before + more)), shown, least=LEAST, share=0.1)
        for more in (needed - 1, needed)
    ]

    assert due == [False, True]
