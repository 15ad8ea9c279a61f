"""Promises about the code as a whole: who imports whom, how long and how named files are.

The contracts stand in `pyproject.toml`; each is shown to bite by an import that breaks it alone.
"""

import shutil
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
PYTHON = sorted(file for folder in ("app", "tests") for file in (ROOT / folder).rglob("*.py"))
LONGEST_FILE = 300
TOP_LEVEL = {
    *("app", "migrations", "openapi", "tests"),
    *("Dockerfile", "alembic.ini", "pyproject.toml", "uv.lock", "README.md", "LICENSE"),
}
# Each is a place where names stop explaining.
SAYS_NOTHING = {"utils", "util", "helpers", "common", "core", "base", "constants", "misc"}

BREACHES = [
    ("app/use_cases/planted.py", "app.api", "Imports point downwards"),
    ("app/storage/planted.py", "app.scoring", "Imports point downwards"),
    ("app/planted.py", "app.errors", "Imports point downwards"),
    ("app/scoring/planted.py", "os", "Scoring is pure"),
    ("app/scoring/planted.py", "app.errors", "Scoring is pure"),
    ("app/use_cases/planted.py", "sqlalchemy", "Only storage speaks SQL"),
    ("app/use_cases/planted.py", "fastapi", "Only the API and main speak FastAPI"),
    ("app/main.py", "uvicorn", "Only the command and the demonstration start a server"),
    ("app/use_cases/planted.py", "httpx", "Only the gateway and the demonstration call over HTTP"),
    ("app/gateways/planted.py", "httpx", "Only the gateway and the demonstration call over HTTP"),
    ("app/gateways/planted.py", "app.security", "Imports point downwards"),
    ("app/use_cases/planted.py", "hashlib", "Only security handles secrets"),
    ("app/security/planted.py", "jose", "Only one module trusts jose"),
    ("app/use_cases/planted.py", "numpy", "Only scoring computes"),
    ("app/api/planted.py", "app.storage", "The API reaches storage and scoring through use cases"),
    ("app/api/planted.py", "app.settings", "Settings are read by main and the command alone"),
]


def broken_contracts(folder):
    """The names of the contracts that the code in `folder` breaks."""
    linter = Path(sys.executable).with_name("lint-imports")
    done = subprocess.run(
        [linter, "--no-cache", "--config", "pyproject.toml"],
        cwd=folder,
        capture_output=True,
        text=True,
        check=False,
    )
    verdicts = [line.split(" BROKEN") for line in done.stdout.splitlines()]
    broken = {name for name, *rest in verdicts if rest}
    assert done.returncode == bool(broken), done.stdout + done.stderr
    return broken


@pytest.fixture
def copy(tmp_path):
    """The code and its contracts, to be broken."""
    shutil.copytree(ROOT / "app", tmp_path / "app", ignore=shutil.ignore_patterns("__pycache__"))
    shutil.copy(ROOT / "pyproject.toml", tmp_path)
    return tmp_path


def test_every_contract_holds():
    assert broken_contracts(ROOT) == set()


@pytest.mark.parametrize(("file", "imported", "contract"), BREACHES)
def test_an_import_out_of_place_breaks_its_contract(copy, file, imported, contract):
    with (copy / file).open("a") as source:
        source.write(f"\nimport {imported}\n")

    assert broken_contracts(copy) == {contract}


def test_every_contract_is_shown_to_bite():
    tools = tomllib.loads((ROOT / "pyproject.toml").read_text())["tool"]

    names = {contract["name"] for contract in tools["importlinter"]["contracts"]}

    assert names == {contract for _, _, contract in BREACHES}


def test_no_file_is_too_long_to_read_at_once():
    lengths = {str(file.relative_to(ROOT)): len(file.read_text().splitlines()) for file in PYTHON}

    assert {file for file, lines in lengths.items() if lines > LONGEST_FILE} == set()


def test_no_module_has_a_name_that_says_nothing():
    parts = {file: {*file.relative_to(ROOT).parent.parts, file.stem} for file in PYTHON}

    assert {file for file, names in parts.items() if names & SAYS_NOTHING} == set()


@pytest.mark.skipif(not (ROOT / ".git").exists(), reason="only a checkout knows its files")
def test_the_top_level_holds_what_was_agreed_and_nothing_else():
    kept = subprocess.run(["git", "ls-files"], cwd=ROOT, capture_output=True, text=True, check=True)

    names = {line.split("/")[0] for line in kept.stdout.splitlines()}

    assert {name for name in names if not name.startswith(".")} <= TOP_LEVEL
