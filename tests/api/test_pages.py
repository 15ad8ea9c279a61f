"""Somebody meets a refusal, opens the page that its `type` names, and reads what to do.

The guides stand beside the contract, for people too.
"""

import pytest

from app.api.problems import every_refusal
from tests.walkthrough import ok, refusal

CODES = [
    "malformed",
    "idempotency-key-missing",
    "idempotency-key-malformed",
    "key-not-secret",
    "token-in-url",
    "cursor-malformed",
    "token-missing",
    "token-mistyped",
    "credential-invalid",
    "client-invalid",
    "scope-missing",
    "wrong-audience",
    "not-found",
    "method-not-allowed",
    "wrong-stage",
    "closes-early",
    "too-few-answers",
    "groups-too-small",
    "translation-missing",
    "contact-missing",
    "schedule-not-approved",
    "design-fixed",
    "closes-later-only",
    "instrument-exists",
    "already-exists",
    "tokens-exhausted",
    "stage-closed",
    "outcome-merged",
    "benchmark-not-shared",
    "webhook-disabled",
    "webhooks-exhausted",
    "token-unusable",
    "too-large",
    "unsupported",
    "invalid",
    "key-reused",
    "nothing-answered",
    "unavailable",
]


def page(anybody, path):
    reply = anybody.get(path)
    assert reply.status_code == 200
    assert reply.headers["Content-Type"].startswith("text/html")
    return reply.text


@pytest.mark.parametrize("code", CODES)
def test_every_code_that_clients_branch_on_has_a_page(anybody, code):
    text = page(anybody, f"/problems/{code}")

    kind = next(kind for kind in every_refusal() if kind.code() == code)
    assert f"<code>{code}</code>" in text
    assert "HTTP 4" in text or "HTTP 503" in text
    assert _plain(kind.meaning()) in _plain(text)
    assert "What to do" in text


def test_every_refusal_there_is_has_a_page_with_its_meaning(anybody):
    for kind in every_refusal():
        assert len(kind.meaning()) > 20, kind
        assert _plain(kind.meaning()) in _plain(page(anybody, f"/problems/{kind.code()}"))


def test_what_a_respondent_may_meet_is_explained_in_welsh_too(anybody):
    for code in ("token-unusable", "nothing-answered", "token-mistyped", "wrong-stage", "invalid"):
        assert '<p lang="cy">' in page(anybody, f"/problems/{code}")


def test_the_list_names_every_code(anybody):
    listed = page(anybody, "/problems")

    for code in CODES:
        assert f'href="/problems/{code}"' in listed


def test_a_refusal_names_the_page_that_explains_it(anybody):
    refused = anybody.get("/v1/me")

    assert refusal(refused, 401) == "credential-invalid"
    assert "credential-invalid" in page(anybody, refused.json()["type"])


@pytest.mark.parametrize("path", ["/problems/no-such", "/guides/no-such", "/guides/..%2fscoring"])
def test_a_page_that_was_never_written_is_not_there(anybody, path):
    assert refusal(anybody.get(path), 404) == "not-found"


def test_the_guides_are_listed_and_readable(anybody):
    listed = page(anybody, "/guides")

    assert 'href="/guides/scoring"' in listed
    assert "<h1>" in page(anybody, "/guides/scoring")


def test_the_contract_is_public(anybody):
    contract = ok(anybody.get("/openapi.json"))

    assert contract["openapi"].startswith("3.1")


def _plain(text):
    """A text without what HTML writes differently."""
    for escaped, meant in (("&#x27;", "'"), ("&quot;", '"'), ("&amp;", "&")):
        text = text.replace(escaped, meant)
    return text
