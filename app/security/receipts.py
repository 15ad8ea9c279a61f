"""Idempotency keys, the respondent's own secret, and what is derived from them."""

import base64
import hashlib
import hmac
import re
from collections.abc import Sequence
from contextlib import suppress

from app.errors import IdempotencyKeyMalformed, IdempotencyKeyMissing, KeyNotSecret
from app.security.tokens import normalise

_FORM = re.compile(r"[A-Za-z0-9_-]{22,128}")
_CALL_FORM = re.compile(r"[A-Za-z0-9_-]{1,128}")
_LOOK_ALIKES = str.maketrans("OIL", "011")
_HASHES = ("md5", "sha1", "sha224", "sha256", "sha384", "sha512", "sha3_256", "sha3_512", "blake2b")


def read_key(header: str | None, *, token: str | None = None) -> str:
    """The key in an `Idempotency-Key` header, with or without a structured field's quotes.

    Raises:
        IdempotencyKeyMissing: There is no header.
        IdempotencyKeyMalformed: It is too short, too long, or has other characters.
        KeyNotSecret: It is the token, contains it, or is a common hash of it.
    """
    if header is None:
        raise IdempotencyKeyMissing
    key = header[1:-1] if len(header) > 1 and header[0] == header[-1] == '"' else header
    if not _FORM.fullmatch(key):
        raise IdempotencyKeyMalformed
    if token is not None and _made_from(token, key):
        raise KeyNotSecret
    return key


def read_call_key(header: str | None) -> str | None:
    """The key of a machine's call that may be repeated; 1 to 128 of the same characters.

    Raises:
        IdempotencyKeyMalformed: It is too long, or has other characters.
    """
    if header is not None and not _CALL_FORM.fullmatch(header):
        raise IdempotencyKeyMalformed
    return header


def key_from(secret: str, number: str) -> str:
    """The key of a record that a platform knows by a number alone.

    HMAC-SHA-256 of the number under the platform's secret, in base64url: the platform can reckon it
    again when somebody withdraws, and nobody else can.
    """
    told = hmac.digest(secret.encode(), number.encode(), hashlib.sha256)
    return base64.urlsafe_b64encode(told).decode().rstrip("=")


def fingerprint(key_for_receipts: bytes, key: str) -> bytes:
    """The primary key of a response: 32 bytes from which the key cannot be found."""
    return hmac.digest(key_for_receipts, b"key " + key.encode(), hashlib.sha256)


def receipt(key_for_receipts: bytes, key: str) -> str:
    """The receipt shown to the respondent; derived, so that nothing is stored for it."""
    proof = hmac.digest(key_for_receipts, b"receipt " + key.encode(), hashlib.sha256)
    return base64.b32encode(proof[:15]).decode()


def _made_from(token: str, key: str) -> bool:
    bare = normalise(token)
    squeezed = key.replace("-", "").replace("_", "").upper()
    if bare in squeezed or bare in squeezed.translate(_LOOK_ALIKES):
        return True
    named = _HASHES_OF_LENGTH.get(len(key))
    return named is not None and _is_digest_of(bare, token, key, named)


def _is_digest_of(bare: str, token: str, key: str, names: Sequence[str]) -> bool:
    """Whether a key is a hash with one of these names of any usual spelling of a token."""
    grouped = "-".join(bare[start : start + 4] for start in range(0, len(bare), 4))
    spellings = {form for text in (token, bare, grouped) for form in (text, text.lower())}
    told = _bytes_of(key)
    return any(
        hashlib.new(name, text.encode(), usedforsecurity=False).digest() in told
        for name in names
        for text in spellings
    )


def _bytes_of(key: str) -> list[bytes]:
    """What a key spells in base64, and in hexadecimal if it can be that."""
    spelled = [base64.urlsafe_b64decode(key + "=" * (-len(key) % 4))]
    with suppress(ValueError):
        spelled.append(bytes.fromhex(key))
    return spelled


def _by_length() -> dict[int, list[str]]:
    """The hashes whose spelling, in hexadecimal or base64, has a length."""
    found: dict[int, list[str]] = {}
    for name in _HASHES:
        size = hashlib.new(name, usedforsecurity=False).digest_size
        for length in (2 * size, -(-4 * size // 3)):
            found.setdefault(length, []).append(name)
    return found


_HASHES_OF_LENGTH = _by_length()
