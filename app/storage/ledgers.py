"""Ledgers: what was withdrawn, revoked or closed since a backup, where no restore undoes it.

Each backup has a ledger: a private file of marks, one a line, sorted, so that it keeps no order of
arrival. Whoever changes something notes its mark in the session; it is on disk in every ledger
before the change is committed. So a ledger may name what failed to be committed, and never lacks
what was. The database knows the names of the ledgers: a folder that is not there is noticed.
"""

import os
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from sqlalchemy import delete, insert, select, text
from sqlalchemy.orm import Session

from app.errors import Unavailable
from app.storage.backups import BackupFailed
from app.storage.tables import Ledger

_NOTED = "marks"
_SUFFIX = ".ledger"


def note(session: Session, *marks: bytes) -> None:
    """Add marks to every ledger when this session is committed."""
    session.info.setdefault(_NOTED, set()).update(marks)


@dataclass(frozen=True)
class Ledgers:
    """The folder of the ledgers."""

    folder: Path

    def keep(self, session: Session) -> None:
        """Write what was noted into every ledger, just before the session is committed.

        Raises:
            Unavailable: A ledger is missing or cannot be written; nothing must be committed.
        """
        marks = session.info.pop(_NOTED, None)
        if not marks:
            return
        session.flush()
        _hold(session)
        try:
            for name in _names(session):
                self._write(name, marks | self.marks(name))
        except (OSError, BackupFailed) as failure:
            raise Unavailable from failure

    def begin(self, session: Session, name: str, marks: Iterable[bytes]) -> None:
        """Begin a ledger; a backup that is made after the commit is covered by it.

        Raises:
            BackupFailed: There is one of this name, or it cannot be written.
        """
        _hold(session)
        if not name or Path(name).name != name:
            raise BackupFailed("a ledger cannot have this name")
        if name in _names(session) or self._path(name).exists():
            raise BackupFailed(f"there is a ledger named {name}: give the backup another name")
        try:
            self.folder.mkdir(mode=0o700, parents=True, exist_ok=True)
            self._write(name, marks)
        except OSError as failure:
            raise BackupFailed(f"the ledger cannot be written: {failure.strerror}") from failure
        session.execute(insert(Ledger), [{"name": name}])

    def end(self, session: Session, name: str) -> None:
        """Keep a ledger up to date no longer.

        Raises:
            BackupFailed: There is no such ledger.
        """
        _hold(session)
        if name not in _names(session) and name not in self._there():
            raise BackupFailed(f"there is no ledger named {name}")
        session.execute(delete(Ledger).where(Ledger.name == name))

    def destroy(self, name: str) -> None:
        """Remove the file of a ledger that was ended."""
        self._path(name).unlink(missing_ok=True)

    def adopt(self, session: Session) -> None:
        """Keep every ledger up to date that lies in the folder, whatever the database knew."""
        session.execute(delete(Ledger))
        if names := self._there():
            session.execute(insert(Ledger), [{"name": name} for name in names])

    def marks(self, name: str) -> set[bytes]:
        """What a ledger says.

        Raises:
            BackupFailed: It is not there, or it is no ledger.
        """
        try:
            lines = self._path(name).read_text(encoding="ascii").splitlines()
            return {bytes.fromhex(line) for line in lines}
        except (OSError, ValueError):
            raise BackupFailed(f"there is no ledger named {name} in {self.folder}") from None

    def all_marks(self) -> set[bytes]:
        """What all ledgers say together."""
        return {mark for name in self._there() for mark in self.marks(name)}

    def missing(self, session: Session) -> list[str]:
        """The ledgers that the database knows and the folder lacks."""
        return sorted(set(_names(session)) - set(self._there()))

    def _there(self) -> list[str]:
        files = self.folder.glob(f"*{_SUFFIX}")
        return sorted(file.name.removesuffix(_SUFFIX) for file in files)

    def _path(self, name: str) -> Path:
        return self.folder / f"{name}{_SUFFIX}"

    def _write(self, name: str, marks: Iterable[bytes]) -> None:
        """Put a ledger in the place of the one before: whole, or not at all."""
        draft = self._path(name).with_suffix(".draft")
        draft.unlink(missing_ok=True)
        descriptor = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(descriptor, "w", encoding="ascii") as file:
            file.writelines(f"{mark.hex()}\n" for mark in sorted(marks))
            file.flush()
            os.fsync(descriptor)
        # When something was last withdrawn is nobody's business.
        os.utime(draft, (0, 0))
        draft.replace(self._path(name))
        folder = os.open(self.folder, os.O_RDONLY)
        try:
            os.fsync(folder)
        finally:
            os.close(folder)


def _names(session: Session) -> list[str]:
    return list(session.scalars(select(Ledger.name).order_by(Ledger.name)))


def _hold(session: Session) -> None:
    """One at a time, until the commit: a backup begins before a change or after it.

    SQLite has one writer anyway. Dumps are not held up.
    """
    if session.get_bind().dialect.name == "postgresql":
        session.execute(text("LOCK TABLE ledgers IN SHARE ROW EXCLUSIVE MODE"))
