"""A partner's system gets access: it shows its id and secret, and calls with what it is given.

A token lasts ten minutes, carries the scopes that were asked for, and nothing else opens a door.
"""

import base64
import json
import uuid

import httpx
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


def signed(service, *, key=None, headers=None, **changes):
    """A token like those of the service, except for `changes`; a claim that is None is left out."""
    private = service.deployment.keys.signing[0]
    now = int(service.clock.now.timestamp())
    issuer = service.settings.public_url
    claims = {"iss": issuer, "aud": issuer, "sub": str(uuid.uuid4()), "iat": now, "exp": now + 600}
    claims |= {"account": str(uuid.uuid4()), "partnership": None, "scope": ""} | changes
    kept = {name: value for name, value in claims.items() if value is not None}
    kept |= {"partnership": None}
    headers = {"kid": private["kid"]} | (headers or {})
    return jwt.encode(kept, key or private, algorithm="ES256", headers=headers)


def part(document):
    return base64.urlsafe_b64encode(json.dumps(document).encode()).rstrip(b"=").decode()


def test_a_client_fetches_a_token_with_basic_credentials(anybody, credential):
    reply = ok(fetch(anybody, credential))

    assert reply["token_type"] == "Bearer"
    assert reply["expires_in"] == 600
    assert set(reply["scope"].split()) == set(accounts.SCOPES)
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
        accounts.revoke(session, uuid.UUID(credential[0]))

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


@pytest.mark.parametrize(
    "header",
    ["", "Bearer", "Bearer ", "Basic Zm9vOmJhcg==", "Bearer a.b.c", "Bearer ..", "nonsense"]
    + ["Bearer " + "x" * 5000, "Bearer " + "a." * 200, "Bearer \xe9.\xe9.\xe9"],
)
def test_garbage_is_no_credential(anybody, header):
    request = httpx.Request(
        "GET", anybody.base_url.join("/v1/me"), headers={b"Authorization": header.encode("latin-1")}
    )

    reply = anybody.send(request)

    assert refusal(reply, 401) == "credential-invalid"
    assert reply.headers["WWW-Authenticate"] == "Bearer"


def test_the_tokens_forged_below_would_be_good_without_their_fault(service, anybody, evaluator):
    me = ok(evaluator.get("/v1/me"))

    token = signed(service, sub=me["client"], account=me["account"])

    assert whoami(anybody, token).status_code == 200


@pytest.mark.parametrize("claim", ["iss", "aud", "exp", "sub", "account", "scope"])
def test_a_token_without_a_claim_is_refused(service, anybody, claim):
    token = signed(service, **{claim: None})

    assert refusal(whoami(anybody, token), 401) == "credential-invalid"


@pytest.mark.parametrize(
    "changes",
    [
        {"iss": "https://elsewhere.example"},
        {"aud": "https://elsewhere.example"},
        {"exp": 1},
        {"exp": "never"},
        {"sub": "nobody"},
        {"headers": {"crit": ["b64"], "b64": False}},
        {"headers": {"jku": "https://elsewhere.example/jwks.json"}},
        {"headers": {"kid": "another"}},
    ],
    ids=str,
)
def test_a_token_for_somewhere_or_something_else_is_refused(service, anybody, changes):
    token = signed(service, **changes)

    assert refusal(whoami(anybody, token), 401) == "credential-invalid"


def test_a_token_signed_by_somebody_else_is_refused(service, anybody):
    from app.security import keys

    stranger = json.loads(keys.new_signing_keys())["keys"][0]
    body = signed(service).split(".")[1]
    kid = service.deployment.keys.signing[0]["kid"]
    good = signed(service).split(".")
    forged = [
        signed(service, key=stranger),
        signed(service, key=stranger, headers={"jwk": stranger}),
        f"{part({'alg': 'none', 'kid': kid})}.{body}.",
        f"{part({'alg': 'none', 'kid': kid})}.{body}.{good[2]}",
        f"{good[0]}.{part({'scope': 'everything'})}.{good[2]}",
        f"{good[0]}.{good[1]}.",
        f"{part([[[]]])}.{body}.{good[2]}",
        "[" * 1500 + f".{body}.{good[2]}",
        base64.urlsafe_b64encode(b"[" * 1500).decode() + f".{body}.{good[2]}",
    ]

    assert {refusal(whoami(anybody, token), 401) for token in forged} == {"credential-invalid"}


@pytest.mark.parametrize("form", ["jwk", "pem", "der", "empty"])
def test_the_public_key_is_no_shared_secret(service, anybody, form):
    import hashlib
    import hmac

    from jose.backends.cryptography_backend import CryptographyECKey

    private = service.deployment.keys.signing[0]
    public = CryptographyECKey(private, "ES256").public_key()
    pem = public.to_pem()
    der = base64.b64decode(b"".join(pem.splitlines()[1:-1]))
    known = ok(anybody.get("/.well-known/jwks.json"))["keys"][0]
    secret = {"jwk": json.dumps(known).encode(), "pem": pem, "der": der, "empty": b""}[form]
    head = part({"alg": "HS256", "typ": "JWT", "kid": private["kid"]})
    text = f"{head}.{signed(service).split('.')[1]}"
    mac = hmac.digest(secret, text.encode(), hashlib.sha256)

    token = f"{text}.{base64.urlsafe_b64encode(mac).rstrip(b'=').decode()}"

    assert refusal(whoami(anybody, token), 401) == "credential-invalid"


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
