"""Create the tables of screenings: jobs, the part of a list that still waits, hits, rows that could not be read."""

import sqlalchemy as sa
from alembic import op

from registry.core.columns import Big, Flag, Id, Moment

revision = "0007_screenings"
down_revision = "0006_desk"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "screenings",
        sa.Column("id", Id(), nullable=False),
        sa.Column("source", sa.Text(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("agency", sa.Text(), nullable=False),
        sa.Column("client", sa.Text(), nullable=False),
        sa.Column("officer", Id(), nullable=False),
        sa.Column("officer_reference", sa.Text(), nullable=False),
        sa.Column("token_id", sa.Text(), nullable=False),
        sa.Column("purpose", sa.Text(), nullable=False),
        sa.Column("case_reference", sa.Text(), nullable=False),
        sa.Column("legal_basis", sa.Text(), nullable=False),
        sa.Column("least", sa.Text(), nullable=False),
        sa.Column("matcher", sa.Text(), nullable=False),
        sa.Column("dates", sa.Text(), nullable=True),
        sa.Column("file_digest", sa.Text(), nullable=True),
        sa.Column("people", sa.Integer(), nullable=True),
        sa.Column("rows_done", sa.Integer(), nullable=False),
        sa.Column("refused", sa.Integer(), nullable=False),
        sa.Column("hits", sa.Integer(), nullable=False),
        sa.Column("disclosed", sa.Integer(), nullable=False),
        sa.Column("failure", sa.Text(), nullable=True),
        sa.Column("begun_at", Moment(), nullable=False),
        sa.Column("ended_at", Moment(), nullable=True),
        sa.Column("ticket", sa.LargeBinary(), nullable=True),
        sa.Column("ticket_until", Moment(), nullable=True),
        sa.Column("holder", Id(), nullable=True),
        sa.Column("held_until", Moment(), nullable=True),
        sa.CheckConstraint("(state = 'failed') = (failure IS NOT NULL)", name=op.f("screenings_failure_check")),
        sa.CheckConstraint(
            "(state IN ('finished', 'cancelled', 'failed')) = (ended_at IS NOT NULL)",
            name=op.f("screenings_ended_check"),
        ),
        sa.CheckConstraint("least IN ('weak', 'possible', 'strong')", name=op.f("screenings_least_check")),
        sa.CheckConstraint("people IS NULL OR rows_done <= people", name=op.f("screenings_progress_check")),
        sa.CheckConstraint("source IN ('command', 'upload')", name=op.f("screenings_source_check")),
        sa.CheckConstraint(
            "state IN ('awaiting', 'queued', 'running', 'cancelled', 'finished', 'failed')",
            name=op.f("screenings_state_check"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("screenings_pkey")),
        sa.UniqueConstraint("ticket", name=op.f("screenings_ticket_key")),
        sqlite_strict=True,
    )
    for columns in (("agency", "begun_at", "id"), ("agency", "file_digest"), ("state", "held_until"), ("ended_at",)):
        op.create_index(op.f(f"screenings_{'_'.join(columns)}_idx"), "screenings", list(columns), unique=False)
    op.create_table(
        "screening_keys",
        sa.Column("screening", Id(), nullable=False),
        sa.Column("key_id", sa.Text(), nullable=False),
        sa.Column("content", sa.LargeBinary(), nullable=False),
        sa.ForeignKeyConstraint(["screening"], ["screenings.id"], name=op.f("screening_keys_screening_fkey")),
        sa.PrimaryKeyConstraint("screening", name=op.f("screening_keys_pkey")),
        sqlite_strict=True,
    )
    op.create_index(op.f("screening_keys_key_id_idx"), "screening_keys", ["key_id"], unique=False)
    op.create_table(
        "screening_chunks",
        sa.Column("screening", Id(), nullable=False),
        sa.Column("first_row", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("rows", sa.Integer(), nullable=False),
        sa.Column("content", sa.LargeBinary(), nullable=False),
        sa.ForeignKeyConstraint(["screening"], ["screenings.id"], name=op.f("screening_chunks_screening_fkey")),
        sa.PrimaryKeyConstraint("screening", "first_row", name=op.f("screening_chunks_pkey")),
        sqlite_strict=True,
    )
    op.create_table(
        "screening_hits",
        sa.Column("screening", Id(), nullable=False),
        sa.Column("row", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("number", Big, autoincrement=False, nullable=False),
        sa.Column("score", sa.Integer(), nullable=False),
        sa.Column("band", sa.Text(), nullable=False),
        sa.Column("has_discriminator", Flag, nullable=False),
        sa.Column("content", sa.LargeBinary(), nullable=False),
        sa.ForeignKeyConstraint(["screening"], ["screenings.id"], name=op.f("screening_hits_screening_fkey")),
        sa.PrimaryKeyConstraint("screening", "row", "number", name=op.f("screening_hits_pkey")),
        sqlite_strict=True,
    )
    op.create_index(
        op.f("screening_hits_screening_score_row_number_idx"), "screening_hits",
        ["screening", "score", "row", "number"], unique=False,
    )  # fmt: skip
    op.create_index(
        op.f("screening_hits_screening_number_idx"), "screening_hits", ["screening", "number"], unique=False
    )
    op.create_table(
        "screening_problems",
        sa.Column("screening", Id(), nullable=False),
        sa.Column("row", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("place", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("field", sa.Text(), nullable=False),
        sa.Column("code", sa.Text(), nullable=False),
        sa.Column("rule", sa.Text(), nullable=False),
        sa.Column("remedy", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["screening"], ["screenings.id"], name=op.f("screening_problems_screening_fkey")),
        sa.PrimaryKeyConstraint("screening", "row", "place", name=op.f("screening_problems_pkey")),
        sqlite_strict=True,
    )


def downgrade() -> None:
    for table in ("screening_problems", "screening_hits", "screening_chunks", "screening_keys", "screenings"):
        op.drop_table(table)
