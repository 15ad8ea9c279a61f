"""A survey platform fetches tokens for its letters: so many for a group, good for one answer each.

The service keeps no token, gives the same ones again for the same key, and says nothing of any.
"""

import re

import pytest
from sqlalchemy import text
from stdnum.iso7064 import mod_37_36

from app.storage.database import Table
from tests.walkthrough import (
    approve,
    faults,
    go,
    issue,
    new_key,
    ok,
    plan,
    refusal,
    register,
    send,
    surface,
    surveyed,
)

CROCKFORD = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
ANSWER = {"overall": 4}
OLDER = {"code": "older", "label": "Older people", "audience": "service_user", "invited": 60}
CARERS = {"code": "carers", "label": "Carers", "audience": "carer", "invited": 20}


def ask(client, evaluation, *, audience="staff", group="trust", count=1, key=None, **members):
    body = {"audience": audience, "group": group, "count": count} | members
    body = {name: value for name, value in body.items() if value is not None}
    headers = {"Idempotency-Key": key} if key else {}
    path = f"/v1/evaluations/{evaluation['id']}/tokens"
    return client.post(path, json=body, headers=headers)


def revoke(client, evaluation, tokens):
    path = f"/v1/evaluations/{evaluation['id']}/tokens/revoke"
    return client.post(path, json={"tokens": tokens})


def look(client, token):
    return client.get("/v1/questionnaire", headers={"Authorization": f"Bearer {token}"})


@pytest.fixture
def evaluation(evaluator):
    """A draft with three groups (trust 40, council 30, mind 20) and two voices."""
    return plan(evaluator, voices=[OLDER, CARERS])


def test_a_token_can_be_printed_and_checked(evaluator, evaluation):
    tokens = issue(evaluator, evaluation, "staff", "trust", 44)

    assert len(set(tokens)) == 44
    for token in tokens:
        assert re.fullmatch(rf"[{CROCKFORD}]{{4}}(-[{CROCKFORD}]{{4}}){{3}}", token)
        assert mod_37_36.is_valid(token.replace("-", ""), CROCKFORD)
    drawn = set("".join(tokens))
    assert len(drawn - {"-"}) > 28, "as good as every character of the alphabet"


def test_a_token_may_be_typed_as_people_type(evaluator, evaluation):
    go(evaluator, evaluation, "surveying")
    tokens = issue(evaluator, evaluation, "staff", "trust", 44)
    token = next(token for token in tokens if "0" in token)

    spellings = [token.lower(), token.replace("-", ""), token.replace("0", "o")]

    assert [look(evaluator, spelling).status_code for spelling in spellings] == [200] * 3


def test_a_mistyped_token_is_told_apart_without_being_looked_up(evaluator, evaluation):
    (token,) = issue(evaluator, evaluation, "staff", "trust", 1)
    wrong = ("X" if token[0] != "X" else "Y") + token[1:]

    for mistyped in (wrong, token[:-1], token + "0", token.replace("-", "_-_U"), "é" * 16, "x"):
        headers = {"Authorization": f"Bearer {mistyped}".encode()}
        reply = evaluator.get("/v1/questionnaire", headers=headers)
        assert refusal(reply, 401) == "token-mistyped"


@pytest.mark.parametrize(("group", "headcount", "allowance"), [("trust", 40, 5), ("big", 120, 12)])
def test_a_group_has_a_token_for_each_and_some_for_lost_letters(
    evaluator, group, headcount, allowance
):
    evaluation = plan(
        evaluator, register(evaluator, organisations=[{"code": group, "headcount": headcount}])
    )
    issue(evaluator, evaluation, "staff", group, headcount)

    too_many = ask(evaluator, evaluation, group=group, count=allowance + 1)
    assert refusal(too_many, 409) == "tokens-exhausted"
    assert too_many.json()["left"] == allowance

    issue(evaluator, evaluation, "staff", group, allowance)
    assert ask(evaluator, evaluation, group=group).json()["left"] == 0


def test_a_revoked_token_gives_no_place_back(evaluator, evaluation):
    tokens = issue(evaluator, evaluation, "staff", "mind", 25)
    revoke(evaluator, evaluation, tokens)

    assert refusal(ask(evaluator, evaluation, group="mind"), 409) == "tokens-exhausted"


@pytest.mark.parametrize("count", [0, -1, 10_001, 1.5, "many", None])
def test_between_one_and_ten_thousand_are_issued_at_once(evaluator, evaluation, count):
    assert "/count" in {pointer for pointer, _ in faults(ask(evaluator, evaluation, count=count))}


def test_the_same_key_gives_the_same_tokens(evaluator, evaluation):
    key = new_key()
    first = ok(ask(evaluator, evaluation, count=40, key=key), 201)

    again = ok(ask(evaluator, evaluation, count=40, key=key), 201)
    other = ok(ask(evaluator, evaluation, count=2, key=new_key()), 201)
    without = ok(ask(evaluator, evaluation, count=2), 201)

    assert again == first
    given = [set(reply["tokens"]) for reply in (first, other, without)]
    assert len(set.union(*given)) == 44
    assert ask(evaluator, evaluation, count=2).json()["left"] == 1, "repeating takes no place"


@pytest.mark.parametrize(
    "change",
    [
        {"count": 4},
        {"group": "council"},
        {"audience": "service_user", "group": None, "voice": "older"},
    ],
    ids=str,
)
def test_a_key_belongs_to_one_call(evaluator, change):
    evaluation = surveyed(evaluator, [ANSWER] * 10, partnership=register(evaluator), voices=[OLDER])
    key = new_key()
    call = {"audience": "ranking", "count": 3, "key": key}
    first = ok(ask(evaluator, evaluation, **call), 201)

    assert refusal(ask(evaluator, evaluation, **call | change), 422) == "key-reused"

    assert ok(ask(evaluator, evaluation, **call), 201) == first


def test_the_same_key_in_another_evaluation_gives_other_tokens(evaluator, evaluation):
    key, other = new_key(), plan(evaluator)

    here = ok(ask(evaluator, evaluation, count=3, key=key), 201)["tokens"]
    there = ok(ask(evaluator, other, count=3, key=key), 201)["tokens"]

    assert not set(here) & set(there)


@pytest.mark.parametrize(
    ("members", "fault"),
    [
        ({"group": "nobody"}, ("/group", "unknown-group")),
        ({"audience": "carer", "group": None, "voice": "nobody"}, ("/voice", "unknown-voice")),
        ({"audience": "carer", "group": None, "voice": "older"}, ("/voice", "unknown-voice")),
        ({"audience": "carer", "group": "trust"}, ("", "value-error")),
        ({"audience": "ranking", "voice": "older"}, ("", "value-error")),
        ({"group": None}, ("", "value-error")),
        ({"audience": "everybody"}, ("/audience", "unknown-value")),
    ],
    ids=str,
)
def test_tokens_are_for_a_group_or_a_voice_that_there_is(evaluator, members, fault):
    evaluation = surveyed(
        evaluator, [ANSWER] * 10, partnership=register(evaluator), voices=[OLDER, CARERS]
    )

    reply = ask(evaluator, evaluation, **{"audience": "ranking"} | members)

    assert fault in faults(reply)


def test_a_pooled_group_is_the_one_that_gets_tokens(evaluator):
    pooled = {"code": "vol", "label": "Others", "organisations": ["mind", "council"]}
    evaluation = plan(evaluator, groups=[pooled])

    assert len(issue(evaluator, evaluation, "staff", "vol", 55)) == 55
    assert faults(ask(evaluator, evaluation, group="mind")) == {("/group", "unknown-group")}


def test_no_token_is_issued_while_a_group_is_too_small(evaluator):
    organisations = [{"code": "a", "headcount": 9}, {"code": "b", "headcount": 40}]
    evaluation = plan(evaluator, register(evaluator, organisations=organisations))

    reply = ask(evaluator, evaluation, group="b")

    assert refusal(reply, 409) == "groups-too-small"
    assert reply.json()["groups"] == ["a"]


def test_a_token_for_a_later_stage_is_not_used_up_by_trying_it(evaluator):
    evaluation = surveyed(evaluator, [ANSWER] * 10, voices=[OLDER])
    outcome = surface(evaluator, evaluation, "home")
    (token,) = issue(evaluator, evaluation, "service_user", "older", 1)
    verification = {"matters_most": "My garden"}

    early = send(evaluator, "verifications", token, verification)
    assert refusal(early, 409) == "wrong-stage"
    assert early.json()["stage"] == "surfacing"
    assert early.json()["needed"] == ["verifying"]

    approve(evaluator, evaluation, [outcome])
    go(evaluator, evaluation, "verifying")
    ok(send(evaluator, "verifications", token, verification), 201)


def test_revoking_says_nothing_about_any_token(evaluator, evaluation):
    go(evaluator, evaluation, "surveying")
    used, unused, kept = issue(evaluator, evaluation, "staff", "trust", 3)
    ok(send(evaluator, "responses", used, ANSWER), 201)

    replies = [
        revoke(evaluator, evaluation, tokens)
        for tokens in ([unused], [unused], [used], ["0000-0000-0000-0000"], ["nonsense", "\0", "é"])
    ]

    assert {(reply.status_code, reply.content) for reply in replies} == {(204, b"")}
    assert refusal(look(evaluator, unused), 410) == "token-unusable"
    assert refusal(send(evaluator, "responses", unused, ANSWER), 410) == "token-unusable"
    assert refusal(look(evaluator, used), 410) == "token-unusable"
    assert look(evaluator, kept).status_code == 200


def test_a_token_can_be_revoked_only_through_its_own_evaluation(evaluator, evaluation):
    go(evaluator, evaluation, "surveying")
    (token,) = issue(evaluator, evaluation, "staff", "trust", 1)

    assert revoke(evaluator, plan(evaluator), [token]).status_code == 204

    assert look(evaluator, token).status_code == 200


def test_no_token_is_in_the_database_in_any_spelling(service, evaluator, evaluation):
    key = "a-key-that-is-easily-found-0123456789"
    tokens = ok(ask(evaluator, evaluation, count=20, key=key), 201)["tokens"]
    go(evaluator, evaluation, "surveying")
    ok(send(evaluator, "responses", tokens[0], ANSWER), 201)

    stored = _everything_stored(service)

    assert evaluation["id"].replace("-", "").encode() in stored.replace(b"-", b""), "it is read"
    plain = stored.upper().replace(b"-", b"")
    for token in tokens:
        assert token.replace("-", "").encode() not in plain
    assert key.encode().upper().replace(b"-", b"") not in plain


def _everything_stored(service):
    """Every value of every table, as it stands; of SQLite its files as well."""
    parts = []
    with service.deployment.database.reading() as session:
        for table in Table.metadata.tables:
            for row in session.execute(text(f'SELECT * FROM "{table}"')):
                for value in row:
                    raw = bytes(value) if isinstance(value, bytes | memoryview) else b""
                    parts.append(raw or str(value).encode())
        url = session.get_bind().url
    if url.get_backend_name() == "sqlite":
        for suffix in ("", "-wal"):
            with open(f"{url.database}{suffix}", "rb") as file:
                parts.append(file.read())
    return b"\n".join(parts)
