"""Who is told of whom: one row for each side. Nothing of a person but the profile's id."""

import sqlalchemy as sa

from registry.core.columns import Big, Id, Moment
from registry.core.db import metadata

meetings = sa.Table(
    "meetings",
    metadata,
    sa.Column("id", Id, primary_key=True),
    sa.Column("at", Moment, nullable=False),
    sa.Column("officer", Id, nullable=False),
    sa.Column("profile", Id, nullable=False),
    sa.Column("entry", Big, nullable=False),
    sa.Column("met_officer", Id, nullable=False),
    sa.Column("met_agency", sa.Text, nullable=False),
    sa.Column("met_reference", sa.Text, nullable=False),
    sa.Column("met_case", sa.Text, nullable=False),
    sa.Column("met_at", Moment, nullable=False),
    sa.Index(None, "officer", "id"),
    sa.Index(None, "profile", "officer"),
    sa.Index(None, "at"),
    sqlite_strict=True,
    sqlite_with_rowid=False,
)
"""``officer`` is told that ``met_officer`` looked at the same person; ``entry`` is the other's entry in the log."""
