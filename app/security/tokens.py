"""Respondent tokens: 75 random bits and a check character, in four groups of four.

The alphabet is Crockford's base 32 (no I, L, O, U); the check character is ISO/IEC 7064's hybrid
system over that alphabet (MOD 33,32), which catches every single wrong character.

A sandbox's begin with TEST, which takes the place of 20 of the bits: 55 remain. Whoever could try
a thousand a second against a thousand live ones would need over five hundred years for an even
chance of one.
"""

import re
import secrets

from stdnum.iso7064 import mod_37_36

from app.errors import TokenMistyped
from app.security.keys import keyed

ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
SANDBOX = "TEST"
_BITS = 75
_LENGTH = 16
# Bounded on both sides, so that the middle of a UUID is not taken for one.
_ANYWHERE = re.compile(r"(?<![\w-])[0-9A-Za-z]{4}(?:-?[0-9A-Za-z]{4}){3}(?![\w-])")
_LOOK_ALIKES = str.maketrans({"O": "0", "I": "1", "L": "1", "-": None, " ": None, "_": None})


def derive(issuing: bytes, *, call: str, count: int, sandbox: bool = False) -> list[str]:
    """The tokens of one issuing call: the same call gives the same tokens.

    Args:
        issuing: The key for issuing, 32 bytes.
        call: What was asked for, with the caller's key.
        count: How many.
        sandbox: Whether they begin with TEST; those of others never do.
    """
    bodies = (_body(issuing, f"{call}/{index}") for index in range(count))
    if sandbox:
        return [_spelled(SANDBOX + body[len(SANDBOX) :]) for body in bodies]
    return [_spelled(body) for body in bodies]


def new_call_key() -> str:
    """A key for a caller who did not send one; such a call cannot be repeated."""
    return secrets.token_urlsafe(32)


def fingerprint(key: bytes, token: str) -> bytes:
    """The only form in which a token is stored, the same for every spelling of it.

    Raises:
        TokenMistyped: The check character, the length or the alphabet is wrong.
    """
    return keyed(key, normalise(token).encode())


def normalise(token: str) -> str:
    """The one spelling of a token, without separators.

    Raises:
        TokenMistyped: This is no token.
    """
    text = bare(token)
    # `isascii` first: upper() maps some foreign letters to ASCII ones.
    if not token.isascii() or len(text) != _LENGTH or not set(text) <= set(ALPHABET):
        raise TokenMistyped
    if not mod_37_36.is_valid(text, ALPHABET):
        raise TokenMistyped
    return text


def bare(token: str) -> str:
    """What a token is without separators and look-alikes, if it is one."""
    return token[:64].upper().translate(_LOOK_ALIKES)


def within(address: str) -> bool:
    """Whether a token stands in a text, such as a URL, with or without its hyphens."""
    return any(_is_token(found.group()) for found in _ANYWHERE.finditer(address))


def _is_token(text: str) -> bool:
    try:
        return bool(normalise(text))
    except TokenMistyped:
        return False


def _body(issuing: bytes, call: str) -> str:
    """Fifteen characters that do not begin like a sandbox's: one call in a million is made anew."""
    random = keyed(issuing, call.encode())
    number = int.from_bytes(random, "big") >> (8 * len(random) - _BITS)
    body = "".join(ALPHABET[number >> shift & 31] for shift in range(_BITS - 5, -1, -5))
    return _body(issuing, f"{call}/") if body.startswith(SANDBOX) else body


def _spelled(body: str) -> str:
    text = body + mod_37_36.calc_check_digit(body, ALPHABET)
    return "-".join(text[start : start + 4] for start in range(0, _LENGTH, 4))
