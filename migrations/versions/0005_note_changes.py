"""Note when what machines read was last changed; what is there counts as changed now."""

from datetime import UTC, datetime

import sqlalchemy as sa
from alembic import op

revision = "0005_note_changes"
down_revision = "0004_call_webhooks"

COLUMNS = {
    "partnerships": "updated_at",
    "evaluations": "updated_at",
    "instruments": "published_at",
    "outcomes": "updated_at",
    "evidence": "updated_at",
    "actions": "updated_at",
    "reports": "updated_at",
}


def upgrade():
    now = datetime.now(UTC)
    for table, name in COLUMNS.items():
        column = sa.Column(
            name,
            sa.DateTime(timezone=True),
            server_default="1970-01-01 00:00:00+00",
            nullable=False,
        )
        op.add_column(table, column)
        # SQLite would make the table anew, and drop what refers to it with the old one. Nothing
        # relies on the default there either: whoever leaves the column out writes NULL.
        if op.get_bind().dialect.name == "postgresql":
            op.alter_column(table, name, server_default=None)
        named = sa.table(table, sa.column(name, sa.DateTime(timezone=True)))
        op.execute(sa.update(named).values({name: now}))


def downgrade():
    for table, name in COLUMNS.items():
        op.drop_column(table, name)
