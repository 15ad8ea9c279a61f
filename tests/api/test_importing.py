"""A platform hands in what it collected: many answers in one call, each line decided by itself."""

import json
import re

import pytest

from tests.importing import ANOTHER, ANSWER, became, imported, line, opened, stored
from tests.walkthrough import (
    OpenSurvey,
    agreeing,
    faults,
    go,
    issue,
    new_key,
    ok,
    refusal,
    send,
    send_lines,
)


@pytest.fixture
def evaluation(evaluator):
    """An open survey of ten people, who have places for fifteen answers."""
    return opened(evaluator)


@pytest.fixture(scope="module")
def survey(running):
    """An open survey with tokens."""
    running.clock.reset()
    with running.client_of_a_new_account() as client:
        yield OpenSurvey(client)


def mind(answer=ANSWER, **members):
    """A line of the group whose tokens nobody else needs here."""
    return line(answer, group="mind", **members)


def test_each_line_is_answered_as_its_respondent_would_have_been(survey, service):
    tokens = [survey.token() for _ in range(3)]
    lines = [line(token=token) for token in tokens]

    results = imported(survey.client, survey.evaluation, lines)

    assert [one["line"] for one in results] == [1, 2, 3]
    assert became(results) == [201, 201, 201]
    for one, sent in zip(results, lines, strict=True):
        assert one.keys() == {"line", "status", "receipt"}
        again = ok(survey.send(ANSWER, sent["token"], sent["key"]), 201)
        assert again["receipt"] == one["receipt"]
        included = survey.client.post("/v1/receipts/check", json={"key": sent["key"]})
        assert ok(included) == {"included": True}


def test_a_line_without_a_token_counts_under_its_group(evaluator, service, evaluation):
    answer = {"answers": agreeing(4, ["trust"])}
    results = imported(evaluator, evaluation, [line(answer) for _ in range(12)])
    go(evaluator, evaluation, "surfacing")
    report = ok(evaluator.get(f"/v1/evaluations/{evaluation['id']}/reports/health"))

    assert became(results) == [201] * 12
    domain = next(one for one in report["domains"] if one["code"] == "trust")
    (cell,) = domain["cuts"]["organisation"]
    assert (cell["groups"], cell["n"]) == (["trust"], 12)


def test_the_same_lines_again_change_nothing(survey, service):
    lines = [line(token=survey.token()), mind(), mind()]
    first = send_lines(survey.client, survey.evaluation, "responses", lines)
    before = stored(service, survey.evaluation)

    again = send_lines(survey.client, survey.evaluation, "responses", lines)
    turned = send_lines(survey.client, survey.evaluation, "responses", lines[::-1])

    assert again.content == first.content
    receipts = re.findall(r'"receipt":"\w+"', first.text)
    assert re.findall(r'"receipt":"\w+"', turned.text) == receipts[::-1]
    assert stored(service, survey.evaluation) == before


KEY = "q2Jx8cVn0b3YhT7LkPz4Wd"  # nobody is given it: each of these lines is refused
BROKEN = [
    (b'{"key": "Margaret', (400, "malformed")),
    (b"\xff\xfe", (400, "malformed")),
    (b"[" * 20_000, (400, "malformed")),
    (b"null", (422, "invalid")),
    (b"[]", (422, "invalid")),
    ({"key": "Margaret", "group": "trust", "answer": ANSWER}, (400, "idempotency-key-malformed")),
    ({"group": "trust", "answer": ANSWER}, (400, "idempotency-key-missing")),
    ({"key": KEY, "group": "trust"}, (422, "invalid")),
    ({"key": KEY, "answer": ANSWER}, (422, "invalid")),
    (line(key=KEY, group="trust", token="7K3M-Q9TX-W2HP-4RBC"), (422, "invalid")),
    (line(key=KEY, voice="trust"), (422, "invalid")),
    (line(key=KEY, group="margaret"), (422, "invalid")),
    (line(key=KEY, token="Margaret"), (401, "token-mistyped")),
    (line(key=KEY, token="0000-0000-0000-0000"), (410, "token-unusable")),
    (line({}, KEY), (422, "nothing-answered")),
    (line({"overall": 4, "unwritten": "Margaret " * 300}, KEY), (422, "invalid")),
    (line({"overall": 4, "Margaret": "told me"}, KEY), (422, "invalid")),
    (line({"unwritten": "\ud800"}, KEY), (422, "invalid")),
    (line({"overall": "Margaret"}, KEY), (422, "invalid")),
]


@pytest.mark.parametrize(("broken", "refused"), BROKEN, ids=lambda given: str(given)[-60:])
def test_a_line_that_is_refused_stops_nothing_and_is_not_repeated(survey, service, broken, refused):
    before = stored(service, survey.evaluation)
    if isinstance(broken, bytes):
        broken += b"\n"

    reply = send_lines(survey.client, survey.evaluation, "responses", [mind(), broken, mind()])

    results = [json.loads(one) for one in reply.text.splitlines()]
    assert became(results) == [201, refused, 201]
    assert "argaret" not in reply.text
    assert stored(service, survey.evaluation) == before + 2


@pytest.mark.parametrize(
    "answer",
    [
        {"answers": {"trust1": 9, "trust2": 0}, "role": "boss"},
        {"overall": 4, "job": "nurse"},
        {"statements": [{"mechanism": "we meet"}]},
        {"importance": {"trust": 9}},
    ],
    ids=str,
)
def test_an_answer_has_the_faults_that_it_would_have_by_itself(survey, service, answer):
    alone = survey.send(answer)

    (result,) = imported(survey.client, survey.evaluation, [mind(answer)])

    assert result.keys() == {"line", "status", "code", "errors"}
    found = {(fault["pointer"], fault["code"]) for fault in result["errors"]}
    assert found == {(f"/answer{pointer}", code) for pointer, code in faults(alone)}
    told = [fault["detail"] for fault in result["errors"]]
    assert told == [fault["detail"] for fault in alone.json()["errors"]]


def test_blank_lines_are_passed_over_and_counted(survey, service):
    sent = [
        b"\n",
        mind(),
        b"  \r\n",
        json.dumps(mind()).encode() + b"\r\n",
        json.dumps(mind()).encode(),
    ]

    results = imported(survey.client, survey.evaluation, sent)

    assert [one["line"] for one in results] == [2, 4, 5]
    assert became(results) == [201, 201, 201]
    assert imported(survey.client, survey.evaluation, []) == []


def test_a_token_that_its_holder_used_meanwhile_is_refused(survey, service):
    used, unused = survey.token(), survey.token()
    ok(survey.send(ANSWER, used), 201)

    results = imported(survey.client, survey.evaluation, [line(token=used), line(token=unused)])

    assert became(results) == [(410, "token-unusable"), 201]
    assert refusal(survey.send(ANSWER, unused), 410) == "token-unusable"


def test_a_token_of_another_evaluation_is_not_used_up(survey, service, evaluator, evaluation):
    (theirs,) = issue(evaluator, evaluation, "staff", "trust", 1)

    results = imported(survey.client, survey.evaluation, [line(token=theirs)])

    assert became(results) == [(410, "token-unusable")]
    assert send(evaluator, "responses", theirs, ANSWER).status_code == 201


def test_a_key_belongs_to_one_answer(survey, service, evaluator, evaluation):
    key, elsewhere, token = new_key(), new_key(), survey.token()
    imported(evaluator, evaluation, [line(key=elsewhere)])
    sent = [
        mind(key=key),
        mind(ANOTHER, key=key),
        line(key=key, group="council"),
        line(key=key, token=token),
        mind(key=key),
        mind(key=elsewhere),
        line(key=token.replace("-", "").ljust(22, "x"), token=token),
    ]

    results = imported(survey.client, survey.evaluation, sent)

    reused = (422, "key-reused")
    expected = [201, reused, reused, reused, 201, reused, (400, "key-not-secret")]
    assert became(results) == expected
    assert results[0]["receipt"] == results[4]["receipt"]
    assert survey.asked(token).status_code == 200
