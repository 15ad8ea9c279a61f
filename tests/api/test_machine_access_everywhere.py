"""Every call of the contract is tried by those who must not: no token, too few scopes, a stranger.

The contract says which scope a call needs; the table in `calls.py` is where a change is noticed.
"""

import uuid

import pytest

from app.use_cases import accounts
from tests.api.calls import BODIES, PUBLIC, RESPONDENTS, SCOPES
from tests.walkthrough import new_key, ok, plan, register, surface, surveyed


@pytest.fixture
def contract(anybody):
    """The operations of the contract: what each says about who may call it."""
    paths = ok(anybody.get("/openapi.json"))["paths"]
    return {
        f"{method.upper()} {path}": operation["security"]
        for path, methods in paths.items()
        for method, operation in methods.items()
    }


def call(client, operation, ids, **options):
    """Call an operation with these ids, and with a good body where it takes one."""
    method, path = operation.split(" ")
    ids = {"code": "poet-staff", "version": "1", "name": "scoring", "report": "health"} | ids
    ids = {"format": "surveyjs", "id": "poet-staff.1"} | ids
    if path.endswith(":import"):
        kind = {"Content-Type": "application/x-ndjson"}
        options |= {"content": b"{}", "headers": options.get("headers", {}) | kind}
    elif method in ("POST", "PATCH", "PUT"):
        options["json"] = BODIES.get(operation, {})
    return client.request(method, path.format(**ids), **options)


def bearer(anybody, client, scopes):
    """The header of a client that asked for these scopes."""
    form = {"grant_type": "client_credentials", "scope": " ".join(scopes)}
    credential = (str(client.client), client.secret)
    fetched = ok(anybody.post("/v1/oauth/token", data=form, auth=credential))
    return {"Authorization": f"Bearer {fetched['access_token']}"}


def no_ids():
    """Ids of nothing at all."""
    kinds = ("partnership", "evaluation", "statement", "outcome", "action", "webhook")
    return {f"{kind}_id": str(uuid.uuid4()) for kind in kinds}


def with_something_of_everything(client):
    """The ids of an account that has one of everything."""
    statement = {"outcome": "People stay at home"}
    answers = [{"answers": {"trust1": 4}, "statements": [statement]} for _ in range(10)]
    evaluation = surveyed(client, answers)
    path = f"/v1/evaluations/{evaluation['id']}"
    action = {"what": "Meet", "domain": "trust"}
    webhook = {"url": "https://hooks.example.org/", "events": ["report.published"]}
    return {
        "partnership_id": evaluation["partnership"],
        "evaluation_id": evaluation["id"],
        "statement_id": ok(client.get(f"{path}/statements"))["items"][0]["id"],
        "outcome_id": surface(client, evaluation, "home")["id"],
        "action_id": ok(client.post(f"{path}/actions", json=action), 201)["id"],
        "webhook_id": ok(client.post("/v1/webhooks", json=webhook), 201)["id"],
    }


def everything(client, ids):
    """All that an account can read of itself."""
    reads = [operation for operation in SCOPES if operation.startswith("GET")]
    return {operation: call(client, operation, ids).text for operation in reads}


def test_every_call_declares_who_may_make_it(contract):
    declared = {
        operation: security[0]["machine"][0] if security[0]["machine"] else None
        for operation, security in contract.items()
        if security and "machine" in security[0]
    }

    assert declared == SCOPES
    assert {name for name, security in contract.items() if security == []} == PUBLIC
    assert {name for name, s in contract.items() if s == [{"respondent": []}]} == RESPONDENTS


def test_without_a_token_nothing_but_what_is_public_answers(anybody, contract):
    for operation in contract:
        reply = call(anybody, operation, no_ids(), headers={"Idempotency-Key": new_key()})
        assert (reply.status_code == 401) == (operation not in PUBLIC), operation


def test_a_token_without_the_scope_is_refused(service, anybody):
    with service.deployment.database.writing() as session:
        client = accounts.add_client(session, service.new_account(), scopes=accounts.SCOPES)

    for needed in accounts.SCOPES:
        operations = [operation for operation, scope in SCOPES.items() if scope == needed]
        assert operations, needed
        lacking = bearer(anybody, client, set(accounts.SCOPES) - {needed})
        sufficient = bearer(anybody, client, {needed})
        for operation in operations:
            refused = call(anybody, operation, no_ids(), headers=lacking)
            assert refused.status_code == 403, operation
            assert refused.json()["code"] == "scope-missing"
            assert refused.json()["needed"] == [needed]
            accepted = call(anybody, operation, no_ids(), headers=sufficient)
            assert accepted.status_code not in (401, 403), operation


def test_an_expired_token_opens_nothing(service, anybody, evaluator):
    ok(evaluator.get("/v1/me"))
    headers = {"Authorization": f"Bearer {evaluator._access_token()}"}
    service.clock.advance(minutes=10)

    for operation in SCOPES:
        assert call(anybody, operation, no_ids(), headers=headers).status_code == 401, operation


def test_a_respondents_token_opens_nothing_for_machines_and_the_reverse(anybody, evaluator):
    evaluation = plan(evaluator)
    body = {"audience": "staff", "group": "trust", "count": 1}
    path = f"/v1/evaluations/{evaluation['id']}"
    (token,) = ok(evaluator.post(f"{path}/tokens", json=body), 201)["tokens"]
    ids = no_ids() | {"evaluation_id": evaluation["id"]}

    for operation in SCOPES:
        headers = {"Authorization": f"Bearer {token}"}
        assert call(anybody, operation, ids, headers=headers).status_code == 401, operation
    for operation in RESPONDENTS:
        headers = {"Idempotency-Key": new_key()}
        assert call(evaluator, operation, ids, headers=headers).status_code == 401, operation


def test_another_accounts_ids_are_like_ids_that_never_were(service, evaluator):
    ids = with_something_of_everything(evaluator)
    before = everything(evaluator, ids)

    with service.client_of_a_new_account() as stranger:
        for operation in SCOPES:
            if "_id}" not in operation:
                continue
            theirs = call(stranger, operation, ids)
            nobodys = call(stranger, operation, no_ids())
            assert theirs.status_code == 404, operation
            assert theirs.content == nobodys.content, operation
            assert _shape(theirs) == _shape(nobodys), operation

    assert everything(evaluator, ids) == before


def test_a_client_limited_to_another_partnership_is_a_stranger_too(service, evaluator):
    ids = with_something_of_everything(evaluator)
    account = ok(evaluator.get("/v1/me"))["account_name"]
    other = uuid.UUID(register(evaluator)["id"])
    before = everything(evaluator, ids)

    with service.client_of(account, partnership=other) as limited:
        for operation in SCOPES:
            if "_id}" in operation:
                assert call(limited, operation, ids).status_code == 404, operation

    assert everything(evaluator, ids) == before


def test_the_owner_can_make_each_of_these_calls(evaluator):
    ids = with_something_of_everything(evaluator)

    for operation in SCOPES:
        if "_id}" in operation and not operation.endswith(("/reports/outcomes", "/combined")):
            reply = call(evaluator, operation, ids)
            assert reply.status_code != 404 or "/merge" in operation, operation


def test_accounts_do_not_see_each_other_in_lists(service, evaluator):
    register(evaluator)

    with service.client_of_a_new_account() as stranger:
        assert ok(stranger.get("/v1/partnerships"))["items"] == []


def _shape(reply):
    changing = ("date", "content-length")
    return {name: value for name, value in reply.headers.items() if name not in changing}
