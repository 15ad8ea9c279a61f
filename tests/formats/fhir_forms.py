"""Forms that the tests of FHIR export, and a response that they spoil."""

from app.formats import building, fhir
from app.instruments import built_in
from app.instruments.answers import Survey
from app.instruments.design import Contact, Design, Partner
from app.instruments.questionnaires import PutOutcome
from tests.formats.fhir_tool import respond

URL = "https://poet.example.org/fhir/R4/Questionnaire/form"
OUTCOME = "6f1c1e1c-7d2e-4a43-a2a5-0d7b8a0f0c11"


def staff_form():
    """The built-in survey as an evaluation in two languages asks it."""
    design = Design(instrument="poet-staff@1", languages=["en", "cy"])
    survey = Survey(built_in()["poet-staff@1"], design, ["council"])
    council = Partner(code="council", name="Northshire Council", sector="other", headcount=30)
    contact = Contact(safeguarding={"en": "Ring 2", "cy": "Ffoniwch 2"})
    return building.of_staff(survey, [], [council], contact, code="form")


def schedule_form():
    """The questions for service users about one outcome."""
    put = [PutOutcome(OUTCOME, {"en": "You stay at home", "cy": "Rydych yn aros gartref"})]
    return building.of_verification(put, "service_user")


def good_response(form):
    """A good response to the built-in survey."""
    values = {"trust1": 4, "trust2": "dont_know", "importance1": 10}
    entries = {"section-changes": [{"outcome": "Home"}, {"outcome": "Soon", "horizon": "1-3y"}]}
    return respond(fhir.export(form, url=URL), values, entries)


def place_of(document, link):
    """The item with this link, and the pointer to it."""
    waiting = [("/item", document["item"])]
    for pointer, items in waiting:
        for at, item in enumerate(items):
            if item["linkId"] == link:
                return item, f"{pointer}/{at}"
            waiting.append((f"{pointer}/{at}/item", item.get("item", [])))
    raise LookupError(link)
