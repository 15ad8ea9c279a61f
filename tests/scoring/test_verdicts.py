"""What service users and carers say of an outcome."""

from collections import defaultdict

import pytest

from app.scoring.shares import ShareBand
from app.scoring.verdicts import delivery, importance

K = 10


def judged(counts, *, selection="all", not_about_me=0, dont_know=0):
    return importance(
        counts,
        not_about_me=not_about_me,
        dont_know=dont_know,
        selection=selection,
        smallest_group=K,
    )


def delivered(counts, *, selection="all", too_early=False, dont_know=0):
    return delivery(
        counts,
        dont_know=dont_know,
        too_early=too_early,
        selection=selection,
        smallest_group=K,
    )


@pytest.mark.parametrize(
    ("counts", "verdict"),
    [
        ([0, 2, 8, 20, 30], "right"),
        ([30, 15, 10, 5, 0], "not_valued"),
        ([30, 0, 0, 0, 30], "contested"),
        ([6, 12, 12, 20, 10], "unknown"),
        ([6, 0, 0, 0, 6], "unknown"),  # as split, but too few to say so
    ],
)
def test_importance(counts, verdict):
    assert judged(counts).verdict == verdict


@pytest.mark.parametrize(
    ("counts", "verdict"),
    [
        ([0, 2, 8, 20, 30], "delivered"),
        ([30, 15, 10, 5, 0], "not_delivered"),
        ([5, 5, 150, 20, 20], "partly"),  # few have it, but the rest have some of it
        ([50, 50, 100, 100, 100], "partly"),
        ([3, 3, 4, 5, 5], "unknown"),
    ],
)
def test_delivery(counts, verdict):
    assert delivered(counts).verdict == verdict


def test_until_its_horizon_has_passed_an_outcome_is_too_early_whatever_the_figures():
    found = delivered([0, 2, 8, 20, 30], too_early=True)

    assert found.verdict == "too_early"
    assert found.favourable.share == ShareBand(80, 85)


def test_those_whom_it_does_not_concern_are_shown_apart():
    found = judged([0, 0, 0, 10, 10], not_about_me=20, dont_know=10)

    assert (found.favourable.n, found.favourable.share) == (20, ShareBand(90, 100))
    assert (found.not_about_me, found.dont_know) == (ShareBand(40, 45), ShareBand(20, 25))


@pytest.mark.parametrize(("selection", "by_chance"), [("random", True), ("volunteers", False)])
def test_only_people_chosen_by_chance_have_an_interval(selection, by_chance):
    found = judged([0, 2, 8, 20, 30], selection=selection)

    assert (found.favourable.interval is not None) == by_chance
    assert found.favourable.of_those_asked != by_chance
    assert found.verdict == judged([0, 2, 8, 20, 30]).verdict


def test_below_twenty_people_words_come_first():
    assert judged([0, 0, 0, 9, 10]).favourable.words_first
    assert not judged([0, 0, 0, 10, 10]).favourable.words_first


def test_below_the_smallest_group_there_is_no_verdict():
    assert judged([0, 0, 0, 4, 5]) is None
    assert delivered([0, 0, 0, 4, 5], too_early=True) is None


@pytest.mark.parametrize("n", [12, 31, 103])
def test_a_verdict_tells_no_more_than_the_published_bands(n):
    verdicts = defaultdict(set)
    for good in range(n + 1):
        for bad in range(n + 1 - good):
            found = delivered([bad, 0, n - good - bad, 0, good])
            verdicts[found.favourable, found.unfavourable].add(found.verdict)

    assert all(len(alike) == 1 for alike in verdicts.values())
