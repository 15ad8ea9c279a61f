"""Machines prove who they are: secrets, access tokens of ten minutes, public keys."""

import json
import uuid
from datetime import UTC, datetime, timedelta

import pytest
from jose import jwt

from app.errors import CredentialInvalid
from app.security.credentials import (
    AccessTokens,
    Caller,
    new_secret,
    same_secret,
    secret_digest,
)
from app.security.keys import derive, new_signing_keys

NOW = datetime(2027, 3, 1, 12, tzinfo=UTC)
ISSUER = "https://poet.example.org"
CALLER = Caller(
    uuid.UUID(int=1), uuid.UUID(int=2), None, frozenset({"reports:read", "tokens:issue"})
)


def signing():
    return tuple(json.loads(new_signing_keys())["keys"])


KEYS = signing()
TOKENS = AccessTokens(KEYS, issuer=ISSUER)


def test_an_access_token_tells_who_calls():
    limited = Caller(uuid.UUID(int=1), uuid.UUID(int=2), uuid.UUID(int=3), frozenset())

    for caller in (CALLER, limited):
        assert TOKENS.verify(TOKENS.issue(caller, now=NOW), now=NOW) == caller


def test_it_is_good_for_ten_minutes_even_when_it_is_remembered():
    token = TOKENS.issue(CALLER, now=NOW)

    assert TOKENS.verify(token, now=NOW + timedelta(minutes=9, seconds=59)) == CALLER
    with pytest.raises(CredentialInvalid):
        TOKENS.verify(token, now=NOW + timedelta(minutes=10))


def test_anybody_can_verify_it_with_the_published_key():
    published = TOKENS.jwks()["keys"]
    token = TOKENS.issue(CALLER, now=datetime.now(UTC))

    claims = jwt.decode(token, published[0], algorithms=["ES256"], audience=ISSUER, issuer=ISSUER)

    assert claims["sub"] == str(CALLER.client)
    assert claims["scope"] == "reports:read tokens:issue"
    assert all("d" not in key for key in published)


def test_the_first_key_signs_and_an_older_one_still_verifies():
    older = AccessTokens(KEYS, issuer=ISSUER).issue(CALLER, now=NOW)
    rotated = AccessTokens(signing() + KEYS, issuer=ISSUER)

    newer = rotated.issue(CALLER, now=NOW)

    assert rotated.verify(older, now=NOW) == rotated.verify(newer, now=NOW) == CALLER
    with pytest.raises(CredentialInvalid):
        TOKENS.verify(newer, now=NOW)


def test_a_secret_is_256_random_bits_of_which_a_digest_is_kept():
    secret = new_secret()

    assert len(secret) == 43
    assert secret != new_secret()
    assert same_secret(secret, secret_digest(secret))
    assert not same_secret(secret, secret_digest(new_secret()))
    assert not same_secret(secret, None)


@pytest.mark.parametrize(
    "jwks",
    [
        "",
        "[]",
        "{}",
        '{"keys": []}',
        '{"keys": [{}]}',
        json.dumps({"keys": [{name: part for name, part in KEYS[0].items() if name != "d"}]}),
        json.dumps({"keys": [KEYS[0] | {"crv": "P-384"}]}),
        json.dumps({"keys": [KEYS[0] | {"kid": None}]}),
    ],
)
def test_keys_that_cannot_sign_are_refused(jwks):
    with pytest.raises(ValueError, match="POET_SIGNING_KEYS"):
        derive("x" * 32, jwks)
