"""Totals over groups, from what the published cells say and no more."""

from app.scoring.forms import PublishedScore
from app.scoring.totals import Cell, equal_voice_total, headcount_total

LARGE, SMALL = Cell(50, 60.0, 200), Cell(20, 40.0, 50)


def test_a_headcount_total_weighs_groups_by_who_works_there():
    assert headcount_total([LARGE, SMALL]) == PublishedScore(70, 56, False, False)


def test_in_an_equal_voice_total_every_group_counts_alike():
    assert equal_voice_total([LARGE, SMALL]) == PublishedScore(70, 50, False, False)


def test_totals_need_two_published_cells():
    for total in (headcount_total, equal_voice_total):
        assert total([]) is None
        assert total([LARGE]) is None


def test_a_total_does_not_tell_what_a_clamped_cell_hides():
    clamped = equal_voice_total([Cell(10, 99.0, 10), Cell(90, 50.0, 90)])

    assert clamped == equal_voice_total([Cell(10, 85.0, 10), Cell(90, 50.0, 90)])
    assert clamped == PublishedScore(100, 65, at_least=True, at_most=False)


def test_cells_clamped_at_both_ends_are_marked_both_ways():
    found = headcount_total([Cell(10, 99.0, 10), Cell(10, 1.0, 10)])

    assert found == PublishedScore(20, 50, at_least=True, at_most=True)


def test_a_total_does_not_tell_what_a_score_hides_for_the_sake_of_others():
    opened = PublishedScore(20, 80, at_least=False, at_most=True)

    found = {equal_voice_total([LARGE, Cell(20, mean, 20, opened)]) for mean in (40.0, 60.0, 79.0)}

    assert found == {PublishedScore(70, 70, at_least=False, at_most=True)}
