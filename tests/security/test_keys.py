"""Keys: derived, one a use; and what production will not start with."""

import pytest

from app import main
from app.security.keys import derive, new_signing_keys, weakness
from app.settings import Settings, SettingsRefused

GOOD = "kX3_uQ9vT2mZ7rB5nL8wY1cH6jD4fS0a"


def test_every_use_has_a_key_of_its_own():
    keys = derive(GOOD, new_signing_keys())

    uses = {keys.issuing, keys.tokens, keys.receipts, keys.sealing, keys.ledger, keys.webhooks}
    assert len(uses) == 6


@pytest.mark.parametrize(
    "root",
    ["x" * 40, "abababababababababababababababababab", "this-is-a-secret-key-of-forty-chars!"],
)
def test_a_key_that_anybody_would_try_is_weak(root):
    assert weakness(root)


def test_a_random_key_is_not_weak():
    assert weakness(GOOD) is None


@pytest.mark.parametrize("token_key", [None, "x" * 40])
def test_production_does_not_start_without_a_good_key(tmp_path, token_key):
    settings = Settings(
        home=tmp_path, env="production", token_key=token_key, signing_keys=new_signing_keys()
    )

    with pytest.raises(SettingsRefused, match="POET_TOKEN_KEY"):
        main.deploy(settings)


def test_development_starts_with_any(tmp_path):
    settings = Settings(home=tmp_path, token_key="x" * 40, signing_keys=new_signing_keys())

    assert main.unsafe(settings)
    assert main.keys_of(settings)
