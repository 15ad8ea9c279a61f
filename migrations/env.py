"""Runs migrations on the connection that it is given, or on the database that is set up."""

from alembic import context

from app.settings import Settings
from app.storage import schema, tables  # noqa: F401 - registers every table
from app.storage.database import Database, Table


def run(connection):
    context.configure(
        connection=connection,
        target_metadata=Table.metadata,
        render_as_batch=connection.dialect.name == "sqlite",
        compare_type=True,
    )
    with context.begin_transaction():
        context.run_migrations()


given = context.config.attributes.get("connection")
if given is not None:
    run(given)
else:
    with schema.alone(Database(Settings.from_environment().database)) as own:
        run(own)
