"""The contract: OpenAPI 3.1, generated from the routes, with one recorded example a call."""

import json
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

Guides: [/guides](/guides). Every refusal is `application/problem+json`: [/problems](/problems).
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
        return _with_examples(made)

    app.openapi = document  # type: ignore[method-assign]

    @app.get("/openapi.json", include_in_schema=False)
    async def read_contract() -> dict[str, Any]:
        return document()


def text(app: FastAPI) -> str:
    """The contract as it is committed."""
    return json.dumps(app.openapi(), indent=1, ensure_ascii=False) + "\n"


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
    for media_type, content in holder.get("content", {}).items():
        if example is not None and media_type not in ("text/csv", "text/markdown"):
            content["example"] = example
