"""A battery of forged access tokens: each is one refusal, whatever python-jose would make of it."""

import base64
import hashlib
import hmac
import json
import uuid
from datetime import UTC, datetime

import pytest
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from jose import jwk, jwt

from app.errors import CredentialInvalid
from app.security.credentials import AccessTokens, Caller
from app.security.keys import new_signing_keys

NOW = datetime(2027, 3, 1, 12, tzinfo=UTC)
ISSUER = "https://poet.example.org"
CALLER = Caller(uuid.UUID(int=1), uuid.UUID(int=2), None, frozenset({"reports:read"}))
KEY = json.loads(new_signing_keys())["keys"][0]
STRANGER = json.loads(new_signing_keys())["keys"][0]
TOKENS = AccessTokens((KEY,), issuer=ISSUER)
HEADER = {"alg": "ES256", "kid": KEY["kid"], "typ": "JWT"}
CLAIMS = jwt.get_unverified_claims(TOKENS.issue(CALLER, now=NOW))


def encoded(part):
    text = part if isinstance(part, bytes) else json.dumps(part).encode()
    return base64.urlsafe_b64encode(text).rstrip(b"=").decode()


def signed(header=HEADER, claims=CLAIMS, key=KEY):
    """A token with a true ES256 signature over whatever it says."""
    body = f"{encoded(header)}.{encoded(claims)}"
    return f"{body}.{encoded(jwk.construct(key, 'ES256').sign(body.encode()))}"


def with_hmac(secret, name=hashlib.sha256, alg="HS256"):
    body = f"{encoded(HEADER | {'alg': alg})}.{encoded(CLAIMS)}"
    return f"{body}.{encoded(hmac.digest(secret, body.encode(), name))}"


def without(claim):
    return signed(claims={name: value for name, value in CLAIMS.items() if name != claim})


def public_key(encoding, form):
    x, y = (int.from_bytes(base64.urlsafe_b64decode(KEY[part] + "=="), "big") for part in "xy")
    public = ec.EllipticCurvePublicNumbers(x, y, ec.SECP256R1()).public_key()
    return public.public_bytes(encoding, form)


TRUE = TOKENS.issue(CALLER, now=NOW)
HEAD, BODY, SIGNATURE = TRUE.split(".")
DEEP = b'{"alg":"ES256","kid":' + b"[" * 1500 + b"]" * 1500 + b"}"
FORGED = {
    "empty": "",
    "two dots": "..",
    "one part": HEAD,
    "four parts": TRUE + ".x",
    "five parts, as JWE": "a.b.c.d.e",
    "no signature": f"{HEAD}.{BODY}.",
    "another's signature": signed(key=STRANGER),
    "another's key by its own name": signed({**HEADER, "kid": STRANGER["kid"]}, key=STRANGER),
    "an altered claim": f"{HEAD}.{encoded(CLAIMS | {'scope': 'accounts:write'})}.{SIGNATURE}",
    "an altered signature": f"{HEAD}.{BODY}.{'A' * len(SIGNATURE)}",
    "a signature of zeros": f"{HEAD}.{BODY}.{encoded(bytes(64))}",
    "alg none": f"{encoded({**HEADER, 'alg': 'none'})}.{BODY}.",
    "alg None": f"{encoded({**HEADER, 'alg': 'None'})}.{BODY}.",
    "no alg": signed({"kid": KEY["kid"]}),
    "a list as alg": signed({**HEADER, "alg": ["ES256"]}),
    "no kid": signed({"alg": "ES256"}),
    "a number as kid": signed({**HEADER, "kid": 1}),
    "an unknown kid": signed({**HEADER, "kid": "unknown"}),
    "a path as kid": signed({**HEADER, "kid": "../../dev/null"}),
    "its own key": signed({**HEADER, "jwk": STRANGER}, key=STRANGER),
    "a key address": signed({**HEADER, "jku": "https://evil.example.org"}),
    "an unknown crit": signed({**HEADER, "crit": ["exp"]}),
    "unencoded": signed({**HEADER, "b64": False}),
    "compressed": signed({**HEADER, "zip": "DEF"}),
    "HMAC with nothing": with_hmac(b""),
    "HMAC with the PEM": with_hmac(public_key(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo)),
    "HMAC with the DER": with_hmac(public_key(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)),
    "HMAC with the point": with_hmac(
        public_key(Encoding.X962, PublicFormat.UncompressedPoint), hashlib.sha512, "HS512"
    ),
    "no expiry": without("exp"),
    "no audience": without("aud"),
    "no issuer": without("iss"),
    "no subject": without("sub"),
    "no account": without("account"),
    "no scope": without("scope"),
    "another audience": signed(claims=CLAIMS | {"aud": "https://other.example.org"}),
    "another issuer": signed(claims=CLAIMS | {"iss": "https://other.example.org"}),
    "words as expiry": signed(claims=CLAIMS | {"exp": "tomorrow"}),
    "no number as expiry": signed(claims=CLAIMS | {"exp": float("nan")}),
    "a subject that is no client": signed(claims=CLAIMS | {"sub": "admin"}),
    "claims that are a list": signed(claims=[CLAIMS]),
    "claims that are no JSON": signed(claims=b"{"),
    "a header that is no JSON": f"{encoded(b'{')}.{BODY}.{SIGNATURE}",
    "a header that is a list": f"{encoded([HEADER])}.{BODY}.{SIGNATURE}",
    "a header not in UTF-8": f"{encoded(bytes([255, 254]))}.{BODY}.{SIGNATURE}",
    "a very deep header": f"{encoded(DEEP)}.{BODY}.{SIGNATURE}",
    "a very deep short header": f"{encoded(b'[' * 1000)}.{BODY}.{SIGNATURE}",
    "very deep claims": signed(claims=b"[" * 1000 + b"]" * 1000),
    "a very long one": signed(claims=CLAIMS | {"pad": "x" * 5000}),
    "foreign letters": TRUE.replace("e", "е", 1),
    "white space": TRUE[:20] + " " + TRUE[20:],
    "a null byte": TRUE + "\0",
}


def test_the_control_a_true_token_of_the_same_make_is_good():
    assert TOKENS.verify(signed(), now=NOW) == CALLER


@pytest.mark.parametrize("name", FORGED)
def test_a_forged_token_is_refused(name):
    with pytest.raises(CredentialInvalid) as refused:
        TOKENS.verify(FORGED[name], now=NOW)

    assert refused.value.__cause__ is None
    assert not refused.value.facts


def test_a_refused_token_is_not_remembered_as_good():
    forged = FORGED["another's signature"]

    for _ in range(2):
        with pytest.raises(CredentialInvalid):
            TOKENS.verify(forged, now=NOW)
