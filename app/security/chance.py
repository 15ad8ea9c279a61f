"""Random orders and ids, and digests of documents."""

import hashlib
import secrets
import uuid
from collections.abc import Iterable
from typing import TypeVar

T = TypeVar("T")


def new_id() -> uuid.UUID:
    """A random UUID (version 4): it tells nothing about when it was made."""
    return uuid.uuid4()


def shuffled(things: Iterable[T]) -> list[T]:
    """The same things in an order that nobody can predict."""
    order = list(things)
    secrets.SystemRandom().shuffle(order)
    return order


def digest(document: bytes) -> str:
    """The SHA-256 of a document, in hexadecimal."""
    return hashlib.sha256(document).hexdigest()
