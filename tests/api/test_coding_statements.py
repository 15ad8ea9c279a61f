"""Two people read the same statements and say which outcome each one means."""

import csv
import io
import uuid

import pytest

from tests.walkthrough import approve, faults, go, ok, plan, refusal, surface, surveyed

ANSWERS = [{"statements": [{"outcome": f"people are well, {n}"}]} for n in range(12)] + [
    {"statements": [{"outcome": "ask Margaret"}], "unwritten": "nobody says no"}
]


class Coding:
    """An evaluation whose statements are coded into two outcomes."""

    def __init__(self, client):
        self.client = client
        self.evaluation = surveyed(client, ANSWERS)
        self.path = f"/v1/evaluations/{self.evaluation['id']}"
        self.home = surface(client, self.evaluation, "home")
        self.well = surface(client, self.evaluation, "well")

    def statements(self, **query):
        return ok(self.client.get(f"{self.path}/statements", params=query))["items"]

    def code(self, lines):
        return self.client.put(f"{self.path}/coding", json=lines)

    def code_in_spreadsheet(self, text):
        headers = {"Content-Type": "text/csv; charset=utf-8"}
        return self.client.put(f"{self.path}/coding", content=text, headers=headers)

    def outcomes_of(self, statement):
        return next(one["outcomes"] for one in self.statements() if one["id"] == statement)


@pytest.fixture(scope="module")
def shared(running):
    """One such evaluation for the whole file."""
    running.clock.reset()
    with running.client_of_a_new_account() as client:
        yield Coding(client)


@pytest.fixture
def coding(shared, service):
    """The shared evaluation, with the clock at today."""
    return shared


@pytest.fixture
def statement(coding):
    """A statement that may be coded and is not."""
    readable = coding.statements(state="readable")
    return next(one["id"] for one in readable if not one["outcomes"])


def line(statement, outcome=None, coder="ann", **members):
    named = {"outcome": outcome} if outcome else {}
    return {"statement": statement, "coder": coder} | named | members


def test_a_statement_is_coded_into_an_outcome(coding, statement):
    reply = coding.code([line(statement, "home")])

    assert ok(reply) == {"coded": 1}
    assert coding.outcomes_of(statement) == [coding.home["id"]]
    home = ok(coding.client.get(f"/v1/outcomes/{coding.home['id']}"))
    assert statement in home["statements"]


def test_a_coder_may_find_several_outcomes_in_one_statement(coding, statement):
    coding.code([line(statement, "home"), line(statement, "well")])

    assert coding.outcomes_of(statement) == [coding.home["id"], coding.well["id"]]


def test_what_a_coder_sends_again_replaces_what_they_sent_before(coding, statement):
    coding.code([line(statement, "home"), line(statement, "well")])

    coding.code([line(statement, "well")])

    assert coding.outcomes_of(statement) == [coding.well["id"]]


def test_two_coders_stand_side_by_side(coding, statement):
    coding.code([line(statement, "home", coder="ann")])
    coding.code([line(statement, "well", coder="bob")])

    coding.code([line(statement, not_an_outcome="A wish", coder="bob")])

    assert coding.outcomes_of(statement) == [coding.home["id"]]


def test_a_statement_may_be_no_outcome_for_a_reason(coding, statement):
    reply = coding.code([line(statement, not_an_outcome="It is about pay")])

    assert ok(reply) == {"coded": 1}
    assert coding.outcomes_of(statement) == []


def test_a_spreadsheet_does_the_same(coding):
    free = [one["id"] for one in coding.statements(state="readable") if not one["outcomes"]][:2]
    text = io.StringIO()
    writer = csv.DictWriter(text, ["statement", "outcome", "not_an_outcome", "coder"])
    writer.writeheader()
    writer.writerow({"statement": free[0], "outcome": " home ", "coder": "ann"})
    writer.writerow({"statement": free[1], "not_an_outcome": "No, a wish", "coder": "ann"})

    reply = coding.code_in_spreadsheet("\ufeff" + text.getvalue())

    assert ok(reply) == {"coded": 2}
    assert coding.outcomes_of(free[0]) == [coding.home["id"]]
    assert coding.outcomes_of(free[1]) == []


@pytest.mark.parametrize(
    ("wrong", "pointer", "code"),
    [
        ({"outcome": "unheard"}, "/1/outcome", "unknown-outcome"),
        ({}, "/1", "one-of"),
        ({"outcome": "home", "not_an_outcome": "Neither"}, "/1", "one-of"),
        ({"outcome": "home", "coder": ""}, "/1/coder", "string-too-short"),
        ({"outcome": "home", "coder": None}, "/1/coder", "string-type"),
        ({"outcome": "home", "statement": str(uuid.uuid4())}, "/1/statement", "unknown-statement"),
        ({"outcome": "home", "statement": "first"}, "/1/statement", "uuid-parsing"),
        ({"outcome": "home", "score": 3}, "/1/score", "unknown-field"),
    ],
)
def test_a_wrong_line_is_pointed_at_and_nothing_is_coded(coding, statement, wrong, pointer, code):
    reply = coding.code([line(statement, "home"), line(statement) | wrong])

    assert (pointer, code) in faults(reply)
    assert coding.outcomes_of(statement) == []


def test_a_wrong_row_of_a_spreadsheet_is_pointed_at(coding, statement):
    rows = f"statement,outcome,coder\n{statement},home,ann\n{statement},unheard,ann\n"

    reply = coding.code_in_spreadsheet(rows)

    assert faults(reply) == {("/1/outcome", "unknown-outcome")}


@pytest.mark.parametrize("content", [b"\xff\xfe", b'statement,coder\n"never closed'])
def test_what_is_no_csv_is_malformed(coding, content):
    assert refusal(coding.code_in_spreadsheet(content), 400) == "malformed"


@pytest.mark.parametrize("lines", [[], {}, "home"])
def test_a_coding_is_a_list_of_lines(coding, lines):
    assert coding.code(lines).status_code == 422


def test_what_is_withheld_is_not_coded(coding):
    withheld = coding.statements(state="withheld")[0]["id"]

    reply = coding.code([line(withheld, "home")])

    assert faults(reply) == {("/0/statement", "unknown-statement")}


def test_a_merged_outcome_takes_no_more_statements(coding, statement):
    gone = surface(coding.client, coding.evaluation, "gone")
    merge = {"into": coding.home["id"], "why": "The same"}
    ok(coding.client.post(f"/v1/outcomes/{gone['id']}/merge", json=merge))

    reply = coding.code([line(statement, "gone")])

    assert faults(reply) == {("/0/outcome", "unknown-outcome")}


def test_nothing_is_coded_while_staff_still_answer(evaluator):
    evaluation = plan(evaluator)
    go(evaluator, evaluation, "surveying")

    reply = evaluator.put(
        f"/v1/evaluations/{evaluation['id']}/coding", json=[line(str(uuid.uuid4()), "home")]
    )

    assert refusal(reply, 409) == "wrong-stage"
    assert reply.json()["stage"] == "surveying"


def test_the_report_says_how_far_two_coders_agree(evaluator):
    evaluation = surveyed(evaluator, ANSWERS[:12])
    path = f"/v1/evaluations/{evaluation['id']}"
    home = surface(evaluator, evaluation, "home")
    said = ok(evaluator.get(f"{path}/statements"))["items"]
    # Ann reads one of twelve otherwise than Bob; of 24 readings 13 are of the outcome, so
    # Krippendorff's alpha is 1 - 23 × 2 / (2 × 13 × 11) = 0.84.
    lines = [
        line(one["id"], "home", coder=coder)
        if number < 6 + (coder == "ann")
        else line(one["id"], not_an_outcome="A wish", coder=coder)
        for number, one in enumerate(said)
        for coder in ("ann", "bob")
    ]
    ok(evaluator.put(f"{path}/coding", json=lines))
    approve(evaluator, evaluation, [home])
    go(evaluator, evaluation, "verifying")

    coders = ok(evaluator.get(f"{path}/reports/outcomes"))["coders"]

    assert coders == {"coders": 2, "statements": 12, "alpha": 0.84, "strength": "firm"}
