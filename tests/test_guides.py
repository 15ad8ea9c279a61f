"""The guides tell the truth: what they list is what there is."""

import re
from pathlib import Path

import pytest

from app.api.problems import every_refusal
from app.settings import PREFIX, Settings
from app.storage import tables
from app.storage.database import Table

GUIDES = Path(__file__).parent.parent / "openapi" / "guides"


def guide(name):
    return (GUIDES / f"{name}.md").read_text(encoding="utf-8")


def test_the_anonymity_guide_lists_every_stored_field_and_why_and_how_long():
    rows = re.findall(r"^\| `(\w+\.\w+)` \| (.+?) \| (.+?) \|$", guide("anonymity"), re.MULTILINE)
    stored = {f"{table.name}.{column.name}" for table in _all_tables() for column in table.columns}

    listed = {field for field, _, _ in rows}

    assert listed - {"alembic_version.version_num"} == stored
    assert len(rows) == len(listed), "each field once"


def test_the_operating_guide_lists_every_setting():
    text = guide("operating")

    assert [name for name in Settings.model_fields if f"{PREFIX}{name.upper()}" not in text] == []


@pytest.mark.parametrize("path", sorted(GUIDES.glob("*.md")), ids=lambda path: path.stem)
def test_a_problem_code_that_a_guide_names_exists(path):
    known = {kind.code() for kind in every_refusal()}

    named = set(re.findall(r"/problems/([a-z-]+)", path.read_text(encoding="utf-8")))

    assert named <= known


@pytest.mark.parametrize("path", sorted(GUIDES.glob("*.md")), ids=lambda path: path.stem)
def test_a_file_that_a_guide_names_exists(path):
    root = GUIDES.parent.parent

    named = set(re.findall(r"`((?:app|tests)/[\w/]+\.(?:py|csv|json))`", path.read_text("utf-8")))

    assert [name for name in named if not (root / name).exists()] == []


def _all_tables():
    assert tables.Token.__tablename__ == "tokens"  # importing the package registers every table
    return Table.metadata.sorted_tables
