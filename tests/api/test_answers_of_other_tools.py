"""What a survey tool sends is read as the answer that it is: the token says what was asked."""

import json

import pytest

from app.api.answering import content_of
from app.api.submissions import StaffResponse, Verification
from app.errors import (
    Invalid,
    Malformed,
    NothingAnswered,
    TokenUnusable,
    WrongAudience,
    WrongStage,
)
from app.use_cases import exchange
from tests.api.test_handing_in_documents import SURVEYJS, handed_in, surveying
from tests.formats.survey_core import VERSIONS, SurveyCore
from tests.walkthrough import (
    CONTACT,
    approve,
    go,
    issue,
    new_key,
    ok,
    plan,
    send,
    surface,
    surveyed,
)

VOICES = [
    {"code": "carers", "label": {"en": "Carers", "cy": "Gofalwyr"}, "invited": 30}
    | {"audience": "carer"},
    {"code": "older", "label": {"en": "Older people"}, "invited": 30, "audience": "service_user"},
]
VERIFIERS = ("service_user", "carer")


def verifying(client):
    evaluation = surveyed(client, [{"overall": 4}] * 10, voices=VOICES, contact=CONTACT)
    outcome = surface(client, evaluation, "home")
    approve(client, evaluation, [outcome])
    go(client, evaluation, "verifying")
    return evaluation, outcome, issue(client, evaluation, "carer", "carers", 3)


def translated(service, token, document, *, key=None, audiences=("staff",), name="surveyjs"):
    body = document if isinstance(document, bytes) else json.dumps(document).encode()
    with service.deployment.database.reading() as session:
        return exchange.translate(
            session,
            service.deployment,
            body,
            name=name,
            token=token,
            key=key,
            audiences=audiences,
            now=service.clock(),
        )


def check(service, token, content, audiences=("staff",)):
    keys = service.deployment.keys
    with service.deployment.database.reading() as session:
        exchange.check(
            session, keys, token=token, audiences=audiences, content=content, now=service.clock()
        )


def test_a_surveyjs_answer_is_taken_as_the_same_answer(service, evaluator):
    _, tokens = surveying(evaluator)
    sent = {"trust": {"trust1": 4, "trust2": "dont_know"}, "role": "frontline", "ip": "10.0.0.1"}
    sent |= {"changes": [{"outcome": "Home", "forwhom": "All", "beneficiaries": ["carers"]}]}

    found = translated(service, tokens[0], sent)

    assert found.answer == {
        "answers": {"trust1": 4, "trust2": "dont_know"},
        "role": "frontline",
        "statements": [{"outcome": "Home", "for_whom": "All", "beneficiaries": ["carers"]}],
    }
    assert list(found.stripped) == ["ip"]
    ok(send(evaluator, "responses", tokens[0], found.answer), 201)


@pytest.fixture(scope="module")
def library():
    running = SurveyCore(VERSIONS[-1])
    yield running
    running.end()


def test_what_a_real_surveyjs_page_has_is_taken_unchanged(service, evaluator, library):
    evaluation, (token, *_) = surveying(evaluator)
    asks = f"/v1/evaluations/{evaluation['id']}/questionnaire?format=surveyjs"
    values = {"trust": {"trust1": 4, "trust2": "dont_know"}, "role": "frontline"}
    values |= {"points": {"importance1": 4, "importance3": 6}, "unwritten": "Trust, ŵ 🙂"}
    values |= {"changes": [{"outcome": "Home", "beneficiaries": ["carers", "older_people"]}]}

    seen = library.fill(ok(evaluator.get(asks)), values)

    assert (seen["errors"], seen["hidden"], seen["valid"]) == ([], [], True)
    answer = translated(service, token, seen["data"]).answer
    assert answer["importance"] == {"purpose": 4, "trust": 6}
    assert answer["statements"][0]["beneficiaries"] == ["carers", "older_people"]
    key = new_key()
    told = ok(handed_in(service, token, seen["data"], key, params=SURVEYJS), 201)
    assert told["stripped"] == []
    assert ok(send(evaluator, "responses", token, answer, key), 201)["receipt"] == told["receipt"]


def test_a_page_made_of_the_instrument_or_of_the_evaluation_is_answered_alike(service, evaluator):
    evaluation, (token, *_) = surveying(evaluator)
    asks = f"/v1/evaluations/{evaluation['id']}/questionnaire?format=surveyjs"

    for path in ("/v1/instruments/poet-staff/1/formats/surveyjs", asks):
        (which,) = ok(evaluator.get(path))["calculatedValues"]
        named = {which["name"]: which["expression"].strip("'")}
        assert translated(service, token, {"overall": 4} | named).answer == {"overall": 4}


def test_a_carers_answer_names_outcomes_as_the_file_did(service, evaluator):
    evaluation, outcome, tokens = verifying(evaluator)
    path = f"/v1/evaluations/{evaluation['id']}/questionnaire"
    model = ok(evaluator.get(path, params={"audience": "carer", "format": "surveyjs"}))
    names = [element["name"] for page in model["pages"] for element in page["elements"]]
    (delivered,) = [name for name in names if name.startswith("delivered")]
    sent = {delivered: 3, "missinglist": [{"missing": "Time"}], "life": 2, "top": [outcome["id"]]}

    found = translated(service, tokens[0], sent, audiences=VERIFIERS)

    assert found.answer == {
        "verdicts": [{"outcome": outcome["id"], "delivered": 3}],
        "missing": ["Time"],
        "own": {"life": 2},
        "top": [outcome["id"]],
    }
    content = content_of(Verification.model_validate(found.answer))
    check(service, tokens[0], content, VERIFIERS)
    ok(send(evaluator, "verifications", tokens[0], found.answer), 201)


def test_a_mistake_in_what_is_sent_again_is_told_of_the_form_that_was_answered(service, evaluator):
    evaluation, outcome, (carers, *_) = verifying(evaluator)
    older = issue(evaluator, evaluation, "service_user", "older", 1)
    for audience, token in (("carer", carers), ("service_user", older[0])):
        key = new_key()
        path = f"/v1/evaluations/{evaluation['id']}/questionnaire"
        model = ok(evaluator.get(path, params={"audience": audience, "format": "surveyjs"}))
        (which,) = model["calculatedValues"]
        sent = {"top": [outcome["id"]], which["name"]: which["expression"].strip("'")}
        first = translated(service, token, sent, key=key, audiences=VERIFIERS)
        ok(send(evaluator, "verifications", token, first.answer, key), 201)

        with pytest.raises(Invalid) as refused:
            translated(service, token, sent | {"other": 1}, key=key, audiences=VERIFIERS)

        assert [fault.code for fault in refused.value.faults] == ["unknown-question"]


def test_a_document_that_is_sent_again_is_read_as_before(service, evaluator):
    _, (token, *_) = surveying(evaluator)
    key = new_key()
    first = translated(service, token, {"overall": 4}, key=key)
    ok(send(evaluator, "responses", token, first.answer, key), 201)

    again = translated(service, token, {"overall": 4}, key=key)

    assert again.answer == first.answer == {"overall": 4}
    ok(send(evaluator, "responses", token, again.answer, key), 201)
    with pytest.raises(TokenUnusable):
        translated(service, token, {"overall": 4}, key=new_key())
    with pytest.raises(TokenUnusable):
        translated(service, token, {"overall": 4})


def test_an_answer_that_is_long_in_is_not_read_again(service, evaluator):
    evaluation, _ = surveying(evaluator)
    keys = [new_key() for _ in range(10)]
    more = issue(evaluator, evaluation, "staff", "trust", 10)
    for token, key in zip(more, keys, strict=True):
        ok(send(evaluator, "responses", token, {"overall": 4}, key), 201)
    go(evaluator, evaluation, "surfacing")

    found = translated(service, more[0], {"overall": 4}, key=keys[0])

    ok(send(evaluator, "responses", more[0], found.answer, keys[0]), 201)


def test_who_answers_something_else_is_told_so(service, evaluator):
    _, (token, *_) = surveying(evaluator)

    with pytest.raises(WrongAudience):
        translated(service, token, {"overall": 4}, audiences=["ranking"])
    early = plan(evaluator)
    (waiting,) = issue(evaluator, early, "staff", "council", 1)
    with pytest.raises(WrongStage):
        translated(service, waiting, {"overall": 4})


def test_what_is_wrong_is_pointed_at_and_nothing_is_spent(service, evaluator):
    _, (token, *_) = surveying(evaluator)

    for document, pointer in (
        ({"nothing": 1}, "/nothing"),
        ({"trust": {"trust1": 9}}, "/trust/trust1"),
        ({"overall": 4, "poetform": "poet-staff@2"}, "/poetform"),
        ({"overall": 4, "poetform": "pulse@1"}, "/poetform"),
        (b'{"overall": 4, "overall": 5}', "/overall"),
        (b'{"trust": {"trust1": 1, "trust1": 2}}', "/trust/trust1"),
    ):
        with pytest.raises(Invalid) as refused:
            translated(service, token, document)
        assert [fault.pointer for fault in refused.value.faults] == [pointer]
    for unreadable in (b"", b"{", b"[" * 100_000, b'{"overall": NaN}', b"\xff"):
        with pytest.raises(Malformed):
            translated(service, token, unreadable)
    ok(send(evaluator, "responses", token, {"overall": 4}), 201)


def test_an_answer_can_be_checked_and_the_token_stays(service, evaluator):
    _, (token, *_) = surveying(evaluator)
    good = content_of(StaffResponse.model_validate({"overall": 4}))

    check(service, token, good)
    check(service, token, good)

    with pytest.raises(NothingAnswered):
        check(service, token, {})
    with pytest.raises(Invalid) as refused:
        check(service, token, {"overall": 9})
    assert refused.value.faults[0].pointer == "/overall"
    with pytest.raises(WrongAudience):
        check(service, token, good, VERIFIERS)
    ok(send(evaluator, "responses", token, good), 201)
    with pytest.raises(TokenUnusable):
        check(service, token, good)
