"""An import reads and answers at the same time, holds little of itself, and may break off."""

import json
import threading
import time
import tracemalloc
from concurrent.futures import ThreadPoolExecutor
from uuid import UUID

import pytest

from app.storage import evaluations
from tests.importing import ANSWER, Conversation, became, imported, line, opened, stored
from tests.service import RunningService
from tests.walkthrough import go, issue, ok, plan, refusal, send, send_lines

BODY_LIMIT = 64 * 1024
MANY = 5000


@pytest.fixture
def evaluation(evaluator):
    """An open survey with places for many."""
    return opened(evaluator, headcount=MANY)


def test_results_come_while_lines_are_still_sent(evaluator, service, evaluation):
    with Conversation(service, evaluator, evaluation) as conversation:
        for number in range(1, 4):
            conversation.send(line())
            (result,) = conversation.results(1)
            assert (result["line"], result["status"]) == (number, 201)
        assert stored(service, evaluation) == 3, "before the body has ended"
        conversation.send_bytes(json.dumps(line()).encode())
        conversation.end()
        (last,) = conversation.rest()

    assert (last["line"], last["status"]) == (4, 201), "the last line needs no end"


def test_a_line_may_come_in_pieces(evaluator, service, evaluation):
    sent = b"".join(json.dumps(line()).encode() + b"\n" for _ in range(20))

    with Conversation(service, evaluator, evaluation) as conversation:
        for start in range(0, len(sent), 17):
            conversation.send_bytes(sent[start : start + 17])
        conversation.end()
        results = conversation.results(20)

    assert became(results) == [201] * 20
    assert [one["line"] for one in results] == list(range(1, 21))


def test_who_breaks_off_leaves_whole_lines_behind(evaluator, service, evaluation):
    lines = [line() for _ in range(10)]

    with Conversation(service, evaluator, evaluation) as conversation:
        conversation.send(*lines[:5])
        first = conversation.results(5)
        conversation.send_bytes(json.dumps(lines[5]).encode()[:-1])
    again = imported(evaluator, evaluation, lines)

    assert became(again) == [201] * 10
    assert again[:5] == first
    assert stored(service, evaluation) == 10


@pytest.mark.parametrize("length", [BODY_LIMIT + 1, 4 * 1024 * 1024])
def test_a_line_is_as_long_as_a_body_may_be(evaluator, evaluation, length):
    padded = json.dumps(line()).encode().ljust(BODY_LIMIT)
    longer = json.dumps(line()).encode().ljust(length)

    results = imported(evaluator, evaluation, [padded + b"\n", longer + b"\n", line()])

    assert became(results) == [201, (413, "too-large"), 201]


def test_of_many_lines_little_is_in_memory(evaluator, service, evaluation):
    answer = {"unwritten": "We know each other. " * 100}
    sent = []

    def lines():
        for _ in range(MANY):
            sent.append(len(content := json.dumps(line(answer)).encode() + b"\n"))
            yield content

    path = f"/v1/evaluations/{evaluation['id']}/responses:import"
    headers = {"Content-Type": "application/x-ndjson"}
    tracemalloc.start()
    reply = evaluator.post(path, content=lines(), headers=headers, timeout=300)
    _, most = tracemalloc.get_traced_memory()
    tracemalloc.stop()

    assert reply.text.count('"status":201') == MANY
    assert most < sum(sent) / 2, "the body is more than twice what was ever held"


def test_what_is_acknowledged_while_the_stage_closes_is_included(evaluator, evaluation):
    begun, closed = threading.Event(), threading.Event()
    replies = []

    def lines():
        while not closed.is_set():
            yield json.dumps(line()).encode() + b"\n"
            begun.set()
        for _ in range(20):
            yield json.dumps(line()).encode() + b"\n"

    def run():
        path = f"/v1/evaluations/{evaluation['id']}/responses:import"
        headers = {"Content-Type": "application/x-ndjson"}
        replies.append(evaluator.post(path, content=lines(), headers=headers))

    importing = threading.Thread(target=run)
    importing.start()
    begun.wait()
    while True:
        path = f"/v1/evaluations/{evaluation['id']}/stage"
        if evaluator.post(path, json={"stage": "surfacing"}).status_code == 200:
            break
        time.sleep(0.05)
    closed.set()
    importing.join()

    results = became(json.loads(one) for one in replies[0].text.splitlines())
    report = ok(evaluator.get(f"/v1/evaluations/{evaluation['id']}/reports/health"))
    assert set(results) == {201, (410, "token-unusable")}
    assert results[-20:] == [(410, "token-unusable")] * 20
    assert results.count(201) == report["answered"]


def test_while_too_many_wait_lines_are_unavailable_and_may_be_sent_again(
    database_url, service, evaluator, evaluation
):
    tokens = issue(evaluator, evaluation, "staff", "trust", 20)
    lines, replies = [line() for _ in range(3)], []

    with RunningService(database_url, service.settings.home, queue=1) as small, small.http() as one:
        one.headers["Authorization"] = f"Bearer {evaluator._access_token()}"
        writing = small.deployment.database.writing
        with ThreadPoolExecutor(len(tokens)) as pool, writing() as session:
            evaluations.take(session, UUID(evaluation["id"]))  # nothing is decided meanwhile
            for token in tokens:
                sent = pool.submit(send, one, "responses", token, ANSWER)
                sent.add_done_callback(lambda done: replies.append(done.result().status_code))
            while not replies:
                time.sleep(0.01)
            refused = imported(one, evaluation, lines)
    accepted = imported(evaluator, evaluation, lines)

    assert became(refused) == [(503, "unavailable")] * 3
    assert became(accepted) == [201] * 3
    assert stored(service, evaluation) == replies.count(201) + 3


@pytest.mark.parametrize("path", ["responses", "verifications"])
def test_where_answers_come_from_browsers_nobody_passes_them_on(evaluator, service, path):
    evaluation = opened(evaluator, collection="browser")

    reply = send_lines(evaluator, evaluation, path, [line()])

    assert refusal(reply, 409) == "collection-is-browser"
    assert stored(service, evaluation) == 0


@pytest.mark.parametrize("collection", ["platform", "interviewer", "mixed"])
def test_where_others_see_the_answers_they_may_pass_them_on(evaluator, collection):
    evaluation = opened(evaluator, collection=collection)

    assert became(imported(evaluator, evaluation, [line()])) == [201]


def test_only_an_open_stage_takes_answers(evaluator, service):
    draft = plan(evaluator)
    evaluation = opened(evaluator, closes={"staff": "2027-03-02"})
    early = send_lines(evaluator, draft, "responses", [line()])
    other = send_lines(evaluator, evaluation, "verifications", [line()])

    service.clock.advance(days=2)
    late = send_lines(evaluator, evaluation, "responses", [line()])
    go(evaluator, evaluation, "surfacing", abandon=True)
    closed = send_lines(evaluator, evaluation, "responses", [line()])

    replies = [early, other, late, closed]
    assert [refusal(reply, 409) for reply in replies] == ["wrong-stage"] * 4
    found = [(reply.json()["stage"], reply.json()["needed"]) for reply in replies]
    assert found == [
        ("draft", ["surveying"]),
        ("surveying", ["verifying"]),
        ("surveying", []),
        ("surfacing", ["surveying"]),
    ]


def test_another_accounts_evaluation_takes_nothing(service, evaluation):
    with service.client_of_a_new_account() as stranger:
        reply = send_lines(stranger, evaluation, "responses", [line()])

    assert refusal(reply, 404) == "not-found"
    assert stored(service, evaluation) == 0


@pytest.mark.parametrize("kind", ["application/json", "text/csv", "application/jsonl", ""])
def test_lines_are_sent_as_such(evaluator, evaluation, kind):
    path = f"/v1/evaluations/{evaluation['id']}/responses:import"

    reply = evaluator.post(path, content=json.dumps(line()), headers={"Content-Type": kind})

    assert refusal(reply, 415) == "unsupported"
