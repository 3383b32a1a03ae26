"""Create the register: revisions, profiles, and what search needs of them."""

import sqlalchemy as sa
from alembic import op

from registry.core.columns import Big, Id, Json, Moment

revision = "0003_register"
down_revision = "0002_log"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "revisions",
        sa.Column("id", Id(), nullable=False),
        sa.Column("profile", Id(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=True),
        sa.Column("base", Id(), nullable=True),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("proposed_by", Id(), nullable=False),
        sa.Column("proposed_agency", sa.Text(), nullable=False),
        sa.Column("proposed_chain", sa.Text(), nullable=False),
        sa.Column("proposed_at", Moment(), nullable=False),
        sa.Column("decided_by", Id(), nullable=True),
        sa.Column("decided_at", Moment(), nullable=True),
        sa.Column("note", sa.Text(), nullable=True),
        sa.Column("owner", sa.Text(), nullable=False),
        sa.Column("legal_basis", Json(), nullable=False),
        sa.Column("names", Json(), nullable=False),
        sa.Column("birth_date", sa.Text(), nullable=True),
        sa.Column("sex", sa.Text(), nullable=False),
        sa.Column("nationalities", Json(), nullable=False),
        sa.Column("identifiers", Json(), nullable=False),
        sa.Column("phones", Json(), nullable=False),
        sa.Column("emails", Json(), nullable=False),
        sa.Column("handles", Json(), nullable=False),
        sa.Column("county", sa.Text(), nullable=True),
        sa.Column("convictions", Json(), nullable=False),
        sa.CheckConstraint("(state = 'approved') = (version IS NOT NULL)", name=op.f("revisions_version_check")),
        sa.CheckConstraint("(state = 'pending') = (decided_by IS NULL)", name=op.f("revisions_decided_check")),
        sa.CheckConstraint("state IN ('pending', 'approved', 'rejected')", name=op.f("revisions_state_check")),
        sa.CheckConstraint("decided_by <> proposed_by", name=op.f("revisions_four_eyes_check")),
        sa.ForeignKeyConstraint(["base"], ["revisions.id"], name=op.f("revisions_base_fkey")),
        sa.PrimaryKeyConstraint("id", name=op.f("revisions_pkey")),
        sa.UniqueConstraint("profile", "version", name=op.f("revisions_profile_key")),
        sqlite_strict=True,
    )
    op.create_index(op.f("revisions_state_id_idx"), "revisions", ["state", "id"], unique=False)
    op.create_table(
        "profiles",
        sa.Column("id", Id(), nullable=False),
        sa.Column("number", Big, nullable=False),
        sa.Column("current", Id(), nullable=False),
        sa.Column("blocking_keys", sa.LargeBinary(), nullable=False),
        sa.Column("name_tokens", sa.LargeBinary(), nullable=False),
        sa.ForeignKeyConstraint(["current"], ["revisions.id"], name=op.f("profiles_current_fkey")),
        sa.PrimaryKeyConstraint("id", name=op.f("profiles_pkey")),
        sa.UniqueConstraint("number", name=op.f("profiles_number_key")),
        sqlite_strict=True,
    )
    op.create_table(
        "search_keys",
        sa.Column("key", Big, autoincrement=False, nullable=False),
        sa.Column("number", Big, autoincrement=False, nullable=False),
        sa.PrimaryKeyConstraint("key", "number", name=op.f("search_keys_pkey")),
        sqlite_strict=True,
        sqlite_with_rowid=False,
    )
    op.create_table(
        "match_records",
        sa.Column("number", Big, autoincrement=False, nullable=False),
        sa.Column("record", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("number", name=op.f("match_records_pkey")),
        sqlite_strict=True,
    )
    op.create_table(
        "name_rarity",
        sa.Column("token", Big, autoincrement=False, nullable=False),
        sa.Column("profiles", Big, nullable=False),
        sa.PrimaryKeyConstraint("token", name=op.f("name_rarity_pkey")),
        sqlite_strict=True,
        sqlite_with_rowid=False,
    )
    op.create_table(
        "counters",
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("value", Big, nullable=False),
        sa.PrimaryKeyConstraint("name", name=op.f("counters_pkey")),
        sqlite_strict=True,
    )


def downgrade() -> None:
    op.drop_table("counters")
    op.drop_table("name_rarity")
    op.drop_table("match_records")
    op.drop_table("search_keys")
    op.drop_table("profiles")
    op.drop_table("revisions")
