"""Idempotency keys, the respondent's own secret, and what is derived from them."""

import base64
import hashlib
import re
from collections.abc import Callable, Sequence
from typing import Any

from app.errors import IdempotencyKeyMalformed, IdempotencyKeyMissing, KeyNotSecret
from app.security import tokens
from app.security.keys import keyed

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
    told = keyed(secret.encode(), number.encode())
    return base64.urlsafe_b64encode(told).decode().rstrip("=")


def fingerprint(key_for_receipts: bytes, key: str) -> bytes:
    """The primary key of a response: 32 bytes from which the key cannot be found."""
    return keyed(key_for_receipts, b"key " + key.encode())


def receipt(key_for_receipts: bytes, key: str) -> str:
    """The receipt shown to the respondent; derived, so that nothing is stored for it."""
    proof = keyed(key_for_receipts, b"receipt " + key.encode())
    return base64.b32encode(proof[:15]).decode()


def _made_from(token: str, key: str) -> bool:
    bare = tokens.bare(token)
    squeezed = key.replace("-", "").replace("_", "").upper()
    if bare in squeezed or bare in squeezed.translate(_LOOK_ALIKES):
        return True
    spelled = _SPELLED_HASHES.get(len(key))
    return spelled is not None and _is_hash_of(token, bare, key, spelled)


def _is_hash_of(token: str, bare: str, key: str, spelled: Sequence["_Spelled"]) -> bool:
    """Whether a key spells a hash of any usual spelling of a token."""
    grouped = f"{bare[:4]}-{bare[4:8]}-{bare[8:12]}-{bare[12:]}"
    texts = {token, bare, grouped, token.lower(), bare.lower(), grouped.lower()}
    for made, read in spelled:
        try:
            told = read(key)
        except ValueError:
            continue  # no such spelling
        if any(made(text.encode(), usedforsecurity=False).digest() == told for text in texts):
            return True
    return False


def _of_base64(key: str) -> bytes:
    return base64.urlsafe_b64decode(key + "=" * (-len(key) % 4))


# How a hash is made, and how it is read from a key.
_Spelled = tuple[Callable[..., Any], Callable[[str], bytes]]


def _by_length() -> dict[int, list[_Spelled]]:
    """The hashes whose spelling, in hexadecimal or base64, has a length."""
    found: dict[int, list[_Spelled]] = {}
    for name in _HASHES:
        made = getattr(hashlib, name)
        size = made(usedforsecurity=False).digest_size
        found.setdefault(2 * size, []).append((made, bytes.fromhex))
        found.setdefault(-(-4 * size // 3), []).append((made, _of_base64))
    return found


_SPELLED_HASHES = _by_length()
