"""Certify the keys that sign receipts: a node adds the public half of each, the notary reads and certifies it.

What stands there stands, as in the log itself: a key that was promised with can't be made to have never been.
"""

import sqlalchemy as sa
from alembic import op

from registry.core.columns import Moment

revision = "0025_promises"
down_revision = "0024_windows"
branch_labels = None
depends_on = None

TABLE = "log_promise_keys"


def upgrade() -> None:
    op.create_table(
        TABLE,
        sa.Column("key", sa.LargeBinary(), nullable=False),
        sa.Column("since", Moment(), nullable=False),
        sa.CheckConstraint("length(key) = 32", name=op.f("log_promise_keys_key_check")),
        sa.PrimaryKeyConstraint("key", name=op.f("log_promise_keys_pkey")),
        sqlite_strict=True,
        sqlite_with_rowid=False,
    )
    op.create_index(op.f("log_promise_keys_since_idx"), TABLE, ["since"])
    if op.get_bind().dialect.name == "sqlite":
        for change in ("UPDATE", "DELETE"):
            op.execute(
                f"CREATE TRIGGER {TABLE}_no_{change.lower()} BEFORE {change} ON {TABLE} "
                "BEGIN SELECT RAISE(ABORT, 'the log is insert-only'); END"
            )
        op.execute(
            f"CREATE TRIGGER {TABLE}_no_replace BEFORE INSERT ON {TABLE} "  # noqa: S608  our names
            f'WHEN EXISTS (SELECT 1 FROM {TABLE} WHERE "key" = NEW."key") '
            "BEGIN SELECT RAISE(ABORT, 'the log is insert-only'); END"
        )
    else:
        op.execute(
            f"CREATE TRIGGER {TABLE}_insert_only BEFORE UPDATE OR DELETE OR TRUNCATE ON {TABLE} "
            "FOR EACH STATEMENT EXECUTE FUNCTION log_is_insert_only()"
        )


def downgrade() -> None:
    op.drop_table(TABLE)
