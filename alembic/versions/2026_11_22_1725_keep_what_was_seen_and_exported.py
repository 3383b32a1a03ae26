"""Keep what a second person has said of large exports of the log, and which officers were told of each other.

An approval that stands there stands, as in the log itself. Meetings are forgotten after a while: the log keeps them.
"""

import sqlalchemy as sa
from alembic import op

from registry.core.columns import Big, Id, Moment

revision = "0027_seen"
down_revision = "0026_oversight"
branch_labels = None
depends_on = None

TABLE = "log_export_approvals"


def upgrade() -> None:
    op.create_table(
        TABLE,
        sa.Column("id", Id(), nullable=False),
        sa.Column("at", Moment(), nullable=False),
        sa.Column("digest", sa.Text(), nullable=False),
        sa.Column("size", Big, nullable=False),
        sa.Column("officer", Id(), nullable=False),
        sa.Column("approved_by", Id(), nullable=False),
        sa.CheckConstraint("officer <> approved_by", name=op.f("log_export_approvals_two_check")),
        sa.PrimaryKeyConstraint("id", name=op.f("log_export_approvals_pkey")),
        sqlite_strict=True,
        sqlite_with_rowid=False,
    )
    op.create_index(op.f("log_export_approvals_digest_officer_idx"), TABLE, ["digest", "officer"])
    if op.get_bind().dialect.name == "sqlite":
        for change in ("UPDATE", "DELETE"):
            op.execute(
                f"CREATE TRIGGER {TABLE}_no_{change.lower()} BEFORE {change} ON {TABLE} "
                "BEGIN SELECT RAISE(ABORT, 'the log is insert-only'); END"
            )
    else:
        op.execute(
            f"CREATE TRIGGER {TABLE}_insert_only BEFORE UPDATE OR DELETE OR TRUNCATE ON {TABLE} "
            "FOR EACH STATEMENT EXECUTE FUNCTION log_is_insert_only()"
        )

    op.create_table(
        "meetings",
        sa.Column("id", Id(), nullable=False),
        sa.Column("at", Moment(), nullable=False),
        sa.Column("officer", Id(), nullable=False),
        sa.Column("profile", Id(), nullable=False),
        sa.Column("entry", Big, nullable=False),
        sa.Column("met_officer", Id(), nullable=False),
        sa.Column("met_agency", sa.Text(), nullable=False),
        sa.Column("met_reference", sa.Text(), nullable=False),
        sa.Column("met_case", sa.Text(), nullable=False),
        sa.Column("met_at", Moment(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("meetings_pkey")),
        sqlite_strict=True,
        sqlite_with_rowid=False,
    )
    for columns in (["officer", "id"], ["profile", "officer"], ["at"]):
        op.create_index(op.f(f"meetings_{'_'.join(columns)}_idx"), "meetings", columns)


def downgrade() -> None:
    op.drop_table("meetings")
    op.drop_table(TABLE)
