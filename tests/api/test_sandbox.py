"""A sandbox is like any evaluation, and is never taken for a round of its partnership."""

import json
import uuid

import pytest
from sqlalchemy import func, select, text

from app.storage import evaluations as stored
from app.storage import tables
from app.storage.database import Table
from app.storage.ledgers import Ledgers
from app.use_cases import ledgers
from tests.peers import FIVE, benchmark, conclude, pace, scoring
from tests.receiving import register as register_webhook
from tests.rounds import GLAD, SAME, WARY, reported, trend_of
from tests.rounds import ORGANISATIONS as OF_ROUNDS
from tests.sandboxes import LARGE, STAGES, played, report, sandbox
from tests.walkthrough import go, issue, ok, plan, refusal, register, send, send_all


def rows(service):
    """How many rows each table has."""
    with service.deployment.database.reading() as session:
        return {
            table.name: session.scalar(select(func.count()).select_from(table))
            for table in Table.metadata.sorted_tables
        }


def test_an_evaluation_is_a_sandbox_from_its_creation_and_for_ever(evaluator):
    partnership = register(evaluator)
    made, other = sandbox(evaluator, partnership), plan(evaluator, partnership)

    assert (made["sandbox"], other["sandbox"]) == (True, False)
    for one in (made, other):
        path = f"/v1/evaluations/{one['id']}"
        assert (
            refusal(evaluator.patch(path, json={"sandbox": not one["sandbox"]}), 422) == "invalid"
        )
        changed = ok(evaluator.patch(path, json={"origins": ["https://a.example.org"]}))
        assert changed["sandbox"] == ok(evaluator.get(path))["sandbox"] == one["sandbox"]


def test_a_sandbox_takes_no_number_of_a_round(evaluator):
    partnership = register(evaluator)

    made = [plan(evaluator, partnership, sandbox=one) for one in (True, False, True, True, False)]

    assert [one["number"] for one in made] == [-1, 1, -2, -3, 2]


def test_a_sandboxs_tokens_begin_with_test_and_work_like_any_other(evaluator, anybody):
    partnership = register(evaluator)
    made, other = sandbox(evaluator, partnership), plan(evaluator, partnership)
    path = f"/v1/evaluations/{made['id']}/tokens"
    body = {"audience": "staff", "group": "trust", "count": 12}
    key = {"Idempotency-Key": "tokens-for-the-trust"}

    tokens, again = (ok(evaluator.post(path, json=body, headers=key), 201) for _ in range(2))

    tokens = tokens["tokens"]
    assert again["tokens"] == tokens
    assert all(token.startswith("TEST-") for token in tokens)
    assert not any(
        token.startswith("TEST") for token in issue(evaluator, other, "staff", "trust", 40)
    )
    go(evaluator, made, "surveying")
    lower = tokens[0].lower().replace("-", " ")
    asked = anybody.get("/v1/questionnaire", headers={"Authorization": f"Bearer {lower}"})
    assert ok(asked)["evaluation"] == made["id"]
    send_all(anybody, "responses", tokens, [{"overall": 4}] * 12)
    assert refusal(send(anybody, "responses", tokens[0], {"overall": 4}), 410) == "token-unusable"
    assert refusal(anybody.get(f"/v1/questionnaire?t={tokens[0]}"), 400) == "token-in-url"
    typo = ("8" if tokens[1][-1] != "8" else "9").join([tokens[1][:-1], ""])
    assert refusal(send(anybody, "responses", typo, {"overall": 4}), 401) == "token-mistyped"


def test_no_other_report_says_so(evaluator):
    partnership = register(evaluator, organisations=OF_ROUNDS)
    evaluation = reported(evaluator, partnership, {"trust": [GLAD] * 20})

    document = report(evaluator, evaluation, "health")

    assert "sandbox" not in document
    assert "sandbox" not in json.dumps(document["headline"])


@pytest.mark.parametrize("between", [True, False])
def test_a_sandbox_is_in_no_trend_and_with_none_compared(evaluator, between):
    """Beside it the control: the same round, not a sandbox, is in between and is compared."""
    partnership = register(evaluator, organisations=OF_ROUNDS)
    reported(evaluator, partnership, {"trust": [WARY] * 40})

    middle = reported(evaluator, partnership, {"trust": [GLAD] * 40}, sandbox=between)
    last = reported(evaluator, partnership, {"trust": [SAME] * 40})

    trend = trend_of(evaluator, partnership)
    numbers = [one["number"] for one in trend["rounds"]]
    compared = [(one["before"]["number"], one["after"]["number"]) for one in trend["changes"]]
    told = [line["en"] for line in report(evaluator, last, "health")["headline"]]
    of_middle = [line["en"] for line in report(evaluator, middle, "health")["headline"]]
    if between:
        assert (numbers, compared) == ([1, 2], [(1, 2)])
        assert any("round 1" in line for line in told)
        assert not any("round" in line for line in of_middle)
    else:
        assert (numbers, compared) == ([1, 2, 3], [(1, 2), (2, 3)])
        assert any("round 2" in line for line in told)
        assert any("round 1" in line for line in of_middle)


def test_what_was_done_about_a_sandbox_is_never_seen_in_a_round(evaluator):
    partnership = register(evaluator, organisations=OF_ROUNDS)
    tried = reported(evaluator, partnership, {"trust": [WARY] * 40}, sandbox=True)
    path = f"/v1/evaluations/{tried['id']}/actions"
    ok(evaluator.post(path, json={"what": "Meet", "domain": "trust"}), 201)

    reported(evaluator, partnership, {"trust": [GLAD] * 40})

    assert [one["seen"] for one in ok(evaluator.get(path))["items"]] == ["not_measured"]


@pytest.mark.parametrize("tried", [True, False])
def test_sandboxes_of_others_are_nobodys_peers(service, evaluator, asked, tried):
    for score in FIVE:
        with service.client_of_a_new_account() as client:
            conclude(client, asked, scoring(score), sandbox=tried)

    found = benchmark(evaluator, conclude(evaluator, asked, scoring(65)))

    assert found.get("not_enough_peers", False) is tried
    assert tried or pace(found)["pooled"]["score"] == 50


def test_a_sandbox_has_no_benchmark(evaluator, asked):
    made = conclude(evaluator, asked, scoring(65), sandbox=True)
    other = conclude(evaluator, asked, scoring(65))

    assert made["benchmark"] is True
    path = "/v1/evaluations/{}/benchmark"
    assert refusal(evaluator.get(path.format(made["id"])), 409) == "benchmark-not-shared"
    ok(evaluator.get(path.format(other["id"])))


@pytest.mark.parametrize("language", ["en", "cy"])
def test_respondents_of_a_sandbox_are_told_first_that_it_is_one(evaluator, anybody, language):
    """And not that it takes part in benchmarks, for it does not."""
    made = sandbox(evaluator, benchmark=True)
    round_of_people = sandbox(evaluator, benchmark=True, sandbox=False)

    said, of_people = (
        ok(anybody.get(f"/v1/evaluations/{one['id']}/privacy", params={"language": language}))
        for one in (made, round_of_people)
    )

    assert said["statement"][0].split(",")[0] in ("This is a sandbox", "Blwch tywod yw hwn")
    assert said["statement"][1:] == of_people["statement"][:-1]


def test_deleting_a_sandbox_leaves_no_row_in_any_table(service, evaluator):
    """Each table that belongs to evaluations had rows of it, in one stage or another."""
    partnership = register(evaluator, organisations=LARGE)
    before, held = rows(service), set()

    for last in STAGES:
        evaluation = sandbox(evaluator, partnership, benchmark=True)
        register_webhook(evaluator, "https://hooks.example.org/", evaluation=evaluation["id"])
        played(evaluator, evaluation, until=last)
        if last != "surveying":
            _leave_everything(evaluator, evaluation, last)
        issue_more = {"surveying": ("staff", "trust"), "verifying": ("carer", "carers")}
        if last in issue_more:
            issue(evaluator, evaluation, *issue_more[last], 3)
        now = rows(service)
        held |= {name for name, count in now.items() if count > before[name]}
        path = f"/v1/evaluations/{evaluation['id']}"
        ok(evaluator.delete(path), 204)
        assert rows(service) == before, last
        assert refusal(evaluator.get(path), 404) == "not-found"

    assert held == _of_evaluations() - {"benchmarks"}


def _leave_everything(client, evaluation, stage):
    """An action, and in `surfacing` what else an evaluator leaves behind."""
    path = f"/v1/evaluations/{evaluation['id']}"
    ok(client.post(f"{path}/actions", json={"what": "Meet", "domain": "trust"}), 201)
    if stage == "surfacing":
        first, second = ok(client.get(f"{path}/outcomes"))["items"][:2]
        merge = {"into": first["id"], "why": "Two names for one thing"}
        ok(client.post(f"/v1/outcomes/{second['id']}/merge", json=merge))
        found = {"outcome": first["id"], "method": "Interviews", "finding": "mixed"}
        found |= {"summary": "Some said so", "strength": "weak"}
        ok(client.post(f"{path}/evidence", json=found), 201)


def _of_evaluations():
    """The tables that hang on an evaluation, directly or by what hangs on it."""
    found = {tables.Evaluation.__tablename__}
    for _ in range(3):
        found |= {
            table.name
            for table in Table.metadata.sorted_tables
            if any(key.column.table.name in found for key in table.foreign_keys)
        }
    return found


def test_deleting_a_draft_makes_nobody_wait(service, evaluator):
    database = service.deployment.database
    if database.engine.dialect.name == "sqlite":
        pytest.skip("only PostgreSQL writes a table anew")
    evaluation = plan(evaluator)

    def file():
        with database.reading() as session:
            return session.scalar(text("SELECT pg_relation_filepath('salts')"))

    before = file()
    ok(evaluator.delete(f"/v1/evaluations/{evaluation['id']}"), 204)

    assert file() == before


def test_an_evaluation_that_is_no_sandbox_cannot_be_deleted_once_it_has_begun(evaluator):
    evaluation = sandbox(evaluator, sandbox=False)
    go(evaluator, evaluation, "surveying")

    assert refusal(evaluator.delete(f"/v1/evaluations/{evaluation['id']}"), 409) == "wrong-stage"


def test_an_open_stage_that_was_deleted_is_deleted_unread_when_a_backup_brings_it_back(
    service, evaluator
):
    evaluation = played(evaluator, until="surveying")
    keys, folder = service.deployment.keys, Ledgers(service.settings.ledger_folder)
    database, name = service.deployment.database, f"before-{uuid.uuid4().hex}"
    with database.reading() as session:
        salt = stored.salt(session, uuid.UUID(evaluation["id"]))
    ledgers.begin(database, keys, folder, name)

    ok(evaluator.delete(f"/v1/evaluations/{evaluation['id']}"), 204)

    ledger = ledgers.of_backup(keys, folder, name)
    ledgers.end(database, folder, name)
    assert ledger.says("closed", salt)
    # Its own mark and this one: the answers' is not there, and without it they are not counted.
    assert len(ledger.marks) == 2
