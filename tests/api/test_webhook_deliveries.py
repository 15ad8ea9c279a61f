"""Messages arrive: signed, again and again if need be, and at least once.

The receiver is a web server on this machine; the clock is moved, and nobody waits for days.
"""

import base64
import json
from datetime import UTC, datetime, timedelta

import pytest
from standardwebhooks import Webhook, WebhookVerificationError

from app.use_cases.delivering import DELAYS
from tests.receiving import Receiver, deliver, log_of, publish, register
from tests.walkthrough import ok

pytestmark = pytest.mark.usefixtures("no_other_webhooks")


@pytest.fixture
def today(service):
    """The service's clock at the real time, which the library compares timestamps with."""
    service.clock.now = datetime.now(UTC)


def verify(secret, received):
    return Webhook(secret).verify(received.body, received.headers)


def path_of(webhook):
    return f"/v1/webhooks/{webhook['id']}"


def results(client, webhook):
    """The results of the attempts at the only message."""
    (delivery,) = log_of(client, webhook)
    return [attempt["result"] for attempt in delivery["attempts"]]


@pytest.mark.usefixtures("today")
def test_the_field_s_own_library_verifies_what_arrives(service, evaluator, receiver):
    webhook = register(evaluator, receiver.url)
    publish(evaluator)

    assert deliver(service) == 1

    (received,) = receiver.received
    said = verify(webhook["secret"], received)
    assert said == json.loads(received.body)
    assert said["type"] == "instrument.published"
    assert said["data"] == {"code": "pulse", "version": 1}
    assert datetime.fromisoformat(said["timestamp"]) == service.clock.now
    (delivery,) = log_of(evaluator, webhook)
    assert delivery["id"] == received.headers["webhook-id"]
    assert delivery["state"] == "delivered"
    assert delivery["next_attempt_at"] is None
    assert results(evaluator, webhook) == ["2xx"]


@pytest.mark.usefixtures("today")
@pytest.mark.parametrize("what", ["body", "webhook-id", "webhook-timestamp", "secret"])
def test_what_was_altered_is_not_verified(service, evaluator, receiver, what):
    webhook = register(evaluator, receiver.url)
    publish(evaluator)
    deliver(service)
    (received,) = receiver.received
    body, headers, secret = received.body, dict(received.headers), webhook["secret"]
    assert Webhook(secret).verify(body, headers)

    if what == "body":
        body = body.replace(b"pulse", b"other")
    elif what == "secret":
        secret = "whsec_" + base64.b64encode(bytes(32)).decode()
    else:
        headers[what] = headers[what][:-1] + ("1" if headers[what][-1] != "1" else "2")

    with pytest.raises(WebhookVerificationError):
        Webhook(secret).verify(body, headers)


@pytest.mark.usefixtures("today")
def test_for_a_day_after_a_rotation_both_secrets_sign(service, evaluator, receiver):
    first = register(evaluator, receiver.url)
    second = ok(evaluator.post(f"{path_of(first)}/rotate"))
    publish(evaluator, version=1)
    deliver(service)

    assert second["secret"] != first["secret"]
    assert len(receiver.received[0].headers["webhook-signature"].split(" ")) == 2
    for secret in (first["secret"], second["secret"]):
        assert verify(secret, receiver.received[0])

    third = ok(evaluator.post(f"{path_of(first)}/rotate"))
    publish(evaluator, version=2)
    deliver(service)

    for secret in (second["secret"], third["secret"]):
        assert verify(secret, receiver.received[1])
    with pytest.raises(WebhookVerificationError):
        verify(first["secret"], receiver.received[1])


def test_after_that_day_the_new_secret_signs_alone(service, evaluator, receiver):
    webhook = register(evaluator, receiver.url)
    ok(evaluator.post(f"{path_of(webhook)}/rotate"))
    service.clock.advance(hours=24, seconds=-1)
    publish(evaluator, version=1)
    deliver(service)
    service.clock.advance(seconds=1)
    publish(evaluator, version=2)
    deliver(service)

    signatures = [one.headers["webhook-signature"].split(" ") for one in receiver.received]
    assert [len(one) for one in signatures] == [2, 1]


def test_what_fails_is_tried_ten_times_in_three_days_and_a_bit(service, evaluator, receiver):
    receiver.answers = [(500, {})]
    webhook = register(evaluator, receiver.url)
    publish(evaluator)
    began = service.clock.now

    assert deliver(service) == 1
    for delay in DELAYS:
        service.clock.now += delay - timedelta(milliseconds=1)
        assert deliver(service) == 0
        service.clock.now += timedelta(milliseconds=1)
        assert deliver(service) == 1

    assert service.clock.now - began == timedelta(hours=75, minutes=35, seconds=5)
    service.clock.advance(days=20)
    assert deliver(service) == 0
    (delivery,) = log_of(evaluator, webhook, state="failed")
    assert [one["result"] for one in delivery["attempts"]] == ["5xx"] * 10
    assert len({one.headers["webhook-id"] for one in receiver.received}) == 1
    assert len({one.body for one in receiver.received}) == 1
    times = [int(one.headers["webhook-timestamp"]) for one in receiver.received]
    assert times == [int((began + sum(DELAYS[:n], timedelta())).timestamp()) for n in range(10)]
    assert len({one.headers["webhook-signature"] for one in receiver.received}) == 10


def test_what_fails_at_first_is_delivered_in_the_end(service, evaluator, receiver):
    receiver.answers = [(500, {}), (302, {"Location": "http://127.0.0.1:1/"}), (200, {})]
    webhook = register(evaluator, receiver.url)
    publish(evaluator)

    for delay in (timedelta(), *DELAYS[:2]):
        service.clock.now += delay
        deliver(service)

    assert results(evaluator, webhook) == ["5xx", "3xx", "2xx"]
    assert log_of(evaluator, webhook)[0]["state"] == "delivered"


def test_a_receiver_that_is_away_is_called_again(service, evaluator):
    with Receiver() as away:
        url = away.url
    webhook = register(evaluator, url)
    publish(evaluator)
    deliver(service)

    assert results(evaluator, webhook) == ["unreachable"]
    (delivery,) = log_of(evaluator, webhook)
    assert delivery["state"] == "pending"
    due = datetime.fromisoformat(delivery["next_attempt_at"])
    assert due == service.clock.now + timedelta(seconds=5)


@pytest.mark.parametrize(
    ("asked", "pause"),
    [
        ("120", timedelta(minutes=2)),
        ("1", timedelta(seconds=5)),
        ("999999999", timedelta(hours=24)),
    ],
)
def test_a_receiver_may_ask_for_a_longer_pause_up_to_a_day(
    service, evaluator, receiver, asked, pause
):
    receiver.answers = [(503, {"Retry-After": asked})]
    webhook = register(evaluator, receiver.url)
    publish(evaluator)
    deliver(service)

    (delivery,) = log_of(evaluator, webhook)
    assert datetime.fromisoformat(delivery["next_attempt_at"]) == service.clock.now + pause


def test_a_receiver_that_says_it_is_gone_is_left_alone(service, evaluator, receiver):
    receiver.answers = [(410, {}), (204, {})]
    webhook = register(evaluator, receiver.url)
    for version in (1, 2):
        publish(evaluator, version=version)

    assert deliver(service) == 1

    gone = ok(evaluator.get(path_of(webhook)))
    assert (gone["enabled"], gone["disabled_because"]) == (False, "gone")
    publish(evaluator, version=3)
    service.clock.advance(days=1)
    assert deliver(service) == 0
    assert [one["state"] for one in log_of(evaluator, webhook)] == ["failed", "failed"]

    ok(evaluator.patch(path_of(webhook), json={"enabled": True}))
    assert ok(evaluator.post(f"{path_of(webhook)}/replay", json={}), 202) == {"replayed": 2}
    assert deliver(service) == 2
    assert [one["state"] for one in log_of(evaluator, webhook)] == ["delivered", "delivered"]


def test_a_replay_sends_the_same_messages_under_the_same_ids(service, evaluator, receiver):
    webhook = register(evaluator, receiver.url)
    publish(evaluator, version=1)
    deliver(service)
    service.clock.advance(hours=1)
    since = service.clock.now.isoformat()
    publish(evaluator, version=2)
    deliver(service)
    service.clock.advance(hours=1)
    path = f"{path_of(webhook)}/replay"

    nothing_failed = ok(evaluator.post(path, json={}), 202)
    again = ok(evaluator.post(path, json={"since": since}), 202)

    assert (nothing_failed, again) == ({"replayed": 0}, {"replayed": 1})
    assert deliver(service) == 1
    _, second, replayed = receiver.received
    assert (replayed.body, replayed.headers["webhook-id"]) == (
        second.body,
        second.headers["webhook-id"],
    )
    assert replayed.headers["webhook-timestamp"] != second.headers["webhook-timestamp"]


def test_a_replay_is_tried_as_often_as_a_new_message(service, evaluator, receiver):
    receiver.answers = [(500, {})]
    webhook = register(evaluator, receiver.url)
    publish(evaluator)
    for delay in (timedelta(), *DELAYS):
        service.clock.now += delay
        deliver(service)

    ok(evaluator.post(f"{path_of(webhook)}/replay", json={}), 202)
    for delay in (timedelta(), *DELAYS):
        service.clock.now += delay
        assert deliver(service) == 1

    (delivery,) = log_of(evaluator, webhook)
    assert (delivery["state"], len(delivery["attempts"])) == ("failed", 20)


def test_a_ping_says_nothing_and_is_sent_once(service, evaluator, receiver):
    receiver.answers = [(500, {})]
    webhook = register(evaluator, receiver.url, ["report.published"])

    pinged = ok(evaluator.post(f"{path_of(webhook)}/ping"), 202)
    deliver(service)
    service.clock.advance(days=1)

    assert deliver(service) == 0
    assert pinged["state"] == "pending"
    (received,) = receiver.received
    assert json.loads(received.body)["type"] == "webhook.ping"
    assert json.loads(received.body)["data"] == {"webhook": webhook["id"]}
    assert log_of(evaluator, webhook)[0]["state"] == "failed"
    assert ok(evaluator.post(f"{path_of(webhook)}/replay", json={}), 202) == {"replayed": 0}
