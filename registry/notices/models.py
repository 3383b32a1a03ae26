"""The tables of notices and watches. Neither holds anything of a person but the profile's id.

A notice is written in the transaction that makes it true, and numbered under one lock that is held until the commit:
numbers become visible in their order, so whoever goes on behind number n misses nothing.
"""

import sqlalchemy as sa

from registry.core.columns import Big, Id, Json, Moment
from registry.core.db import metadata

notices = sa.Table(
    "notices",
    metadata,
    sa.Column("number", Big, primary_key=True, autoincrement=False),
    sa.Column("at", Moment, nullable=False),
    sa.Column("topic", sa.Text, nullable=False),
    sa.Column("audience", sa.Text, nullable=False),
    sa.Column("subject", Id, nullable=False),
    sa.Column("profile", Id),
    sa.Column("details", Json, nullable=False),
    sa.CheckConstraint("topic IN ('screening', 'decision', 'watch', 'alert')", name="topic"),
    sa.Index(None, "topic", "audience", "number"),
    sa.Index(None, "at"),
    sqlite_strict=True,
)
"""What happened, for those who follow it. Kept for days; the newest stays, so that no number comes twice."""

watches = sa.Table(
    "watches",
    metadata,
    sa.Column("id", Id, primary_key=True),
    sa.Column("agency", sa.Text, nullable=False),
    sa.Column("officer", Id, nullable=False),
    sa.Column("case_reference", sa.Text, nullable=False),
    sa.Column("profile", Id, nullable=False),
    sa.Column("reason", sa.Text, nullable=False),
    sa.Column("begun_at", Moment, nullable=False),
    sa.Column("until", Moment, nullable=False),
    sa.Column("ended_at", Moment),
    sa.Index(None, "officer", "case_reference", "id"),
    sa.Index(None, "profile"),
    sa.Index(None, "until"),
    sa.Index(None, "ended_at"),
    sqlite_strict=True,
)
"""Who wants to be told when a profile changes, in which case, and why. It lasts until ``until`` unless renewed."""
