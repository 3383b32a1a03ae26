"""Keep each word of names as it may be mistaken; `registry index rebuild` fills the table of an older register."""

import sqlalchemy as sa
from alembic import op

from registry.core.columns import Big

revision = "0009_name_spellings"
down_revision = "0008_certificates"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "name_spellings",
        sa.Column("gap", Big, autoincrement=False, nullable=False),
        sa.Column("token", Big, autoincrement=False, nullable=False),
        sa.Column("word", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("gap", "token", name=op.f("name_spellings_pkey")),
        sqlite_strict=True,
        sqlite_with_rowid=False,
    )
    op.create_index(op.f("name_spellings_token_idx"), "name_spellings", ["token"], unique=False)


def downgrade() -> None:
    op.drop_table("name_spellings")
