"""The keys that live outside the database, and how each use gets one of its own."""

import base64
import hashlib
import hmac
import json
import os
import secrets
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

_FEWEST_CHARACTERS = 12
_KNOWN = (
    "secret",
    "password",
    "changeme",
    "change-me",
    "example",
    "default",
    "0123456789",
    "qwerty",
)


@dataclass(frozen=True, repr=False)
class Keys:
    """Derived keys of 32 bytes, one a use, and the JWKs that sign access tokens.

    Attributes:
        issuing: Turns the caller's key and a number into a respondent's token.
        tokens: Fingerprints tokens.
        receipts: Fingerprints idempotency keys.
        sealing: The half of every sealing key that no database holds.
        ledger: Marks what must not come back with a backup.
        webhooks: Encrypts the secrets that sign webhooks.
        signing: Private JWKs for ES256; the first signs, all verify.
    """

    issuing: bytes
    tokens: bytes
    receipts: bytes
    sealing: bytes
    ledger: bytes
    webhooks: bytes
    signing: tuple[dict[str, Any], ...]


def derive(root: str, signing_keys: str) -> Keys:
    """Derive every key from the secret `root` (`POET_TOKEN_KEY`) and a JWKS.

    Raises:
        ValueError: The JWKS holds no private P-256 key with a `kid`.
    """
    try:
        signing = tuple(json.loads(signing_keys)["keys"])
    except (ValueError, KeyError, TypeError):
        raise ValueError("POET_SIGNING_KEYS is not a JWKS") from None
    if not signing or not all(_signs(key) for key in signing):
        raise ValueError("POET_SIGNING_KEYS needs private P-256 keys, each with a kid")
    secret = root.encode()
    return Keys(
        issuing=stretch(secret, info="issuing"),
        tokens=stretch(secret, info="token"),
        receipts=stretch(secret, info="receipt"),
        sealing=stretch(secret, info="sealing"),
        ledger=stretch(secret, info="ledger"),
        webhooks=stretch(secret, info="webhooks"),
        signing=signing,
    )


def weakness(root: str) -> str | None:
    """Why a secret must not be used in production; None for one that looks random."""
    if len(set(root)) < _FEWEST_CHARACTERS:
        return "it has too few different characters"
    if any(word in root.lower() for word in _KNOWN):
        return "it is made of words that anybody would try"
    return None


def keyed(key: bytes, message: bytes) -> bytes:
    """HMAC-SHA-256 (RFC 2104).

    Not by `hmac.digest`: it lets other threads in for each of these few bytes, and to be let in
    again costs more than the whole of it.
    """
    return hmac.new(key, message, "sha256").digest()


def stretch(root: bytes, *, info: str, salt: bytes | None = None) -> bytes:
    """Derive 32 bytes for one use (HKDF-SHA-256, RFC 5869)."""
    return HKDF(algorithm=SHA256(), length=32, salt=salt, info=b"poet " + info.encode()).derive(
        root
    )


def load_or_make(home: Path) -> Keys:
    """Keys of a development machine: made once, kept in `home`, readable by its owner alone."""
    home.mkdir(mode=0o700, parents=True, exist_ok=True)
    path = home / "keys.json"
    if not path.exists():
        made = {"token_key": secrets.token_urlsafe(32), "signing_keys": new_signing_keys()}
        _write_once(path, json.dumps(made))
    kept = json.loads(path.read_text(encoding="utf-8"))
    return derive(kept["token_key"], kept["signing_keys"])


def new_signing_keys() -> str:
    """A JWKS with one new private P-256 key, named by its thumbprint (RFC 7638)."""
    private = ec.generate_private_key(ec.SECP256R1())
    numbers = private.private_numbers()
    public = numbers.public_numbers
    key = {"crv": "P-256", "kty": "EC", "x": _number(public.x), "y": _number(public.y)}
    canonical = json.dumps(key, sort_keys=True, separators=(",", ":")).encode()
    kid = _encoded(hashlib.sha256(canonical).digest())
    private_value = _number(numbers.private_value)
    return json.dumps({"keys": [{**key, "kid": kid, "alg": "ES256", "d": private_value}]})


def _write_once(path: Path, text: str) -> None:
    """Write a private file that another process may be making at the same moment."""
    draft = path.with_suffix(f".{os.getpid()}")
    descriptor = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "w", encoding="utf-8") as file:
        file.write(text)
    try:
        os.link(draft, path)
    except FileExistsError:
        pass
    finally:
        draft.unlink()


def _signs(key: Any) -> bool:
    return (
        isinstance(key, dict)
        and key.get("kty") == "EC"
        and key.get("crv") == "P-256"
        and all(isinstance(key.get(part), str) for part in ("kid", "x", "y", "d"))
    )


def _number(value: int) -> str:
    return _encoded(value.to_bytes(32, "big"))


def _encoded(value: bytes) -> str:
    return base64.urlsafe_b64encode(value).rstrip(b"=").decode()
