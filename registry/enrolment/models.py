"""The table of administrative acts: what one administrator proposed, and what became of it."""

import sqlalchemy as sa

from auth.models import four_eyes
from registry.core.columns import Id, Json
from registry.core.db import metadata

enrolments = sa.Table(
    "enrolments",
    metadata,
    sa.Column("id", Id, primary_key=True),
    sa.Column("kind", sa.Text, nullable=False),
    sa.Column("subject", sa.Text, nullable=False),
    sa.Column("terms", Json, nullable=False),
    sa.Column("before", Json),
    sa.Column("state", sa.Text, nullable=False),
    sa.Column("reason", sa.Text, nullable=False),
    *four_eyes(),
    sa.Column("note", sa.Text),
    sa.CheckConstraint("state IN ('proposed', 'approved', 'rejected', 'withdrawn')", name="state"),
    sa.CheckConstraint("(state = 'proposed') = (decided_by IS NULL)", name="decided"),
    sa.CheckConstraint("decided_by <> proposed_by OR state = 'withdrawn'", name="four_eyes"),
    sa.Index(None, "state", "id"),
    sa.Index("enrolments_open_idx", "kind", "subject", unique=True,
             sqlite_where=sa.text("state = 'proposed'"), postgresql_where=sa.text("state = 'proposed'")),
    sqlite_strict=True,
)  # fmt: skip
"""``terms`` is what is to be, ``before`` what was when it was proposed: an act is approved on that only. A subject is
proposed for once at a time."""
