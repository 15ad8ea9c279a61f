"""A platform says what its records call things, and may try before it hands them in."""

import pytest

from app.formats.codes import short
from tests.formats.handing_in import SECRET, hand_in, handed_in, records
from tests.formats.test_bad_records import FORM
from tests.importing import ANSWER, became, line, opened, stored
from tests.walkthrough import issue, new_key, ok, refusal, send

CARERS = short(FORM.lists["beneficiaries"])["carers"]


@pytest.fixture
def evaluation(evaluator):
    """An open survey of ten people, who have places for fifteen answers."""
    return opened(evaluator)


def test_a_token_in_the_record_is_used_up_like_its_holders(evaluator, service, evaluation):
    (token, unused) = issue(evaluator, evaluation, "staff", "trust", 2)
    lines = [
        {"map": {"key": "code", "token": "letter", "place": "org", "fields": {"q1": "trust1"}}},
        {"code": new_key(), "letter": token, "q1": "4"},
        {"code": new_key(), "letter": token, "q1": "4"},
        {"code": new_key(), "org": "trust", "q1": "5"},
        {"code": new_key(), "q1": "5"},
        {"letter": unused, "q1": "5"},
    ]

    results = handed_in(evaluator, evaluation, lines, "odk")

    assert became(results[1:]) == [
        201,
        (410, "token-unusable"),
        201,
        (422, "invalid"),
        (400, "idempotency-key-missing"),
    ]
    assert results[0] == {"line": 1, "status": 200, "valid": True}
    assert "stripped" not in results[1]


OWN_FORMS = [
    (
        "odk",
        {"page": {"q1": "4"}, "g_changes": [{"what": "Safe"}]},
        {"q1": "trust1", "what": "outcome"},
    ),
    ("kobo", {"a/q": "4", "b/q": "3"}, {"a/q": "trust1", "b/q": "trust2"}),
    (
        "limesurvey",
        {"submitdate": "1980-01-01 00:00:00", "Q4": "Safe", "Q5[SQ1]": "Y"},
        {"Q4": "outcome1", "Q5[SQ1]": f"beneficiaries1[{CARERS}]"},
    ),
    (
        "redcap",
        {"what": "Safe", "who___1": "1"},
        {"what": "outcome1", "who___1": "beneficiaries1___carers"},
    ),
]


@pytest.mark.parametrize(("tool", "record", "fields"), OWN_FORMS, ids=str)
def test_a_map_says_what_a_platforms_own_form_calls_things(
    tool, record, fields, evaluator, service, evaluation
):
    described = {"key": "code", "place": "org", "fields": fields | {"consent": None}}
    sent = record | {"code": new_key(), "org": "trust", "consent": "yes"}

    results = handed_in(evaluator, evaluation, [{"map": described}, sent], tool)

    assert became(results) == [200, 201]
    assert "consent" in results[1]["stripped"]
    assert stored(service, evaluation) == 1


WRONG_MAPS = [
    ({"fields": {"q1": "trust99"}}, "/map/fields/q1", "unknown-question"),
    ({"fields": {"Margaret": "trust99"}}, "/map/fields", "unknown-question"),
    ({"key": {"from": "id", "secret": "short"}}, "/map/key/secret", "string-too-short"),
    ({"key": {"from": "id"}}, "/map/key", "required"),
    ({"names": {}}, "/map/names", "unknown-field"),
    ([], "/map", "model-type"),
]


@pytest.mark.parametrize(("described", "pointer", "code"), WRONG_MAPS, ids=str)
def test_after_a_map_that_is_refused_nothing_is_read(
    described, pointer, code, evaluator, service, evaluation
):
    lines = records(service, evaluator, evaluation, "kobo", 2)

    results = handed_in(evaluator, evaluation, [{"map": described}, *lines], "kobo")

    assert became(results) == [(422, "invalid")] * 3
    found = [(fault["pointer"], fault["code"]) for fault in results[0]["errors"]]
    assert (pointer, code) in found
    assert [fault["code"] for fault in results[1]["errors"]] == ["map-refused"]
    assert SECRET not in str(results)
    assert stored(service, evaluation) == 0


def test_a_map_is_the_first_line_or_none(evaluator, service, evaluation):
    one, other = records(service, evaluator, evaluation, "kobo", 2)

    results = handed_in(evaluator, evaluation, [one, {"map": {"key": "_id"}}, other], "kobo")

    assert became(results) == [201, (422, "invalid"), 201]


@pytest.mark.parametrize("tool", [None, "kobo"])
def test_lines_that_are_only_checked_spend_and_keep_nothing(tool, evaluator, service, evaluation):
    (token,) = issue(evaluator, evaluation, "staff", "trust", 1)
    if tool:
        good, bad = records(service, evaluator, evaluation, tool, 2)
        bad["g_trust/trust1"] = "9"
        lines = [good, bad]
    else:
        lines = [line(token=token), line({"answers": {"trust1": 9}})]

    checked = handed_in(evaluator, evaluation, lines, tool, validate_only="true")
    again = handed_in(evaluator, evaluation, lines, tool, validate_only="true")

    assert became(checked) == [200, (422, "invalid")]
    assert checked[0]["valid"] is True
    assert "receipt" not in checked[0]
    assert ("stripped" in checked[0]) == (tool is not None)
    assert again == checked
    assert stored(service, evaluation) == 0
    assert became(handed_in(evaluator, evaluation, lines, tool)) == [201, (422, "invalid")]
    assert became(handed_in(evaluator, evaluation, lines, tool, validate_only="true"))[0] == 200


def test_a_check_says_what_would_be_refused(evaluator, service, evaluation):
    (token,) = issue(evaluator, evaluation, "staff", "trust", 1)
    ok(send(evaluator, "responses", token, ANSWER), 201)
    lines = [line(token=token), *(line() for _ in range(15))]

    checked = handed_in(evaluator, evaluation, lines, validate_only="true")

    assert became(checked) == [(410, "token-unusable")] + [200] * 14 + [(409, "tokens-exhausted")]
    assert stored(service, evaluation) == 1


def test_an_unknown_tool_is_refused(evaluator, evaluation):
    assert refusal(hand_in(evaluator, evaluation, [{}], "excel"), 422) == "invalid"
