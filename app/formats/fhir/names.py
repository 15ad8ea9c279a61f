"""How the parts of a form are called in FHIR."""

from app.formats.form import Question, Section

STRUCTURES = "http://hl7.org/fhir/StructureDefinition/"
INTRO = "intro-to-it-all"
# What a question of each kind is, and where its answer stands.
TYPES = {"one": "choice", "several": "choice", "text": "text", "points": "integer"}
VALUES = {
    "one": "valueCoding",
    "several": "valueCoding",
    "text": "valueString",
    "points": "valueInteger",
}


def group(section: Section) -> str:
    """The link of a section; a question's own link is its name, which has no hyphen."""
    return f"section-{section.code}"


def intro(section: Section) -> str:
    """The link of what is read before a section's questions."""
    return f"intro-to-{section.code}"


def help_to(question: Question) -> str:
    """The link of what helps to answer a question."""
    return f"help-to-{question.name}"


def system(url: str, options: str) -> str:
    """The code system of a list of options."""
    return f"{url}/{options}"
