"""Create meters: what each principal has spent in a minute, an hour, a day."""

import sqlalchemy as sa
from alembic import op

from registry.core.columns import Big, Moment

revision = "0010_meters"
down_revision = "0009_name_spellings"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "meters",
        sa.Column("principal", sa.Text(), nullable=False),
        sa.Column("measure", sa.Text(), nullable=False),
        sa.Column("since", Moment(), nullable=False),
        sa.Column("spent", Big, nullable=False),
        sa.PrimaryKeyConstraint("principal", "measure", "since", name=op.f("meters_pkey")),
        sqlite_strict=True,
        sqlite_with_rowid=False,
    )
    op.create_index(op.f("meters_since_idx"), "meters", ["since"], unique=False)


def downgrade() -> None:
    op.drop_table("meters")
