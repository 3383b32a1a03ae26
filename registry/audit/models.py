"""The log's tables: numbered without gaps, insert-only (the migration adds triggers that refuse anything else)."""

import sqlalchemy as sa

from registry.core.columns import Big, Id, Json, Moment
from registry.core.db import metadata

entries = sa.Table(
    "log_entries",
    metadata,
    sa.Column("index", Big, primary_key=True, autoincrement=False),
    sa.Column("at", Moment, nullable=False),
    sa.Column("kind", sa.Text, nullable=False),
    sa.Column("operation", sa.Text, nullable=False),
    sa.Column("outcome", sa.Text, nullable=False),
    sa.Column("code", sa.Text),
    sa.Column("request_id", sa.Text, nullable=False),
    sa.Column("client", sa.Text),
    sa.Column("agency", sa.Text),
    sa.Column("officer", Id),
    sa.Column("officer_reference", sa.Text),
    sa.Column("purpose", sa.Text),
    sa.Column("case_reference", sa.Text),
    sa.Column("legal_basis", sa.Text),
    sa.Column("token_id", sa.Text),
    sa.Column("source", sa.Text),
    sa.Column("document", sa.Text),
    sa.Column("body", Json, nullable=False),
    sa.CheckConstraint("outcome IN ('allowed', 'partial', 'denied', 'failed')", name="outcome"),
    sa.Index(None, "officer", "index"),
    sa.Index(None, "purpose", "index"),
    sa.Index(None, "outcome", "index"),
    sa.Index(None, "at"),
    sqlite_strict=True,
)

subjects = sa.Table(
    "log_subjects",
    metadata,
    sa.Column("profile", Id, primary_key=True),
    sa.Column("index", Big, sa.ForeignKey("log_entries.index"), primary_key=True, autoincrement=False),
    sqlite_strict=True,
    sqlite_with_rowid=False,
)
"""Which entries concern a profile: the answer to "who looked at this person?"."""

meters = sa.Table(
    "meters",
    metadata,
    sa.Column("principal", sa.Text, primary_key=True),
    sa.Column("measure", sa.Text, primary_key=True),
    sa.Column("since", Moment, primary_key=True),
    sa.Column("spent", Big, nullable=False),
    sa.Index(None, "since"),
    sqlite_strict=True,
    sqlite_with_rowid=False,
)
"""What each principal has spent in a window of time: counters, not part of the log."""
