"""What a QuestionnaireResponse may hold: what is read, what is left behind, what is a mistake."""

from collections.abc import Collection, Iterator
from typing import Any

from app.errors import nameable
from app.formats.sheet import Sheet

_READ = ("resourceType", "questionnaire", "status", "item")
# Whatever says who answered, when, where, for whom or with what; none of it is kept.
_LEFT = frozenset(
    (
        *("id", "meta", "language", "text", "contained", "extension", "identifier", "basedOn"),
        *("partOf", "subject", "encounter", "authored", "author", "source"),
    )
)
_INSIDE = frozenset(["id", "extension"])
# Translations of our own words, copied out of the Questionnaire.
_OUR_WORDS = ("_text", "_display")
# These may turn the meaning of what they stand in around, so that they cannot be left behind.
_CHANGING = ("modifierExtension", "implicitRules")


class Parts:
    """Goes through the members of a resource, notes faults and what is left behind."""

    def __init__(self, sheet: Sheet) -> None:
        self._sheet = sheet

    def top(self, document: Any) -> bool:
        """Whether a document can be read as the resource that it should be."""
        if not isinstance(document, dict):
            self._sheet.fault("", "wrong-type", "This is not a resource.")
            return False
        if document.get("resourceType") != "QuestionnaireResponse":
            self._sheet.fault(
                "/resourceType", "unknown-value", "This is not a QuestionnaireResponse."
            )
            return False
        for name in document:
            self._member(name, "", _READ, _LEFT, "")
        return True

    def members(self, value: Any, pointer: str, read: Collection[str], name: str) -> bool:
        """Whether a part of the resource is an object; each of its members is looked at."""
        if not isinstance(value, dict):
            self._sheet.fault(pointer, "wrong-type", "This is not an object.")
            return False
        for member in value:
            self._member(member, pointer, read, _INSIDE, f"{name}.")
        return True

    def each(self, values: Any, pointer: str) -> Iterator[tuple[str, Any]]:
        """The parts of a list that may be missing, with their pointers."""
        if values is not None and not isinstance(values, list):
            self._sheet.fault(pointer, "wrong-type", "This is not a list.")
            return
        for number, value in enumerate(values or []):
            yield f"{pointer}/{number}", value

    def _member(
        self,
        name: str,
        pointer: str,
        read: Collection[str],
        left: Collection[str],
        within: str,
    ) -> None:
        primitive = name.removeprefix("_")
        if within and name in _OUR_WORDS:
            return
        if name in left or (name != primitive and primitive in (*read, *left)):
            self._leave(within + name)
        elif name in _CHANGING:
            self._sheet.fault(
                f"{pointer}/{name}", "not-supported", "Nothing here may change meanings."
            )
        elif name not in read:
            known = nameable(name)
            where = f"{pointer}/{name}" if known else pointer
            self._sheet.fault(where, "unknown-field", "There is no such member.")

    def _leave(self, name: str) -> None:
        if name not in self._sheet.stripped:
            self._sheet.stripped.append(name)
