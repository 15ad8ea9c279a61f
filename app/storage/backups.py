"""Copies of the whole database, and putting one back."""

import shutil
import sqlite3
import subprocess
from contextlib import closing
from pathlib import Path

_SQLITE = "sqlite:///"


class BackupFailed(Exception):
    """The copy was not made, or not put back; the message says why."""


def ready(url: str, file: Path) -> None:
    """See whether the database can be copied to `file`.

    Raises:
        BackupFailed: The file exists, or there is nothing to copy.
    """
    if file.exists():
        raise BackupFailed(f"{file} exists")
    if url.startswith(_SQLITE) and not Path(url.removeprefix(_SQLITE)).exists():
        raise BackupFailed("there is no database yet")


def backup(url: str, file: Path) -> None:
    """Copy the database to `file` while the service runs.

    Raises:
        BackupFailed: The file exists, or the copy failed.
    """
    ready(url, file)
    file.touch(mode=0o600)
    try:
        if url.startswith(_SQLITE):
            _copy(Path(url.removeprefix(_SQLITE)), file)
        else:
            _run("pg_dump", "--format=custom", f"--file={file}", f"--dbname={url}")
    except BackupFailed:
        file.unlink()
        raise


def found(file: Path) -> Path:
    """A backup that is there.

    Raises:
        BackupFailed: It is not.
    """
    if not file.exists():
        raise BackupFailed(f"{file} is not there")
    return file


def restore(url: str, file: Path) -> None:
    """Put the database back as `file` has it; nobody may be using it.

    Raises:
        BackupFailed: There is no such file, or it cannot be put back.
    """
    found(file)
    if url.startswith(_SQLITE):
        target = Path(url.removeprefix(_SQLITE))
        target.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        _copy(file, target)
        return
    _run(
        "pg_restore",
        *("--clean", "--if-exists", "--exit-on-error", "--single-transaction"),
        f"--dbname={url}",
        str(file),
    )


def _copy(source: Path, target: Path) -> None:
    try:
        with closing(sqlite3.connect(source)) as read, closing(sqlite3.connect(target)) as written:
            read.backup(written)
    except sqlite3.Error as failure:
        raise BackupFailed(f"SQLite refused: {type(failure).__name__}") from None


def _run(program: str, *arguments: str) -> None:
    if shutil.which(program) is None:
        raise BackupFailed(f"{program} is not installed; PostgreSQL's client tools have it")
    done = subprocess.run([program, *arguments], capture_output=True, check=False)
    if done.returncode:
        said = done.stderr.decode(errors="replace").strip().splitlines()
        raise BackupFailed(f"{program} failed: {said[-1] if said else done.returncode}")
