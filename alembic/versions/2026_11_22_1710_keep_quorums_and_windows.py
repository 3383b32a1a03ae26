"""Keep when witnesses had cosigned the log, and how long a node goes on without them or without the notary.

No window is in force until a node has entered its own: what stands there goes on as it did.
"""

import sqlalchemy as sa
from alembic import op

from registry.core.columns import Big, Moment

revision = "0024_windows"
down_revision = "0023_erasure"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "log_quorums",
        sa.Column("at", Moment(), nullable=False),
        sa.Column("size", Big, nullable=False),
        sa.PrimaryKeyConstraint("at", name=op.f("log_quorums_pkey")),
        sqlite_strict=True,
    )
    op.create_table(
        "log_windows",
        sa.Column("entry", Big, autoincrement=False, nullable=False),
        sa.Column("unsigned_seconds", sa.Integer(), nullable=False),
        sa.Column("unwitnessed_seconds", sa.Integer(), nullable=False),
        sa.CheckConstraint(
            "unsigned_seconds >= 0 AND unwitnessed_seconds >= 0", name=op.f("log_windows_seconds_check")
        ),
        sa.PrimaryKeyConstraint("entry", name=op.f("log_windows_pkey")),
        sqlite_strict=True,
    )
    _refuse_changes("log_quorums", "at")
    _refuse_changes("log_windows", "entry")


def _refuse_changes(table: str, key: str) -> None:
    """As 0021 does it for leaves: what stands in the table stands."""
    if op.get_bind().dialect.name == "sqlite":
        for change in ("UPDATE", "DELETE"):
            op.execute(
                f"CREATE TRIGGER {table}_no_{change.lower()} BEFORE {change} ON {table} "
                "BEGIN SELECT RAISE(ABORT, 'the log is insert-only'); END"
            )
        op.execute(
            f"CREATE TRIGGER {table}_no_replace BEFORE INSERT ON {table} "  # noqa: S608  our names
            f'WHEN EXISTS (SELECT 1 FROM {table} WHERE "{key}" = NEW."{key}") '
            "BEGIN SELECT RAISE(ABORT, 'the log is insert-only'); END"
        )
    else:
        op.execute(
            f"CREATE TRIGGER {table}_insert_only BEFORE UPDATE OR DELETE OR TRUNCATE ON {table} "
            "FOR EACH STATEMENT EXECUTE FUNCTION log_is_insert_only()"
        )


def downgrade() -> None:
    op.drop_table("log_windows")
    op.drop_table("log_quorums")
