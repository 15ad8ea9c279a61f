"""The guides that come with the service."""

import json
from typing import Any

from app.errors import NotFound
from app.storage.schema import shipped


def guides() -> list[str]:
    """The names of the guides."""
    return sorted(path.stem for path in (shipped("openapi") / "guides").glob("*.md"))


def guide(name: str) -> str:
    """The text of one guide, in Markdown.

    Raises:
        NotFound: There is none with this name.
    """
    if name not in guides():
        raise NotFound
    return (shipped("openapi") / "guides" / f"{name}.md").read_text(encoding="utf-8")


def examples() -> dict[str, Any]:
    """One recorded call of each operation: its request, and its reply."""
    path = shipped("openapi") / "examples.json"
    return json.loads(path.read_text(encoding="utf-8")) if path.exists() else {}
