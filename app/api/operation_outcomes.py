"""What is said under /fhir of a request that failed, and of an answer that was taken."""

import json
import re
from collections.abc import Sequence
from typing import Any, Literal

from pydantic import BaseModel, Field

from app.errors import (
    AppError,
    Conflict,
    Fault,
    Forbidden,
    Gone,
    IdempotencyKeyMissing,
    Invalid,
    KeyReused,
    Malformed,
    MethodNotAllowed,
    NotAcceptable,
    NotFound,
    NothingAnswered,
    RateLimited,
    TooLarge,
    Unauthenticated,
    Unavailable,
    Unsupported,
)

# FHIR's own words for why something failed; the nearest class of a refusal counts.
_ISSUES: dict[type[AppError], str] = {
    IdempotencyKeyMissing: "required",
    KeyReused: "duplicate",
    NothingAnswered: "required",
    Malformed: "structure",
    Unauthenticated: "login",
    Forbidden: "forbidden",
    NotFound: "not-found",
    MethodNotAllowed: "not-supported",
    NotAcceptable: "not-supported",
    Conflict: "business-rule",
    Gone: "expired",
    TooLarge: "too-long",
    Unsupported: "not-supported",
    Invalid: "invalid",
    RateLimited: "throttled",
    Unavailable: "transient",
}
_FAULTS = {
    "required": "required",
    "unknown-question": "not-found",
    "unknown-value": "code-invalid",
    "another-system": "code-invalid",
    "another-version": "conflict",
    "off-scale": "value",
    "too-long": "too-long",
    "answered-twice": "duplicate",
    "not-asked": "business-rule",
    "not-completed": "business-rule",
    "points-sum": "invariant",
    "not-supported": "not-supported",
    "unknown-field": "structure",
    "wrong-type": "structure",
    "misplaced": "structure",
    "not-a-question": "structure",
    "too-many": "structure",
}
_IN_A_RESPONSE = re.compile(r"/(item|status|questionnaire|implicitRules|modifierExtension)\b")


class Coding(BaseModel):
    """A code of this service."""

    system: str
    code: str = Field(description="Stable; branch on it.")


class Details(BaseModel):
    """The same in a code and in words."""

    coding: list[Coding]
    text: str


class Issue(BaseModel):
    """One thing that is to be said."""

    severity: Literal["fatal", "error", "information"]
    code: str = Field(description="One of FHIR's issue types.")
    details: Details
    diagnostics: str | None = Field(
        default=None, description="A JSON Pointer into the body, a receipt, or more about it."
    )
    expression: list[str] | None = Field(default=None, description="The place in FHIRPath.")


class OperationOutcome(BaseModel):
    """What became of a request."""

    resourceType: Literal["OperationOutcome"] = "OperationOutcome"  # noqa: N815
    issue: list[Issue]

    def document(self) -> dict[str, Any]:
        """The resource, without what is empty: FHIR knows no null."""
        return self.model_dump(exclude_none=True)


def refused(refusal: AppError, *, language: str, base: str) -> OperationOutcome:
    """What is said of a refused request: one issue, or one for each fault of a body.

    Args:
        refusal: Why.
        language: Of what is said.
        base: The public address of the service.
    """
    kind = next(_ISSUES[one] for one in type(refusal).__mro__ if one in _ISSUES)
    codes = _coding(f"{base}/problems", refusal.code())
    if refusal.faults:
        return OperationOutcome(issue=[_fault(codes, fault) for fault in refusal.faults])
    facts = json.dumps(refusal.facts, ensure_ascii=False) if refusal.facts else None
    details = Details(coding=codes, text=refusal.in_language(language))
    issue = Issue(severity="error", code=kind, details=details, diagnostics=facts)
    return OperationOutcome(issue=[issue])


def broken(*, base: str) -> OperationOutcome:
    """What is said when something fails that should not."""
    text = "Something went wrong here. It may be sent again, an answer with the same key."
    details = Details(coding=_coding(f"{base}/problems", "internal-error"), text=text)
    return OperationOutcome(issue=[Issue(severity="fatal", code="exception", details=details)])


def taken(code: str, text: str, *, receipt: str | None, stripped: Sequence[str], base: str) -> Any:
    """What is said of an answer that is good, and of what was left behind of it."""
    system = f"{base}/guides/exchange"
    says = [(code, text, receipt)]
    if stripped:
        text = "What could tell who answered was left behind: diagnostics names it."
        says.append(("stripped", text, ", ".join(stripped)))
    return OperationOutcome(
        issue=[
            Issue(
                severity="information",
                code="informational",
                details=Details(coding=_coding(system, said), text=words),
                diagnostics=more,
            )
            for said, words, more in says
        ]
    )


def _fault(codes: list[Coding], fault: Fault) -> Issue:
    own = _coding(codes[0].system, fault.code)
    place = _expression(fault.pointer)
    return Issue(
        severity="error",
        code=_FAULTS.get(fault.code, "invalid"),
        details=Details(coding=[*codes, *own], text=fault.detail),
        diagnostics=fault.pointer or None,
        expression=[place] if place else None,
    )


def _coding(system: str, code: str) -> list[Coding]:
    return [Coding(system=system, code=code)]


def _expression(pointer: str) -> str | None:
    """A pointer into a QuestionnaireResponse in FHIRPath, where a value has no type in its name."""
    if not _IN_A_RESPONSE.match(pointer):
        return None
    members = re.sub(r"/(\d+)", r"[\1]", pointer).replace("/", ".")
    return "QuestionnaireResponse" + re.sub(r"\.value[A-Z]\w*", ".value", members)
