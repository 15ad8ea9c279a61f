"""Marks for the ledgers of backups: what must not come back when one is restored.

A mark is an HMAC under a key of its own. Whoever has a ledger and a backup, but not the key,
cannot tell which answer, token or stage of the backup a mark stands for, or of which kind it is.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from app.security.keys import keyed

Kind = Literal["ledger", "withdrawn", "revoked", "closed", "counted"]


def mark(key: bytes, kind: Kind, what: bytes = b"") -> bytes:
    """The mark of one thing, 32 bytes.

    Args:
        key: The key for ledgers.
        kind: What happened to it; `ledger` shows under which key a ledger was written.
        what: The fingerprint of a key or token, a client's id, or the salt of a stage.
    """
    return keyed(key, f"{kind} ".encode() + what)


def marks_of_close(key: bytes, salt: bytes, answers: Sequence[bytes]) -> tuple[bytes, bytes]:
    """That a stage was closed, and over exactly which answers.

    Args:
        key: The key for ledgers.
        salt: The salt that the stage's answers were sealed with; no other stage has it.
        answers: The fingerprints of the answers' keys, sorted.
    """
    return mark(key, "closed", salt), mark(key, "counted", salt + b"".join(answers))


@dataclass(frozen=True, repr=False)
class Ledger:
    """The marks of one ledger or of several, and the key that they were made with."""

    key: bytes
    marks: frozenset[bytes]

    def says(self, kind: Kind, what: bytes) -> bool:
        """Whether this happened to it since the backup."""
        return bool(self.marks) and mark(self.key, kind, what) in self.marks


EMPTY = Ledger(b"", frozenset())
