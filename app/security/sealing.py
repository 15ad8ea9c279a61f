"""Sealing: an open answer is unreadable to whoever holds the database alone."""

import os
import uuid
from dataclasses import dataclass

from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from app.security.keys import stretch

_STEP = 1024
_NONCE = 12


def new_salt() -> bytes:
    """The half of a sealing key that lies in the evaluation's row and is destroyed at the close."""
    return os.urandom(32)


@dataclass(frozen=True, repr=False)
class Seal:
    """Seals and opens the answers to one stage of one evaluation (AES-256-GCM)."""

    cipher: AESGCM
    context: bytes

    def close(self, content: bytes, *, row: bytes) -> bytes:
        """Encrypt `content`, padded to steps of 1 KiB, for the row with this primary key."""
        framed = len(content).to_bytes(4, "big") + content
        padded = framed + bytes(-len(framed) % _STEP)
        nonce = os.urandom(_NONCE)
        return nonce + self.cipher.encrypt(nonce, padded, self.context + row)

    def open(self, sealed: bytes, *, row: bytes) -> bytes:
        """Decrypt what `close` made for the same row.

        Raises:
            cryptography.exceptions.InvalidTag: It was made for another row or key, or altered.
        """
        framed = self.cipher.decrypt(sealed[:_NONCE], sealed[_NONCE:], self.context + row)
        length = int.from_bytes(framed[:4], "big")
        return framed[4 : 4 + length]


def seal(sealing: bytes, *, salt: bytes, evaluation: uuid.UUID, stage: str) -> Seal:
    """The seal of one stage of one evaluation, from a key outside the database and its salt."""
    context = f"{evaluation}/{stage}"
    return Seal(AESGCM(stretch(sealing, info=f"seal {context}", salt=salt)), context.encode())
