"""What in a text looks as if it names somebody is held back until a person has read it."""

import pytest

from app.use_cases.names import looks_named

PARTNERS = ["Northshire NHS Trust", "Mind in Northshire", "Cyngor Sir Ddinbych"]

NAMED = [
    "We depend on Margaret for this.",
    "Margaret helped us.",
    "It went well. Siân was there.",
    "ask MARGARET",
    "It works because of margaret.jones@example.org",
    "write to m.jones+poet@nhs.net, please",
    "ring 0300 123 4567",
    "ring (01632) 960 001 after four",
    "her mobile is 07700 900123",
    "call +44 7700 900123",
    "call 07700-900-123",
    "the patient 943 476 5919 was sent home",
    "the patient 9434765919 was sent home",
    "the patient 943-476-5919 was sent home",
    "ask Dr. Evans",
    "ask dr evans",
    "mrs jones was left alone",
    "the meeting with Sister Bernadette",
    "since Tom left, nothing works",
    "the team of O'Brien is best",
    "because Mary-Jane said so",
    "our manager (Susan) decides",
    "our manager, “Susan”, decides",
    "our manager - Susan - decides",
    "the one who decides: Susan",
    "it is Susan's turn",
    "people in Wrexham wait",
    "mae Siân yn gwybod",
    "roedd Dr Huws yno",
    "diolch i Gwenllian am bopeth",
    "nid oedd Ŵyn yno",
    "A name, then.\nWe asked Peter",
]

PLAIN = [
    "",
    "people stay at home for longer",
    "People stay at home for longer.",
    "People stay at home. They are glad. Nobody waits!",
    "Is it right? We think so.",
    "- Visits together\n- One plan\n• One record",
    "1. Visits\n2. Plans",
    "“We are glad.” (Not all are.)",
    "I think that I am heard",
    "the NHS and the GPs in Wales, since Monday or March",
    "a Care Act assessment by the Health Board",
    "a Blue Badge before Christmas",
    "staff of Mind in Northshire meet those of the Northshire NHS Trust",
    "it takes 12 weeks, 3 visits and 1,200 pounds",
    "a number with ten digits, 943 476 5918, that is no NHS number",
    "in 2026-2027 we served 1,000 to 2,000 people",
    "Mae pobl yn aros gartref yn hwy. Nid oes neb yn aros.",
    "gwelwn bobl ddydd Llun yng Nghymru",
    "staff Cyngor Sir Ddinbych a'r Bwrdd",
    "yn Gymraeg neu yn Saesneg",
]


@pytest.mark.parametrize("text", NAMED)
def test_a_text_that_seems_to_name_somebody_is_noticed(text):
    assert looks_named([text], known=PARTNERS)


@pytest.mark.parametrize("text", PLAIN)
def test_a_text_that_names_nobody_is_let_through(text):
    assert not looks_named([text], known=PARTNERS)


def test_one_text_of_several_is_enough():
    assert looks_named(["people are well", "ask Tom or me, said Tom"])
    assert not looks_named(["people are well", "people are heard"])
    assert not looks_named([])


def test_a_partner_is_nobody_in_particular_but_only_where_it_is_a_partner():
    for text in ("we met those of Barnardo's twice", "we met Barnardo’s staff"):
        assert looks_named([text])
        assert not looks_named([text], known=["Barnardo's in Northshire"])
