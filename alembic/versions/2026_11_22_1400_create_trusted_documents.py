"""Create trusted documents, what a client may ask; every client of before stays at "off"."""

import sqlalchemy as sa
from alembic import op

from registry.core.columns import Id, Json, Moment

revision = "0011_trusted_documents"
down_revision = "0010_meters"
branch_labels = None
depends_on = None

OPEN = sa.text("state IN ('proposed', 'approved')")


def upgrade() -> None:
    # As text: alembic would add the check apart, which SQLite can't.
    op.execute(
        "ALTER TABLE clients ADD COLUMN documents TEXT DEFAULT 'off' NOT NULL "
        "CONSTRAINT clients_documents_check CHECK (documents IN ('off', 'log', 'require'))"
    )
    op.create_table(
        "trusted_documents",
        sa.Column("id", Id(), nullable=False),
        sa.Column("client", sa.Text(), nullable=False),
        sa.Column("sha256", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("questions", Json(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("proposed_by", Id(), nullable=False),
        sa.Column("proposed_agency", sa.Text(), nullable=False),
        sa.Column("proposed_chain", sa.Text(), nullable=False),
        sa.Column("proposed_for", Json(), nullable=False),
        sa.Column("proposed_at", Moment(), nullable=False),
        sa.Column("decided_by", Id(), nullable=True),
        sa.Column("decided_at", Moment(), nullable=True),
        sa.Column("note", sa.Text(), nullable=True),
        sa.Column("withdrawn_by", Id(), nullable=True),
        sa.Column("withdrawn_at", Moment(), nullable=True),
        sa.Column("withdrawn_why", sa.Text(), nullable=True),
        sa.CheckConstraint(
            "(state = 'withdrawn') = (withdrawn_at IS NOT NULL)", name=op.f("trusted_documents_withdrawn_check")
        ),
        sa.CheckConstraint("decided_by <> proposed_by", name=op.f("trusted_documents_four_eyes_check")),
        sa.CheckConstraint(
            "state IN ('proposed', 'approved', 'rejected', 'withdrawn')", name=op.f("trusted_documents_state_check")
        ),
        sa.CheckConstraint(
            "state NOT IN ('approved', 'rejected') OR decided_by IS NOT NULL",
            name=op.f("trusted_documents_decided_check"),
        ),
        sa.ForeignKeyConstraint(["client"], ["clients.id"], name=op.f("trusted_documents_client_fkey")),
        sa.PrimaryKeyConstraint("id", name=op.f("trusted_documents_pkey")),
        sqlite_strict=True,
    )
    op.create_index(op.f("trusted_documents_client_id_idx"), "trusted_documents", ["client", "id"], unique=False)
    op.create_index(op.f("trusted_documents_state_id_idx"), "trusted_documents", ["state", "id"], unique=False)
    op.create_index(
        op.f("trusted_documents_sha256_client_idx"), "trusted_documents", ["sha256", "client"], unique=False
    )
    op.create_index(
        "trusted_documents_open_idx", "trusted_documents", ["client", "sha256"], unique=True,
        sqlite_where=OPEN, postgresql_where=OPEN,
    )  # fmt: skip


def downgrade() -> None:
    op.drop_table("trusted_documents")
    op.drop_column("clients", "documents")
