"""Create the tables of imports: progress by file, digests of entered rows, remembered columns."""

import sqlalchemy as sa
from alembic import op

from registry.core.columns import Id, Json, Moment

revision = "0005_imports"
down_revision = "0004_complete_register"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "imports",
        sa.Column("id", Id(), nullable=False),
        sa.Column("agency", sa.Text(), nullable=False),
        sa.Column("file_digest", sa.Text(), nullable=False),
        sa.Column("mapping_digest", sa.Text(), nullable=False),
        sa.Column("edition", sa.Text(), nullable=False),
        sa.Column("rows", sa.Integer(), nullable=False),
        sa.Column("ready", sa.Integer(), nullable=False),
        sa.Column("needs_fixing", sa.Integer(), nullable=False),
        sa.Column("duplicates", sa.Integer(), nullable=False),
        sa.Column("refused", sa.Integer(), nullable=False),
        sa.Column("verdicts", sa.LargeBinary(), nullable=False),
        sa.Column("checked_by", Id(), nullable=False),
        sa.Column("checked_at", Moment(), nullable=False),
        sa.Column("begun_by", Id(), nullable=True),
        sa.Column("begun_at", Moment(), nullable=True),
        sa.Column("rows_done", sa.Integer(), nullable=False),
        sa.Column("entered", sa.Integer(), nullable=False),
        sa.Column("finished_at", Moment(), nullable=True),
        sa.CheckConstraint("(begun_by IS NULL) = (begun_at IS NULL)", name=op.f("imports_begun_check")),
        sa.CheckConstraint("rows_done <= rows AND entered <= rows_done", name=op.f("imports_progress_check")),
        sa.PrimaryKeyConstraint("id", name=op.f("imports_pkey")),
        sa.UniqueConstraint("agency", "file_digest", name=op.f("imports_agency_key")),
        sqlite_strict=True,
    )
    op.create_table(
        "import_batches",
        sa.Column("import_id", Id(), nullable=False),
        sa.Column("first_row", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("digests", sa.LargeBinary(), nullable=False),
        sa.ForeignKeyConstraint(["import_id"], ["imports.id"], name=op.f("import_batches_import_id_fkey")),
        sa.PrimaryKeyConstraint("import_id", "first_row", name=op.f("import_batches_pkey")),
        sqlite_strict=True,
    )
    op.create_table(
        "import_mappings",
        sa.Column("agency", sa.Text(), nullable=False),
        sa.Column("fingerprint", sa.Text(), nullable=False),
        sa.Column("mapping", Json(), nullable=False),
        sa.Column("remembered_by", Id(), nullable=False),
        sa.Column("remembered_at", Moment(), nullable=False),
        sa.PrimaryKeyConstraint("agency", "fingerprint", name=op.f("import_mappings_pkey")),
        sqlite_strict=True,
    )


def downgrade() -> None:
    for table in ("import_mappings", "import_batches", "imports"):
        op.drop_table(table)
