"""Create sessions, passkeys and case contexts."""

import sqlalchemy as sa
from alembic import op

from registry.core.columns import Big, Id, Moment

revision = "0015_sessions"
down_revision = "0014_enrolments"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("officers", sa.Column("identity_issuer", sa.Text(), nullable=True))
    op.add_column("officers", sa.Column("identity_subject", sa.Text(), nullable=True))
    op.create_index(op.f("officers_identity_issuer_identity_subject_idx"), "officers",
                    ["identity_issuer", "identity_subject"], unique=True)  # fmt: skip
    _create_passkeys()
    _create_sessions()
    _create_ceremonies()


def _create_passkeys() -> None:
    op.create_table(
        "passkeys",
        sa.Column("id", Id(), nullable=False),
        sa.Column("officer", Id(), nullable=False),
        sa.Column("credential_id", sa.LargeBinary(), nullable=False),
        sa.Column("credential", sa.LargeBinary(), nullable=False),
        sa.Column("counter", Big, nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("created_at", Moment(), nullable=False),
        sa.Column("used_at", Moment(), nullable=True),
        sa.Column("revoked_at", Moment(), nullable=True),
        sa.Column("revoked_why", sa.Text(), nullable=True),
        sa.CheckConstraint("(revoked_at IS NULL) = (revoked_why IS NULL)", name=op.f("passkeys_revoked_check")),
        sa.ForeignKeyConstraint(["officer"], ["officers.id"], name=op.f("passkeys_officer_fkey")),
        sa.PrimaryKeyConstraint("id", name=op.f("passkeys_pkey")),
        sa.UniqueConstraint("credential_id", name=op.f("passkeys_credential_id_key")),
        sqlite_strict=True,
    )
    op.create_index(op.f("passkeys_officer_idx"), "passkeys", ["officer"], unique=False)
    op.create_table(
        "invitations",
        sa.Column("digest", sa.LargeBinary(), nullable=False),
        sa.Column("officer", Id(), nullable=False),
        sa.Column("expires_at", Moment(), nullable=False),
        sa.Column("used_at", Moment(), nullable=True),
        sa.ForeignKeyConstraint(["officer"], ["officers.id"], name=op.f("invitations_officer_fkey")),
        sa.PrimaryKeyConstraint("digest", name=op.f("invitations_pkey")),
        sqlite_strict=True,
    )
    op.create_index(op.f("invitations_officer_idx"), "invitations", ["officer"], unique=False)
    op.create_index(op.f("invitations_expires_at_idx"), "invitations", ["expires_at"], unique=False)


def _create_sessions() -> None:
    op.create_table(
        "sessions",
        sa.Column("id", Id(), nullable=False),
        sa.Column("digest", sa.LargeBinary(), nullable=False),
        sa.Column("officer", Id(), nullable=False),
        sa.Column("method", sa.Text(), nullable=False),
        sa.Column("passkey", Id(), nullable=True),
        sa.Column("provider_session", sa.Text(), nullable=True),
        sa.Column("source", sa.Text(), nullable=True),
        sa.Column("created_at", Moment(), nullable=False),
        sa.Column("authenticated_at", Moment(), nullable=False),
        sa.Column("seen_at", Moment(), nullable=False),
        sa.Column("expires_at", Moment(), nullable=False),
        sa.Column("ended_at", Moment(), nullable=True),
        sa.Column("ended_why", sa.Text(), nullable=True),
        sa.CheckConstraint("(ended_at IS NULL) = (ended_why IS NULL)", name=op.f("sessions_ended_check")),
        sa.CheckConstraint("(method = 'passkey') = (passkey IS NOT NULL)", name=op.f("sessions_passkey_check")),
        sa.CheckConstraint("method IN ('identity', 'passkey')", name=op.f("sessions_method_check")),
        sa.ForeignKeyConstraint(["officer"], ["officers.id"], name=op.f("sessions_officer_fkey")),
        sa.ForeignKeyConstraint(["passkey"], ["passkeys.id"], name=op.f("sessions_passkey_fkey")),
        sa.PrimaryKeyConstraint("id", name=op.f("sessions_pkey")),
        sa.UniqueConstraint("digest", name=op.f("sessions_digest_key")),
        sqlite_strict=True,
    )
    op.create_index(op.f("sessions_officer_expires_at_idx"), "sessions", ["officer", "expires_at"], unique=False)
    for column in ("provider_session", "expires_at", "passkey"):
        op.create_index(op.f(f"sessions_{column}_idx"), "sessions", [column], unique=False)
    op.create_table(
        "case_contexts",
        sa.Column("id", Id(), nullable=False),
        sa.Column("session", Id(), nullable=False),
        sa.Column("purpose", sa.Text(), nullable=False),
        sa.Column("case_reference", sa.Text(), nullable=False),
        sa.Column("legal_basis", sa.Text(), nullable=False),
        sa.Column("agreement", sa.Text(), nullable=True),
        sa.Column("opened_at", Moment(), nullable=False),
        sa.Column("closed_at", Moment(), nullable=True),
        sa.ForeignKeyConstraint(["agreement"], ["agreements.code"], name=op.f("case_contexts_agreement_fkey")),
        sa.ForeignKeyConstraint(["session"], ["sessions.id"], name=op.f("case_contexts_session_fkey")),
        sa.PrimaryKeyConstraint("id", name=op.f("case_contexts_pkey")),
        sqlite_strict=True,
    )
    op.create_index(op.f("case_contexts_session_idx"), "case_contexts", ["session"], unique=False)
    still_open = sa.text("closed_at IS NULL")
    op.create_index("case_contexts_open_idx", "case_contexts", ["session"], unique=True,
                    sqlite_where=still_open, postgresql_where=still_open)  # fmt: skip


def _create_ceremonies() -> None:
    op.create_table(
        "ceremonies",
        sa.Column("digest", sa.LargeBinary(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("officer", Id(), nullable=True),
        sa.Column("session", Id(), nullable=True),
        sa.Column("invitation", sa.LargeBinary(), nullable=True),
        sa.Column("expires_at", Moment(), nullable=False),
        sa.CheckConstraint("kind IN ('identity', 'passkey', 'registration')", name=op.f("ceremonies_kind_check")),
        sa.ForeignKeyConstraint(["invitation"], ["invitations.digest"], name=op.f("ceremonies_invitation_fkey")),
        sa.ForeignKeyConstraint(["officer"], ["officers.id"], name=op.f("ceremonies_officer_fkey")),
        sa.ForeignKeyConstraint(["session"], ["sessions.id"], name=op.f("ceremonies_session_fkey")),
        sa.PrimaryKeyConstraint("digest", name=op.f("ceremonies_pkey")),
        sqlite_strict=True,
    )
    op.create_index(op.f("ceremonies_expires_at_idx"), "ceremonies", ["expires_at"], unique=False)
    op.create_index(op.f("ceremonies_session_idx"), "ceremonies", ["session"], unique=False)


def downgrade() -> None:
    for table in ("ceremonies", "case_contexts", "sessions", "invitations", "passkeys"):
        op.drop_table(table)
    op.drop_index(op.f("officers_identity_issuer_identity_subject_idx"), table_name="officers")
    op.drop_column("officers", "identity_subject")
    op.drop_column("officers", "identity_issuer")
