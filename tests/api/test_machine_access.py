"""A partner's system gets access: it shows its id and secret, and calls with what it is given.

A token lasts ten minutes, carries the scopes that were asked for, and nothing else opens a door.
"""

import uuid

import pytest
from jose import jwt

from app.use_cases import accounts
from tests.walkthrough import ok, plan, refusal, register

FETCH = "/v1/oauth/token"
GRANT = {"grant_type": "client_credentials"}


@pytest.fixture
def credential(service):
    """The id and the secret of a client that may do everything."""
    return made(service)


def made(service, account=None, **options):
    with service.deployment.database.writing() as session:
        account = account or service.new_account()
        client = accounts.add_client(session, account, **options)
    return str(client.client), client.secret


def fetch(anybody, credential, **form):
    return anybody.post(FETCH, data=GRANT | form, auth=credential)


def whoami(anybody, token):
    return anybody.get("/v1/me", headers={"Authorization": f"Bearer {token}"})


def test_a_client_fetches_a_token_with_basic_credentials(anybody, credential):
    reply = ok(fetch(anybody, credential))

    assert reply["token_type"] == "Bearer"
    assert reply["expires_in"] == 600
    assert set(reply["scope"].split()) == set(accounts.SCOPES) - {"metrics:read"}
    assert ok(whoami(anybody, reply["access_token"]))["client"] == credential[0]


def test_a_client_fetches_a_token_with_credentials_in_the_form(anybody, credential):
    client_id, secret = credential

    reply = anybody.post(FETCH, data=GRANT | {"client_id": client_id, "client_secret": secret})

    assert ok(whoami(anybody, ok(reply)["access_token"]))["client"] == client_id


@pytest.mark.parametrize("how", ["basic", "form"])
def test_a_wrong_secret_and_an_unknown_client_are_told_the_same(anybody, credential, how):
    unknown = (str(uuid.uuid4()), credential[1])
    wrong = (credential[0], credential[1][:-1] + ("A" if credential[1][-1] != "A" else "B"))

    replies = [
        fetch(anybody, pair)
        if how == "basic"
        else anybody.post(FETCH, data=GRANT | {"client_id": pair[0], "client_secret": pair[1]})
        for pair in (wrong, unknown, ("not-an-id", "x"), ("", ""))
    ]

    assert {refusal(reply, 401) for reply in replies} == {"client-invalid"}
    assert len({reply.text for reply in replies}) == 1


def test_a_form_that_cannot_be_read_gives_no_token(anybody, credential):
    unreadable = anybody.post(FETCH, data=GRANT, headers={"Authorization": "Basic %%%"})
    another_grant = anybody.post(FETCH, data={"grant_type": "password"}, auth=credential)
    as_json = anybody.post(FETCH, json=GRANT, auth=credential)
    nothing = anybody.post(FETCH, data=GRANT)

    assert refusal(unreadable, 401) == "client-invalid"
    assert refusal(another_grant, 400) == "malformed"
    assert refusal(as_json, 415) == "unsupported"
    assert refusal(nothing, 401) == "client-invalid"


def test_a_revoked_client_gets_no_token(service, anybody, credential):
    ok(fetch(anybody, credential))
    with service.deployment.database.writing() as session:
        accounts.revoke(session, service.deployment.keys, uuid.UUID(credential[0]))

    reply = fetch(anybody, credential)

    assert refusal(reply, 401) == "client-invalid"


def test_two_secrets_are_good_while_one_replaces_the_other(service, anybody, credential):
    client_id, first = credential
    with service.deployment.database.writing() as session:
        second = accounts.rotate(session, uuid.UUID(client_id)).secret

    assert fetch(anybody, (client_id, first)).status_code == 200
    assert fetch(anybody, (client_id, second)).status_code == 200

    with service.deployment.database.writing() as session:
        accounts.rotate(session, uuid.UUID(client_id))

    assert fetch(anybody, (client_id, first)).status_code == 401


def test_a_token_carries_only_the_scopes_that_were_asked_for(anybody, credential):
    narrowed = ok(fetch(anybody, credential, scope="partnerships:read"))

    assert narrowed["scope"] == "partnerships:read"
    headers = {"Authorization": f"Bearer {narrowed['access_token']}"}
    ok(anybody.get("/v1/partnerships", headers=headers))
    refused = anybody.post(
        "/v1/partnerships",
        json={"name": "A", "organisations": [{"code": "a", "headcount": 10}]},
        headers=headers,
    )
    assert refusal(refused, 403) == "scope-missing"
    assert refused.json()["needed"] == ["partnerships:write"]


@pytest.mark.parametrize("scope", ["reports:read", "reports:read partnerships:read", "everything"])
def test_a_scope_that_the_client_lacks_is_refused(service, anybody, scope):
    credential = made(service, scopes=["partnerships:read"])

    reply = fetch(anybody, credential, scope=scope)

    assert refusal(reply, 403) == "scope-missing"


def test_a_client_sees_who_it_is(service, anybody):
    with service.client_of_a_new_account() as evaluator:
        partnership = register(evaluator)["id"]
        account = ok(evaluator.get("/v1/me"))
    limited = made(
        service,
        account["account_name"],
        scopes=["reports:read"],
        partnership=uuid.UUID(partnership),
    )

    seen = ok(whoami(anybody, ok(fetch(anybody, limited))["access_token"]))

    assert seen == {
        "client": limited[0],
        "account": account["account"],
        "account_name": account["account_name"],
        "partnership": partnership,
        "scopes": ["reports:read"],
    }
    assert account["partnership"] is None


def test_a_token_lasts_ten_minutes(service, anybody, credential):
    token = ok(fetch(anybody, credential))["access_token"]

    service.clock.advance(seconds=599)
    assert whoami(anybody, token).status_code == 200

    service.clock.advance(seconds=1)
    assert refusal(whoami(anybody, token), 401) == "credential-invalid"


def test_anybody_can_verify_a_token_with_the_published_keys(service, anybody, credential):
    token = ok(fetch(anybody, credential))["access_token"]

    keys = ok(anybody.get("/.well-known/jwks.json"))["keys"]

    named = jwt.get_unverified_header(token)["kid"]
    key = next(key for key in keys if key["kid"] == named)
    claims = jwt.decode(
        token,
        key,
        algorithms=["ES256"],
        audience=service.settings.public_url,
        issuer=service.settings.public_url,
        options={"verify_exp": False},
    )
    assert claims["sub"] == credential[0]
    assert claims["exp"] - claims["iat"] == 600
    assert all("d" not in key for key in keys)


def test_a_client_limited_to_one_partnership_sees_only_that(service, evaluator):
    account = ok(evaluator.get("/v1/me"))["account_name"]
    own, other = register(evaluator), register(evaluator)
    hidden = plan(evaluator, other)

    with service.client_of(account, partnership=uuid.UUID(own["id"])) as limited:
        listed = ok(limited.get("/v1/partnerships"))["items"]
        planned = plan(limited, own)
        refused = limited.post(
            "/v1/partnerships",
            json={"name": "A", "organisations": [{"code": "a", "headcount": 10}]},
        )

        assert [partnership["id"] for partnership in listed] == [own["id"]]
        assert planned["partnership"] == own["id"]
        assert refusal(refused, 403) == "forbidden"
        for path in (
            f"/v1/partnerships/{other['id']}",
            f"/v1/partnerships/{other['id']}/evaluations",
            f"/v1/evaluations/{hidden['id']}",
        ):
            assert refusal(limited.get(path), 404) == "not-found"
    assert len(ok(evaluator.get("/v1/partnerships"))["items"]) == 2
