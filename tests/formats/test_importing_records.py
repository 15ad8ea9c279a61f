"""A platform hands in the records of its tool as they are, over HTTP."""

import base64
import hashlib
import hmac
import json
import uuid

import pytest

from app.storage import evaluations
from app.use_cases import exchange
from tests.formats import tools
from tests.formats.strategies import Filled
from tests.importing import ANSWER, became, line, opened, stored
from tests.walkthrough import (
    approve,
    go,
    issue,
    new_key,
    ok,
    refusal,
    send,
    surface,
)

SECRET = "fXq2Jx8cVn0b3YhT7LkPz4Wd"
BY_NUMBER = {"limesurvey": "id", "redcap": "record_id"}
OLDER = {"code": "older", "label": "Older people", "audience": "service_user", "invited": 20}
CARERS = {"code": "carers", "label": "Carers", "audience": "carer", "invited": 20}
CONTACT = {"safeguarding": "Call 0300 000 000"}
FILES = {"kobo": "xlsform", "odk": "xlsform", "limesurvey": "limesurvey", "redcap": "redcap"}
ENCODERS = {
    "kobo": tools.kobo,
    "odk": tools.central,
    "limesurvey": tools.limesurvey,
    "redcap": tools.redcap,
}
TOOLS = [*FILES, "formbricks"]


def hand_in(client, evaluation, lines, tool=None, path="responses", **query):
    """The reply to an import of records."""
    body = b"".join(
        one if isinstance(one, bytes) else json.dumps(one).encode() + b"\n" for one in lines
    )
    query = {**query, **({"format": tool} if tool else {})}
    return client.post(
        f"/v1/evaluations/{evaluation['id']}/{path}:import",
        params=query,
        content=body,
        headers={"Content-Type": "application/x-ndjson"},
    )


def handed_in(*args, **options):
    """What became of each line."""
    reply = hand_in(*args, **options)
    assert reply.status_code == 200, reply.text
    return [json.loads(one) for one in reply.text.splitlines()]


def form_of(service, evaluation, audience="staff"):
    with service.deployment.database.reading() as session:
        found = evaluations.by_id(session, uuid.UUID(evaluation["id"]))
        return exchange.form_of(session, found, audience)


def record(tool, form, file, number, values):
    """One record of a tool in which these questions are answered."""
    filled = Filled(values, {}, {})
    if tool == "formbricks":
        made = tools.formbricks(form, filled, lambda _, value: str(value))
        made["data"]["id"] = new_key()
        return made
    made = ENCODERS[tool](form, file, filled)
    return made | {"limesurvey": {"id": str(number)}, "redcap": {"record_id": str(number)}}.get(
        tool, {}
    )


def records(service, client, evaluation, tool, count, values=None):
    """The lines of an import: the map that the tool needs, and records of the exported form."""
    form, file = form_of(service, evaluation), b""
    if tool in FILES:
        path = f"/v1/evaluations/{evaluation['id']}/questionnaire"
        reply = client.get(path, params={"audience": "staff", "format": FILES[tool]})
        assert reply.status_code == 200, reply.text
        file = reply.content
    values = values or {f"trust{item}": 4 for item in range(1, 6)}
    made = [record(tool, form, file, number, values) for number in range(1, count + 1)]
    if tool not in BY_NUMBER:
        return made
    return [{"map": {"key": {"from": BY_NUMBER[tool], "secret": secret_of(evaluation)}}}, *made]


def secret_of(evaluation):
    """The platform's secret for one survey: the numbers of records begin anew in each."""
    return f"{SECRET}{evaluation['id']}"


def of_answers(results):
    """The results without that of a map."""
    return [one for one in results if "valid" not in one]


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

    results = handed_in(
        evaluator, evaluation, [*lines, stranger, mixed], "kobo", path="verifications"
    )

    assert became(results) == [201, 201, (422, "invalid"), (422, "invalid")]
    assert stored(service, evaluation) == 2
