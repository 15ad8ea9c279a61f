"""The linkage attacker on the service: whoever has every byte of a finished round knows no more.

300 people answer through the running service, one after the other and then sixteen at once. The
attacker knows who came when, from where and in which role, has everybody's access code and key,
and gets the database's files, logs and dumps, every hidden column, the service's logs and every
reply. `--attacks=large` plays more rounds, with a thousand people.
"""

import fcntl
import pickle
from contextlib import nullcontext

import pytest

from app.security import tokens
from tests.attacks.linkage import attack, broken, words_in
from tests.attacks.linkage_population import ANSWER
from tests.attacks.linkage_rounds import drop, fresh_postgres, fresh_sqlite, play
from tests.attacks.linkage_seals import (
    left_in,
    pieces,
    read_with,
    salts_in,
    sealed_in,
    unsealed,
)
from tests.conftest import postgres_server

CANARIES = 290 / 300
WAYS = {"one by one": False, "sixteen at once": True}
KEPT_LOG = "pg_wal"
LOGS = (KEPT_LOG, "file-wal")


def pytest_generate_tests(metafunc):
    if "setting" in metafunc.fixturenames:
        large = metafunc.config.getoption("--attacks") == "large"
        settings = [
            (kind, way, 1000 if large else 300, seed)
            for seed in range(3 if large else 1)
            for kind in ("sqlite", "postgresql")
            for way in WAYS
        ]
        names = [f"{kind}, {way}, {size}, {seed}" for kind, way, size, seed in settings]
        metafunc.parametrize("setting", settings, ids=names, scope="module", indirect=True)


@pytest.fixture(scope="module")
def setting(request):
    return request.param


@pytest.fixture(scope="module")
def played(setting, request, tmp_path_factory):
    """The round of this setting; workers of pytest-xdist share what was played once."""
    shared = tmp_path_factory.getbasetemp()
    if hasattr(request.config, "workerinput"):
        shared = shared.parent
    kept = shared / f"linkage {'-'.join(map(str, setting))}"
    with open(f"{kept}.lock", "w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not kept.exists():
            kept.write_bytes(pickle.dumps(newly_played(setting, tmp_path_factory)))
    return pickle.loads(kept.read_bytes())


def newly_played(setting, tmp_path_factory):
    """Play a round; on PostgreSQL with a server, and so a log, of its own."""
    kind, way, size, seed = setting
    folder = tmp_path_factory.mktemp("linkage")
    with postgres_server() if kind == "postgresql" else nullcontext() as server:
        place = fresh_postgres(server) if server else fresh_sqlite(folder)
        try:
            return play(place, folder / "home", size=size, seed=seed, at_once=WAYS[way])
        finally:
            drop(place)


@pytest.fixture(params=["without the keys", "with the keys"])
def with_keys(request):
    return request.param == "with the keys"


def in_the_database(evidence):
    """The files of the live database: all but what PostgreSQL keeps of its past."""
    return evidence.only(lambda name: name != KEPT_LOG).values()


def test_a_finished_round_tells_nobody_apart(played, with_keys, record_property):
    findings = attack(played.closed, played.people, played.marks(with_keys=with_keys))
    whole = [one for one in findings if one.people == len(played.people)]
    record_property("largest rho", max(abs(one.rho) for one in whole))
    record_property("most right", max(one.right for one in findings if one.at_random == 1))
    record_property("rows right", findings[0].right)

    assert broken(findings) == []
    # The attacker did find what there is: both words of everybody, and everybody's row.
    assert len(whole) > 50
    assert findings[0].name == "rows of the wave, by arrival"
    assert findings[0].people == len(played.people)


def test_the_words_that_nobody_can_be_linked_to_are_all_published(played):
    published = str(played.published).encode()

    found = words_in([published], played.people)

    assert len(found) >= CANARIES * len(played.people)


def test_a_finished_round_leaves_no_salt_and_nothing_that_opens(played):
    salts = [salt for round_, salt in salts_in(played.open) if round_ == played.evaluation]
    sealed = [row for row in sealed_in(played.open) if row[1] == played.evaluation]
    assert len(salts) == 1
    assert len(sealed) == len(played.people)

    files = in_the_database(played.closed)
    opened = unsealed(played.keys.sealing, sealed, salts_in(played.closed))

    assert left_in(files, salts) == 0
    assert left_in(files, [salt.hex().encode() for salt in salts]) == 0
    assert opened == []
    if "file" in played.closed.files:  # PostgreSQL's pages keep some, which nothing opens
        assert left_in(files, pieces(sealed)) == 0


def test_an_open_round_shows_no_answer_and_no_word_without_the_keys(played):
    marks = played.marks(with_keys=False)

    assert words_in(played.open.files.values(), played.people) == set()
    assert not any(ANSWER.search(content) for content in played.open.files.values())
    assert broken(attack(played.open, played.people, marks)) == []


def test_an_open_round_holds_sealed_answers_of_one_size(played):
    sizes = {len(sealed) - 12 - 16 for _, _, sealed in sealed_in(played.open)}

    assert sizes == {896}


def test_an_open_round_is_readable_with_the_keys_as_the_privacy_statement_says(played):
    opened = unsealed(played.keys.sealing, sealed_in(played.open), salts_in(played.open))

    read = words_in([str(opened).encode()], played.people)

    assert len(read) == len(played.people)
    assert names_the_keys(played.privacy)


def test_an_open_round_tells_people_apart_with_the_keys_only_as_the_privacy_statement_says(played):
    """Who also has the list of codes, or knows who came when, learns whose answers they are."""
    codes = {
        tokens.fingerprint(played.keys.tokens, code): person.place
        for code, person in zip(played.codes, played.people, strict=True)
    }
    readable = read_with(played.keys.sealing, played.open)

    linked = broken(attack(readable, played.people, codes))

    assert not linked or "whose" in " ".join(played.privacy["residual_risks"]), linked[:3]


def test_a_log_that_was_kept_is_readable_with_the_keys_alone(played):
    """PostgreSQL keeps its log a while; SQLite's is empty, or holds nothing of the round."""
    log = [content for name, content in played.closed.files.items() if name in LOGS]
    salts = [salt for round_, salt in salts_in(played.open) if round_ == played.evaluation]
    sealed = [row for row in sealed_in(played.open) if row[1] == played.evaluation]

    kept = left_in(log, pieces(sealed))

    if KEPT_LOG in played.closed.files:
        assert left_in(log, salts) == 1
        assert kept >= CANARIES * len(sealed)
        assert names_the_keys(played.privacy)
    else:
        assert (left_in(log, salts), kept) == (0, 0)


def names_the_keys(privacy):
    """Whether people were told who can read their answers, and from what."""
    risks = " ".join(privacy["residual_risks"])
    return "the service's own secret keys and a copy of the database made while" in risks
