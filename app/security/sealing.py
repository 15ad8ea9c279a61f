"""Sealing: an open answer is unreadable to whoever holds the database alone."""

import os
import uuid
import zlib
from dataclasses import dataclass

from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from app.security.keys import stretch

# With its key, an evaluation and the seal, a row of one step has room in a page of SQLite's, which
# keeps at most 1,002 bytes of a row beside others.
_STEP = 896
_PLAIN, _PACKED = 0, 1
_LEVEL = 1  # of zlib: answers are a third of their length, at a few microseconds
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
        """Encrypt `content`, packed and padded to steps, for the row with this primary key."""
        framed = _framed(content)
        padded = framed + bytes(-len(framed) % _STEP)
        nonce = os.urandom(_NONCE)
        return nonce + self.cipher.encrypt(nonce, padded, self.context + row)

    def open(self, sealed: bytes, *, row: bytes) -> bytes:
        """Decrypt what `close` made for the same row.

        Raises:
            cryptography.exceptions.InvalidTag: It was made for another row or key, or altered.
        """
        framed = self.cipher.decrypt(sealed[:_NONCE], sealed[_NONCE:], self.context + row)
        length = int.from_bytes(framed[1:4], "big")
        content = framed[4 : 4 + length]
        return content if framed[0] == _PLAIN else zlib.decompress(content)


def _framed(content: bytes) -> bytes:
    """How it is kept and its length, then the content: packed unless one step holds it as it is."""
    if len(content) <= _STEP - 4:
        return bytes([_PLAIN]) + len(content).to_bytes(3, "big") + content
    packed = zlib.compress(content, _LEVEL)
    return bytes([_PACKED]) + len(packed).to_bytes(3, "big") + packed


def seal(sealing: bytes, *, salt: bytes, evaluation: uuid.UUID, stage: str) -> Seal:
    """The seal of one stage of one evaluation, from a key outside the database and its salt."""
    context = f"{evaluation}/{stage}"
    return Seal(AESGCM(stretch(sealing, info=f"seal {context}", salt=salt)), context.encode())
