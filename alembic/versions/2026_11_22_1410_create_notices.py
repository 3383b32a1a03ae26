"""Create the tables of notices and watches: what happened, and who wants to be told."""

import sqlalchemy as sa
from alembic import op

from registry.core.columns import Big, Id, Json, Moment

revision = "0012_notices"
down_revision = "0011_trusted_documents"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "notices",
        sa.Column("number", Big, autoincrement=False, nullable=False),
        sa.Column("at", Moment(), nullable=False),
        sa.Column("topic", sa.Text(), nullable=False),
        sa.Column("audience", sa.Text(), nullable=False),
        sa.Column("subject", Id(), nullable=False),
        sa.Column("profile", Id(), nullable=True),
        sa.Column("details", Json(), nullable=False),
        sa.CheckConstraint("topic IN ('screening', 'decision', 'watch')", name=op.f("notices_topic_check")),
        sa.PrimaryKeyConstraint("number", name=op.f("notices_pkey")),
        sqlite_strict=True,
    )
    op.create_index(op.f("notices_topic_audience_number_idx"), "notices", ["topic", "audience", "number"], unique=False)
    op.create_index(op.f("notices_at_idx"), "notices", ["at"], unique=False)
    op.create_table(
        "watches",
        sa.Column("id", Id(), nullable=False),
        sa.Column("agency", sa.Text(), nullable=False),
        sa.Column("officer", Id(), nullable=False),
        sa.Column("case_reference", sa.Text(), nullable=False),
        sa.Column("profile", Id(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("begun_at", Moment(), nullable=False),
        sa.Column("until", Moment(), nullable=False),
        sa.Column("ended_at", Moment(), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("watches_pkey")),
        sqlite_strict=True,
    )
    for columns in (("officer", "case_reference", "id"), ("profile",), ("until",), ("ended_at",)):
        op.create_index(op.f(f"watches_{'_'.join(columns)}_idx"), "watches", list(columns), unique=False)


def downgrade() -> None:
    for table in ("watches", "notices"):
        op.drop_table(table)
