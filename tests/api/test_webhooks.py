"""A partner's machine says where it wants to be called, and sees what it has said."""

import uuid
from concurrent.futures import ThreadPoolExecutor

import pytest

from app.security.keys import new_signing_keys
from app.storage import webhooks
from tests.gateways.test_addresses import HOSTILE
from tests.receiving import EVENTS, publish
from tests.receiving import register as register_webhook
from tests.service import RunningService
from tests.walkthrough import faults, go, ok, plan, refusal, register

URL = "https://hooks.example.org/poet"


@pytest.fixture(scope="module")
def production(tmp_path_factory):
    """A client of a service that runs as in production."""
    home = tmp_path_factory.mktemp("production")
    settings = {
        "env": "production",
        "token_key": "kX3_uQ9vT2mZ7rB5nL8wY1cH6jD4fS0a",
        "signing_keys": new_signing_keys(),
    }
    url = f"sqlite:///{home / 'poet.sqlite'}"
    with (
        RunningService(url, home, **settings) as service,
        service.client_of_a_new_account() as client,
    ):
        yield client


def secret_of(service, webhook):
    """The secret as the database has it."""
    with service.deployment.database.reading() as session:
        rows = webhooks.every(session)
        return next(row.secret for row in rows if row.id == uuid.UUID(webhook["id"]))


def test_a_secret_is_shown_once_and_lies_nowhere_in_the_clear(service, evaluator):
    made = register_webhook(evaluator, URL)

    read = ok(evaluator.get(f"/v1/webhooks/{made['id']}"))
    (listed,) = ok(evaluator.get("/v1/webhooks"))["items"]
    secret = made.pop("secret")

    assert secret.startswith("whsec_")
    assert read == listed == made
    assert made["events"] == sorted(EVENTS)
    assert made["enabled"]
    assert secret.removeprefix("whsec_").encode() not in secret_of(service, made)


def test_each_webhook_has_a_secret_of_its_own(evaluator):
    assert register_webhook(evaluator, URL)["secret"] != register_webhook(evaluator, URL)["secret"]


@pytest.mark.parametrize("kind", HOSTILE)
def test_production_registers_no_address_that_leads_inwards(production, kind):
    body = {"url": HOSTILE[kind], "events": EVENTS}

    refused = production.post("/v1/webhooks", json=body)

    expected = "string-too-long" if kind == "too long" else "address-refused"
    assert faults(refused) == {("/url", expected)}
    assert HOSTILE[kind] not in refused.text
    assert ok(production.get("/v1/webhooks"))["items"] == []


def test_production_registers_a_public_address(production):
    made = register_webhook(production, URL)

    ok(production.delete(f"/v1/webhooks/{made['id']}"), 204)


@pytest.mark.parametrize(
    ("change", "fault"),
    [
        ({"events": []}, ("/events", "too-short")),
        ({"events": ["response.received"]}, ("/events/0", "unknown-value")),
        ({"events": ["webhook.ping"]}, ("/events/0", "unknown-value")),
        ({"secret": "whsec_"}, ("/secret", "unknown-field")),
    ],
)
def test_there_is_no_event_of_an_answer_and_no_secret_of_ones_own(evaluator, change, fault):
    body = {"url": URL, "events": EVENTS} | change

    assert faults(evaluator.post("/v1/webhooks", json=body)) == {fault}


def test_a_webhook_hears_of_one_partnership_or_of_one_evaluation(evaluator):
    evaluation = plan(evaluator)
    partnership = evaluation["partnership"]

    of_partnership = register_webhook(evaluator, URL, partnership=partnership)
    of_evaluation = register_webhook(evaluator, URL, evaluation=evaluation["id"])
    both = {"partnership": partnership, "evaluation": evaluation["id"]}
    refused = evaluator.post("/v1/webhooks", json={"url": URL, "events": EVENTS} | both)

    assert (of_partnership["partnership"], of_partnership["evaluation"]) == (partnership, None)
    assert of_evaluation["evaluation"] == evaluation["id"]
    assert of_evaluation["partnership"] == partnership
    assert faults(refused) == {("/partnership", "one-of-two")}


def test_nobody_hears_of_what_is_anothers(service, evaluator):
    evaluation = plan(evaluator)

    with service.client_of_a_new_account() as stranger:
        for member, one in (
            ("partnership", evaluation["partnership"]),
            ("evaluation", evaluation["id"]),
        ):
            body = {"url": URL, "events": EVENTS, member: one}
            assert refusal(stranger.post("/v1/webhooks", json=body), 404) == "not-found"


def test_a_client_limited_to_one_partnership_sees_and_hears_of_that_alone(service):
    account = service.new_account()
    with service.client_of(account) as whole:
        own, other = register(whole), register(whole)
        of_all = register_webhook(whole, URL)
        of_other = register_webhook(whole, URL, partnership=other["id"])
        of_own = register_webhook(whole, URL, partnership=own["id"])
        with service.client_of(account, partnership=uuid.UUID(own["id"])) as limited:
            mine = register_webhook(limited, URL)
            seen = {one["id"] for one in ok(limited.get("/v1/webhooks"))["items"]}
            beyond = {"url": URL, "events": EVENTS, "partnership": other["id"]}

            assert mine["partnership"] == own["id"]
            assert seen == {of_own["id"], mine["id"]}
            assert refusal(limited.post("/v1/webhooks", json=beyond), 404) == "not-found"
            for unseen in (of_all, of_other):
                path = f"/v1/webhooks/{unseen['id']}"
                assert refusal(limited.get(path), 404) == "not-found"
                assert refusal(limited.delete(path), 404) == "not-found"
                assert refusal(limited.post(f"{path}/rotate"), 404) == "not-found"


def test_an_account_has_so_many_webhooks_and_no_more(evaluator):
    made = [register_webhook(evaluator, URL) for _ in range(50)]

    refused = ok(evaluator.post("/v1/webhooks", json={"url": URL, "events": EVENTS}), 409)
    first = ok(evaluator.get("/v1/webhooks", params={"limit": 30}))
    rest = ok(evaluator.get("/v1/webhooks", params={"limit": 30, "cursor": first["next"]}))

    assert (refused["code"], refused["most"]) == ("webhooks-exhausted", 50)
    listed = [one["id"] for one in [*first["items"], *rest["items"]]]
    assert sorted(listed) == sorted(one["id"] for one in made)
    assert rest["next"] is None


def test_who_registers_at_the_same_time_gets_no_more_either(evaluator):
    for _ in range(48):
        register_webhook(evaluator, URL)
    body = {"url": URL, "events": EVENTS}

    with ThreadPoolExecutor(8) as pool:
        made = list(pool.map(lambda _: evaluator.post("/v1/webhooks", json=body), range(8)))

    assert sorted(reply.status_code for reply in made) == [201] * 2 + [409] * 6


def test_a_deleted_webhook_is_gone_with_its_deliveries(evaluator):
    made = register_webhook(evaluator, URL)
    path = f"/v1/webhooks/{made['id']}"
    publish(evaluator)
    assert len(ok(evaluator.get(f"{path}/deliveries"))["items"]) == 1

    ok(evaluator.delete(path), 204)

    assert refusal(evaluator.get(path), 404) == "not-found"
    assert refusal(evaluator.get(f"{path}/deliveries"), 404) == "not-found"
    assert ok(evaluator.get("/v1/webhooks"))["items"] == []


def test_with_its_evaluation_a_webhook_goes_too(evaluator):
    evaluation = plan(evaluator)
    register_webhook(evaluator, URL, evaluation=evaluation["id"])

    ok(evaluator.delete(f"/v1/evaluations/{evaluation['id']}"), 204)

    assert ok(evaluator.get("/v1/webhooks"))["items"] == []


def test_a_page_of_deliveries_goes_on_where_the_last_one_ended(service, evaluator):
    made = register_webhook(evaluator, URL)
    path = f"/v1/webhooks/{made['id']}/deliveries"
    for version in range(1, 6):
        service.clock.advance(seconds=version // 2)  # some at the same moment
        publish(evaluator, version=version)

    pages, cursor = [], None
    while not pages or cursor:
        page = ok(evaluator.get(path, params={"limit": 2} | ({"cursor": cursor} if cursor else {})))
        pages.append(page["items"])
        cursor = page["next"]

    times = [one["timestamp"] for page in pages for one in page]
    assert [len(page) for page in pages] == [2, 2, 1]
    assert times == sorted(times, reverse=True)
    assert {one["data"]["version"] for page in pages for one in page} == {1, 2, 3, 4, 5}


def test_a_cursor_of_another_webhook_is_refused(evaluator):
    made, other = register_webhook(evaluator, URL), register_webhook(evaluator, URL)
    for version in (1, 2):
        publish(evaluator, version=version)
    first = ok(evaluator.get(f"/v1/webhooks/{made['id']}/deliveries", params={"limit": 1}))

    query = {"cursor": first["next"]}
    refused = evaluator.get(f"/v1/webhooks/{other['id']}/deliveries", params=query)

    assert refusal(refused, 400) == "cursor-malformed"


@pytest.mark.parametrize(
    "since", ["0001-01-01T00:00:00+14:00", "9999-12-31T23:59:59-12:00", "2027-03-01T00:00:00", 5]
)
def test_a_moment_that_cannot_be_is_refused(evaluator, since):
    made = register_webhook(evaluator, URL)

    refused = evaluator.post(f"/v1/webhooks/{made['id']}/replay", json={"since": since})

    assert {pointer for pointer, _ in faults(refused)} == {"/since"}


def test_a_disabled_webhook_is_told_nothing_until_it_is_enabled(evaluator):
    made = register_webhook(evaluator, URL)
    path = f"/v1/webhooks/{made['id']}"

    disabled = ok(evaluator.patch(path, json={"enabled": False}))
    evaluation = plan(evaluator)
    go(evaluator, evaluation, "surveying")
    for action in ("ping", "replay"):
        refused = evaluator.post(f"{path}/{action}", json={} if action == "replay" else None)
        assert refusal(refused, 409) == "webhook-disabled"
    enabled = ok(evaluator.patch(path, json={"enabled": True}))

    assert (disabled["enabled"], disabled["disabled_because"]) == (False, "caller")
    assert (enabled["enabled"], enabled["disabled_because"]) == (True, None)
    assert ok(evaluator.get(f"{path}/deliveries"))["items"] == []
