"""Create the table of proposed administrative acts."""

import sqlalchemy as sa
from alembic import op

from registry.core.columns import Id, Json, Moment

revision = "0014_enrolments"
down_revision = "0013_access"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "enrolments",
        sa.Column("id", Id(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("subject", sa.Text(), nullable=False),
        sa.Column("terms", Json(), nullable=False),
        sa.Column("before", Json(), nullable=True),
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
        sa.CheckConstraint(
            "state IN ('proposed', 'approved', 'rejected', 'withdrawn')", name=op.f("enrolments_state_check")
        ),
        sa.CheckConstraint("(state = 'proposed') = (decided_by IS NULL)", name=op.f("enrolments_decided_check")),
        sa.CheckConstraint("decided_by <> proposed_by OR state = 'withdrawn'", name=op.f("enrolments_four_eyes_check")),
        sa.PrimaryKeyConstraint("id", name=op.f("enrolments_pkey")),
        sqlite_strict=True,
    )
    op.create_index(op.f("enrolments_state_id_idx"), "enrolments", ["state", "id"], unique=False)
    is_open = sa.text("state = 'proposed'")
    op.create_index("enrolments_open_idx", "enrolments", ["kind", "subject"], unique=True,
                    sqlite_where=is_open, postgresql_where=is_open)  # fmt: skip
    op.create_index(op.f("closures_closed_at_idx"), "closures", ["closed_at"], unique=False)


def downgrade() -> None:
    op.drop_index(op.f("closures_closed_at_idx"), table_name="closures")
    op.drop_index("enrolments_open_idx", table_name="enrolments")
    op.drop_index(op.f("enrolments_state_id_idx"), table_name="enrolments")
    op.drop_table("enrolments")
