"""Create the budgets of distinct subjects, decoys with who let them in, and alarms."""

import sqlalchemy as sa
from alembic import op

from registry.core.columns import Big, Id, Json, Moment

revision = "0017_budgets"
down_revision = "0016_signing_keys"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "shown_subjects",
        sa.Column("principal", sa.Text(), nullable=False),
        sa.Column("since", Moment(), nullable=False),
        sa.Column("profile", Id(), nullable=False),
        sa.PrimaryKeyConstraint("principal", "since", "profile", name=op.f("shown_subjects_pkey")),
        sqlite_strict=True,
        sqlite_with_rowid=False,
    )
    op.create_index(op.f("shown_subjects_since_idx"), "shown_subjects", ["since"], unique=False)
    op.create_table(
        "decoys",
        sa.Column("profile", Id(), nullable=False),
        sa.Column("owner", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("profile", name=op.f("decoys_pkey")),
        sqlite_strict=True,
        sqlite_with_rowid=False,
    )
    op.create_table(
        "alarms",
        sa.Column("id", Id(), nullable=False),
        sa.Column("at", Moment(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("entry", Big, nullable=False),
        sa.Column("audience", sa.Text(), nullable=True),
        sa.CheckConstraint("kind IN ('decoy', 'subjects')", name=op.f("alarms_kind_check")),
        sa.ForeignKeyConstraint(["entry"], ["log_entries.index"], name=op.f("alarms_entry_fkey")),
        sa.PrimaryKeyConstraint("id", name=op.f("alarms_pkey")),
        sqlite_strict=True,
    )
    op.create_index(op.f("alarms_audience_id_idx"), "alarms", ["audience", "id"], unique=False)
    op.create_index(op.f("alarms_entry_idx"), "alarms", ["entry"], unique=False)
    _create_decoy_proposals()


def _create_decoy_proposals() -> None:
    op.create_table(
        "decoy_proposals",
        sa.Column("id", Id(), nullable=False),
        sa.Column("profile", Id(), nullable=False),
        sa.Column("owner", sa.Text(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("proposed_by", Id(), nullable=False),
        sa.Column("proposed_agency", sa.Text(), nullable=False),
        sa.Column("proposed_chain", sa.Text(), nullable=False),
        sa.Column("proposed_for", Json(), nullable=False),
        sa.Column("proposed_at", Moment(), nullable=False),
        sa.Column("decided_by", Id(), nullable=True),
        sa.Column("decided_at", Moment(), nullable=True),
        sa.Column("ended_by", Id(), nullable=True),
        sa.Column("ended_at", Moment(), nullable=True),
        sa.CheckConstraint("state IN ('proposed', 'in_force', 'rejected', 'ended')",
                           name=op.f("decoy_proposals_state_check")),
        sa.CheckConstraint("state NOT IN ('in_force', 'rejected') OR decided_by IS NOT NULL",
                           name=op.f("decoy_proposals_decided_check")),
        sa.CheckConstraint("decided_by <> proposed_by", name=op.f("decoy_proposals_four_eyes_check")),
        sa.CheckConstraint("(state = 'ended') = (ended_at IS NOT NULL)", name=op.f("decoy_proposals_ended_check")),
        sa.PrimaryKeyConstraint("id", name=op.f("decoy_proposals_pkey")),
        sqlite_strict=True,
    )  # fmt: skip
    still_open = sa.text("state IN ('proposed', 'in_force')")
    op.create_index("decoy_proposals_open_idx", "decoy_proposals", ["profile"], unique=True,
                    sqlite_where=still_open, postgresql_where=still_open)  # fmt: skip
    op.create_index(op.f("decoy_proposals_owner_id_idx"), "decoy_proposals", ["owner", "id"], unique=False)


def downgrade() -> None:
    for table in ("decoy_proposals", "alarms", "decoys", "shown_subjects"):
        op.drop_table(table)
