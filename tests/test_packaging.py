"""The installed command needs no checkout: its migrations and its contract come with it."""

import json
import os
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

from app.storage import schema

ROOT = Path(__file__).parent.parent
# Runs both commands in one process that finds the service in the wheel alone.
COMMANDS = """
import sys
from app import cli

sys.exit(cli.main(["migrate"]) or cli.main(["openapi"]))
"""


@pytest.fixture(scope="module")
def wheel(tmp_path_factory):
    """The wheel, built as an installer would."""
    folder = tmp_path_factory.mktemp("wheel")
    build = [sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", str(folder)]
    subprocess.run(build, cwd=ROOT, check=True, capture_output=True)
    (made,) = folder.glob("*.whl")
    with zipfile.ZipFile(made) as opened:
        yield opened


def sources(folder):
    """The files of a folder, without what Python leaves behind."""
    files = (file for file in (ROOT / folder).rglob("*") if file.is_file())
    return {str(file.relative_to(ROOT)) for file in files if "__pycache__" not in file.parts}


def test_the_wheel_holds_the_service_its_migrations_and_its_contract_and_nothing_else(wheel):
    names = {name for name in wheel.namelist() if ".dist-info/" not in name}

    shipped = {f"app/_shipped/{name}" for name in sources("migrations") | sources("openapi")}
    assert names == sources("app") | shipped


def test_the_wheel_brings_the_command_and_the_licence(wheel):
    names = {name.split(".dist-info/")[-1] for name in wheel.namelist()}

    assert {"entry_points.txt", "licenses/LICENSE"} <= names


def test_the_installed_command_migrates_and_prints_the_contract_anywhere(wheel, tmp_path):
    wheel.extractall(tmp_path / "installed")
    environment = {"POET_HOME": str(tmp_path / "home"), "PATH": os.environ["PATH"]}

    done = subprocess.run(
        [sys.executable, "-c", COMMANDS],
        cwd=tmp_path / "installed",
        env=environment,
        capture_output=True,
        text=True,
        check=True,
    )

    revision, contract = done.stdout.split("\n", 1)
    assert revision == schema.newest()
    assert json.loads(contract)["paths"]
