"""Machine credentials: client secrets, and the ES256 access tokens they are exchanged for.

python-jose is imported here alone. It accepts more than it should (a token without `aud` or `exp`,
an unknown `crit`, a deep header that ends in a RecursionError), so size and form are checked
before it sees anything, ES256 is the only algorithm, keys are JWKs chosen by `kid`, and whatever
it raises is one refusal.
"""

import base64
import hashlib
import hmac
import json
import secrets
import uuid
from collections import OrderedDict
from dataclasses import dataclass
from datetime import datetime, timedelta
from threading import Lock
from typing import Any

from jose import jwt
from jose.backends import ECKey
from jose.backends.cryptography_backend import CryptographyECKey

from app.errors import CredentialInvalid

LIFETIME = timedelta(minutes=10)
_LARGEST = 4096
_REMEMBERED = 10_000


@dataclass(frozen=True)
class Caller:
    """Who is calling: an account's client, perhaps limited to one partnership, and its scopes."""

    client: uuid.UUID
    account: uuid.UUID
    partnership: uuid.UUID | None
    scopes: frozenset[str]


def new_secret() -> str:
    """A client secret of 256 random bits, shown once."""
    return secrets.token_urlsafe(32)


def secret_digest(secret: str) -> bytes:
    """What is stored of a client secret; with 256 random bits a plain SHA-256 is enough."""
    return hashlib.sha256(secret.encode()).digest()


def same_secret(secret: str, stored: bytes | None) -> bool:
    """Whether `secret` is the one stored, in constant time."""
    return stored is not None and hmac.compare_digest(secret_digest(secret), stored)


class AccessTokens:
    """Signs and verifies the access tokens of one service."""

    def __init__(self, signing: tuple[dict[str, Any], ...], *, issuer: str) -> None:
        if ECKey is not CryptographyECKey:
            raise RuntimeError("python-jose must run on its cryptography backend")
        self._private = signing[0]
        self._public = {key["kid"]: _public(key) for key in signing}
        self._issuer = issuer
        self._remembered: OrderedDict[str, tuple[Caller, float]] = OrderedDict()
        self._lock = Lock()

    def issue(self, caller: Caller, *, now: datetime) -> str:
        """Sign an access token for `caller` that expires after ten minutes."""
        claims = {
            "iss": self._issuer,
            "aud": self._issuer,
            "sub": str(caller.client),
            "iat": int(now.timestamp()),
            "exp": int((now + LIFETIME).timestamp()),
            "account": str(caller.account),
            "partnership": str(caller.partnership) if caller.partnership else None,
            "scope": " ".join(sorted(caller.scopes)),
        }
        headers = {"kid": self._private["kid"]}
        return str(jwt.encode(claims, self._private, algorithm="ES256", headers=headers))

    def verify(self, token: str, *, now: datetime) -> Caller:
        """The caller who presents `token`.

        Raises:
            CredentialInvalid: It is not ours, not well formed, or has expired.
        """
        with self._lock:
            known = self._remembered.get(token)
        if known is None:
            known = self._read(token)
            with self._lock:
                self._remembered[token] = known
                if len(self._remembered) > _REMEMBERED:
                    self._remembered.popitem(last=False)
        caller, expires = known
        if now.timestamp() >= expires:
            raise CredentialInvalid
        return caller

    def jwks(self) -> dict[str, Any]:
        """The public keys, for whoever wants to verify our tokens."""
        return {"keys": list(self._public.values())}

    def _read(self, token: str) -> tuple[Caller, float]:
        key = self._public.get(_key_id(token))
        if key is None:
            raise CredentialInvalid
        try:
            # The clock is the caller's: `verify` compares `exp` itself.
            claims = jwt.decode(
                token,
                key,
                algorithms=["ES256"],
                audience=self._issuer,
                issuer=self._issuer,
                options={
                    "verify_exp": False,
                    "verify_iat": False,
                    **{f"require_{claim}": True for claim in ("iss", "aud", "exp", "sub")},
                },
            )
            return _caller(claims), float(claims["exp"])
        except Exception:
            raise CredentialInvalid from None


def _key_id(token: str) -> str:
    """The `kid` of a token whose header says ES256 and nothing unexpected.

    Raises:
        CredentialInvalid: It says anything else.
    """
    parts = token.split(".")
    if len(token) > _LARGEST or len(parts) != 3 or not token.isascii():
        raise CredentialInvalid
    try:
        header = json.loads(base64.urlsafe_b64decode(parts[0] + "=" * (-len(parts[0]) % 4)))
    except (ValueError, RecursionError):
        raise CredentialInvalid from None
    expected = isinstance(header, dict) and header.keys() <= {"alg", "kid", "typ"}
    if not expected or header.get("alg") != "ES256" or not isinstance(header.get("kid"), str):
        raise CredentialInvalid
    return str(header["kid"])


def _caller(claims: dict[str, Any]) -> Caller:
    partnership = claims["partnership"]
    return Caller(
        client=uuid.UUID(claims["sub"]),
        account=uuid.UUID(claims["account"]),
        partnership=uuid.UUID(partnership) if partnership else None,
        scopes=frozenset(claims["scope"].split()),
    )


def _public(key: dict[str, Any]) -> dict[str, Any]:
    return {name: key[name] for name in ("kty", "crv", "x", "y", "kid")} | {"alg": "ES256"}
