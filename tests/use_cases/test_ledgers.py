"""The ledger of a backup: whatever is withdrawn, revoked or closed is in it before it is done."""

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from threading import Event
from time import sleep

import pytest

from app.security.ledger import Ledger, mark
from app.storage import webhooks
from app.storage.backups import BackupFailed
from app.storage.database import Database
from app.storage.ledgers import Ledgers
from app.storage.tables import Webhook
from app.use_cases import ledgers, receipts
from tests.receiving import register
from tests.service import RunningService
from tests.walkthrough import OpenSurvey, go, new_key, ok, refusal, send_all

ANSWER = {"overall": 4}


class Kept:
    """A service of its own, an open survey, and a backup's ledger."""

    def __init__(self, service, client):
        self.service, self.client = service, client
        self.database, self.keys = service.deployment.database, service.deployment.keys
        self.folder = Ledgers(service.settings.ledger_folder)
        self.survey = OpenSurvey(client)
        self.begin("monday")

    def begin(self, name):
        ledgers.begin(self.database, self.keys, self.folder, name)

    def end(self, name):
        ledgers.end(self.database, self.folder, name)

    def answered(self):
        """The key of somebody who has answered."""
        key = new_key()
        ok(self.survey.send(ANSWER, key=key), 201)
        return key

    def withdraw(self, key):
        return self.client.post("/v1/receipts/withdraw", json={"key": key})

    def included(self, key):
        return ok(self.client.post("/v1/receipts/check", json={"key": key}))["included"]

    def apply(self, name="monday"):
        ledger = ledgers.of_backup(self.keys, self.folder, name)
        now = self.service.clock()
        return ledgers.apply(self.database, self.keys, self.folder, ledger, now=now)


@pytest.fixture
def kept(url, tmp_path):
    """A service whose database was backed up."""
    with (
        RunningService(url, tmp_path / "home") as service,
        service.client_of_a_new_account() as client,
    ):
        yield Kept(service, client)


def test_every_ledger_has_what_was_withdrawn_since_it_was_begun(kept):
    kept.withdraw(kept.answered())
    kept.begin("tuesday")
    kept.withdraw(kept.answered())

    first, second = kept.folder.marks("monday"), kept.folder.marks("tuesday")

    assert (len(first), len(second)) == (3, 2)
    assert second <= first


def test_what_withdraws_or_revokes_nothing_leaves_no_mark(kept):
    path = f"/v1/evaluations/{kept.survey.evaluation['id']}/tokens/revoke"
    used = kept.survey.token()
    ok(kept.survey.send(ANSWER, used), 201)
    before = kept.folder.marks("monday")

    ok(kept.withdraw(new_key()), 204)
    ok(kept.client.post(path, json={"tokens": [used, "0000-0000-0000-0000"]}), 204)

    assert kept.folder.marks("monday") == before


def test_a_close_that_is_only_tried_leaves_no_mark(kept):
    send_all(kept.client, "responses", [kept.survey.token() for _ in range(12)], [ANSWER] * 12)
    before = kept.folder.marks("monday")

    go(kept.client, kept.survey.evaluation, "surfacing", dry_run=True)
    tried = kept.folder.marks("monday")
    go(kept.client, kept.survey.evaluation, "surfacing")

    assert tried == before
    assert len(kept.folder.marks("monday")) == len(before) + 2


def test_where_a_ledger_is_missing_nothing_is_withdrawn(kept):
    key = kept.answered()
    path = kept.folder.folder / "monday.ledger"
    path.rename(path.with_suffix(".away"))

    away = kept.withdraw(key)
    with kept.database.reading() as session:
        missing = kept.folder.missing(session)
    still = kept.included(key)
    path.with_suffix(".away").rename(path)
    back = kept.withdraw(key)

    assert refusal(away, 503) == "unavailable"
    assert missing == ["monday"]
    assert still
    assert (back.status_code, kept.included(key)) == (204, False)


def test_when_the_last_backup_is_gone_no_ledger_is_kept(kept):
    kept.end("monday")

    taken = kept.withdraw(kept.answered())

    assert taken.status_code == 204
    assert list(kept.folder.folder.iterdir()) == []


def test_a_backup_that_begins_during_a_withdrawal_is_made_after_it(kept):
    key, written, go_on = kept.answered(), Event(), Event()

    def keep(session):
        kept.folder.keep(session)
        written.set()
        go_on.wait()

    slow = Database(kept.service.settings.database, before_commit=keep)

    def withdraw():
        with slow.writing() as session:
            receipts.withdraw(session, kept.keys, key, now=kept.service.clock())

    with ThreadPoolExecutor(2) as pool:
        withdrawing = pool.submit(withdraw)
        written.wait()
        beginning = pool.submit(kept.begin, "tuesday")
        sleep(0.3)
        waited = not beginning.done()
        go_on.set()
        withdrawing.result()
        beginning.result()
    slow.dispose()

    assert waited, "or the copy would have the answer, and its ledger would not have the mark"
    assert not kept.included(key)
    assert len(kept.folder.marks("tuesday")) == 1


@pytest.mark.parametrize("name", ["monday", "../monday", "to/day", ""])
def test_a_ledger_has_a_name_of_its_own(kept, name):
    with pytest.raises(BackupFailed):
        kept.begin(name)


def test_a_ledger_that_another_key_wrote_is_refused_because_it_would_take_nothing_out(kept):
    other = replace(kept.keys, ledger=b"another".ljust(32))

    with pytest.raises(BackupFailed, match="POET_TOKEN_KEY"):
        ledgers.of_backup(other, kept.folder, "monday")


def test_where_nothing_was_put_back_a_ledger_takes_nothing_out(kept):
    kept.withdraw(kept.answered())
    staying = kept.answered()

    done = kept.apply()

    assert done.said() == {"withdrawn": False, "revoked": False, "closed": [], "emptied": []}
    assert kept.included(staying)


def test_a_restored_database_keeps_the_ledgers_of_later_backups_too(kept):
    with kept.database.writing() as session:
        kept.folder.end(session, "monday")  # as in a backup that was made before
    kept.apply()

    kept.withdraw(kept.answered())

    assert len(kept.folder.marks("monday")) == 2


def test_a_webhook_that_was_deleted_since_does_not_come_back(kept):
    gone, stays = (register(kept.client, "https://hooks.example.org/") for _ in range(2))
    with kept.database.reading() as session:
        columns = Webhook.__table__.columns.keys()
        before = [{name: getattr(row, name) for name in columns} for row in webhooks.every(session)]
    ok(kept.client.delete(f"/v1/webhooks/{gone['id']}"), 204)
    with kept.database.writing() as session:
        session.add(Webhook(**next(row for row in before if str(row["id"]) == gone["id"])))

    assert kept.apply().revoked

    left = [one["id"] for one in ok(kept.client.get("/v1/webhooks"))["items"]]
    assert left == [stays["id"]]
    assert not kept.apply().revoked


def test_marks_of_different_kinds_are_different():
    ledger = Ledger(b"key", frozenset([mark(b"key", "withdrawn", b"it")]))

    assert ledger.says("withdrawn", b"it")
    assert not ledger.says("revoked", b"it")
    assert not ledger.says("withdrawn", b"another")
