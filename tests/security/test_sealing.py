"""An open answer is sealed: it needs the key outside the database, the salt, and its own row."""

import json
import os
import uuid

import pytest
from cryptography.exceptions import InvalidTag

from app.security.keys import stretch
from app.security.sealing import new_salt, seal

KEY, SALT, EVALUATION, ROW = b"k" * 32, b"s" * 32, uuid.UUID(int=7), b"r" * 32
ANSWER = b'{"overall":4}'
PLACE = {"salt": SALT, "evaluation": EVALUATION, "stage": "surveying"}


def test_what_is_sealed_can_be_opened_again():
    own = seal(KEY, **PLACE)

    assert own.open(own.close(ANSWER, row=ROW), row=ROW) == ANSWER
    assert own.open(own.close(b"", row=ROW), row=ROW) == b""


@pytest.mark.parametrize("length", [0, 13, 880, 881, 882, 883, 884, 3000, 30_000])
def test_its_length_tells_only_steps_of_896_bytes(length):
    sealed = seal(KEY, **PLACE).close(os.urandom(length), row=ROW)

    nonce_and_tag, packing = 12 + 16, 4 + 16
    assert (len(sealed) - nonce_and_tag) % 896 == 0
    assert length <= len(sealed) - nonce_and_tag < length + packing + 896


def test_an_ordinary_answer_has_the_length_of_an_empty_one():
    own = seal(KEY, **PLACE)
    ordinary = json.dumps({f"item{number}": 1 + number % 5 for number in range(100)}).encode()

    assert len(ordinary) > 896
    assert len(own.close(ordinary, row=ROW)) == len(own.close(b"", row=ROW))


def test_the_same_answer_is_never_sealed_alike():
    own = seal(KEY, **PLACE)

    assert own.close(ANSWER, row=ROW) != own.close(ANSWER, row=ROW)


@pytest.mark.parametrize(
    ("key", "changed"),
    [
        (b"x" * 32, {}),
        (KEY, {"salt": b"x" * 32}),
        (KEY, {"evaluation": uuid.UUID(int=8)}),
        (KEY, {"stage": "surfacing"}),
    ],
)
def test_it_opens_only_with_key_and_salt_of_its_own_stage(key, changed):
    sealed = seal(KEY, **PLACE).close(ANSWER, row=ROW)

    with pytest.raises(InvalidTag):
        seal(key, **PLACE | changed).open(sealed, row=ROW)


def test_it_opens_only_in_its_own_row_and_unaltered():
    own = seal(KEY, **PLACE)
    sealed = own.close(ANSWER, row=ROW)

    with pytest.raises(InvalidTag):
        own.open(sealed, row=b"x" * 32)
    with pytest.raises(InvalidTag):
        own.open(sealed[:-1] + bytes([sealed[-1] ^ 1]), row=ROW)


def test_a_salt_is_32_random_bytes():
    assert len(new_salt()) == 32
    assert new_salt() != new_salt()


def test_each_use_has_a_key_of_its_own():
    names = ("issuing", "token", "receipt", "sealing")

    assert len({stretch(b"root" * 8, info=name) for name in names}) == 4
