"""Several processes deliver side by side; none is in another's way, and none is missed."""

import asyncio
import dataclasses
import threading
import time
import uuid
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest

from app import main
from app.gateways.webhooks import Reply
from app.storage import webhooks
from app.use_cases.delivering import (
    AT_ONCE,
    AT_ONCE_OF_ONE,
    IN_HAND,
    KEPT_FOR,
    deliver_due,
    deliver_forever,
    forget_old,
    take,
    write_down,
)
from app.use_cases.webhooks import OLDER_SIGNS_FOR
from tests.receiving import Receiver, deliver, log_of, publish, register
from tests.service import RunningService
from tests.walkthrough import ok

pytestmark = pytest.mark.usefixtures("no_other_webhooks")


@pytest.fixture
def other_process(service):
    """What another process of the same deployment draws on."""
    deployment = main.deploy(service.settings, clock=service.clock)
    yield deployment
    deployment.database.dispose()


def until(true, seconds=20):
    """Wait until something is true."""
    ends = time.monotonic() + seconds
    while not true():
        assert time.monotonic() < ends, "it never came about"
        time.sleep(0.01)


def only(taken):
    (message,) = taken
    return message


def test_two_processes_never_have_the_same_message_in_hand(service, receiver, other_process):
    for _ in range(5):
        with service.client_of_a_new_account() as client:
            for _ in range(AT_ONCE_OF_ONE):
                register(client, receiver.url)
            publish(client)
    processes = [service.deployment, other_process]
    taken, lock = [], threading.Lock()

    def work(deployment):
        for _ in range(20):
            found = take(deployment, 3)
            with lock:
                taken.extend(found)

    with ThreadPoolExecutor(4) as pool:
        for running in [pool.submit(work, one) for one in processes * 2]:
            running.result()

    assert len(taken) == 40
    assert len({message.delivery for message in taken}) == 40


def test_a_webhook_gets_one_message_at_a_time(service, evaluator, receiver, other_process):
    webhook = register(evaluator, receiver.url)
    for version in (1, 2):
        publish(evaluator, version=version)

    first = only(take(service.deployment, AT_ONCE))
    assert take(other_process, AT_ONCE) == []
    write_down(service.deployment, first, Reply("2xx"))
    second = only(take(other_process, AT_ONCE))

    assert first.delivery != second.delivery
    states = {one["state"] for one in log_of(evaluator, webhook)}
    assert states == {"delivered", "pending"}


def test_what_a_process_had_in_hand_when_it_died_is_sent_by_another(
    service, evaluator, receiver, other_process
):
    register(evaluator, receiver.url)
    publish(evaluator)
    lost = only(take(service.deployment, AT_ONCE))

    service.clock.now += IN_HAND - timedelta(milliseconds=1)
    assert take(other_process, AT_ONCE) == []
    service.clock.now += timedelta(milliseconds=1)
    assert asyncio.run(deliver_due(other_process)) == 1

    assert receiver.received[0].headers["webhook-id"] == str(lost.delivery)


def test_who_was_too_late_to_say_what_became_of_a_message_changes_nothing(
    service, evaluator, receiver, other_process
):
    webhook = register(evaluator, receiver.url)
    publish(evaluator)
    late = only(take(service.deployment, AT_ONCE))
    service.clock.now += IN_HAND
    asyncio.run(deliver_due(other_process))

    write_down(service.deployment, late, Reply("410"))

    assert ok(evaluator.get(f"/v1/webhooks/{webhook['id']}"))["enabled"]
    (delivery,) = log_of(evaluator, webhook)
    assert delivery["state"] == "delivered"
    assert [one["result"] for one in delivery["attempts"]] == ["2xx"]


def test_a_webhook_that_is_deleted_while_it_is_called_stays_deleted(service, evaluator, receiver):
    webhook = register(evaluator, receiver.url)
    publish(evaluator)
    message = only(take(service.deployment, AT_ONCE))
    ok(evaluator.delete(f"/v1/webhooks/{webhook['id']}"), 204)

    write_down(service.deployment, message, Reply("5xx"))

    assert ok(evaluator.get("/v1/webhooks"))["items"] == []


def test_what_is_disabled_while_it_fails_is_not_tried_again(service, evaluator, receiver):
    webhook = register(evaluator, receiver.url)
    path = f"/v1/webhooks/{webhook['id']}"
    publish(evaluator)
    message = only(take(service.deployment, AT_ONCE))
    ok(evaluator.patch(path, json={"enabled": False}))
    ok(evaluator.patch(path, json={"enabled": True}))

    write_down(service.deployment, message, Reply("5xx"))
    service.clock.advance(days=1)

    assert deliver(service) == 0
    assert log_of(evaluator, webhook)[0]["state"] == "failed"


def test_who_was_called_longest_ago_is_called_first(service, evaluator, receiver):
    for _ in range(3):
        register(evaluator, receiver.url)
    for version in (1, 2):
        publish(evaluator, version=version)

    order = []
    for _ in range(6):
        service.clock.advance(seconds=1)
        message = only(take(service.deployment, 1))
        write_down(service.deployment, message, Reply("2xx"))
        order.append(message.webhook)

    assert len(set(order[:3])) == 3
    assert order[3:] == order[:3]


def test_an_account_whose_receivers_are_slow_leaves_places_to_others(service, evaluator, receiver):
    for _ in range(AT_ONCE + 1):
        register(evaluator, receiver.url)
    publish(evaluator)
    taken = take(service.deployment, AT_ONCE)
    assert len(taken) == AT_ONCE_OF_ONE < AT_ONCE
    assert take(service.deployment, AT_ONCE) == []

    with service.client_of_a_new_account() as client:
        other = register(client, receiver.url)
        publish(client)
        message = only(take(service.deployment, AT_ONCE))
    write_down(service.deployment, taken[0], Reply("2xx"))

    assert str(message.webhook) == other["id"]
    assert only(take(service.deployment, AT_ONCE)).webhook not in {one.webhook for one in taken}


def test_a_slow_receiver_delays_nobody_else(service, evaluator, receiver):
    let_go = threading.Event()
    with Receiver() as slow:
        slow.behave = lambda handler: let_go.wait(30)
        register(evaluator, slow.url)
        register(evaluator, receiver.url)
        publish(evaluator, version=1)

        async def run():
            delivering = asyncio.create_task(deliver_forever(service.deployment, every=0.02))
            await asyncio.to_thread(until, lambda: slow.received and receiver.received)
            await asyncio.to_thread(publish, evaluator, version=2)
            await asyncio.to_thread(until, lambda: len(receiver.received) == 2)
            still_waiting = not let_go.is_set() and len(slow.received) == 1
            let_go.set()
            delivering.cancel()
            await asyncio.gather(delivering, return_exceptions=True)
            return still_waiting

        assert asyncio.run(run())


def test_one_webhook_that_cannot_be_signed_keeps_no_other_waiting(service, evaluator, receiver):
    broken, sound = (register(evaluator, receiver.url) for _ in range(2))
    with service.deployment.database.writing() as session:
        for row in webhooks.every(session):
            if row.id == uuid.UUID(broken["id"]):
                row.secret = bytes(60)
    publish(evaluator)

    asyncio.run(deliver_due(service.deployment))

    assert log_of(evaluator, sound)[0]["state"] == "delivered"
    (unsigned,) = log_of(evaluator, broken)
    assert unsigned["state"] == "pending"
    assert [one["result"] for one in unsigned["attempts"]] == ["unreachable"]
    assert len(receiver.received) == 1


def test_after_thirty_days_a_delivery_is_forgotten_unless_it_waits(service, evaluator, receiver):
    webhook = register(evaluator, receiver.url)
    publish(evaluator, version=1)
    deliver(service)
    publish(evaluator, version=2)

    service.clock.now += KEPT_FOR
    forget_old(service.deployment)
    assert len(log_of(evaluator, webhook)) == 2

    service.clock.advance(seconds=1)
    forget_old(service.deployment)
    (left,) = log_of(evaluator, webhook)
    assert left["state"] == "pending"


def test_a_secret_that_signs_no_more_is_forgotten(service, evaluator, receiver):
    webhook = register(evaluator, receiver.url)
    ok(evaluator.post(f"/v1/webhooks/{webhook['id']}/rotate"))

    def kept():
        forget_old(service.deployment)
        with service.deployment.database.reading() as session:
            (row,) = webhooks.every(session)
            return row.older_secret, row.older_until

    service.clock.now += OLDER_SIGNS_FOR - timedelta(milliseconds=1)
    assert None not in kept()
    service.clock.now += timedelta(milliseconds=1)
    assert kept() == (None, None)


def test_the_running_service_delivers_and_goes_on_after_a_restart(url, tmp_path, receiver):
    with RunningService(url, tmp_path) as service:
        account = service.new_account()
        with service.client_of(account) as client:
            webhook = register(client, receiver.url)
            ok(client.post(f"/v1/webhooks/{webhook['id']}/ping"), 202)
        assert receiver.received == [], "these tests let it look when it starts, and not again"

    with RunningService(url, tmp_path) as service, service.client_of(account) as client:
        until(lambda: log_of(client, webhook)[0]["state"] == "delivered")

    assert len(receiver.received) == 1


def test_what_was_registered_in_development_is_not_called_in_production(
    service, evaluator, receiver
):
    strict = dataclasses.replace(service.deployment, gateway=main.Gateway())
    webhook = register(evaluator, receiver.url)
    publish(evaluator)

    asyncio.run(deliver_due(strict))

    assert log_of(evaluator, webhook)[0]["attempts"][0]["result"] == "address"
    assert receiver.received == []
