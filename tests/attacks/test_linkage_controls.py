"""The linkage attacker's positive controls: who leaves one defence out is found by the same code.

In each of them the attacker links nearly everybody, and by the one thing that was left in.
"""

import pytest

from tests.attacks import linkage_controls as controls
from tests.attacks.linkage import attack, broken, words_in
from tests.attacks.linkage_population import population
from tests.attacks.linkage_rounds import drop, fresh_postgres
from tests.attacks.linkage_seals import left_in, unsealed

N = 300
NEARLY_ALL = 290


@pytest.fixture(scope="module")
def people():
    return population(N, seed=20)


@pytest.fixture
def store(postgres):
    place = fresh_postgres(postgres)
    yield place
    drop(place)


def channels(evidence, people):
    """By what the attacker links nearly everybody."""
    findings = broken(attack(evidence, people, controls.marks(people)))
    return {one.name for one in findings if one.right >= NEARLY_ALL}


def test_a_time_on_a_row_links_everybody_and_nothing_else_does(tmp_path, people):
    evidence = controls.with_a_time(tmp_path, people)

    assert channels(evidence, people) == {"answers of words.created_at, by arrival"}


def test_a_hidden_rowid_links_everybody_although_the_file_was_rewritten(tmp_path, people):
    evidence = controls.with_a_rowid(tmp_path, people)

    assert "answers of words.hidden rowid, by arrival" in channels(evidence, people)


def test_unsealed_rows_in_the_log_of_sqlite_stand_in_the_order_of_arrival(tmp_path, people):
    evidence = controls.with_its_log(tmp_path, people)

    assert "first place of words in file-wal, by arrival" in channels(evidence, people)


def test_an_access_log_links_everybody_by_what_a_line_and_a_row_have_in_common(tmp_path, people):
    found = channels(controls.with_an_access_log(tmp_path, people), people)

    assert "answers of words.id in access log, by arrival" in found
    assert "access log.word 5 = answers of words.id" in found


def test_spending_and_inserting_in_one_visible_transaction_links_everybody(store, people):
    found = channels(controls.with_a_visible_spend(store, people), people)

    assert "tokens (carved).xmax = answers of words.xmin" in found
    assert "first place of words in pg_wal, by arrival" in found


def test_a_salt_that_was_only_overwritten_opens_what_was_sealed(store, people):
    evidence, key, salt, rows = controls.with_a_salt_left(store, people)
    live = evidence.only(lambda name: name != "pg_wal").values()

    left = [(row, None, sealed) for row, sealed in rows if left_in(live, [sealed])]
    opened = unsealed(key, left, [salt])

    assert left_in(live, [salt[1]]) == 1
    assert len(words_in([str(opened).encode()], people)) >= NEARLY_ALL * 0.9


def test_rows_of_a_wave_that_are_not_sorted_are_linked_within_their_group(people):
    evidence = controls.with_an_unsorted_wave(people)

    assert "rows of the wave, by arrival" in channels(evidence, people)
