"""The files that survey tools load are what the tools' documents say, byte for byte."""

import io
import re
from itertools import groupby

import pytest
from hypothesis import HealthCheck, given, settings
from pyxform.xls2xform import convert

from app.formats import building, limesurvey, redcap, xlsform
from app.instruments import built_in
from app.instruments.design import Contact, Group, Voice
from app.instruments.questionnaires import PutOutcome
from tests.formats.flat_tools import choices, dictionary
from tests.formats.strategies import forms
from tests.formats.tools import asked_in_order, sheets, structure

common = settings(max_examples=25, deadline=None, suppress_health_check=list(HealthCheck))
POET = built_in()["poet-staff@1"]
OUTCOMES = [
    PutOutcome("11111111-1111-4111-8111-111111111111", {"en": "I live at home", "cy": "Gartref"}),
    PutOutcome("22222222-2222-4222-8222-222222222222", {"en": "I am well", "cy": "Rwy'n iach"}),
]
CONTACT = Contact(safeguarding={"en": "Call 0300 000 000", "cy": "Ffoniwch 0300 000 000"})
BUILT_IN = {
    "staff": building.of_instrument(POET),
    "ranking": building.of_ranking(
        OUTCOMES,
        CONTACT,
        groups=[Group(code="nhs-trust", label={"en": "The trust"}, organisations=["nhs-trust"])],
    ),
    **{
        audience: building.of_verification(
            OUTCOMES,
            audience,
            CONTACT,
            voices=[Voice(code="all", label={"en": "All"}, audience=audience, invited=40)],
        )
        for audience in ("service_user", "carer")
    },
}
HOSTILE = '${poetkey} =1+1 "quoted" | 1, {TOKEN} [record_id] <b>\ttab\r\nline\x0b\x00 \\" \'x\''
LIMESURVEY = (
    "id\trelated_id\tclass\ttype/scale\tname\trelevance\ttext\thelp\tlanguage\tvalidation\t"
    "mandatory\tencrypted\tother\tdefault\tsame_default\tsame_script"
)
REDCAP = (
    "Variable / Field Name,Form Name,Section Header,Field Type,Field Label,"
    '"Choices, Calculations, OR Slider Labels",Field Note,'
    "Text Validation Type OR Show Slider Number,Text Validation Min,Text Validation Max,"
    "Identifier?,Branching Logic (Show field only if...),Required Field?,Custom Alignment,"
    "Question Number (surveys only),Matrix Group Name,Matrix Ranking?,Field Annotation\n"
)


def converted(form):
    """What pyxform makes of a form, and what it warns of."""
    found = convert(xlsform=io.BytesIO(xlsform.export(form)), file_type=".xlsx", validate=False)
    return found.xform, found.warnings


@pytest.fixture(params=BUILT_IN)
def form(request):
    """The form of each audience."""
    return BUILT_IN[request.param]


def test_pyxform_converts_what_is_built_in_without_a_warning_in_both_languages(form):
    xform, warnings = converted(form)

    assert warnings == []
    assert re.findall('<translation lang="(.*?)"', xform) == ["English (en)", "Cymraeg (cy)"]
    for question, _ in asked_in_order(form):
        assert re.search(rf"<{question.name}\b", xform)


@common
@given(forms())
def test_pyxform_converts_any_form_without_a_warning(form):
    _, warnings = converted(form)

    assert warnings == []


def test_the_same_form_gives_the_same_bytes(form):
    for export in (xlsform.export, limesurvey.export, redcap.export):
        assert export(form) == export(form)


def test_a_workbook_asks_for_a_key_once_and_says_what_it_is(form):
    book = sheets(xlsform.export(form))

    (settings,) = book["settings"]
    hidden = [row for row in book["survey"] if row["type"] == "calculate"]
    assert settings == {
        "form_title": form.title["en"],
        "form_id": form.code,
        "version": form.version,
        "default_language": "English (en)",
    }
    assert [(row["name"], row["calculation"]) for row in hidden] == [
        ("poetkey", "once(uuid())"),
        ("poetform", f"'{form.code}@{form.version}'"),
    ]


def test_whom_to_turn_to_comes_first_and_what_matters_most_before_the_outcomes():
    form = BUILT_IN["service_user"]
    orders = [
        [row["name"] for row in sheets(xlsform.export(form))["survey"] if row["name"]],
        [row["name"] for row in structure(limesurvey.export(form)) if row["class"] in "GQ"],
        [row["Variable / Field Name"] for row in dictionary(redcap.export(form))],
    ]
    notices = ["n_safeguarding", "safeguardingtext", "info_safeguarding"]

    for order, notice in zip(orders, notices, strict=True):
        places = [order.index(notice), order.index("voice"), order.index("mattersmost")]
        rated = [at for at, name in enumerate(order) if name.startswith("importance")]
        assert places == sorted(places)
        assert places[-1] < min(rated)


def test_a_condition_a_requirement_and_a_limit_are_in_every_format():
    form = BUILT_IN["carer"]
    book = {row["name"]: row for row in sheets(xlsform.export(form))["survey"]}
    lime = {row["name"]: row for row in structure(limesurvey.export(form)) if row["class"] == "Q"}
    fields = {row["Variable / Field Name"]: row for row in dictionary(redcap.export(form))}
    branching = "Branching Logic (Show field only if...)"

    assert book["life"]["relevant"] == "not(selected(${scale}, 'easy3'))"
    assert book["elife"]["relevant"] == "(selected(${scale}, 'easy3'))"
    assert lime["life"]["relevance"] == "!(scale.NAOK == 'easy3')"
    assert lime["elife"]["relevance"] == "(scale.NAOK == 'easy3')"
    assert fields["life"][branching] == "not ([scale] = 'easy3')"
    assert fields["elife"][branching] == "[scale] = 'easy3'"
    assert book["voice"]["required"] == "yes"
    assert lime["voice"]["mandatory"] == "Y"
    assert fields["voice"]["Required Field?"] == "y"
    assert book["top"]["constraint"] == "count-selected(.) <= 3"
    assert lime["top"]["max_answers"] == "3"
    assert fields["top"]["Field Annotation"] == "@MAXCHECKED=3"


def test_an_entry_of_a_repeated_section_opens_when_the_one_before_was_begun():
    form = BUILT_IN["staff"]
    book = {row["name"]: row for row in sheets(xlsform.export(form))["survey"]}
    lime = {row["name"]: row for row in structure(limesurvey.export(form)) if row["class"] == "Q"}
    fields = {row["Variable / Field Name"]: row for row in dictionary(redcap.export(form))}
    branching = "Branching Logic (Show field only if...)"

    assert book["outcome"]["relevant"] == "position(..) <= 5"
    assert book["mechanism"]["relevant"] == "position(..) <= 5 and ${outcome} != ''"
    assert [lime[f"outcome{number}"]["relevance"] for number in (1, 2)] == [
        "1",
        "!is_empty(outcome1.NAOK)",
    ]
    assert lime["mechanism2"]["relevance"] == "!is_empty(outcome2.NAOK)"
    assert fields["outcome5"][branching] == "[outcome4] <> ''"
    assert not {"outcome6", "outcome"} & (lime.keys() | fields.keys())


def test_a_limesurvey_file_begins_with_its_mark_and_an_unquoted_header(form):
    file = limesurvey.export(form)

    head = file.split(b"\n")[0].decode("utf-8-sig")
    assert file.startswith(b"\xef\xbb\xbfid\trelated_id\tclass\t")
    assert head.startswith(LIMESURVEY + "\t")
    assert '"' not in head
    assert b"\r" not in file
    assert file.endswith(b"\n")
    assert {line.count(b"\t") for line in file.split(b"\n")[:-1]} == {head.count("\t")}


@common
@given(forms())
def test_limesurvey_has_the_first_language_complete_and_the_others_alike(form):
    rows = structure(limesurvey.export(form))
    kinds = [kind for kind, _ in groupby(row["class"] for row in rows)]
    asked = [row for row in rows if row["class"] in ("G", "Q", "SQ", "A")]
    by_language = [
        (language, list(found)) for language, found in groupby(asked, lambda row: row["language"])
    ]
    same = ("id", "class", "type/scale", "name", "relevance", "mandatory")

    assert kinds[:3] == ["S", "SL", "G"]
    assert [language for language, _ in by_language] == list(form.languages)
    shapes = [
        [
            [row[column] for column in same if (row["class"], column) != ("G", "name")]
            for row in found
        ]
        for _, found in by_language
    ]
    assert all(shape == shapes[0] for shape in shapes)
    numbers = [row["id"] for row in by_language[0][1] if row["class"] in ("Q", "SQ")]
    assert numbers == [str(number) for number in range(1, len(numbers) + 1)]


@common
@given(forms())
def test_limesurveys_rules_for_codes_are_kept(form):
    rows = structure(limesurvey.export(form))
    base = [row for row in rows if row["language"] == form.languages[0]]
    titles = [row["name"] for row in base if row["class"] == "Q"]
    under: dict[str, list[tuple[str, str]]] = {}
    for row in base:
        if row["class"] == "Q":
            title = row["name"]
        elif row["class"] in ("SQ", "A"):
            under.setdefault(title, []).append((row["class"], row["name"]))

    assert len(titles) == len(set(titles))
    assert all(re.fullmatch("[a-z][a-z0-9]{0,19}", title) for title in titles)
    assert not {"self", "that", "this", "other", "time", "token", "id"} & set(titles)
    for found in under.values():
        assert len(found) == len(set(found))
        assert all(re.fullmatch("[a-z0-9]{1,20}", name) for _, name in found)
        assert all(len(name) <= 5 for kind, name in found if kind == "A")
        assert not {("SQ", "other"), ("SQ", "time")} & set(found)


@common
@given(forms())
def test_a_redcap_dictionary_has_its_columns_and_rules(form):
    file = redcap.export(form)
    rows = dictionary(file)
    names = [row["Variable / Field Name"] for row in rows]
    matrices = [(row["Matrix Group Name"], choices(row)) for row in rows]

    assert file.decode().startswith(REDCAP)
    assert (names[0], rows[0]["Field Type"]) == ("record_id", "text")
    assert {row["Form Name"] for row in rows} == {form.code.replace("-", "_")}
    assert len(names) == len(set(names))
    assert all(re.fullmatch("[a-z][a-z0-9_]{0,25}", name) for name in names)
    together = [name for name, _ in groupby(name for name, _ in matrices) if name]
    assert len(together) == len(set(together)), "the rows of a table stand together"
    for name in together:
        assert len({str(offered) for of, offered in matrices if of == name}) == 1
    for row in rows:
        codes = [code for code, _ in choices(row)]
        assert len(codes) == len(set(codes))
        assert all(re.fullmatch("[a-z0-9_]+", code) for code in codes)
        named = re.findall(r"\[([a-z0-9_]+)", row["Branching Logic (Show field only if...)"])
        assert set(named) <= set(names)


def test_a_redcap_dictionary_is_in_one_language_with_the_same_names_and_codes_in_each():
    form = BUILT_IN["carer"]
    english, welsh = dictionary(redcap.export(form)), dictionary(redcap.export(form, language="cy"))
    own = ("Variable / Field Name", "Field Type", "Branching Logic (Show field only if...)")

    assert [[row[name] for name in own] for row in english] == [
        [row[name] for name in own] for row in welsh
    ]
    for one, other in zip(english, welsh, strict=True):
        assert [code for code, _ in choices(one)] == [code for code, _ in choices(other)]
    labels = [row["Field Label"] for row in welsh]
    assert "Pa ganlyniadau sydd bwysicaf, yn eich barn chi?" not in labels
    assert any("Oes gennych" in label or "eich bywyd" in label for label in labels)


def test_no_text_is_taken_for_a_formula_an_expression_or_a_reference():
    outcomes = [PutOutcome(one.id, {"en": HOSTILE, "cy": "=1+1"}) for one in OUTCOMES]
    form = building.of_ranking(outcomes, CONTACT)
    book = sheets(xlsform.export(form))
    lime = limesurvey.export(form).decode()
    fields = dictionary(redcap.export(form))

    assert converted(form)[1] == []
    labels = [row["label::Cymraeg (cy)"] for row in book["choices"]]
    assert "=1+1" in labels
    said = [row["text"] for row in structure(lime.encode()) if "quoted" in row["text"]]
    assert said
    assert all(not set("{}\t\r\n\\<") & set(text.replace("<br />", "")) for text in said)
    top = next(row for row in fields if row["Variable / Field Name"] == "top")
    assert len(choices(top)) == 2
    assert "[" not in top["Choices, Calculations, OR Slider Labels"]
