"""A platform hands in the records of its tool as they are, over HTTP."""

import base64
import hashlib
import hmac
import json

import pytest

from tests.formats import tools
from tests.formats.handing_in import (
    BY_NUMBER,
    TOOLS,
    form_of,
    hand_in,
    handed_in,
    of_answers,
    records,
    secret_of,
)
from tests.formats.strategies import Filled
from tests.importing import CARERS, CONTACT, OLDER, became, opened, stored
from tests.walkthrough import approve, go, new_key, ok, surface


@pytest.fixture
def evaluation(evaluator):
    """An open survey of ten people, who have places for fifteen answers."""
    return opened(evaluator)


@pytest.mark.parametrize("tool", TOOLS)
def test_records_of_an_exported_form_are_counted_and_the_same_again_change_nothing(
    tool, evaluator, service, evaluation
):
    lines = records(service, evaluator, evaluation, tool, 12)

    first = hand_in(evaluator, evaluation, lines, tool)
    again = hand_in(evaluator, evaluation, lines, tool)

    results = of_answers(json.loads(one) for one in first.text.splitlines())
    assert became(results) == [201] * 12
    assert again.content == first.content
    assert stored(service, evaluation) == 12
    assert all(one["stripped"] for one in results)
    assert "margaret" not in first.text
    go(evaluator, evaluation, "surfacing")
    report = ok(evaluator.get(f"/v1/evaluations/{evaluation['id']}/reports/health"))
    domain = next(one for one in report["domains"] if one["code"] == "trust")
    (cell,) = domain["cuts"]["organisation"]
    assert (cell["groups"], cell["n"]) == (["trust"], 12)


@pytest.mark.parametrize("tool", BY_NUMBER)
def test_a_platform_can_reckon_the_key_of_a_number_again_to_withdraw(
    tool, evaluator, service, evaluation
):
    handed_in(evaluator, evaluation, records(service, evaluator, evaluation, tool, 3), tool)
    digest = hmac.digest(secret_of(evaluation).encode(), b"2", hashlib.sha256)
    key = base64.urlsafe_b64encode(digest).decode().rstrip("=")

    ok(evaluator.post("/v1/receipts/withdraw", json={"key": key}), 204)

    assert stored(service, evaluation) == 2


@pytest.mark.parametrize("tool", TOOLS)
@pytest.mark.parametrize("spoilt", ["question", "value", "nothing", "twice", "list"])
def test_a_record_that_is_refused_stops_nothing_and_spends_nothing(
    tool, spoilt, evaluator, service, evaluation
):
    *head, one, other = records(service, evaluator, evaluation, tool, 2)
    bad = json.loads(json.dumps(one))
    answers = bad["data"]["data"] if tool == "formbricks" else bad
    names = {"odk": "g_trust", "kobo": "g_trust/trust1", "limesurvey": "trust[trust1]"}
    name = names.get(tool, "trust1")
    if spoilt == "question":
        answers["trust99"] = "Margaret"
    elif spoilt == "value":
        answers[name] = {"trust1": "Margaret"} if tool == "odk" else "Margaret"
    elif spoilt == "nothing":
        for given in [given for given in answers if "trust" in given]:
            answers[given] = {} if tool == "odk" else ""
    sent = json.dumps(bad).encode()
    if spoilt == "twice":
        sent = sent[:-1] + b', "Margaret": "1", "Margaret": "2"}'
    if spoilt == "list":
        sent = b'["Margaret"]'

    reply = hand_in(evaluator, evaluation, [*head, other, sent + b"\n", one], tool)

    results = of_answers(json.loads(one) for one in reply.text.splitlines())
    code = "nothing-answered" if spoilt == "nothing" else "invalid"
    assert became(results) == [201, (422, code), 201]
    assert "Margaret" not in reply.text
    assert stored(service, evaluation) == 2
    if spoilt in ("question", "value"):
        within = "/data/data" if tool == "formbricks" else ""
        place = "trust99" if spoilt == "question" else name.replace("/", "~1")
        expected = f"{within}/{place}" + ("/trust1" if (tool, spoilt) == ("odk", "value") else "")
        assert expected in [fault["pointer"] for fault in results[1]["errors"]]


def test_a_line_of_ten_megabytes_is_refused_and_the_next_is_read(evaluator, service, evaluation):
    one, other = records(service, evaluator, evaluation, "kobo", 2)
    huge = json.dumps(one | {"g_beyond/unwritten": "x" * 10_000_000})

    results = handed_in(evaluator, evaluation, [huge.encode() + b"\n", other], "kobo")

    assert became(results) == [(413, "too-large"), 201]
    assert stored(service, evaluation) == 1


def test_lines_that_are_no_json_are_refused_alone(evaluator, service, evaluation):
    (one,) = records(service, evaluator, evaluation, "odk", 1)
    deep = [b'{"a":' * depth + b"1" + b"}" * depth + b"\n" for depth in (300, 600, 900)]

    results = handed_in(
        evaluator, evaluation, [b"{\n", b"\xff\n", b"[" * 20_000, b"\n", *deep, one], "odk"
    )

    assert became(results)[:3] == [(400, "malformed")] * 3
    assert {status for status, _ in became(results)[3:6]} <= {400, 422}
    assert became(results)[6] == 201


@pytest.fixture
def verified(evaluator):
    """An evaluation that users and carers answer, and an outcome of it."""
    evaluation = opened(evaluator, voices=[OLDER, CARERS], contact=CONTACT)
    go(evaluator, evaluation, "surfacing", abandon=True)
    outcome = surface(evaluator, evaluation, "home")
    approve(evaluator, evaluation, [outcome])
    go(evaluator, evaluation, "verifying")
    return evaluation, outcome["id"]


def test_users_and_carers_come_in_one_import_each_with_their_own_form(evaluator, service, verified):
    evaluation, outcome = verified
    lines = []
    for audience in ("service_user", "carer"):
        form = form_of(service, evaluation, audience)
        path = f"/v1/evaluations/{evaluation['id']}/questionnaire"
        reply = evaluator.get(path, params={"audience": audience, "format": "xlsform"})
        by_path = {question.path: question.name for _, question in reversed([*form.questions])}
        values = {by_path["verdicts", outcome, "delivered"]: 3, "mattersmost": "My garden"}
        if audience == "carer":
            values[by_path["own", "life"]] = 4
        filled = Filled(values, {}, {})
        lines.append(tools.kobo(form, reply.content, filled))
    stranger = json.loads(json.dumps(lines[0]))
    stranger |= {"g_place_/voice": "nobody", "poetkey": new_key()}
    mixed = lines[0] | {"g_ownpart/life": "4", "poetkey": new_key()}
    mistakes = [one | {"g_other/what": "x", "poetkey": new_key()} for one in lines]

    results = handed_in(
        evaluator, evaluation, [*lines, stranger, mixed, *mistakes], "kobo", path="verifications"
    )

    assert became(results) == [201, 201] + [(422, "invalid")] * 4
    assert stored(service, evaluation) == 2
    for refused in results[-2:]:
        assert [fault["code"] for fault in refused["errors"]] == ["unknown-question"]
