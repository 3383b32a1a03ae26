"""Create certificates: who is mistaken for whom, the person sealed apart, and the tokens they are known again by."""

import sqlalchemy as sa
from alembic import op

from registry.core.columns import Id, Json, Moment

revision = "0008_certificates"
down_revision = "0007_screenings"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "certificates",
        sa.Column("id", Id(), nullable=False),
        sa.Column("number", sa.Text(), nullable=True),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("proposed_by", Id(), nullable=False),
        sa.Column("proposed_agency", sa.Text(), nullable=False),
        sa.Column("proposed_chain", sa.Text(), nullable=False),
        sa.Column("proposed_for", Json(), nullable=False),
        sa.Column("proposed_at", Moment(), nullable=False),
        sa.Column("months", sa.Integer(), nullable=False),
        sa.Column("decided_by", Id(), nullable=True),
        sa.Column("decided_at", Moment(), nullable=True),
        sa.Column("valid_until", sa.Text(), nullable=True),
        sa.Column("ended_by", Id(), nullable=True),
        sa.Column("ended_at", Moment(), nullable=True),
        sa.Column("ended_why", sa.Text(), nullable=True),
        sa.CheckConstraint("(number IS NULL) = (valid_until IS NULL)", name=op.f("certificates_number_check")),
        sa.CheckConstraint(
            "(state IN ('proposed', 'issued')) = (ended_at IS NULL)", name=op.f("certificates_ended_check")
        ),
        sa.CheckConstraint("decided_by <> proposed_by", name=op.f("certificates_four_eyes_check")),
        sa.CheckConstraint(
            "state <> 'issued' OR (number IS NOT NULL AND decided_by IS NOT NULL)",
            name=op.f("certificates_issued_check"),
        ),
        sa.CheckConstraint(
            "state IN ('proposed', 'issued', 'rejected', 'revoked', 'expired')", name=op.f("certificates_state_check")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("certificates_pkey")),
        sa.UniqueConstraint("number", name=op.f("certificates_number_key")),
        sqlite_strict=True,
    )
    op.create_index(op.f("certificates_state_id_idx"), "certificates", ["state", "id"], unique=False)
    op.create_index(op.f("certificates_state_valid_until_idx"), "certificates", ["state", "valid_until"], unique=False)
    op.create_table(
        "certificate_holders",
        sa.Column("certificate", Id(), nullable=False),
        sa.Column("key_id", sa.Text(), nullable=False),
        sa.Column("wrapped_key", sa.LargeBinary(), nullable=False),
        sa.Column("content", sa.LargeBinary(), nullable=False),
        sa.ForeignKeyConstraint(
            ["certificate"], ["certificates.id"], name=op.f("certificate_holders_certificate_fkey")
        ),
        sa.PrimaryKeyConstraint("certificate", name=op.f("certificate_holders_pkey")),
        sqlite_strict=True,
    )
    op.create_index(op.f("certificate_holders_key_id_idx"), "certificate_holders", ["key_id"], unique=False)
    op.create_table(
        "certificate_tokens",
        sa.Column("token", sa.Text(), nullable=False),
        sa.Column("certificate", Id(), nullable=False),
        sa.ForeignKeyConstraint(["certificate"], ["certificates.id"], name=op.f("certificate_tokens_certificate_fkey")),
        sa.PrimaryKeyConstraint("token", "certificate", name=op.f("certificate_tokens_pkey")),
        sqlite_strict=True,
        sqlite_with_rowid=False,
    )
    op.create_index(op.f("certificate_tokens_certificate_idx"), "certificate_tokens", ["certificate"], unique=False)
    op.create_table(
        "certificate_profiles",
        sa.Column("certificate", Id(), nullable=False),
        sa.Column("profile", Id(), nullable=False),
        sa.ForeignKeyConstraint(
            ["certificate"], ["certificates.id"], name=op.f("certificate_profiles_certificate_fkey")
        ),
        sa.PrimaryKeyConstraint("certificate", "profile", name=op.f("certificate_profiles_pkey")),
        sqlite_strict=True,
        sqlite_with_rowid=False,
    )
    op.create_index(op.f("certificate_profiles_profile_idx"), "certificate_profiles", ["profile"], unique=False)


def downgrade() -> None:
    for table in ("certificate_profiles", "certificate_tokens", "certificate_holders", "certificates"):
        op.drop_table(table)
