"""Create the requests of data subjects: who asked is sealed, an answer needs two officers."""

import sqlalchemy as sa
from alembic import op

from registry.core.columns import Id, Json, Moment

revision = "0006_desk"
down_revision = "0005_imports"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "subject_requests",
        sa.Column("id", Id(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("channel", sa.Text(), nullable=False),
        sa.Column("capacity", sa.Text(), nullable=False),
        sa.Column("reference", sa.Text(), nullable=False),
        sa.Column("agency", sa.Text(), nullable=False),
        sa.Column("opened_by", Id(), nullable=False),
        sa.Column("opened_at", Moment(), nullable=False),
        sa.Column("received_on", sa.Text(), nullable=False),
        sa.Column("due_on", sa.Text(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("documents", Json(), nullable=False),
        sa.Column("court_seal", sa.Text(), nullable=True),
        sa.Column("profile", Id(), nullable=True),
        sa.Column("identified_by", Id(), nullable=True),
        sa.Column("identified_at", Moment(), nullable=True),
        sa.Column("draft", sa.Text(), nullable=False),
        sa.Column("outcome", sa.Text(), nullable=True),
        sa.Column("ground", sa.Text(), nullable=True),
        sa.Column("proposal", Id(), nullable=True),
        sa.Column("digest", sa.Text(), nullable=True),
        sa.Column("drawn_by", Id(), nullable=True),
        sa.Column("drawn_for", Json(), nullable=False),
        sa.Column("drawn_at", Moment(), nullable=True),
        sa.Column("note", sa.Text(), nullable=True),
        sa.Column("closed_by", Id(), nullable=True),
        sa.Column("closed_at", Moment(), nullable=True),
        sa.Column("closed_on", sa.Text(), nullable=True),
        sa.Column("key_id", sa.Text(), nullable=False),
        sa.Column("wrapped_key", sa.LargeBinary(), nullable=False),
        sa.Column("people", sa.LargeBinary(), nullable=False),
        sa.CheckConstraint(
            "(state IN ('received', 'identified')) = (closed_by IS NULL)", name=op.f("subject_requests_closed_check")
        ),
        sa.CheckConstraint(
            "closed_by <> drawn_by OR state = 'withdrawn'", name=op.f("subject_requests_four_eyes_check")
        ),
        sa.CheckConstraint(
            "draft IN ('none', 'drawn_up', 'returned', 'released')", name=op.f("subject_requests_draft_check")
        ),
        sa.CheckConstraint("kind IN ('access', 'correction', 'objection')", name=op.f("subject_requests_kind_check")),
        sa.CheckConstraint(
            "state IN ('received', 'identified', 'answered', 'refused', 'withdrawn')",
            name=op.f("subject_requests_state_check"),
        ),
        sa.CheckConstraint(
            "state NOT IN ('identified', 'answered') OR identified_by IS NOT NULL",
            name=op.f("subject_requests_identified_check"),
        ),
        sa.ForeignKeyConstraint(["proposal"], ["revisions.id"], name=op.f("subject_requests_proposal_fkey")),
        sa.PrimaryKeyConstraint("id", name=op.f("subject_requests_pkey")),
        sqlite_strict=True,
    )
    op.create_index(
        op.f("subject_requests_agency_state_due_on_id_idx"), "subject_requests", ["agency", "state", "due_on", "id"],
        unique=False,
    )  # fmt: skip
    op.create_index(op.f("subject_requests_key_id_idx"), "subject_requests", ["key_id"], unique=False)
    op.create_index(op.f("subject_requests_profile_idx"), "subject_requests", ["profile"], unique=False)


def downgrade() -> None:
    op.drop_table("subject_requests")
