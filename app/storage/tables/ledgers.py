"""Which backups have a ledger."""

from sqlalchemy.orm import Mapped, mapped_column

from app.storage.database import Table


class Ledger(Table):
    """A backup whose ledger has to be kept up to date; the ledger itself is a file elsewhere.

    What the database kept would be undone by restoring it. The name is here so that a folder that
    is missing is noticed.
    """

    __tablename__ = "ledgers"

    name: Mapped[str] = mapped_column(primary_key=True)
