"""A FHIR tool: answers what a Questionnaire asks, knowing nothing but the Questionnaire."""

import json

from fhir.resources.R4B import get_fhir_model_class

# Required bindings of R4 that the models do not check: where, which member, which codes.
BINDINGS = [
    ("linkId", "type", {"group", "display", "choice", "text", "integer"}),
    ("question", "operator", {"exists", "=", "!=", ">", "<", ">=", "<="}),
    ("enableWhen", "enableBehavior", {"all", "any"}),
    ("details", "severity", {"fatal", "error", "warning", "information"}),
    ("fhirVersion", "kind", {"instance", "capability", "requirements"}),
    ("fhirVersion", "fhirVersion", {"4.0.1"}),
    ("rest", "status", {"draft", "active", "retired", "unknown"}),
    ("searchParam", "type", {"Questionnaire"}),
    ("relation", "relation", {"self"}),
    ("mode", "mode", {"server", "match"}),
]
ISSUES = {
    *("invalid", "structure", "required", "value", "invariant", "security", "login", "unknown"),
    *("expired", "forbidden", "suppressed", "processing", "not-supported", "duplicate"),
    *("multiple-matches", "not-found", "deleted", "too-long", "code-invalid", "extension"),
    *("too-costly", "business-rule", "conflict", "transient", "lock-error", "no-store"),
    *("exception", "timeout", "incomplete", "throttled", "informational"),
}


def is_valid(resource):
    """Whether the models of the field take a resource, and its codes are R4's."""
    model = get_fhir_model_class(resource["resourceType"])
    read = model.model_validate(resource)
    assert json.loads(read.model_dump_json()) == json.loads(json.dumps(resource)), "nothing is lost"
    for part in parts(resource):
        for where, name, codes in [*BINDINGS, ("severity", "code", ISSUES)]:
            assert where not in part or name not in part or part[name] in codes, part
    return True


def parts(resource):
    """Every object in a resource."""
    if isinstance(resource, dict):
        yield resource
        for part in resource.values():
            yield from parts(part)
    elif isinstance(resource, list):
        for part in resource:
            yield from parts(part)


def questions(questionnaire):
    """Every item by its link."""
    return {part["linkId"]: part for part in parts(questionnaire) if "linkId" in part}


def respond(questionnaire, values, entries=None, *, flat=False, **members):
    """A response to a Questionnaire.

    Args:
        questionnaire: The resource.
        values: What is answered, by link.
        entries: What is answered in each repetition of a group, by its link.
        flat: Whether groups that are not repeated are left out.
        members: Of the resource, beside the usual.
    """
    items = []
    for item in questionnaire["item"]:
        if item.get("repeats") and item["type"] == "group":
            for entry in (entries or {}).get(item["linkId"], []):
                items.append({"linkId": item["linkId"], "item": _answered(item, entry)})
        elif item["type"] == "group" and (found := _answered(item, values)):
            items += found if flat else [{"linkId": item["linkId"], "item": found}]
    return {
        "resourceType": "QuestionnaireResponse",
        "questionnaire": f"{questionnaire['url']}|{questionnaire['version']}",
        "status": "completed",
        "item": items,
    } | members


def answer(item, value):
    """One answer to an item."""
    if item["type"] == "choice":
        offered = {one["valueCoding"]["code"]: one["valueCoding"] for one in item["answerOption"]}
        return {"valueCoding": offered[str(value)]}
    return {"valueInteger" if item["type"] == "integer" else "valueString": value}


def _answered(group, values):
    return [
        {"linkId": item["linkId"], "answer": _answers(item, values[item["linkId"]])}
        for item in group["item"]
        if item["linkId"] in values
    ]


def _answers(item, value):
    given = value if isinstance(value, list) else [value]
    return [answer(item, one) for one in given]
