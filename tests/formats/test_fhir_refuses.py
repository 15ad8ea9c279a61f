"""FHIR R4: whatever is wrong with a QuestionnaireResponse is refused, with its place in it."""

import copy

import pytest

from app.errors import Invalid
from app.formats import fhir
from tests.formats.fhir_forms import URL, good_response, place_of, schedule_form, staff_form
from tests.formats.fhir_tool import answer, questions, respond

STAFF = staff_form()


@pytest.fixture
def sent():
    """A good response to the built-in survey, that a test may spoil."""
    return good_response(STAFF)


def read(document, form=STAFF):
    return fhir.read(form, document, url=URL)


def faults(document, form=STAFF):
    """What a response is refused for: pointers with codes."""
    with pytest.raises(Invalid) as refused:
        read(document, form)
    return {(fault.pointer, fault.code) for fault in refused.value.faults}


def spoil_trust1(**members):
    """A change to the first answer about trust."""

    def spoil(document):
        item, pointer = place_of(document, "trust1")
        item.update(members)
        return document, pointer

    return spoil


def add(*items, to=None):
    """Items that come after all others, or within one."""

    def spoil(document):
        holder, pointer = place_of(document, to) if to else (document, "")
        holder["item"] = [*holder.get("item", []), *copy.deepcopy(items)]
        return document, f"{pointer}/item/{len(holder['item']) - 1}"

    return spoil


def set_to(**members):
    return lambda document: (document | members, "")


CODED = {"valueCoding": {"code": "4"}}
REPEATED = {
    "linkId": "section-changes",
    "item": [{"linkId": "outcome", "answer": [{"valueString": "x"}]}],
}
CHOSEN = "/item/1/answer/0/valueCoding/code"
BAD = {
    "in progress": (set_to(status="in-progress"), "/status", "not-completed"),
    "stopped": (set_to(status="stopped"), "/status", "not-completed"),
    "entered in error": (set_to(status="entered-in-error"), "/status", "not-completed"),
    "no status": (set_to(status=None), "/status", "not-completed"),
    "a status that is a list": (set_to(status=["completed"]), "/status", "not-completed"),
    "another version": (
        set_to(questionnaire=f"{URL}|2"),
        "/questionnaire",
        "another-version",
    ),
    "another version of the instrument": (
        set_to(questionnaire=f"{URL.replace('/form', '/poet-staff')}|2"),
        "/questionnaire",
        "another-version",
    ),
    "another instrument": (
        set_to(questionnaire=f"{URL.replace('/form', '/pulse')}|1"),
        "/questionnaire",
        "unknown-value",
    ),
    "another questionnaire": (
        set_to(questionnaire=f"{URL}9|1"),
        "/questionnaire",
        "unknown-value",
    ),
    "no questionnaire": (set_to(questionnaire=None), "/questionnaire", "required"),
    "another resource": (set_to(resourceType="Patient"), "/resourceType", "unknown-value"),
    "a member that R4 lacks": (set_to(colour="red"), "/colour", "unknown-field"),
    "a rule set": (set_to(implicitRules="x"), "/implicitRules", "not-supported"),
    "a modifier": (
        set_to(modifierExtension=[{"url": "x"}]),
        "/modifierExtension",
        "not-supported",
    ),
    "items that are no list": (set_to(item={}), "/item", "wrong-type"),
    "an item that is no object": (add("trust1"), "", "wrong-type"),
    "an item without a link": (add({"answer": [CODED]}), "/linkId", "required"),
    "an unknown question": (
        add({"linkId": "trust9", "answer": [CODED]}),
        "/linkId",
        "unknown-question",
    ),
    "a repeated question": (
        add({"linkId": "trust1", "answer": [CODED]}),
        "/linkId",
        "answered-twice",
    ),
    "a repeated question of one group": (
        add({"linkId": "trust1", "answer": [CODED]}, to="section-trust"),
        "/linkId",
        "answered-twice",
    ),
    "a repeated group": (add({"linkId": "section-trust"}), "/linkId", "answered-twice"),
    "too many repetitions": (add(*[REPEATED] * 4), "", "too-many"),
    "a group in a group": (add({"linkId": "section-gain"}, to="section-trust"), "", "misplaced"),
    "a question of another group": (
        add({"linkId": "gain1", "answer": [CODED]}, to="section-trust"),
        "",
        "misplaced",
    ),
    "a question in a question": (
        add({"linkId": "gain1", "answer": [CODED]}, to="trust1"),
        "",
        "misplaced",
    ),
    "a repeated question outside its group": (
        add({"linkId": "outcome", "answer": [{"valueString": "x"}]}),
        "",
        "misplaced",
    ),
    "a repetition without what it is about": (
        add(
            {
                "linkId": "section-changes",
                "item": [{"linkId": "mechanism", "answer": [{"valueString": "x"}]}],
            }
        ),
        "",
        "required",
    ),
    "an answer to a group": (
        add({"linkId": "section-gain", "answer": [CODED]}),
        "/answer",
        "not-a-question",
    ),
    "an answer to a text": (
        add({"linkId": "section-safeguarding", "answer": [CODED]}),
        "/answer",
        "not-a-question",
    ),
    "another code system": (
        spoil_trust1(answer=[{"valueCoding": {"code": "4", "system": "http://loinc.org"}}]),
        "/answer/0/valueCoding/system",
        "another-system",
    ),
    "a code that was not offered": (
        spoil_trust1(answer=[{"valueCoding": {"code": "6"}}]),
        "/answer/0/valueCoding/code",
        "unknown-value",
    ),
    "a code that is a number": (
        spoil_trust1(answer=[{"valueCoding": {"code": 4}}]),
        "/answer/0/valueCoding/code",
        "wrong-type",
    ),
    "a coding without a code": (
        spoil_trust1(answer=[{"valueCoding": {"display": "Agree"}}]),
        "/answer/0/valueCoding/code",
        "required",
    ),
    "a number for a choice": (
        spoil_trust1(answer=[{"valueInteger": 4}]),
        "/answer/0",
        "wrong-type",
    ),
    "two values in one": (
        spoil_trust1(answer=[{"valueInteger": 4} | CODED]),
        "/answer/0",
        "wrong-type",
    ),
    "two answers to one": (
        spoil_trust1(answer=[CODED, {"valueCoding": {"code": "5"}}]),
        "/answer",
        "too-many",
    ),
    "an answer that is no list": (spoil_trust1(answer=CODED), "/answer", "wrong-type"),
    "a question in an answer": (
        spoil_trust1(answer=[CODED | {"item": [{"linkId": "gain1"}]}]),
        "/answer/0/item",
        "misplaced",
    ),
    "points that are no number": (
        add({"linkId": "importance2", "answer": [{"valueInteger": True}]}),
        "/answer/0/valueInteger",
        "wrong-type",
    ),
    "more points than there are": (
        add({"linkId": "importance2", "answer": [{"valueInteger": 11}]}),
        "/answer/0/valueInteger",
        "off-scale",
    ),
    "a text that is too long": (
        add({"linkId": "unwritten", "answer": [{"valueString": "x" * 2001}]}),
        "/answer/0/valueString",
        "too-long",
    ),
    "a text that is a number": (
        add({"linkId": "unwritten", "answer": [{"valueString": 4}]}),
        "/answer/0/valueString",
        "wrong-type",
    ),
    "half a character": (
        add({"linkId": "unwritten", "answer": [{"valueString": "\ud800"}]}),
        "/answer/0/valueString",
        "unknown-value",
    ),
    "a nul": (
        add({"linkId": "unwritten", "answer": [{"valueString": "a\x00"}]}),
        "/answer/0/valueString",
        "unknown-value",
    ),
}


@pytest.mark.parametrize("bad", BAD, ids=lambda name: name.replace(" ", "-"))
def test_a_mistake_is_refused_with_its_place(sent, bad):
    spoil, pointer, code = BAD[bad]
    assert read(sent).answer, "good before"

    spoiled, at = spoil(sent)

    assert (at + pointer, code) in faults(spoiled)


def test_points_that_do_not_add_up_are_refused(sent):
    item, pointer = place_of(sent, "importance1")
    item["answer"] = [{"valueInteger": 9}]

    assert faults(sent) == {(f"{pointer}/answer/0/valueInteger", "points-sum")}


def test_what_is_asked_of_others_alone_is_refused():
    schedule = schedule_form()
    exported = fhir.export(schedule, url=URL)
    conditional = [item for item in questions(exported).values() if "enableWhen" in item]
    easy = next(item for item in conditional if item["enableWhen"][0]["operator"] == "=")
    full = next(item for item in conditional if item["enableWhen"][0]["operator"] == "!=")

    def filled(item, scale):
        given = answer(item, item["answerOption"][0]["valueCoding"]["code"])
        chosen = answer(questions(exported)["scale"], scale)
        items = [{"linkId": "scale", "answer": [chosen]}]
        return respond(exported, {}) | {
            "item": [*items, {"linkId": item["linkId"], "answer": [given]}]
        }

    assert read(filled(easy, "easy3"), schedule).answer
    assert read(filled(full, "full"), schedule).answer
    assert faults(filled(easy, "full"), schedule) == {(CHOSEN, "not-asked")}
    assert faults(filled(full, "easy3"), schedule) == {(CHOSEN, "not-asked")}


@pytest.mark.parametrize("document", [None, [], "text", 4, {}, {"resourceType": ["x"]}])
def test_what_is_no_resource_is_refused(document):
    assert faults(document)
