"""Whatever a platform's own form calls things, a map of its fields says what they answer."""

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from app.errors import Invalid
from app.formats import building, codes, formbricks, limesurvey, odk
from app.formats.cells import Fields
from app.formats.form import KEYED
from app.instruments import parse
from app.instruments.design import Contact, Voice
from app.instruments.questionnaires import PutOutcome
from app.use_cases.records import Records
from tests.formats.renaming import renamed
from tests.formats.strategies import asked_of_anyone, fillings
from tests.formats.test_bad_records import FORM, faults, sent_off, webhook
from tests.formats.test_record_round_trips import TOOLS, first_place, unordered

common = settings(max_examples=15, deadline=None, suppress_health_check=list(HealthCheck))
FAMILIES = {"central": "odk"}
CARERS = codes.short(FORM.lists["beneficiaries"])["carers"]


@common
@pytest.mark.parametrize("tool", TOOLS)
@given(st.data())
def test_a_record_under_other_names_is_the_answer_that_was_given(tool, data):
    export, record, _ = TOOLS[tool]
    form = data.draw(asked_of_anyone()).form
    filled = data.draw(fillings(form))
    random = data.draw(st.randoms(use_true_random=False))
    sent, fields = renamed(tool, form, record(form, export(form), filled), random)
    records = Records(FAMILIES.get(tool, tool), [form])

    records.describe(Fields(fields=fields))
    reading = records.read(sent)

    assert by_outcome(reading.answer) == by_outcome(filled.answer)
    assert reading.cell == first_place(form)


def by_outcome(answer):
    """An answer in which what is told apart by its outcome stands in one order."""
    found = unordered(answer)
    for name, key in KEYED.items():
        if isinstance(found.get(name), list):
            found[name] = sorted(found[name], key=lambda one: one[key])
    return found


def mapped(tool, record, fields):
    """What a record says by a map."""
    records = Records(tool, [FORM])
    records.describe(Fields(fields=fields))
    return records.read(record)


OWN_NAMES = [
    ("limesurvey", {"trust[trust1]": "4", "trust[trust2]": "3"}, {"trust[trust1]": None}),
    (
        "limesurvey",
        {"trust[trust1]": "3", "trust1": "4"},
        {"trust[trust1]": "trust2", "trust1": None},
    ),
    (
        "limesurvey",
        {"trust[trust1]": "5", "trust1": "3"},
        {"trust1": "trust2", "trust[trust1]": None},
    ),
    ("redcap", {"trust1": "4", "trust2": "3"}, {"trust1": None}),
    ("kobo", {"g_trust/trust1": "4", "g_trust/trust2": "3"}, {"trust1": None}),
    ("odk", {"g_trust": {"trust1": "4", "trust2": "3"}}, {"g_trust/trust1": None}),
    ("odk", {"page": {"trust1": "4"}, "g_trust": {"trust2": "3"}}, {"page": None}),
]


@pytest.mark.parametrize(("tool", "record", "fields"), OWN_NAMES, ids=str)
def test_what_a_map_leaves_behind_is_left_even_under_a_name_of_ours(tool, record, fields):
    record = sent_off(record) if tool == "limesurvey" else record

    assert mapped(tool, record, fields).answer == {"answers": {"trust2": 3}}


def test_a_name_that_the_map_has_is_not_also_that_of_an_unmapped_column():
    record = sent_off({"trust[trust1]": "5", "trust1": "3"})

    reading = mapped("limesurvey", record, {"trust1": "trust2"})
    assert reading.answer == {"answers": {"trust1": 5, "trust2": 3}}


FULL = [
    ("kobo", {"page/q1": "4"}, {"page/q1": "trust1"}, {"trust1": 4}),
    ("odk", {"page": {"q1": "4"}}, {"page/q1": "trust1"}, {"trust1": 4}),
    (
        "kobo",
        {"a/q": "4", "b/q": "3"},
        {"a/q": "trust1", "b/q": "trust2"},
        {"trust1": 4, "trust2": 3},
    ),
    (
        "kobo",
        {"a/q": "4", "b/q": "3"},
        {"q": "trust1", "b/q": "trust2"},
        {"trust1": 4, "trust2": 3},
    ),
    ("kobo", {"a/q": "4", "b/q": "3"}, {"q": "trust1", "b/q": None}, {"trust1": 4}),
]


@pytest.mark.parametrize(("tool", "record", "fields", "answers"), FULL, ids=str)
def test_a_member_may_be_named_with_all_that_leads_to_it(tool, record, fields, answers):
    assert mapped(tool, record, fields).answer == {"answers": answers}


ENTRIES = [
    ("odk", {"g_changes": [{"what": "Safe"}]}, {"what": "outcome"}),
    ("odk", {"g_changes": [{"what": "Safe"}]}, {"g_changes/what": "outcome"}),
    ("kobo", {"g_changes": [{"g_changes/what": "Safe"}]}, {"what": "outcome"}),
    ("kobo", {"g_changes": [{"g_changes/what": "Safe"}]}, {"g_changes/what": "outcome"}),
    ("kobo", {"page/q3": "Safe"}, {"q3": "outcome1"}),
    ("redcap", {"q3": "Safe"}, {"q3": "outcome1"}),
]


@pytest.mark.parametrize(("tool", "record", "fields"), ENTRIES, ids=str)
def test_a_map_leads_into_an_entry(tool, record, fields):
    assert mapped(tool, record, fields).answer == {"statements": [{"outcome": "Safe"}]}


TICKS = [
    ("limesurvey", {"Q5[SQ1]": "Y"}, {"Q5[SQ1]": f"beneficiaries1[{CARERS}]"}),
    ("redcap", {"who___1": "1"}, {"who___1": "beneficiaries1___carers"}),
]


@pytest.mark.parametrize(("tool", "ticked", "fields"), TICKS, ids=str)
def test_a_map_leads_to_a_tick(tool, ticked, fields):
    reading = mapped(tool, sent_off({"outcome1": "Safe"} | ticked), fields)

    (statement,) = reading.answer["statements"]
    assert len(statement["beneficiaries"]) == 1


def test_a_map_says_which_form_was_filled_in():
    record = {"g_trust/trust1": "4", "form": "poet-staff-of-theirs@1"}

    with pytest.raises(Invalid) as refused:
        mapped("kobo", record, {"form": "poetform"})

    assert [(one.pointer, one.code) for one in refused.value.faults] == [
        ("/form", "another-version")
    ]


STRAYED = [
    {"outcome": "Safe", "trust": "4"},
    {"outcome": "Safe", "g_trust/trust": "4"},
    {"outcome": "Safe", "poetform": "x"},
]


@pytest.mark.parametrize("entry", STRAYED, ids=str)
def test_a_member_of_an_entry_is_no_question_outside_it(entry):
    (found,) = faults(odk.read, {"g_changes": [entry]})

    assert found[1] == "unknown-question"


def test_the_name_of_a_group_takes_no_answer_away():
    record = {"person": {"q1": "4", "name": "Margaret"}, "notes": {"trust2": "3"}}

    reading = mapped("odk", record, {"q1": "trust1"})

    assert reading.answer == {"answers": {"trust1": 4, "trust2": 3}}
    assert reading.stripped == ["person/name"]


def test_what_no_map_names_in_a_group_that_identifies_is_left_behind_with_it():
    record = {"person": {"q1": "Margaret", "q2": "Smith"}, "g_trust": {"trust1": "4"}}

    reading = odk.read(FORM, record)

    assert (reading.answer, reading.stripped) == ({"answers": {"trust1": 4}}, ["person"])


def test_a_place_on_the_map_is_one_value():
    home = {"type": "Point", "coordinates": [-3.2, 51.5], "properties": {"accuracy": 1}}
    record = {"location": home, "home": home, "g_trust": {"trust1": "4"}}

    reading = mapped("odk", record, {"home": None})

    assert reading.stripped == ["location", "home"]


def test_a_name_that_leads_to_what_is_left_behind_is_not_repeated():
    record = {"Alice Smith 07700900": {"id": "3"}, "Bob Jones/email": "b", "g_trust/trust1": "4"}

    assert odk.read(FORM, record).stripped == ["id", "email"]


def test_an_unknown_member_is_refused_whatever_it_begins_with():
    assert faults(odk.read, {"g_trust/trust1": "4", "_mood": "bad"}) == [("", "unknown-question")]
    assert odk.read(FORM, {"_status": "x", "_version_": "v1", "__version__": "1"}).answer == {}


def short_form(code):
    """A form of one item with this code, and of another."""
    document = {
        "code": "short",
        "version": 1,
        "title": "T",
        "languages": ["en"],
        "scales": {"s": {"min": 0, "max": 1, "labels": {"en": ["No", "Yes"]}}},
        "domains": [
            {
                "code": "d",
                "label": "D",
                "scale": "s",
                "items": [{"code": code, "text": "S"}, {"code": "b", "text": "B"}],
            }
        ],
    }
    return building.of_instrument(parse(document))


@pytest.mark.parametrize("answers", [{"g_d/b": "1"}, {"g_d": {"b": "1"}}], ids=str)
@pytest.mark.parametrize("name", ["start", "today", "username"])
def test_what_a_device_adds_is_no_answer_where_a_question_of_that_name_was_left_blank(
    name, answers
):
    form = short_form(name)

    reading = odk.read(form, {name: "1"} | answers)

    assert (reading.answer, reading.stripped) == ({"answers": {"b": 1}}, [name])


def test_a_column_of_limesurveys_own_is_no_answer_to_a_question_of_that_name():
    reading = limesurvey.read(short_form("seed"), sent_off({"seed": "1", "d[b]": "1"}))

    assert (reading.answer, reading.stripped) == ({"answers": {"b": 1}}, ["submitdate", "seed"])


@pytest.mark.parametrize("at", [0, 1], ids=["user", "carer"])
@pytest.mark.parametrize("says", [True, False], ids=["which form", "no form"])
def test_a_mistake_is_told_by_the_form_that_was_filled_in(at, says):
    outcome = PutOutcome("00000000-0000-4000-8000-000000000000", {"en": "Safe"})
    voices = [
        Voice(code=code, label={"en": code}, audience=audience, invited=20)
        for code, audience in (("older", "service_user"), ("carers", "carer"))
    ]
    forms = [
        building.of_verification(
            [outcome], audience, Contact(), voices=voices, code=f"poet-{audience.replace('_', '-')}"
        )
        for audience in ("service_user", "carer")
    ]
    form = forms[at]
    which = {"poetform": f"{form.code}@{form.version}"} if says else {}
    record = {"g_place_/voice": voices[at].code, "g_about/as": "nonsense"} | which

    with pytest.raises(Invalid) as alone:
        odk.read(form, record)
    with pytest.raises(Invalid) as together:
        Records("kobo", forms).read(record)

    assert together.value.faults == alone.value.faults


def test_a_table_of_formbricks_whose_rows_share_their_words_is_told_by_the_map():
    data = {"table": {"Row": "Agree", "Left": "x"}, "other": {"Row": "Disagree"}}
    fields = {"table[Row]": "trust1", "other[Row]": "trust2", "table[Left]": None}

    reading = formbricks.read(FORM, webhook(data), Fields(fields=fields))

    assert reading.answer == {"answers": {"trust1": 4, "trust2": 2}}


@pytest.mark.parametrize("name", ["table", "data/data/table", "table[Row]"])
def test_a_table_of_formbricks_may_be_left_behind(name):
    row = next(q.text["en"] for _, q in FORM.questions if q.name == "trust1")
    named = name.replace("Row", row)

    reading = formbricks.read(
        FORM, webhook({"table": {row: "Agree"}}), Fields(fields={named: None})
    )

    assert reading.answer == {}


def test_a_response_that_says_it_is_not_finished():
    record = webhook({"trust1": "Agree"})
    record["data"]["finished"] = False

    assert faults(formbricks.read, record) == [("/data/finished", "not-completed")]


def test_a_response_of_limesurvey_without_a_date_was_not_sent_off():
    assert faults(limesurvey.read, {"trust[trust1]": "3"}) == [("/submitdate", "not-completed")]
