"""Who proposed which decoy, and who let it in. What is in force stands in ``decoys`` too, where the log looks."""

import sqlalchemy as sa

from auth.models import four_eyes
from registry.core.columns import Id, Moment
from registry.core.db import metadata

decoy_proposals = sa.Table(
    "decoy_proposals",
    metadata,
    sa.Column("id", Id, primary_key=True),
    sa.Column("profile", Id, nullable=False),
    sa.Column("owner", sa.Text, nullable=False),
    sa.Column("state", sa.Text, nullable=False),
    sa.Column("reason", sa.Text, nullable=False),
    *four_eyes(),
    sa.Column("ended_by", Id),
    sa.Column("ended_at", Moment),
    sa.CheckConstraint("state IN ('proposed', 'in_force', 'rejected', 'ended')", name="state"),
    sa.CheckConstraint("state NOT IN ('in_force', 'rejected') OR decided_by IS NOT NULL", name="decided"),
    sa.CheckConstraint("decided_by <> proposed_by", name="four_eyes"),
    sa.CheckConstraint("(state = 'ended') = (ended_at IS NOT NULL)", name="ended"),
    sa.Index("decoy_proposals_open_idx", "profile", unique=True,
             sqlite_where=sa.text("state IN ('proposed', 'in_force')"),
             postgresql_where=sa.text("state IN ('proposed', 'in_force')")),
    sa.Index(None, "owner", "id"),
    sqlite_strict=True,
)  # fmt: skip
