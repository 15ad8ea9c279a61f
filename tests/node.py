"""Node.js and what npm brings, for the tests that try the service with other people's tools.

Packages are fetched once into a folder of the user's cache, outside the repository. Where Node is
missing, or npm cannot fetch, a test is skipped and says so; with `NOTHING_SKIPPED=1` in the
environment it fails instead.
"""

import fcntl
import os
import shutil
import subprocess
from pathlib import Path

import pytest

CACHE = Path(os.environ.get("XDG_CACHE_HOME", Path.home() / ".cache")) / "poet-tests"
SURVEYJS = ("survey-core@2.5.38", "survey-js-ui@2.5.38")
FETCH_SECONDS = 300


def do_without(reason):
    """Skip a test for lack of a tool, unless nothing may be skipped."""
    if os.environ.get("NOTHING_SKIPPED"):
        pytest.fail(reason)
    pytest.skip(reason)


def needed(*commands):
    """The paths of commands; without one of them the test is skipped."""
    for command in commands:
        if not shutil.which(command):
            do_without(f"{command} is not installed")
    return [shutil.which(command) for command in commands]


def packages(*wanted):
    """The `node_modules` folder with these packages, each `name@version`."""
    _, npm = needed("node", "npm")
    CACHE.mkdir(parents=True, exist_ok=True)
    folder = CACHE / "-".join(sorted(wanted)).replace("/", "_")
    with (CACHE / "lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not folder.exists():
            _fetch(npm, wanted, folder)
    return folder / "node_modules"


def _fetch(npm, wanted, folder):
    """Install into a folder beside, which takes its place when it is whole."""
    beside = folder.with_name(f"{folder.name}.part")
    shutil.rmtree(beside, ignore_errors=True)
    options = ["--no-save", "--ignore-scripts", "--no-audit", "--no-fund"]
    command = [npm, "install", "--prefix", beside, *options, *wanted]
    done = subprocess.run(
        command, capture_output=True, text=True, timeout=FETCH_SECONDS, check=False
    )
    if done.returncode:
        do_without(f"npm could not fetch {', '.join(wanted)}: {done.stderr[-300:]}")
    beside.rename(folder)
