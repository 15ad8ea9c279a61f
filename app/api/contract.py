"""The contract: OpenAPI 3.1, generated from the routes, with one recorded example a call."""

import json
import re
from functools import cache
from typing import Any

from fastapi import FastAPI
from fastapi.openapi.utils import get_openapi

from app.use_cases.guides import examples

TITLE = "POET – Partnership Outcomes Evaluation Toolkit"
_DESCRIPTION = """\
POET evaluates health and social care partnerships in two steps: staff of every partner say how the
partnership is and which outcomes they work for; service users and carers say whether those are the
right outcomes and how far they are delivered. (It is not the Personal Outcomes Evaluation Tool.)

Guides: [/guides](/guides). Every refusal is `application/problem+json`: [/problems](/problems);
under `/fhir` it is an `OperationOutcome` with the same codes.
"""
_ORDER = (
    "Access",
    "Partnerships",
    "Instruments",
    "Evaluations",
    "Tokens",
    "Respondents",
    "Imports",
    "Outcomes",
    "Reports",
    "Actions",
    "FHIR",
    "Status",
    "Pages",
)


def contract(app: FastAPI) -> None:
    """Let `app` serve its contract at /openapi.json, made once."""

    @cache
    def document() -> dict[str, Any]:
        made = get_openapi(
            title=TITLE,
            version="1",
            openapi_version="3.1.0",
            description=_DESCRIPTION,
            routes=app.routes,
            tags=[{"name": name} for name in _ORDER],
        )
        return _with_examples(_with_names(made))

    app.openapi = document  # type: ignore[method-assign]

    @app.get("/openapi.json", include_in_schema=False)
    async def read_contract() -> dict[str, Any]:
        return document()


def text(app: FastAPI) -> str:
    """The contract as it is committed."""
    return json.dumps(app.openapi(), indent=1, ensure_ascii=False) + "\n"


def _with_names(document: dict[str, Any]) -> dict[str, Any]:
    """Give each schema a name of its own: generators of clients call their classes by it.

    A schema that stands in an operation goes to the components. What is sent and what is read of
    one model differ in their members and have one title, so the title becomes the name.
    """
    components = document.setdefault("components", {}).setdefault("schemas", {})
    for methods in document["paths"].values():
        for operation in methods.values():
            for holder in (operation.get("requestBody", {}), *operation["responses"].values()):
                for content in holder.get("content", {}).values():
                    if "schema" in content:
                        content["schema"] = _named(content["schema"], components)
    for name, schema in components.items():
        schema["title"] = re.sub(r"\W", "", name)
    return document


def _named(schema: dict[str, Any], components: dict[str, Any]) -> dict[str, Any]:
    """A reference to an object that has a name, once it is among the components."""
    if "items" in schema:
        return {**schema, "items": _named(schema["items"], components)}
    if "anyOf" in schema:
        return {**schema, "anyOf": [_named(part, components) for part in schema["anyOf"]]}
    name = schema.get("title", "")
    if schema.get("type") != "object" or not name.isidentifier():
        return schema
    parts = schema.get("$defs", {})
    own = {member: value for member, value in schema.items() if member != "$defs"}
    for part, known in {**parts, name: own}.items():
        if components.setdefault(part, known) != known:
            return schema
    return {"$ref": f"#/components/schemas/{name}"}


def _with_examples(document: dict[str, Any]) -> dict[str, Any]:
    """Put the recorded request and reply of each operation beside its schemas."""
    recorded = examples()
    for methods in document["paths"].values():
        for operation in methods.values():
            example = recorded.get(operation["operationId"], {})
            _show(operation.get("requestBody", {}), example.get("request"))
            for status, reply in operation["responses"].items():
                if status == example.get("status"):
                    _show(reply, example.get("reply"))
    return document


def _show(holder: dict[str, Any], example: Any) -> None:
    """Put an example into the first of the media types, in which it was recorded."""
    for content in list(holder.get("content", {}).values())[:1]:
        if example is not None:
            content["example"] = example
