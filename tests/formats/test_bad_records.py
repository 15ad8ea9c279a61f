"""A record that is no answer to the form is refused, with a pointer to what is wrong in it."""

from contextlib import suppress

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from app.errors import Invalid
from app.formats import building, formbricks, limesurvey, odk, redcap
from app.formats.cells import Fields
from app.formats.strict import document_of
from app.instruments import built_in, parse
from app.instruments.answers import Survey
from app.instruments.design import Contact, Design, Group

POET = built_in()["poet-staff@1"]
FORM = building.of_staff(
    Survey(POET, Design(instrument=POET.name), []),
    [Group(code="nhs", label={"en": "The NHS"}, organisations=["nhs"])],
    contact=Contact(),
    code="poet-staff-of-ours",
)
READ = {
    "odk": odk.read,
    "limesurvey": lambda form, data: limesurvey.read(form, sent_off(data)),
    "redcap": redcap.read,
    "formbricks": lambda form, data: formbricks.read(form, webhook(data)),
}


def sent_off(response):
    """A response of LimeSurvey to which its end was reached."""
    return {"submitdate": "1980-01-01 00:00:00"} | response


def webhook(data, **members):
    return {
        "event": "responseFinished",
        "data": {"id": "cm7", "finished": True, "data": data},
    } | members


def faults(read, record):
    """What a record is blamed for."""
    with pytest.raises(Invalid) as refused:
        read(FORM, record)
    return [(fault.pointer, fault.code) for fault in refused.value.faults]


NAMES = ["trust1", "g_trust", "g_trust/trust1", "trust[trust1]", "g_changes", "outcome1", "data"]
NAMES += ["beneficiaries1___carers", "beneficiaries1[b37z6]", "g_place_/group", "meta", "poetkey"]
NAMES += ["poetform", "submitdate", "__system", "event", "_geolocation", "importance1", "a"]
ANYTHING = st.recursive(
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats()
    | st.text(max_size=3)
    | st.sampled_from(["4", "Agree", "nhs", "1.0", "responseFinished", "4 4"]),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(st.sampled_from(NAMES) | st.text(max_size=3), inner, max_size=4)
    ),
    max_leaves=12,
)


@settings(max_examples=80, deadline=None, suppress_health_check=list(HealthCheck))
@given(st.dictionaries(st.sampled_from(NAMES) | st.text(max_size=3), ANYTHING), st.booleans())
def test_whatever_a_record_holds_it_is_an_answer_or_refused(record, mapped):
    fields = Fields(key="a", token="b", place="c", fields={"a": None, "b": "trust1"})
    for read in (odk.read, limesurvey.read, redcap.read, formbricks.read):
        for sent in (record, webhook(record)):
            with suppress(Invalid):
                assert read(FORM, sent, fields if mapped else None).answer is not None


UNKNOWN = [
    ("odk", {"g_trust/trust99": "3"}, "/g_trust~1trust99"),
    ("odk", {"g_trust": {"trust99": "3"}}, "/g_trust/trust99"),
    (
        "odk",
        {"g_changes": [{"outcome": "Safe"}, {"outcome": "Well", "cost": "1"}]},
        "/g_changes/1/cost",
    ),
    ("odk", {"Margaret Smith": "3"}, ""),
    ("limesurvey", {"trust[trust99]": "3"}, "/trust[trust99]"),
    ("limesurvey", {"outcome6": "Safe"}, "/outcome6"),
    ("redcap", {"trust99": "3"}, "/trust99"),
    ("redcap", {"beneficiaries1___nobody": "1"}, "/beneficiaries1___nobody"),
    ("formbricks", {"trust99": "Agree"}, "/data/data/trust99"),
]


@pytest.mark.parametrize(("tool", "record", "pointer"), UNKNOWN, ids=str)
def test_an_answer_to_an_unknown_question(tool, record, pointer):
    assert faults(READ[tool], record) == [(pointer, "unknown-question")]


NOT_OFFERED = [
    ("odk", {"g_trust/trust1": "9"}, "/g_trust~1trust1", "unknown-value"),
    ("odk", {"g_trust/trust1": ["3"]}, "/g_trust~1trust1", "unknown-value"),
    ("odk", {"g_trust/trust1": True}, "/g_trust~1trust1", "unknown-value"),
    ("odk", {"g_place_/group": "council"}, "/g_place_~1group", "unknown-value"),
    ("odk", {"g_points/importance1": "2.5"}, "/g_points~1importance1", "off-scale"),
    ("odk", {"g_points/importance1": "-1"}, "/g_points~1importance1", "off-scale"),
    ("odk", {"g_points/importance1": "4"}, "/g_points~1importance1", "points-sum"),
    ("odk", {"g_beyond/unwritten": {"a": 1}}, "/g_beyond~1unwritten/a", "unknown-question"),
    ("odk", {"g_beyond/unwritten": "x" * 2001}, "/g_beyond~1unwritten", "too-long"),
    ("limesurvey", {"trust[trust1]": "A9"}, "/trust[trust1]", "unknown-value"),
    ("limesurvey", {"beneficiaries1[carers]": "Y"}, "/beneficiaries1[carers]", "unknown-question"),
    ("limesurvey", {"mechanism1": "We meet"}, "/outcome1", "required"),
    ("redcap", {"trust1": "6"}, "/trust1", "unknown-value"),
    (
        "redcap",
        {"outcome1": "Well", "beneficiaries1___carers": "2"},
        "/beneficiaries1___carers",
        "unknown-value",
    ),
    ("formbricks", {"trust1": "Agreed"}, "/data/data/trust1", "unknown-value"),
    ("formbricks", {"trust1": 2.5}, "/data/data/trust1", "unknown-value"),
]


@pytest.mark.parametrize(("tool", "record", "pointer", "code"), NOT_OFFERED, ids=str)
def test_an_answer_that_was_not_offered(tool, record, pointer, code):
    assert (pointer, code) in faults(READ[tool], record)


TWICE = [
    ("odk", {"g_trust/trust1": "3", "copy/trust1": "4"}, "/copy~1trust1"),
    ("odk", {"g_changes": [{"outcome": "Safe", "beneficiaries": "carers carers"}]}, None),
    ("formbricks", {"trust1": "Agree", "trust": {"trust1": "Agree"}}, "/data/data/trust/trust1"),
]


@pytest.mark.parametrize(("tool", "record", "pointer"), TWICE, ids=str)
def test_a_question_that_is_answered_twice(tool, record, pointer):
    found = faults(READ[tool], record)

    assert [code for _, code in found] == ["answered-twice"]
    assert pointer in (None, found[0][0])


def test_a_member_that_comes_twice():
    with pytest.raises(Invalid) as refused:
        document_of(b'{"trust1": "3", "trust1": "5"}')

    assert [(fault.pointer, fault.code) for fault in refused.value.faults] == [
        ("/trust1", "answered-twice")
    ]


def test_more_statements_than_are_taken():
    entries = [{"outcome": str(number)} for number in range(6)]

    assert faults(odk.read, {"g_changes": entries}) == [("/g_changes/5", "too-many")]
    assert len(odk.read(FORM, {"g_changes": [*entries[:5], {}]}).answer["statements"]) == 5


ANOTHER = [
    ("odk", {"poetform": "poet-staff-of-theirs@1"}, "/poetform"),
    ("odk", {"poetform": "poet-staff@2"}, "/poetform"),
    ("odk", {"__version__": "2"}, "/__version__"),
    ("odk", {"_xform_id_string": "other-form"}, "/_xform_id_string"),
    ("odk", {"__system": {"formVersion": "2"}}, "/__system/formVersion"),
    ("limesurvey", {"poetform": "poet-staff@2"}, "/poetform"),
    ("redcap", {"poetform": "poet-staff@2"}, "/poetform"),
    ("formbricks", {"poetform": "poet-staff@2"}, "/data/data/poetform"),
]


@pytest.mark.parametrize(("tool", "record", "pointer"), ANOTHER, ids=str)
def test_an_answer_to_another_form_or_version(tool, record, pointer):
    assert faults(READ[tool], {"trust1": "3"} | record) == [(pointer, "another-version")]


@pytest.mark.parametrize("tool", READ)
@pytest.mark.parametrize("form", ["poet-staff-of-ours@1", "poet-staff@1"])
def test_an_answer_to_the_form_of_the_whole_instrument_is_taken(tool, form):
    assert READ[tool](FORM, {"poetform": form}).answer == {}


UNFINISHED = [
    ("limesurvey", {"submitdate": None, "trust[trust1]": "3"}, "/submitdate"),
    ("redcap", {"trust1": "3", "poet_staff_of_ours_complete": "0"}, "/poet_staff_of_ours_complete"),
]


@pytest.mark.parametrize(("tool", "record", "pointer"), UNFINISHED, ids=str)
def test_an_answer_that_was_not_sent_off(tool, record, pointer):
    assert faults(READ[tool], record) == [(pointer, "not-completed")]


@pytest.mark.parametrize("event", ["responseCreated", "responseUpdated", None])
def test_a_webhook_before_the_end(event):
    assert faults(formbricks.read, webhook({"trust1": "Agree"}, event=event)) == [
        ("/event", "not-completed")
    ]


@pytest.mark.parametrize("data", [None, [], {"id": "cm7"}, {"data": []}])
def test_a_webhook_without_answers(data):
    assert faults(formbricks.read, {"event": "responseFinished", "data": data}) == [
        ("/data/data", "required")
    ]


def test_a_map_says_what_a_platforms_own_form_calls_things():
    fields = Fields(
        key="instance",
        place="org",
        fields={"q1": "trust1", "what": "outcome", "consent": None},
    )
    record = {
        "page/q1": "Agree",
        "page/org": "nhs",
        "page/consent": "yes",
        "g_changes": [{"what": "Safe"}],
        "instance": "uuid:00000000-0000-4000-8000-000000000000",
        "meta/instanceID": "uuid:11111111-1111-4111-8111-111111111111",
    }

    reading = odk.read(FORM, record, fields)

    assert reading.answer == {"answers": {"trust1": 4}, "statements": [{"outcome": "Safe"}]}
    assert (reading.key, reading.cell) == ("00000000-0000-4000-8000-000000000000", "nhs")
    assert reading.stripped == ["page/consent", "meta/instanceID"]


def test_the_time_that_a_form_began_is_not_taken_for_a_question_called_start():
    document = {
        "code": "short",
        "version": 1,
        "title": "T",
        "languages": ["en"],
        "scales": {"s": {"min": 0, "max": 1, "labels": {"en": ["No", "Yes"]}}},
        "domains": [
            {"code": "d", "label": "D", "scale": "s", "items": [{"code": "start", "text": "S"}]}
        ],
    }
    form = building.of_instrument(parse(document))

    reading = odk.read(form, {"start": "2027-03-01T09:00:00", "g_d/start": "1"})

    assert reading.answer == {"answers": {"start": 1}}
    assert reading.stripped == ["start"]


def test_a_table_of_formbricks_is_read_by_the_words_of_its_rows():
    trust = next(section for section in FORM.sections if section.code == "trust")
    rows = [question.text["en"] for question in trust.questions[:2]]
    data = {"cm7element": {rows[0]: "Agree", rows[1]: "Don't know"}}

    reading = formbricks.read(FORM, webhook(data))

    assert reading.answer == {"answers": {"trust1": 4, "trust2": "dont_know"}}
