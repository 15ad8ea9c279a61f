"""Find the unspent tokens of a group or voice without reading those of all others."""

from alembic import op

revision = "0006_find_unspent_tokens"
down_revision = "0005_note_changes"

INDEX = "ix_tokens_evaluation_id"


def upgrade():
    op.drop_index(INDEX, table_name="tokens")
    op.create_index(INDEX, "tokens", ["evaluation_id", "audience", "cell", "fingerprint"])


def downgrade():
    op.drop_index(INDEX, table_name="tokens")
    op.create_index(INDEX, "tokens", ["evaluation_id"])
