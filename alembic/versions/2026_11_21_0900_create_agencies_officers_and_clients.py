"""Create agencies, their officers and clients, and the memory of proofs used."""

import sqlalchemy as sa
from alembic import op

from registry.core.columns import Id, Json, Moment

revision = "0001_agencies"
down_revision = None
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "agencies",
        sa.Column("code", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("country", sa.Text(), nullable=False),
        sa.Column("suspended_at", Moment(), nullable=True),
        sa.PrimaryKeyConstraint("code", name=op.f("agencies_pkey")),
        sqlite_strict=True,
    )
    op.create_table(
        "officers",
        sa.Column("id", Id(), nullable=False),
        sa.Column("agency", sa.Text(), nullable=False),
        sa.Column("reference", sa.Text(), nullable=False),
        sa.Column("chain", sa.Text(), nullable=False),
        sa.Column("roles", Json(), nullable=False),
        sa.Column("suspended_at", Moment(), nullable=True),
        sa.ForeignKeyConstraint(["agency"], ["agencies.code"], name=op.f("officers_agency_fkey")),
        sa.PrimaryKeyConstraint("id", name=op.f("officers_pkey")),
        sa.UniqueConstraint("agency", "reference", name=op.f("officers_agency_key")),
        sqlite_strict=True,
    )
    op.create_table(
        "clients",
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("agency", sa.Text(), nullable=False),
        sa.Column("keys", Json(), nullable=False),
        sa.Column("scopes", Json(), nullable=False),
        sa.Column("suspended_at", Moment(), nullable=True),
        sa.ForeignKeyConstraint(["agency"], ["agencies.code"], name=op.f("clients_agency_fkey")),
        sa.PrimaryKeyConstraint("id", name=op.f("clients_pkey")),
        sqlite_strict=True,
    )
    op.create_table(
        "replays",
        sa.Column("digest", sa.LargeBinary(), nullable=False),
        sa.Column("expires_at", Moment(), nullable=False),
        sa.PrimaryKeyConstraint("digest", name=op.f("replays_pkey")),
        sqlite_strict=True,
    )
    op.create_index(op.f("replays_expires_at_idx"), "replays", ["expires_at"], unique=False)


def downgrade() -> None:
    op.drop_table("replays")
    op.drop_table("clients")
    op.drop_table("officers")
    op.drop_table("agencies")
