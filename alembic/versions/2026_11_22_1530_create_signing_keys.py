"""Create the register's signing keys, the memory of revoked tokens, and the agencies' grant keys."""

import sqlalchemy as sa
from alembic import op

from registry.core.columns import Id, Json, Moment

revision = "0016_signing_keys"
down_revision = "0015_sessions"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "revoked_tokens",
        sa.Column("token_id", sa.Text(), nullable=False),
        sa.Column("client", sa.Text(), nullable=False),
        sa.Column("revoked_at", Moment(), nullable=False),
        sa.Column("expires_at", Moment(), nullable=False),
        sa.PrimaryKeyConstraint("token_id", name=op.f("revoked_tokens_pkey")),
        sqlite_strict=True,
    )
    op.create_index(op.f("revoked_tokens_expires_at_idx"), "revoked_tokens", ["expires_at"], unique=False)
    op.create_table(
        "signing_keys",
        sa.Column("id", Id(), nullable=False),
        sa.Column("kid", sa.Text(), nullable=False),
        sa.Column("public", Json(), nullable=False),
        sa.Column("sealed", sa.LargeBinary(), nullable=True),
        sa.Column("key_id", sa.Text(), nullable=True),
        sa.Column("wrapped_key", sa.LargeBinary(), nullable=True),
        sa.Column("made_at", Moment(), nullable=False),
        sa.Column("used_from", Moment(), nullable=False),
        sa.Column("withdrawn_at", Moment(), nullable=True),
        sa.CheckConstraint(
            "(sealed IS NULL) = (key_id IS NULL) AND (sealed IS NULL) = (wrapped_key IS NULL)",
            name=op.f("signing_keys_sealed_check"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("signing_keys_pkey")),
        sa.UniqueConstraint("kid", name=op.f("signing_keys_kid_key")),
        sqlite_strict=True,
    )
    op.add_column("agencies", sa.Column("grant_keys", Json(), nullable=True))


def downgrade() -> None:
    op.drop_column("agencies", "grant_keys")
    op.drop_table("signing_keys")
    op.drop_index(op.f("revoked_tokens_expires_at_idx"), table_name="revoked_tokens")
    op.drop_table("revoked_tokens")
