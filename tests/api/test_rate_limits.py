"""Rate limits: machines are told how often they may call; respondents may call as they like."""

import json
import re
from concurrent.futures import ThreadPoolExecutor

import pytest

from tests.service import RunningService
from tests.walkthrough import OpenSurvey, new_key, ok, refusal, register, send_lines

LIMIT = 60  # a minute, so that one comes back each second
LISTED = "/v1/partnerships"


@pytest.fixture(scope="module")
def limited(tmp_path_factory):
    """A service that lets each client call sixty times a minute."""
    home = tmp_path_factory.mktemp("limited")
    address = f"sqlite:///{home / 'poet.sqlite'}"
    with RunningService(address, home, rate_limit=LIMIT) as service:
        yield service


@pytest.fixture
def client(limited):
    """A client that has not called yet."""
    limited.clock.reset()
    with limited.client_of_a_new_account() as client:
        yield client


def standing(reply):
    """How many calls are left, and in how many seconds all may be made again."""
    assert reply.headers["RateLimit-Policy"] == f'"default";q={LIMIT};w=60'
    left, full = re.fullmatch(r'"default";r=(\d+);t=(\d+)', reply.headers["RateLimit"]).groups()
    return int(left), int(full)


def use_up(client):
    """Make all the calls that may be made at once."""
    return [client.get(LISTED) for _ in range(LIMIT)]


def test_every_reply_says_how_many_calls_are_left(client):
    replies = use_up(client)

    assert [reply.status_code for reply in replies] == [200] * LIMIT
    assert [standing(reply) for reply in replies] == [
        (LIMIT - made, made) for made in range(1, LIMIT + 1)
    ]


def test_one_call_too_many_is_refused_until_another_has_come_back(client, limited):
    use_up(client)

    reply = client.get(LISTED)
    assert refusal(reply, 429) == "rate-limited"
    assert reply.headers["Content-Type"] == "application/problem+json"
    assert reply.headers["Retry-After"] == "1"
    assert reply.json()["retry_after"] == 1
    assert standing(reply) == (0, LIMIT)

    limited.clock.advance(seconds=1)
    assert client.get(LISTED).status_code == 200
    assert client.get(LISTED).status_code == 429


def test_after_a_minute_all_may_be_made_again_and_no_more(client, limited):
    use_up(client)
    limited.clock.advance(hours=3)

    assert [reply.status_code for reply in use_up(client)] == [200] * LIMIT
    assert client.get(LISTED).status_code == 429


def test_a_clock_that_is_set_back_gives_nothing_and_takes_nothing(client, limited):
    use_up(client)
    limited.clock.advance(seconds=-30)
    assert client.get(LISTED).status_code == 429

    limited.clock.advance(seconds=20)
    assert standing(client.get(LISTED))[0] == 19


def test_a_refused_call_does_nothing(client, limited):
    use_up(client)

    assert refusal(client.post(LISTED, json={"name": "Too many"}), 429) == "rate-limited"

    limited.clock.advance(minutes=1)
    assert ok(client.get(LISTED))["items"] == []


def test_refusals_count_and_say_what_is_left(client):
    wrong = [
        client.get("/v1/outcomes/00000000-0000-4000-8000-000000000000"),
        client.post(LISTED, json={}),
        client.get(LISTED, params={"cursor": "?"}),
    ]

    assert [reply.status_code for reply in wrong] == [404, 422, 400]
    assert [standing(reply)[0] for reply in wrong] == [LIMIT - 1, LIMIT - 2, LIMIT - 3]


def test_what_is_known_already_counts_too(client):
    etag = client.get(LISTED).headers["ETag"]

    reply = client.get(LISTED, headers={"If-None-Match": etag})

    assert reply.status_code == 304
    assert standing(reply)[0] == LIMIT - 2


def test_each_client_has_calls_of_its_own(client, limited):
    use_up(client)

    with limited.client_of_a_new_account() as other:
        assert standing(other.get(LISTED))[0] == LIMIT - 1
    assert client.get(LISTED).status_code == 429


def test_calls_at_the_same_time_are_each_counted_once(client):
    client.get("/v1/me")
    with ThreadPoolExecutor(8) as pool:
        replies = list(pool.map(lambda _: client.get(LISTED), range(2 * LIMIT)))

    assert sorted(reply.status_code for reply in replies) == (
        [200] * (LIMIT - 1) + [429] * (LIMIT + 1)
    )


def test_a_bulk_import_is_one_call(client):
    survey = OpenSurvey(client)
    before, _ = standing(client.get(LISTED))
    lines = [
        {"key": new_key(), "group": "trust", "answer": {"overall": 4}} for _ in range(LIMIT + 5)
    ]

    reply = send_lines(client, survey.evaluation, "responses", lines)

    assert [line["status"] for line in map(json.loads, reply.text.splitlines())] == [201] * len(
        lines
    )
    assert standing(reply)[0] == before - 1


def test_respondents_and_public_pages_are_never_counted(client, limited):
    survey = OpenSurvey(client)
    *tokens, unused = [survey.token() for _ in range(LIMIT + 6)]
    use_up(client)
    assert client.get(LISTED).status_code == 429

    with limited.http() as anybody:
        survey.client = anybody
        answers = [survey.send({"overall": 4}, token) for token in tokens]
        asked = survey.asked(unused)
        pages = [anybody.get("/livez") for _ in range(LIMIT + 5)]

    assert {reply.status_code for reply in answers} == {201}
    assert {reply.status_code for reply in [asked, *pages]} == {200}
    for reply in (answers[0], asked, pages[0]):
        assert not [name for name in reply.headers if name.startswith("ratelimit")]


def test_an_access_token_may_be_fetched_by_who_has_no_calls_left(client, limited):
    """Else whoever knows a client's name could shut it out."""
    use_up(client)
    credential = client._credential

    with limited.http() as anybody:
        form = {"grant_type": "client_credentials"}
        wrong = [
            anybody.post("/v1/oauth/token", data=form, auth=(credential[0], "wrong"))
            for _ in range(LIMIT + 5)
        ]
        right = anybody.post("/v1/oauth/token", data=form, auth=credential)

    assert {reply.status_code for reply in wrong} == {401}
    assert right.status_code == 200


def test_without_a_limit_nothing_is_said_of_one(evaluator):
    register(evaluator)

    replies = [evaluator.get(LISTED) for _ in range(LIMIT + 5)]

    assert {reply.status_code for reply in replies} == {200}
    assert not [name for name in replies[0].headers if name.startswith("ratelimit")]
