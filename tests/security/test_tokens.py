"""Tokens are long enough not to be guessed, forgive how they are typed, and tell nothing."""

import hmac
import re

import pytest

from app.errors import TokenMistyped
from app.security.tokens import (
    ALPHABET,
    derive,
    fingerprint,
    new_call_key,
    normalise,
    within,
)

KEY = b"k" * 32
TOKEN = derive(KEY, call="a call", count=1)[0]


def test_a_token_is_sixteen_characters_in_four_groups_without_look_alikes():
    tokens = derive(KEY, call="a call", count=200)

    assert all(re.fullmatch(r"([0-9A-HJKMNP-TV-Z]{4}-){3}[0-9A-HJKMNP-TV-Z]{4}", t) for t in tokens)
    assert len(set(tokens)) == 200


def test_every_place_before_the_check_character_takes_every_character():
    tokens = [token.replace("-", "") for token in derive(KEY, call="many", count=2000)]

    assert [len({token[place] for token in tokens}) for place in range(15)] == [32] * 15


def test_the_same_call_gives_the_same_tokens_and_another_gives_none_of_them():
    tokens = derive(KEY, call="a call", count=50)

    assert derive(KEY, call="a call", count=50) == tokens
    assert not set(tokens) & set(derive(KEY, call="another", count=50))
    assert not set(tokens) & set(derive(b"x" * 32, call="a call", count=50))


def test_a_call_without_a_key_cannot_be_repeated_by_guessing():
    assert len(new_call_key()) >= 43
    assert new_call_key() != new_call_key()


@pytest.mark.parametrize(
    "spelled",
    [
        TOKEN.lower(),
        TOKEN.replace("-", ""),
        TOKEN.replace("-", " "),
        TOKEN.replace("-", "_"),
        f" {TOKEN} ",
        TOKEN.replace("0", "O").replace("1", "I"),
        TOKEN.lower().replace("0", "o").replace("1", "l"),
    ],
)
def test_one_token_has_one_fingerprint_however_it_is_typed(spelled):
    assert fingerprint(KEY, spelled) == fingerprint(KEY, TOKEN)


def test_a_fingerprint_needs_the_key():
    assert len(fingerprint(KEY, TOKEN)) == 32
    assert fingerprint(KEY, TOKEN) != fingerprint(b"x" * 32, TOKEN)


def test_every_single_wrong_character_is_noticed():
    text = TOKEN.replace("-", "")

    for place in range(16):
        for other in set(ALPHABET) - {text[place]}:
            with pytest.raises(TokenMistyped):
                normalise(text[:place] + other + text[place + 1 :])


@pytest.mark.parametrize(
    "text",
    ["", TOKEN[:-1], TOKEN + "0", TOKEN * 2, "U" * 16, TOKEN.replace(TOKEN[0], "é", 1), "٠" * 16],
)
def test_what_is_no_token_is_mistyped(text):
    with pytest.raises(TokenMistyped):
        normalise(text)


def test_a_sandboxs_token_begins_with_test_and_keeps_eleven_random_characters():
    tokens = [token.replace("-", "") for token in derive(KEY, call="b", count=2000, sandbox=True)]

    assert {token[:4] for token in tokens} == {"TEST"}
    assert [len({token[place] for token in tokens}) for place in range(4, 15)] == [32] * 11
    assert len(set(tokens)) == 2000


@pytest.mark.parametrize("place", range(16))
def test_a_single_wrong_character_of_a_sandboxs_token_is_noticed(place):
    (token,) = derive(KEY, call="a call", count=1, sandbox=True)
    text = token.replace("-", "")

    assert normalise(token) == text
    for other in set(ALPHABET) - {text[place]}:
        with pytest.raises(TokenMistyped):
            normalise(text[:place] + other + text[place + 1 :])


def test_a_sandboxs_token_in_an_address_is_noticed():
    (token,) = derive(KEY, call="a call", count=1, sandbox=True)

    assert within(f"/v1/questionnaire?t={token}")
    assert within(f"/v1/questionnaire?t={token.lower().replace('-', '')}")


def test_no_other_token_begins_so():
    """One in a million would: this call is one, and its token is made anew, always the same."""
    first, again = (derive(KEY, call="call 101367", count=1) for _ in range(2))

    assert not first[0].startswith("TEST")
    assert first == again
    assert normalise(first[0])
    # T, E, S and T are 26, 14, 25 and 26 of the alphabet, five bits each.
    assert hmac.digest(KEY, b"call 101367/0", "sha256")[:3].hex().startswith("d3b3a")


@pytest.mark.parametrize(
    "address",
    [
        f"/v1/questionnaire?t={TOKEN}",
        f"/v1/{TOKEN.lower()}/questionnaire",
        f"/s?a=1&token={TOKEN.replace('-', '')}",
    ],
)
def test_a_token_in_an_address_is_noticed(address):
    assert within(address)


def test_an_ordinary_address_holds_no_token():
    for address in (
        "/v1/evaluations/0b0f1c54-5d25-4a6f-9d43-8c7c0e5f3a11/reports/health",
        "/v1/instruments/poet-staff/1?limit=20&cursor=AAECAwQFBgcICQoLDA0ODw",
    ):
        assert not within(address)
