"""Keep the names of the ledgers of backups."""

import sqlalchemy as sa
from alembic import op

revision = "0003_name_ledgers"
down_revision = "0002_keep_benchmarks"


def upgrade():
    op.create_table(
        "ledgers",
        sa.Column("name", sa.String(), nullable=False),
        sa.PrimaryKeyConstraint("name", name=op.f("pk_ledgers")),
    )


def downgrade():
    op.drop_table("ledgers")
