"""A token is good for one answer, however often and from wherever it is sent."""

import json
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from uuid import UUID

import pytest
from sqlalchemy import event

from app.storage import responses
from tests.walkthrough import (
    OpenSurvey,
    go,
    issue,
    new_key,
    ok,
    plan,
    refusal,
    register,
    send,
    surveyed,
)

ANSWER = {"answers": {"trust1": 4, "trust2": 2}, "role": "frontline"}
ANOTHER = {"answers": {"trust1": 5}}
LARGE = [{"code": "trust", "name": "Northshire Trust", "sector": "nhs", "headcount": 200}]


@pytest.fixture(scope="module")
def survey(running):
    """A survey that is open."""
    running.clock.reset()
    with running.client_of_a_new_account() as client:
        yield OpenSurvey(client)


def is_good(survey, token):
    return survey.asked(token).status_code == 200


def bare(token):
    return token.replace("-", "")


def test_a_token_works_once(survey, service):
    token = survey.token()

    first, second = survey.send(ANSWER, token), survey.send(ANSWER, token)

    assert first.status_code == 201
    assert refusal(second, 410) == "token-unusable"


def test_the_same_answer_under_the_same_key_gets_the_same_reply(survey, service):
    token, key = survey.token(), new_key()
    turned = {"role": "frontline", "answers": {"trust2": 2, "trust1": 4}, "overall": None}

    first = survey.send(ANSWER, token, key=key)
    replies = [survey.send(body, token, k) for body in (ANSWER, turned) for k in (key, f'"{key}"')]

    assert first.status_code == 201
    assert {reply.status_code for reply in replies} == {201}
    assert {reply.content for reply in replies} == {first.content}


def test_another_answer_under_the_same_key_is_refused(survey, service):
    token, key = survey.token(), new_key()
    survey.send(ANSWER, token, key=key)

    reply = survey.send(ANOTHER, token, key)

    assert refusal(reply, 422) == "key-reused"


def test_a_known_key_with_a_live_token_spends_nothing(survey, service):
    token, fresh, key = survey.token(), survey.token(), new_key()
    survey.send(ANSWER, token, key=key)

    reply = survey.send(ANSWER, fresh, key=key)

    assert refusal(reply, 422) == "key-reused"
    assert is_good(survey, fresh)


def test_after_the_close_a_key_still_gets_the_same_reply(evaluator):
    evaluation = plan(evaluator, register(evaluator, organisations=LARGE))
    go(evaluator, evaluation, "surveying")
    tokens = issue(evaluator, evaluation, "staff", "trust", 12)
    keys = [new_key() for _ in tokens[:11]]
    before = [
        send(evaluator, "responses", *pair, key)
        for *pair, key in zip(tokens, [ANSWER] * 11, keys, strict=False)
    ]
    go(evaluator, evaluation, "surfacing")

    after = [
        send(evaluator, "responses", *pair, key)
        for *pair, key in zip(tokens, [ANSWER] * 11, keys, strict=False)
    ]
    unused = send(evaluator, "responses", tokens[11], ANSWER)

    assert {reply.status_code for reply in after} == {201}
    assert [reply.content for reply in after] == [reply.content for reply in before]
    assert refusal(unused, 410) == "token-unusable"


@pytest.mark.parametrize(
    "spelled",
    [
        str.lower,
        bare,
        lambda token: bare(token).lower(),
        lambda token: token.replace("-", " "),
        lambda token: token.replace("0", "O").replace("1", "I"),
        lambda token: token.replace("0", "o").replace("1", "l"),
    ],
)
def test_another_spelling_of_a_spent_token_is_spent(survey, service, spelled):
    token = survey.token()
    survey.send(ANSWER, token)

    reply = survey.send(ANSWER, spelled(token))

    assert refusal(reply, 410) == "token-unusable"


@contextmanager
def transactions_of(database):
    """Every transaction that is begun."""
    seen = []
    note = seen.append
    event.listen(database.engine, "begin", note)
    yield seen
    event.remove(database.engine, "begin", note)


def test_a_mistyped_token_is_refused_without_a_look_up(survey, service):
    token = survey.token()
    wrong = ("8" if token[0] != "8" else "9") + token[1:]

    with transactions_of(service.deployment.database) as mistyped:
        replies = [
            survey.send(ANSWER, text) for text in (wrong, token[:-1], "not a token", token + "0")
        ]
    with transactions_of(service.deployment.database) as unknown:
        survey.send(ANSWER, "0000-0000-0000-0000")

    assert {refusal(reply, 401) for reply in replies} == {"token-mistyped"}
    assert mistyped == []
    assert unknown, "the control: a well-formed token is looked up"


def test_a_token_for_other_questions_is_still_good_for_its_own(survey, service):
    token = survey.token()

    ranking = send(survey.client, "rankings", token, {"top": ["x"]})
    verification = send(survey.client, "verifications", token, {"worse": "nothing"})

    assert refusal(ranking, 403) == refusal(verification, 403) == "wrong-audience"
    assert survey.send(ANSWER, token).status_code == 201


def test_a_token_that_comes_too_early_is_good_later(evaluator):
    evaluation = plan(evaluator, register(evaluator, organisations=LARGE))
    (token,) = issue(evaluator, evaluation, "staff", "trust", 1)

    early = send(evaluator, "responses", token, ANSWER)
    go(evaluator, evaluation, "surveying")
    later = send(evaluator, "responses", token, ANSWER)

    assert refusal(early, 409) == "wrong-stage"
    assert (early.json()["stage"], early.json()["needed"]) == ("draft", ["surveying"])
    assert later.status_code == 201


def test_users_wait_for_their_stage_with_a_live_token(evaluator):
    voice = {"code": "op", "label": "Older", "audience": "service_user", "invited": 20}
    evaluation = surveyed(evaluator, [ANSWER] * 12, voices=[voice])
    (token,) = issue(evaluator, evaluation, "service_user", "op", 1)

    reply = send(evaluator, "verifications", token, {"worse": "nothing"})

    assert refusal(reply, 409) == "wrong-stage"


def test_after_the_last_day_no_token_is_good(evaluator, service):
    evaluation = plan(
        evaluator, register(evaluator, organisations=LARGE), closes={"staff": "2027-03-02"}
    )
    go(evaluator, evaluation, "surveying")
    (token,) = issue(evaluator, evaluation, "staff", "trust", 1)

    service.clock.advance(days=2)
    reply = send(evaluator, "responses", token, ANSWER)

    assert refusal(reply, 410) == "token-unusable"


def test_a_revoked_token_is_refused_like_any_other(survey, service):
    token = survey.token()
    path = f"/v1/evaluations/{survey.evaluation['id']}/tokens/revoke"
    ok(survey.client.post(path, json={"tokens": [token]}), 204)

    reply = survey.send(ANSWER, token)

    assert refusal(reply, 410) == "token-unusable"


def at_once(survey, token, keys):
    with ThreadPoolExecutor(len(keys)) as pool:
        return list(pool.map(lambda key: survey.send(ANSWER, token, key=key), keys))


def test_of_fifty_who_share_a_token_one_answers(survey, service):
    token = survey.token()

    replies = at_once(survey, token, [new_key() for _ in range(50)])

    assert sorted(reply.status_code for reply in replies) == [201] + [410] * 49


def test_fifty_times_the_same_answer_is_one_answer(survey, service):
    def stored():
        with service.deployment.database.reading() as session:
            return responses.count(session, UUID(survey.evaluation["id"]))

    token, before = survey.token(), stored()

    replies = at_once(survey, token, [new_key()] * 50)

    assert {(reply.status_code, reply.content) for reply in replies} == {(201, replies[0].content)}
    assert stored() == before + 1


def test_white_space_after_the_json_is_padding(survey, service):
    token = survey.token()
    headers = {"Authorization": f"Bearer {token}", "Idempotency-Key": new_key()}
    headers["Content-Type"] = "application/json"

    padded = survey.client.post(
        "/v1/responses", content=json.dumps(ANSWER) + " \n" * 10_000, headers=headers
    )
    plain = survey.send(ANSWER, token, key=headers["Idempotency-Key"])

    assert padded.status_code == plain.status_code == 201
    assert padded.content == plain.content
