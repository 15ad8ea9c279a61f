"""The key that a respondent chooses is theirs alone, or it is no key."""

import base64
import hashlib

import pytest

from tests.walkthrough import OpenSurvey, refusal

ANSWER = {"answers": {"trust1": 4}}


@pytest.fixture(scope="module")
def survey(running):
    """A survey that is open."""
    running.clock.reset()
    with running.client_of_a_new_account() as client:
        yield OpenSurvey(client)


def is_good(survey, token):
    return survey.asked(token).status_code == 200


def bare(token):
    return token.replace("-", "")


def test_a_submission_needs_a_key(survey, service):
    token = survey.token()
    headers = {"Authorization": f"Bearer {token}"}

    reply = survey.client.post("/v1/responses", json=ANSWER, headers=headers)

    assert refusal(reply, 400) == "idempotency-key-missing"
    assert is_good(survey, token)


@pytest.mark.parametrize(
    "key", ['""', "short", "x" * 21, "x" * 129, "with space but long enough", "x" * 30 + "="]
)
def test_a_key_has_a_length_and_an_alphabet(survey, service, key):
    token = survey.token()

    reply = survey.send(ANSWER, token, key=key)

    assert refusal(reply, 400) == "idempotency-key-malformed"
    assert is_good(survey, token)


def hashed(name, *, upper=False):
    def of(token):
        digest = hashlib.new(name, token.encode()).hexdigest()
        return digest.upper() if upper else digest

    return of


def in_base64(name):
    def of(token):
        digest = hashlib.new(name, token.encode()).digest()
        return base64.urlsafe_b64encode(digest).decode().rstrip("=")

    return of


@pytest.mark.parametrize(
    "made",
    [
        lambda token: f"{token}-{token}",
        lambda token: f"answer-of-{token}",
        lambda token: f"answer_of_{bare(token)}",
        lambda token: f"answer_of_{bare(token).lower()}_",
        lambda token: f"{token.lower()}-000000",
        lambda token: token.replace("-", "_") + "_first",
        lambda token: bare(token).replace("0", "O").replace("1", "l") + "padding",
        hashed("md5"),
        hashed("sha1"),
        hashed("sha256"),
        hashed("sha256", upper=True),
        hashed("sha512"),
        hashed("sha3_256"),
        hashed("blake2b"),
        in_base64("md5"),
        in_base64("sha1"),
        in_base64("sha256"),
        in_base64("sha512"),
        lambda token: hashed("sha256")(bare(token)),
        lambda token: hashed("sha256")(token.lower()),
        lambda token: hashed("sha256")(bare(token).lower()),
        lambda token: in_base64("sha256")(bare(token)),
    ],
)
def test_a_key_that_others_could_make_from_the_token_is_refused(survey, service, made):
    token = survey.token()

    reply = survey.send(ANSWER, token, key=made(token))

    assert refusal(reply, 400) == "key-not-secret"
    assert is_good(survey, token)
