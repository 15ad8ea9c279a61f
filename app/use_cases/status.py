"""Can the service do its work?"""

from app.errors import Unavailable
from app.storage import schema
from app.storage.database import Database


def ready(database: Database) -> str:
    """The schema revision of a database that can be written.

    Raises:
        Unavailable: It cannot be written, or its schema is not this version's.
    """
    database.probe()
    found = schema.current(database)
    if found is None or found != schema.newest():
        raise Unavailable("The database has the schema of another version.")
    return found
