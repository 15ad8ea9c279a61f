"""Signatures of webhooks (Standard Webhooks 1.0), and how the secrets behind them are kept.

A secret that signs must be there to sign with, so it cannot be hashed like a client's: it is
encrypted under a key outside the database.
"""

import base64
import os
import uuid
from collections.abc import Iterable

from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from app.security.keys import keyed

_NONCE = 12


def new_secret() -> bytes:
    """A secret of 256 random bits."""
    return os.urandom(32)


def shown(secret: bytes) -> str:
    """A secret as its owner gets it, once."""
    return "whsec_" + base64.b64encode(secret).decode()


def kept(key: bytes, secret: bytes, *, webhook: uuid.UUID) -> bytes:
    """What is stored of a secret (AES-256-GCM, bound to its webhook)."""
    nonce = os.urandom(_NONCE)
    return nonce + AESGCM(key).encrypt(nonce, secret, webhook.bytes)


def recalled(key: bytes, stored: bytes, *, webhook: uuid.UUID) -> bytes:
    """The secret that `kept` stored for the same webhook.

    Raises:
        cryptography.exceptions.InvalidTag: It was stored for another webhook or key, or altered.
    """
    return AESGCM(key).decrypt(stored[:_NONCE], stored[_NONCE:], webhook.bytes)


def signature(secrets: Iterable[bytes], *, message: str, timestamp: int, body: bytes) -> str:
    """The `webhook-signature` header: a signature by each secret, separated by spaces."""
    signed = f"{message}.{timestamp}.".encode() + body
    return " ".join("v1," + base64.b64encode(keyed(secret, signed)).decode() for secret in secrets)
