"""Somebody tries to get in with a token that they made themselves, or found.

Whatever is wrong with it, the answer is the same 401 and says no more.
"""

import base64
import hashlib
import hmac
import json
import uuid

import httpx
import pytest
from jose import jwt
from jose.backends.cryptography_backend import CryptographyECKey

from app.security import keys
from tests.walkthrough import ok, refusal


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


@pytest.mark.parametrize(
    "header",
    [
        "",
        "Bearer",
        "Basic Zm9vOmJhcg==",
        "Bearer a.b.c",
        "Bearer ..",
        "nonsense",
        "Bearer " + "x" * 5000,
        "Bearer " + "a." * 200,
        "Bearer \xe9.\xe9.\xe9",
    ],
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
