"""A backup of the middle of a round is put back: what comes back, and what must not."""

from contextlib import contextmanager
from dataclasses import dataclass, field

import httpx
import pytest

from app.security import receipts, tokens
from app.security.keys import load_or_make
from tests.conftest import new_databases
from tests.drills.processes import open_survey, served
from tests.drills.respondents import answer, included, stored
from tests.walkthrough import go, new_key, ok

PEOPLE, EARLY, SINCE = 40, 13, 12
WITHDRAWN, WITHDRAWN_LATER, REVOKED = 0, EARLY, (PEOPLE - 1, PEOPLE - 2)


@dataclass
class Round:
    """An evaluation and its people: a key and a token each, and the reply to their answer."""

    evaluation: dict
    letters: list
    replies: dict = field(default_factory=dict)

    @property
    def id(self):
        return self.evaluation["id"]

    def keys(self, numbers):
        return {self.letters[number][0] for number in numbers}

    def send(self, client, numbers):
        """These people send their answer, for the first time or again."""
        return {number: answer(client, *self.letters[number]) for number in numbers}

    def answer(self, client, numbers):
        """These people answer, and remember what they were told."""
        told = self.send(client, numbers)
        assert {reply.status_code for reply in told.values()} == {201}
        self.replies |= {number: reply.content for number, reply in told.items()}

    def issue_more(self, machine):
        """Three more tokens; the same call gives the same, if it is sent again."""
        body = {"audience": "staff", "group": "trust", "count": 3}
        headers = {"Idempotency-Key": "more-letters"}
        reply = machine.post(f"/v1/evaluations/{self.id}/tokens", json=body, headers=headers)
        return ok(reply, 201)["tokens"]

    def withdraw(self, client, number):
        body = {"key": self.letters[number][0]}
        ok(client.post("/v1/receipts/withdraw", json=body), 204)

    def revoke(self, machine, given):
        path = f"/v1/evaluations/{self.id}/tokens/revoke"
        ok(machine.post(path, json={"tokens": given}), 204)


@dataclass
class Drill:
    """A service with three rounds, and what became of it.

    Attributes:
        ongoing: A round that goes on after the backup.
        overtaken: One that was closed after more people had answered.
        unchanged: One that was closed after somebody had withdrawn, and nobody answered.
        report: What was published of that.
        issued_since: Tokens that were issued after the backup; the first was revoked.
        ended: The credential of a client that was ended after the backup.
        ledger: The lines of the ledger, and how the file looked.
        without: The keys that were in after the backup was put back without its ledger.
        refused: What was said when it was put back under a name that no ledger has.
        taken_out: What was said to be taken out when it was put back with it.
    """

    poet: object
    machine: object
    anybody: object
    ongoing: Round
    overtaken: Round
    unchanged: Round
    report: dict = None
    issued_since: list = None
    ended: tuple = None
    ledger: tuple = None
    without: set = None
    refused: str = None
    taken_out: dict = None

    def health(self, a_round):
        return ok(self.machine.get(f"/v1/evaluations/{a_round.id}/reports/health"))

    def included(self, a_round, numbers):
        return included(self.poet.address, a_round.keys(numbers))


def begun(machine, anybody):
    """A round in which thirteen people have answered."""
    evaluation, codes = open_survey(machine, PEOPLE)
    made = Round(evaluation, [(new_key(), code) for code in codes])
    made.answer(anybody, range(EARLY))
    return made


def go_on(drill):
    """What happens after the backup."""
    ongoing, overtaken, unchanged = drill.ongoing, drill.overtaken, drill.unchanged
    ongoing.answer(drill.anybody, range(EARLY, EARLY + SINCE))
    ongoing.withdraw(drill.anybody, WITHDRAWN)
    ongoing.withdraw(drill.anybody, WITHDRAWN_LATER)
    drill.issued_since = ongoing.issue_more(drill.machine)
    used = ongoing.letters[EARLY + 1][1]
    unused = [ongoing.letters[number][1] for number in REVOKED]
    ongoing.revoke(drill.machine, [*unused, drill.issued_since[0], used])
    overtaken.answer(drill.anybody, range(EARLY, EARLY + 3))
    go(drill.machine, overtaken.evaluation, "surfacing")
    unchanged.withdraw(drill.anybody, WITHDRAWN)
    go(drill.machine, unchanged.evaluation, "surfacing")
    drill.report = drill.health(unchanged)
    drill.poet.run("client", "revoke", drill.ended[0])
    ledger = drill.poet.home / "ledgers" / "backup.ledger"
    drill.ledger = (ledger.read_text().splitlines(), ledger.stat())


def put_back(poet, file, *options):
    """Stop, restore and start again; what was said."""
    poet.stop()
    said = poet.run("restore", str(file), *options)
    poet.start()
    return said


@contextmanager
def drilled(url, folder):
    with served(url, folder / "home") as poet:
        anybody = httpx.Client(base_url=poet.address, timeout=60, verify=False)
        with poet.machine() as machine, anybody:
            drill = Drill(poet, machine, anybody, *(begun(machine, anybody) for _ in range(3)))
            drill.ended = poet.credential()
            poet.run("backup", str(folder / "backup"))
            go_on(drill)
            put_back(poet, folder / "backup", "--without-ledger")
            every = [one.keys([WITHDRAWN]) for one in (drill.ongoing, drill.unchanged)]
            drill.without = included(poet.address, set().union(*every))
            moved = (folder / "backup").rename(folder / "moved")
            drill.refused = poet.refused("restore", str(moved))
            drill.taken_out = put_back(poet, moved, "--ledger", "backup")["taken_out"]
            yield drill


@pytest.fixture(scope="module", params=["sqlite", "postgresql"])
def restored(request, tmp_path_factory):
    """A service that was put back as it was in the middle of its rounds."""
    folder = tmp_path_factory.mktemp("restore")
    if request.param == "sqlite":
        with drilled(f"sqlite:///{folder / 'poet.sqlite'}", folder) as drill:
            yield drill
        return
    with new_databases(request.getfixturevalue("postgres")) as make, drilled(make(), folder) as one:
        yield one


def test_without_its_ledger_a_backup_brings_back_what_was_withdrawn(restored):
    assert restored.without == restored.ongoing.keys([0]) | restored.unchanged.keys([0])


def test_a_backup_whose_ledger_is_not_found_is_not_put_back(restored):
    assert "there is no ledger named moved" in restored.refused


def test_what_was_withdrawn_does_not_come_back(restored):
    ongoing = restored.ongoing

    told = ongoing.send(restored.anybody, [WITHDRAWN, WITHDRAWN_LATER])

    assert restored.taken_out["withdrawn"] is True
    assert told[WITHDRAWN].json()["code"] == "token-unusable"
    assert told[WITHDRAWN_LATER].json()["code"] == "key-reused", "its token is live, its key is not"
    assert restored.included(ongoing, [WITHDRAWN, WITHDRAWN_LATER]) == set()


def test_what_was_revoked_does_not_come_back(restored):
    told = restored.ongoing.send(restored.anybody, REVOKED)
    form = {"grant_type": "client_credentials"}
    fetched = restored.anybody.post("/v1/oauth/token", data=form, auth=restored.ended)

    assert restored.taken_out["revoked"] is True
    assert {reply.status_code for reply in told.values()} == {410}
    assert fetched.json()["code"] == "client-invalid"


def test_what_was_issued_since_is_issued_again_but_not_what_was_revoked(restored):
    revoked, *others = restored.issued_since

    before = answer(restored.anybody, new_key(), others[0])
    again = restored.ongoing.issue_more(restored.machine)
    told = [answer(restored.anybody, new_key(), code) for code in again]

    assert before.status_code == 410
    assert again == [revoked, *others]
    assert [reply.status_code for reply in told] == [410, 201, 201]


def test_who_sends_again_what_was_acknowledged_is_counted_once(restored):
    ongoing = restored.ongoing
    people = range(EARLY + SINCE)
    standing = [number for number in people if number not in (WITHDRAWN, WITHDRAWN_LATER)]

    before = restored.included(ongoing, standing)
    others = stored(restored.poet)[0] - len(before)
    again = [ongoing.send(restored.anybody, standing) for _ in range(2)]
    go(restored.machine, ongoing.evaluation, "surfacing")

    assert before == ongoing.keys(range(1, EARLY)), "what came since is gone until it is sent again"
    for told in again:
        said = {number: reply.content for number, reply in told.items()}
        assert said == {number: ongoing.replies[number] for number in standing}
    assert restored.health(ongoing)["answered"] == len(standing) + others


def test_a_stage_that_was_closed_over_more_answers_is_closed_over_none(restored):
    overtaken = restored.overtaken

    late = overtaken.send(restored.anybody, range(EARLY, PEOPLE)).values()
    stands = ok(restored.machine.get(f"/v1/evaluations/{overtaken.id}"))

    assert restored.taken_out["emptied"] == [overtaken.id]
    assert stands["stage"] == "surfacing"
    assert restored.health(overtaken)["answered"] is None
    assert {reply.status_code for reply in late} == {410}
    assert restored.included(overtaken, range(PEOPLE)) == set()


def test_a_stage_that_was_closed_over_the_same_answers_says_the_same_again(restored):
    unchanged = restored.unchanged

    assert restored.taken_out["closed"] == [unchanged.id]
    assert restored.health(unchanged) == restored.report
    assert restored.report["answered"] == EARLY - 1
    assert restored.included(unchanged, range(PEOPLE)) == unchanged.keys(range(1, EARLY))


def test_a_ledger_is_sorted_and_holds_marks_that_nobody_else_can_read(restored):
    lines, file = restored.ledger
    keys = load_or_make(restored.poet.home)
    letters = restored.ongoing.letters

    fingerprints = {receipts.fingerprint(keys.receipts, key).hex() for key, _ in letters}
    fingerprints |= {tokens.fingerprint(keys.tokens, code).hex() for _, code in letters}

    # One to know the key by, three answers, three tokens, a client, and two for each close.
    assert len(lines) == 1 + 3 + 3 + 1 + 2 * 2
    assert lines == sorted(lines)
    assert {len(bytes.fromhex(line)) for line in lines} == {32}
    assert not fingerprints & set(lines)
    assert file.st_mtime == 0
    assert file.st_mode & 0o777 == 0o600


def test_a_copy_that_was_made_by_other_means_has_a_ledger_too(restored, tmp_path):
    run, refused = restored.poet.run, restored.poet.refused

    begun = run("ledger", "begin", "snapshot")
    again = refused("backup", str(tmp_path / "snapshot"))
    applied = run("ledger", "apply", "snapshot")
    ended = run("ledger", "end", "snapshot")
    gone = refused("ledger", "apply", "snapshot")

    nothing = {"withdrawn": False, "revoked": False, "closed": [], "emptied": []}
    assert begun == {"ledger": "snapshot"}
    assert "there is a ledger named snapshot" in again
    assert not (tmp_path / "snapshot").exists()
    assert applied == {"ledger": "snapshot", "taken_out": nothing}
    assert ended == {"ended": "snapshot"}
    assert "there is no ledger named snapshot" in gone
