"""Tokens are long enough not to be guessed, forgive how they are typed, and tell nothing."""

import re

import pytest

from app.errors import TokenMistyped
from app.security.tokens import ALPHABET, derive, fingerprint, new_call_key, normalise, within

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
