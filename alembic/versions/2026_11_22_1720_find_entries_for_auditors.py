"""Find entries for auditors: by case and agency as well, and by outcome where something was refused.

Whoever writes pays for each index of the log, so it goes without those that lead nowhere: by the moment of a request
(a time is a range of places, by the leaves), and of what nearly all entries say, or nothing.
"""

import sqlalchemy as sa
from alembic import op

revision = "0026_oversight"
down_revision = "0025_promises"
branch_labels = None
depends_on = None

NOW = (
    ("officer", "officer IS NOT NULL"), ("case_reference", "case_reference IS NOT NULL"),
    ("agency", "agency IS NOT NULL"), ("purpose", "purpose IS NOT NULL"), ("outcome", "outcome <> 'allowed'"),
)  # fmt: skip
BEFORE = ("officer", "purpose", "outcome")


def upgrade() -> None:
    op.drop_index("log_entries_at_idx", "log_entries")
    for name in BEFORE:
        op.drop_index(f"log_entries_{name}_index_idx", "log_entries")
    for name, condition in NOW:
        where = sa.text(condition)
        op.create_index(f"log_entries_{name}_index_idx", "log_entries", [name, "index"],
                        postgresql_where=where, sqlite_where=where)  # fmt: skip


def downgrade() -> None:
    for name, _ in NOW:
        op.drop_index(f"log_entries_{name}_index_idx", "log_entries")
    for name in BEFORE:
        op.create_index(f"log_entries_{name}_index_idx", "log_entries", [name, "index"])
    op.create_index("log_entries_at_idx", "log_entries", ["at"])
