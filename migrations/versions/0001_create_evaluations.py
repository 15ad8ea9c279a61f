"""Create everything that one evaluation needs."""

import sqlalchemy as sa
from alembic import op

revision = "0001_create_evaluations"
down_revision = None


def upgrade():
    op.create_table(
        "accounts",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_accounts")),
        sa.UniqueConstraint("name", name=op.f("uq_accounts_name")),
    )
    op.create_table(
        "instruments",
        sa.Column("account_id", sa.Uuid(), nullable=False),
        sa.Column("code", sa.String(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("digest", sa.String(), nullable=False),
        sa.Column("document", sa.JSON(), nullable=False),
        sa.ForeignKeyConstraint(
            ["account_id"], ["accounts.id"], name=op.f("fk_instruments_account_id")
        ),
        sa.PrimaryKeyConstraint("account_id", "code", "version", name=op.f("pk_instruments")),
    )
    op.create_table(
        "partnerships",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("account_id", sa.Uuid(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("country", sa.String(), nullable=True),
        sa.Column("service_area", sa.String(), nullable=True),
        sa.Column("formed_on", sa.Date(), nullable=True),
        sa.Column("profile", sa.JSON(), nullable=False),
        sa.ForeignKeyConstraint(
            ["account_id"], ["accounts.id"], name=op.f("fk_partnerships_account_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_partnerships")),
    )
    op.create_index(
        op.f("ix_partnerships_account_id"), "partnerships", ["account_id"], unique=False
    )
    op.create_table(
        "clients",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("account_id", sa.Uuid(), nullable=False),
        sa.Column("partnership_id", sa.Uuid(), nullable=True),
        sa.Column("secret", sa.LargeBinary(), nullable=False),
        sa.Column("older_secret", sa.LargeBinary(), nullable=True),
        sa.Column("scopes", sa.JSON(), nullable=False),
        sa.Column("revoked", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(
            ["account_id"], ["accounts.id"], name=op.f("fk_clients_account_id")
        ),
        sa.ForeignKeyConstraint(
            ["partnership_id"], ["partnerships.id"], name=op.f("fk_clients_partnership_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_clients")),
    )
    op.create_index(op.f("ix_clients_account_id"), "clients", ["account_id"], unique=False)
    op.create_table(
        "evaluations",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("partnership_id", sa.Uuid(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("stage", sa.String(), nullable=False),
        sa.Column("instrument", sa.String(), nullable=False),
        sa.Column("smallest_group", sa.Integer(), nullable=False),
        sa.Column("design", sa.JSON(), nullable=False),
        sa.Column("organisations", sa.JSON(), nullable=True),
        sa.Column("closes_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("progress", sa.JSON(), nullable=True),
        sa.CheckConstraint(
            "stage IN ('draft', 'surveying', 'surfacing', 'verifying', 'interpreting', 'concluded')",
            name=op.f("ck_evaluations_stage"),
        ),
        sa.ForeignKeyConstraint(
            ["partnership_id"], ["partnerships.id"], name=op.f("fk_evaluations_partnership_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_evaluations")),
        sa.UniqueConstraint("partnership_id", "number", name=op.f("uq_evaluations_partnership_id")),
    )
    op.create_index(op.f("ix_evaluations_closes_at"), "evaluations", ["closes_at"], unique=False)
    op.create_table(
        "organisations",
        sa.Column("partnership_id", sa.Uuid(), nullable=False),
        sa.Column("code", sa.String(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("sector", sa.String(), nullable=False),
        sa.Column("headcount", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["partnership_id"], ["partnerships.id"], name=op.f("fk_organisations_partnership_id")
        ),
        sa.PrimaryKeyConstraint("partnership_id", "code", name=op.f("pk_organisations")),
    )
    op.create_table(
        "actions",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("evaluation_id", sa.Uuid(), nullable=False),
        sa.Column("document", sa.JSON(), nullable=False),
        sa.ForeignKeyConstraint(
            ["evaluation_id"],
            ["evaluations.id"],
            name=op.f("fk_actions_evaluation_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_actions")),
    )
    op.create_index(op.f("ix_actions_evaluation_id"), "actions", ["evaluation_id"], unique=False)
    op.create_table(
        "closed_keys",
        sa.Column("key", sa.LargeBinary(length=32), nullable=False),
        sa.Column("evaluation_id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(
            ["evaluation_id"],
            ["evaluations.id"],
            name=op.f("fk_closed_keys_evaluation_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("key", name=op.f("pk_closed_keys")),
        sqlite_with_rowid=False,
    )
    op.create_index(
        op.f("ix_closed_keys_evaluation_id"), "closed_keys", ["evaluation_id"], unique=False
    )
    op.create_table(
        "issuances",
        sa.Column("call", sa.LargeBinary(length=32), nullable=False),
        sa.Column("evaluation_id", sa.Uuid(), nullable=False),
        sa.Column("audience", sa.String(), nullable=False),
        sa.Column("cell", sa.String(), nullable=False),
        sa.Column("count", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["evaluation_id"],
            ["evaluations.id"],
            name=op.f("fk_issuances_evaluation_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("call", name=op.f("pk_issuances")),
    )
    op.create_index(
        op.f("ix_issuances_evaluation_id"), "issuances", ["evaluation_id"], unique=False
    )
    op.create_table(
        "outcomes",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("evaluation_id", sa.Uuid(), nullable=False),
        sa.Column("code", sa.String(), nullable=False),
        sa.Column("document", sa.JSON(), nullable=False),
        sa.Column("merged_into", sa.Uuid(), nullable=True),
        sa.ForeignKeyConstraint(
            ["evaluation_id"],
            ["evaluations.id"],
            name=op.f("fk_outcomes_evaluation_id"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["merged_into"], ["outcomes.id"], name=op.f("fk_outcomes_merged_into")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_outcomes")),
        sa.UniqueConstraint("evaluation_id", "code", name=op.f("uq_outcomes_evaluation_id")),
    )
    op.create_index(op.f("ix_outcomes_evaluation_id"), "outcomes", ["evaluation_id"], unique=False)
    op.create_table(
        "reports",
        sa.Column("evaluation_id", sa.Uuid(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("edition", sa.String(), nullable=False),
        sa.Column("digest", sa.String(), nullable=False),
        sa.Column("body", sa.LargeBinary(), nullable=False),
        sa.ForeignKeyConstraint(
            ["evaluation_id"],
            ["evaluations.id"],
            name=op.f("fk_reports_evaluation_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("evaluation_id", "name", "edition", name=op.f("pk_reports")),
    )
    op.create_table(
        "responses",
        sa.Column("key", sa.LargeBinary(length=32), nullable=False),
        sa.Column("evaluation_id", sa.Uuid(), nullable=False),
        sa.Column("sealed", sa.LargeBinary(), nullable=False),
        sa.ForeignKeyConstraint(
            ["evaluation_id"],
            ["evaluations.id"],
            name=op.f("fk_responses_evaluation_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("key", name=op.f("pk_responses")),
        sqlite_with_rowid=False,
    )
    op.create_index(
        op.f("ix_responses_evaluation_id"), "responses", ["evaluation_id"], unique=False
    )
    op.create_table(
        "salts",
        sa.Column("evaluation_id", sa.Uuid(), nullable=False),
        sa.Column("salt", sa.LargeBinary(), nullable=False),
        sa.ForeignKeyConstraint(
            ["evaluation_id"],
            ["evaluations.id"],
            name=op.f("fk_salts_evaluation_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("evaluation_id", name=op.f("pk_salts")),
    )
    op.create_table(
        "schedules",
        sa.Column("evaluation_id", sa.Uuid(), nullable=False),
        sa.Column("approved", sa.Boolean(), nullable=False),
        sa.Column("document", sa.JSON(), nullable=False),
        sa.ForeignKeyConstraint(
            ["evaluation_id"],
            ["evaluations.id"],
            name=op.f("fk_schedules_evaluation_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("evaluation_id", name=op.f("pk_schedules")),
    )
    op.create_table(
        "sheets",
        sa.Column("evaluation_id", sa.Uuid(), nullable=False),
        sa.Column("wave", sa.String(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("columns", sa.JSON(), nullable=False),
        sa.Column("groups", sa.JSON(), nullable=False),
        sa.Column("group_of_row", sa.LargeBinary(), nullable=False),
        sa.Column("answers", sa.LargeBinary(), nullable=False),
        sa.ForeignKeyConstraint(
            ["evaluation_id"],
            ["evaluations.id"],
            name=op.f("fk_sheets_evaluation_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("evaluation_id", "wave", "name", name=op.f("pk_sheets")),
    )
    op.create_table(
        "statements",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("evaluation_id", sa.Uuid(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("fields", sa.JSON(), nullable=False),
        sa.Column("withheld", sa.Boolean(), nullable=False),
        sa.CheckConstraint(
            "kind IN ('statement', 'unwritten', 'matters_most', 'missing', 'worse')",
            name=op.f("ck_statements_kind"),
        ),
        sa.ForeignKeyConstraint(
            ["evaluation_id"],
            ["evaluations.id"],
            name=op.f("fk_statements_evaluation_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_statements")),
        sqlite_with_rowid=False,
    )
    op.create_index(
        op.f("ix_statements_evaluation_id"), "statements", ["evaluation_id"], unique=False
    )
    op.create_table(
        "tokens",
        sa.Column("fingerprint", sa.LargeBinary(length=32), nullable=False),
        sa.Column("evaluation_id", sa.Uuid(), nullable=False),
        sa.Column("audience", sa.String(), nullable=False),
        sa.Column("cell", sa.String(), nullable=False),
        sa.CheckConstraint(
            "audience IN ('staff', 'ranking', 'service_user', 'carer')",
            name=op.f("ck_tokens_audience"),
        ),
        sa.ForeignKeyConstraint(
            ["evaluation_id"],
            ["evaluations.id"],
            name=op.f("fk_tokens_evaluation_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("fingerprint", name=op.f("pk_tokens")),
        sqlite_with_rowid=False,
    )
    op.create_index(op.f("ix_tokens_evaluation_id"), "tokens", ["evaluation_id"], unique=False)
    op.create_table(
        "waves",
        sa.Column("evaluation_id", sa.Uuid(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("answered", sa.Integer(), nullable=True),
        sa.Column("invited", sa.JSON(), nullable=False),
        sa.Column("cells", sa.JSON(), nullable=False),
        sa.CheckConstraint(
            "kind IN ('staff', 'ranking', 'verification')", name=op.f("ck_waves_kind")
        ),
        sa.ForeignKeyConstraint(
            ["evaluation_id"],
            ["evaluations.id"],
            name=op.f("fk_waves_evaluation_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("evaluation_id", "kind", name=op.f("pk_waves")),
    )
    op.create_table(
        "codings",
        sa.Column("statement_id", sa.Uuid(), nullable=False),
        sa.Column("coder", sa.String(length=40), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("outcome_id", sa.Uuid(), nullable=True),
        sa.Column("reason", sa.String(), nullable=True),
        sa.CheckConstraint(
            "(outcome_id IS NULL) <> (reason IS NULL)", name=op.f("ck_codings_outcome_or_reason")
        ),
        sa.ForeignKeyConstraint(
            ["outcome_id"], ["outcomes.id"], name=op.f("fk_codings_outcome_id"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["statement_id"],
            ["statements.id"],
            name=op.f("fk_codings_statement_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("statement_id", "coder", "position", name=op.f("pk_codings")),
    )
    op.create_index("ix_codings_outcome_id", "codings", ["outcome_id"], unique=False)
    op.create_table(
        "evidence",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("evaluation_id", sa.Uuid(), nullable=False),
        sa.Column("outcome_id", sa.Uuid(), nullable=False),
        sa.Column("document", sa.JSON(), nullable=False),
        sa.ForeignKeyConstraint(
            ["evaluation_id"],
            ["evaluations.id"],
            name=op.f("fk_evidence_evaluation_id"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["outcome_id"], ["outcomes.id"], name=op.f("fk_evidence_outcome_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_evidence")),
    )
    op.create_index(op.f("ix_evidence_evaluation_id"), "evidence", ["evaluation_id"], unique=False)
    op.create_index(op.f("ix_evidence_outcome_id"), "evidence", ["outcome_id"], unique=False)
    op.create_table(
        "outcome_changes",
        sa.Column("outcome_id", sa.Uuid(), nullable=False),
        sa.Column("edition", sa.Integer(), nullable=False),
        sa.Column("why", sa.String(), nullable=False),
        sa.Column("before", sa.JSON(), nullable=False),
        sa.ForeignKeyConstraint(
            ["outcome_id"],
            ["outcomes.id"],
            name=op.f("fk_outcome_changes_outcome_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("outcome_id", "edition", name=op.f("pk_outcome_changes")),
    )


def downgrade():
    op.drop_table("outcome_changes")
    op.drop_index(op.f("ix_evidence_outcome_id"), table_name="evidence")
    op.drop_index(op.f("ix_evidence_evaluation_id"), table_name="evidence")
    op.drop_table("evidence")
    op.drop_index("ix_codings_outcome_id", table_name="codings")
    op.drop_table("codings")
    op.drop_table("waves")
    op.drop_index(op.f("ix_tokens_evaluation_id"), table_name="tokens")
    op.drop_table("tokens")
    op.drop_index(op.f("ix_statements_evaluation_id"), table_name="statements")
    op.drop_table("statements")
    op.drop_table("sheets")
    op.drop_table("schedules")
    op.drop_table("salts")
    op.drop_index(op.f("ix_responses_evaluation_id"), table_name="responses")
    op.drop_table("responses")
    op.drop_table("reports")
    op.drop_index(op.f("ix_outcomes_evaluation_id"), table_name="outcomes")
    op.drop_table("outcomes")
    op.drop_index(op.f("ix_issuances_evaluation_id"), table_name="issuances")
    op.drop_table("issuances")
    op.drop_index(op.f("ix_closed_keys_evaluation_id"), table_name="closed_keys")
    op.drop_table("closed_keys")
    op.drop_index(op.f("ix_actions_evaluation_id"), table_name="actions")
    op.drop_table("actions")
    op.drop_table("organisations")
    op.drop_index(op.f("ix_evaluations_closes_at"), table_name="evaluations")
    op.drop_table("evaluations")
    op.drop_index(op.f("ix_clients_account_id"), table_name="clients")
    op.drop_table("clients")
    op.drop_index(op.f("ix_partnerships_account_id"), table_name="partnerships")
    op.drop_table("partnerships")
    op.drop_table("instruments")
    op.drop_table("accounts")
