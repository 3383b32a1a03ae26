"""Create the log: insert-only, numbered without gaps."""

import sqlalchemy as sa
from alembic import op

from registry.core.columns import Big, Id, Json, Moment

revision = "0002_log"
down_revision = "0001_agencies"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "log_entries",
        sa.Column("index", Big, autoincrement=False, nullable=False),
        sa.Column("at", Moment(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("operation", sa.Text(), nullable=False),
        sa.Column("outcome", sa.Text(), nullable=False),
        sa.Column("code", sa.Text(), nullable=True),
        sa.Column("request_id", sa.Text(), nullable=False),
        sa.Column("client", sa.Text(), nullable=True),
        sa.Column("agency", sa.Text(), nullable=True),
        sa.Column("officer", Id(), nullable=True),
        sa.Column("officer_reference", sa.Text(), nullable=True),
        sa.Column("purpose", sa.Text(), nullable=True),
        sa.Column("case_reference", sa.Text(), nullable=True),
        sa.Column("legal_basis", sa.Text(), nullable=True),
        sa.Column("token_id", sa.Text(), nullable=True),
        sa.Column("source", sa.Text(), nullable=True),
        sa.Column("document", sa.Text(), nullable=True),
        sa.Column("body", Json(), nullable=False),
        sa.CheckConstraint(
            "outcome IN ('allowed', 'partial', 'denied', 'failed')", name=op.f("log_entries_outcome_check")
        ),
        sa.PrimaryKeyConstraint("index", name=op.f("log_entries_pkey")),
        sqlite_strict=True,
    )
    op.create_index(op.f("log_entries_at_idx"), "log_entries", ["at"], unique=False)
    op.create_index(op.f("log_entries_officer_index_idx"), "log_entries", ["officer", "index"], unique=False)
    op.create_index(op.f("log_entries_outcome_index_idx"), "log_entries", ["outcome", "index"], unique=False)
    op.create_index(op.f("log_entries_purpose_index_idx"), "log_entries", ["purpose", "index"], unique=False)
    op.create_table(
        "log_subjects",
        sa.Column("profile", Id(), nullable=False),
        sa.Column("index", Big, autoincrement=False, nullable=False),
        sa.ForeignKeyConstraint(["index"], ["log_entries.index"], name=op.f("log_subjects_index_fkey")),
        sa.PrimaryKeyConstraint("profile", "index", name=op.f("log_subjects_pkey")),
        sqlite_strict=True,
        sqlite_with_rowid=False,
    )

    if op.get_bind().dialect.name == "sqlite":
        for table in ("log_entries", "log_subjects"):
            for change in ("UPDATE", "DELETE"):
                op.execute(
                    f"CREATE TRIGGER {table}_no_{change.lower()} BEFORE {change} ON {table} "
                    "BEGIN SELECT RAISE(ABORT, 'the log is insert-only'); END"
                )
        # INSERT OR REPLACE removes the row that stands there without asking the trigger on DELETE.
        op.execute(
            "CREATE TRIGGER log_entries_no_replace BEFORE INSERT ON log_entries "
            'WHEN EXISTS (SELECT 1 FROM log_entries WHERE "index" = NEW."index") '
            "BEGIN SELECT RAISE(ABORT, 'the log is insert-only'); END"
        )
        op.execute(
            "CREATE TRIGGER log_subjects_no_replace BEFORE INSERT ON log_subjects "
            'WHEN EXISTS (SELECT 1 FROM log_subjects WHERE profile = NEW.profile AND "index" = NEW."index") '
            "BEGIN SELECT RAISE(ABORT, 'the log is insert-only'); END"
        )
    else:
        op.execute(
            "CREATE FUNCTION log_is_insert_only() RETURNS trigger LANGUAGE plpgsql AS "
            "$$BEGIN RAISE EXCEPTION 'the log is insert-only'; END$$"
        )
        for table in ("log_entries", "log_subjects"):
            op.execute(
                f"CREATE TRIGGER {table}_insert_only BEFORE UPDATE OR DELETE OR TRUNCATE ON {table} "
                "FOR EACH STATEMENT EXECUTE FUNCTION log_is_insert_only()"
            )


def downgrade() -> None:
    op.drop_table("log_subjects")
    op.drop_table("log_entries")
    if op.get_bind().dialect.name == "postgresql":
        op.execute("DROP FUNCTION log_is_insert_only()")
