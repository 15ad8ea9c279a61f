"""Respondents' words are read once their stage is closed, and without what names somebody."""

import csv
import io
from uuid import UUID

import pytest

from tests.walkthrough import OpenSurvey, faults, go, ok, refusal, send_all, surveyed

NAMING = [
    {"outcome": "Only Margaret gets things done"},
    {"outcome": "people are heard", "evidence": "ask m.jones@example.org"},
    {"outcome": "people are heard", "mechanism": "ring 01632 960 001"},
    {"outcome": "the case of 943 476 5919 went well"},
]
FORMULAS = ["=1+1", "+1", "-1", "@sum", "\t=1", "\r=1"]
PLAIN = [
    {
        "outcome": "people stay at home, for longer",
        "for_whom": "those who leave hospital",
        "beneficiaries": ["older_people", "dementia"],
        "horizon": "1-3y",
        "distinctive": "yes",
    },
    *({"outcome": formula, "mechanism": f"{formula} again"} for formula in FORMULAS),
]
ANSWERS = [{"statements": [statement]} for statement in [*NAMING, *PLAIN]] + [
    {"unwritten": "nobody may say no"},
    {"unwritten": "the one who decides is Susan"},
]


@pytest.fixture(scope="module")
def account(running):
    """The name of an account."""
    return running.new_account()


@pytest.fixture(scope="module")
def path(running, account):
    """Where the statements of a closed survey are."""
    running.clock.reset()
    with running.client_of(account) as client:
        evaluation = surveyed(client, ANSWERS)
    return f"/v1/evaluations/{evaluation['id']}/statements"


@pytest.fixture
def coder(service, account):
    """A client that reads statements and may not redact them."""
    with service.client_of(account, scopes=["statements:read"]) as client:
        yield client


@pytest.fixture
def redactor(service, account):
    """A client that may redact statements."""
    scopes = ["statements:read", "statements:redact"]
    with service.client_of(account, scopes=scopes) as client:
        yield client


def items(client, path, **query):
    return ok(client.get(path, params={"limit": 200} | query))["items"]


def test_no_word_is_read_while_its_stage_is_open(evaluator):
    survey = OpenSurvey(evaluator)
    tokens = [survey.token() for _ in range(12)]
    send_all(evaluator, "responses", tokens, [{"unwritten": "a rule"}] * 12)
    at = f"/v1/evaluations/{survey.evaluation['id']}/statements"

    before = items(evaluator, at)
    go(evaluator, survey.evaluation, "surfacing")

    assert before == []
    assert len(items(evaluator, at)) == 12


def test_each_text_stands_alone_under_a_random_id(coder, path):
    found = items(coder, path, state="readable")

    first = next(one for one in found if one["for_whom"])
    assert len(found) == len(PLAIN) + 1
    assert {UUID(one["id"]).version for one in found} == {4}
    assert {name: first[name] for name in PLAIN[0]} == PLAIN[0]
    assert (first["kind"], first["outcomes"], first["withheld"]) == ("statement", [], False)
    assert {one["text"] for one in found if one["kind"] == "unwritten"} == {"nobody may say no"}


def test_what_seems_to_name_somebody_is_withheld_from_coders(coder, path):
    withheld = items(coder, path, state="withheld")

    assert len(withheld) == len(NAMING) + 1
    for one in withheld:
        said = one.keys() - {"id", "kind", "outcomes", "withheld"}
        assert {one[name] for name in said} == {None}


def test_who_may_redact_reads_what_is_withheld(redactor, path):
    withheld = items(redactor, path, state="withheld")

    assert {one["outcome"] for one in withheld if one["kind"] == "statement"} == {
        statement["outcome"] for statement in NAMING
    }


def test_pages_give_every_statement_once_as_a_list_and_as_csv(coder, path):
    whole = [one["id"] for one in items(coder, path)]

    pages, cursor = [], None
    while cursor is not None or not pages:
        query = {"limit": 5} | ({"cursor": cursor} if cursor else {})
        page = ok(coder.get(path, params=query))
        pages.append([one["id"] for one in page["items"]])
        cursor = page["next"]

    assert [len(page) for page in pages] == [5, 5, 3]
    assert [one for page in pages for one in page] == whole


def test_the_next_page_is_a_link_that_keeps_the_question(coder, path):
    first = coder.get(path, params={"limit": 2, "state": "withheld"})

    second = coder.get(path + first.links["next"]["url"])

    assert first.links["next"]["rel"] == "next"
    assert len(ok(second)["items"]) == 2
    assert all(one["withheld"] for one in second.json()["items"])


def as_csv(client, path, **query):
    reply = client.get(path, params=query, headers={"Accept": "text/csv"})
    assert reply.headers["Content-Type"].startswith("text/csv")
    return list(csv.DictReader(io.StringIO(reply.text, newline="")))


def test_a_spreadsheet_gets_the_same_statements(coder, path):
    rows = as_csv(coder, path)

    found = {one["id"]: one for one in items(coder, path)}
    assert rows[0].keys() >= {"id", "kind", "outcome", "beneficiaries", "text", "outcomes"}
    assert {row["id"] for row in rows} == found.keys()
    first = next(row for row in rows if row["for_whom"])
    assert first["beneficiaries"] == "older_people dementia"
    assert [row["withheld"] for row in rows].count("True") == len(NAMING) + 1


def test_a_csv_page_links_to_the_next(coder, path):
    reply = coder.get(path, params={"limit": 5}, headers={"Accept": "text/csv"})

    assert reply.links["next"]["rel"] == "next"


def test_no_spreadsheet_runs_a_respondents_words(coder, path):
    cells = [cell for row in as_csv(coder, path) for cell in row.values()]

    assert not [cell for cell in cells if cell[:1] in "=+-@\t\r" and cell]
    assert {cell for cell in cells if cell.startswith("'")} == {
        f"'{text}" for formula in FORMULAS for text in (formula, f"{formula} again")
    }


def test_a_statement_is_redacted_and_released(redactor, coder, path):
    hers = next(
        one
        for one in items(redactor, path, state="withheld")
        if one["outcome"] == NAMING[0]["outcome"]
    )
    at = f"/v1/statements/{hers['id']}"

    change = {"outcome": "Only one person gets things done", "withheld": False}
    redacted = ok(redactor.patch(at, json=change))

    read = next(one for one in items(coder, path) if one["id"] == hers["id"])
    assert redacted["outcome"] == read["outcome"] == change["outcome"]
    assert not read["withheld"]
    ok(redactor.patch(at, json={"outcome": hers["outcome"], "withheld": True}))
    assert hers["id"] in {one["id"] for one in items(coder, path, state="withheld")}


@pytest.mark.parametrize(
    ("change", "pointer"),
    [({"text": "Something"}, "/text"), ({"mechanism": "we meet"}, "/mechanism")],
)
def test_only_words_that_are_there_can_be_replaced(redactor, path, change, pointer):
    first = next(one for one in items(redactor, path) if one["outcome"] == NAMING[0]["outcome"])

    reply = redactor.patch(f"/v1/statements/{first['id']}", json=change)

    assert faults(reply) == {(pointer, "unknown-field")}


def test_nobody_adds_a_group_or_takes_a_statement_of_another(redactor, evaluator, path):
    first = items(redactor, path)[0]
    at = f"/v1/statements/{first['id']}"

    with_group = redactor.patch(at, json={"group": "trust"})
    of_another = evaluator.patch(at, json={"withheld": False})

    assert faults(with_group) == {("/group", "unknown-field")}
    assert refusal(of_another, 404) == refusal(evaluator.get(path), 404) == "not-found"


def test_reading_is_not_redacting(coder, path):
    first = items(coder, path, state="withheld")[0]

    reply = coder.patch(f"/v1/statements/{first['id']}", json={"withheld": False})

    assert refusal(reply, 403) == "scope-missing"
