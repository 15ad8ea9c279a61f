"""The respondent's own secret: what may be one, and what follows from it."""

import base64
import hashlib

import pytest

from app.errors import IdempotencyKeyMalformed, IdempotencyKeyMissing, KeyNotSecret
from app.security.receipts import fingerprint, read_key, receipt
from app.security.tokens import derive

KEY = b"k" * 32
OWN = "q2Jx8cVn0b3YhT7LkPz4Wd"
TOKEN = derive(KEY, call="a call", count=1)[0]


@pytest.mark.parametrize("header", [OWN, f'"{OWN}"', "a" * 128, "A_b-" * 6])
def test_a_key_is_22_to_128_plain_characters_with_or_without_quotes(header):
    assert read_key(header) == header.strip('"')


@pytest.mark.parametrize(
    "header",
    ["", '""', "a" * 21, "a" * 129, OWN + "=", OWN + "\n", f'"{OWN}', f"'{OWN}'", "é" * 22],
)
def test_anything_else_is_malformed(header):
    with pytest.raises(IdempotencyKeyMalformed):
        read_key(header)


def test_there_has_to_be_one():
    with pytest.raises(IdempotencyKeyMissing):
        read_key(None)


def hexadecimal(digest):
    return digest.hexdigest()


def base64_without_padding(digest):
    return base64.urlsafe_b64encode(digest.digest()).decode().rstrip("=")


@pytest.mark.parametrize(
    "name", ["md5", "sha1", "sha224", "sha256", "sha384", "sha512", "sha3_256", "blake2b"]
)
@pytest.mark.parametrize("spelled", [hexadecimal, base64_without_padding])
def test_a_common_hash_of_the_token_is_no_secret(name, spelled):
    digest = hashlib.new(name, TOKEN.encode())
    made = spelled(digest)

    with pytest.raises(KeyNotSecret):
        read_key(made, token=TOKEN)

    assert read_key(made, token=derive(KEY, call="another", count=1)[0]) == made


def test_the_receipt_and_the_stored_mark_are_derived_and_differ():
    mark, shown = fingerprint(KEY, OWN), receipt(KEY, OWN)

    assert (mark, shown) == (fingerprint(KEY, OWN), receipt(KEY, OWN))
    assert len(mark) == 32
    assert OWN not in shown
    assert mark.hex() not in shown.lower()
    assert receipt(b"x" * 32, OWN) != shown
    assert fingerprint(b"x" * 32, OWN) != mark
