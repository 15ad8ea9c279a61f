"""Keep what an evaluation gives to benchmarks, and the benchmark that it gets."""

import sqlalchemy as sa
from alembic import op

revision = "0002_keep_benchmarks"
down_revision = "0001_create_evaluations"


def upgrade():
    op.create_table(
        "benchmarks",
        sa.Column("evaluation_id", sa.Uuid(), nullable=False),
        sa.Column("strata", sa.JSON(), nullable=False),
        sa.Column("figures", sa.JSON(), nullable=True),
        sa.Column("shown", sa.JSON(), nullable=False),
        sa.Column("digest", sa.String(), nullable=False),
        sa.Column("body", sa.LargeBinary(), nullable=False),
        sa.ForeignKeyConstraint(
            ["evaluation_id"],
            ["evaluations.id"],
            name=op.f("fk_benchmarks_evaluation_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("evaluation_id", name=op.f("pk_benchmarks")),
    )


def downgrade():
    op.drop_table("benchmarks")
