"""An imported line without a token takes a place of its group or voice, and no place twice."""

import pytest

from tests.importing import (
    ANSWER,
    CARERS,
    CONTACT,
    OLDER,
    Conversation,
    became,
    imported,
    line,
    opened,
    stored,
)
from tests.walkthrough import (
    OpenSurvey,
    approve,
    go,
    issue,
    new_key,
    ok,
    refusal,
    send,
    surface,
)


@pytest.fixture
def evaluation(evaluator):
    """An open survey of ten people, who have places for fifteen answers."""
    return opened(evaluator)


def ask(client, evaluation, count=1):
    """Ask for tokens of the one group."""
    body = {"audience": "staff", "group": "trust", "count": count}
    return client.post(f"/v1/evaluations/{evaluation['id']}/tokens", json=body)


def is_good(client, token):
    headers = {"Authorization": f"Bearer {token}"}
    return client.get("/v1/questionnaire", headers=headers).status_code == 200


def test_a_group_has_a_place_for_each_and_some_for_lost_letters(evaluator, service, evaluation):
    lines = [line() for _ in range(16)]

    results = imported(evaluator, evaluation, lines)

    assert became(results) == [201] * 15 + [(409, "tokens-exhausted")]
    assert stored(service, evaluation) == 15
    again = imported(evaluator, evaluation, lines)
    assert again == results, "an answer that has its place keeps it"


def test_a_place_that_was_taken_is_not_issued_again(evaluator, evaluation):
    imported(evaluator, evaluation, [line() for _ in range(9)])
    imported(evaluator, evaluation, [line() for _ in range(2)])

    too_many = ask(evaluator, evaluation, 5)

    assert refusal(too_many, 409) == "tokens-exhausted"
    assert too_many.json()["left"] == 4
    assert ask(evaluator, evaluation, 4).status_code == 201


def test_a_place_that_was_issued_is_not_taken_besides(evaluator, service, evaluation):
    tokens = issue(evaluator, evaluation, "staff", "trust", 12)
    for token in tokens[:10]:
        ok(send(evaluator, "responses", token, ANSWER), 201)

    results = imported(evaluator, evaluation, [line() for _ in range(6)])

    assert became(results) == [201] * 5 + [(409, "tokens-exhausted")]
    assert not any(is_good(evaluator, token) for token in tokens)
    assert stored(service, evaluation) == 15


def test_tokens_that_nobody_used_are_drawn_first(evaluator, evaluation):
    tokens = issue(evaluator, evaluation, "staff", "trust", 3)

    imported(evaluator, evaluation, [line(), line()])

    assert sum(is_good(evaluator, token) for token in tokens) == 1
    too_many = ask(evaluator, evaluation, 13)
    assert too_many.json()["left"] == 12, "no place was taken besides"


def test_a_token_that_stands_on_a_line_is_not_drawn_for_the_line_before_it(evaluator, evaluation):
    tokens = issue(evaluator, evaluation, "staff", "trust", 3)
    lines = [line(), line(), *(line(token=token) for token in tokens)]

    assert became(imported(evaluator, evaluation, lines)) == [201] * 5
    assert ask(evaluator, evaluation, 11).json()["left"] == 10


def test_a_refused_line_takes_no_place(evaluator, evaluation):
    broken = [line({"answers": {"trust1": 9}}) for _ in range(20)]

    results = imported(evaluator, evaluation, [*broken, *(line() for _ in range(15))])

    assert became(results) == [(422, "invalid")] * 20 + [201] * 15


def test_a_withdrawn_answer_gives_no_place_back(evaluator, evaluation):
    key = new_key()
    imported(evaluator, evaluation, [line(key=key), *(line() for _ in range(14))])

    ok(evaluator.post("/v1/receipts/withdraw", json={"key": key}), 204)

    assert became(imported(evaluator, evaluation, [line()])) == [(409, "tokens-exhausted")]


def test_each_group_has_places_of_its_own(evaluator):
    survey = OpenSurvey(evaluator)

    lines = [line(group="mind") for _ in range(111)] + [line(group="council")]

    results = imported(evaluator, survey.evaluation, lines)
    assert became(results) == [201] * 110 + [(409, "tokens-exhausted"), 201]


def test_two_imports_at_once_share_the_places(evaluator, service, evaluation):
    with (
        Conversation(service, evaluator, evaluation) as one,
        Conversation(service, evaluator, evaluation) as other,
    ):
        for _ in range(10):
            one.send(line())
            other.send(line())
        results = one.results(10) + other.results(10)

    assert sorted(map(str, became(results))) == ["(409, 'tokens-exhausted')"] * 5 * 0 + sorted(
        ["201"] * 15 + ["(409, 'tokens-exhausted')"] * 5
    )
    assert stored(service, evaluation) == 15


@pytest.fixture
def verified(evaluator):
    """An evaluation that users and carers answer, an outcome of it, and a key of the staff's."""
    evaluation = opened(evaluator, voices=[OLDER, CARERS], contact=CONTACT)
    lines = [line() for _ in range(10)]
    imported(evaluator, evaluation, lines)
    go(evaluator, evaluation, "surfacing")
    outcome = surface(evaluator, evaluation, "home")
    approve(evaluator, evaluation, [outcome])
    go(evaluator, evaluation, "verifying")
    return evaluation, outcome["id"], lines[0]["key"]


def test_users_and_carers_count_under_their_voice(evaluator, verified):
    evaluation, outcome, _ = verified
    (token,) = issue(evaluator, evaluation, "carer", "carers", 1)
    said = {"verdicts": [{"outcome": outcome, "delivered": 3}]}
    own = said | {"own": {"life": 4}}
    lines = [
        line(said, voice="older"),
        line(own, voice="carers"),
        line(own, token=token),
        line(own, voice="older"),
        line(said, voice="nobody"),
        line(said, group="older"),
    ]

    results = imported(evaluator, evaluation, lines, "verifications")

    invalid = (422, "invalid")
    assert became(results) == [201, 201, 201, invalid, invalid, invalid]
    faults = [[(fault["pointer"], fault["code"]) for fault in one["errors"]] for one in results[3:]]
    assert faults[:2] == [[("/answer/own", "not-asked")], [("/voice", "unknown-voice")]]
    assert ("/group", "unknown-field") in faults[2]


def test_a_key_of_an_earlier_stage_is_not_taken_for_an_answer(evaluator, verified):
    evaluation, _, used = verified
    body = {"worse": "nothing"}
    lines = [line(body, key=used, voice="older"), line(body, voice="older")]

    results = imported(evaluator, evaluation, lines, "verifications")

    assert became(results) == [(422, "key-reused"), 201]
