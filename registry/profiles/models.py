"""The register's tables.

A record is a value: each proposed state of it is one row of ``revisions``, lists as JSON within
it, never changed afterwards but for the decision on it. An approved revision is a version. What
search needs (``search_keys``, ``match_records``, ``name_rarity``) is written in the transaction
that makes a revision current, so it can't be stale. docs/decisions/0003 says why.
"""

import sqlalchemy as sa

from registry.core.columns import Big, Id, Json, Moment
from registry.core.db import metadata

revisions = sa.Table(
    "revisions",
    metadata,
    sa.Column("id", Id, primary_key=True),
    sa.Column("profile", Id, nullable=False),
    sa.Column("version", sa.Integer),
    sa.Column("base", Id, sa.ForeignKey("revisions.id")),
    sa.Column("state", sa.Text, nullable=False),
    sa.Column("reason", sa.Text, nullable=False),
    sa.Column("proposed_by", Id, nullable=False),
    sa.Column("proposed_agency", sa.Text, nullable=False),
    sa.Column("proposed_chain", sa.Text, nullable=False),
    sa.Column("proposed_at", Moment, nullable=False),
    sa.Column("decided_by", Id),
    sa.Column("decided_at", Moment),
    sa.Column("note", sa.Text),
    sa.Column("owner", sa.Text, nullable=False),
    sa.Column("legal_basis", Json, nullable=False),
    sa.Column("names", Json, nullable=False),
    sa.Column("birth_date", sa.Text),
    sa.Column("sex", sa.Text, nullable=False),
    sa.Column("nationalities", Json, nullable=False),
    sa.Column("identifiers", Json, nullable=False),
    sa.Column("phones", Json, nullable=False),
    sa.Column("emails", Json, nullable=False),
    sa.Column("handles", Json, nullable=False),
    sa.Column("county", sa.Text),
    sa.Column("convictions", Json, nullable=False),
    sa.CheckConstraint("state IN ('pending', 'approved', 'rejected')", name="state"),
    sa.CheckConstraint("(state = 'pending') = (decided_by IS NULL)", name="decided"),
    sa.CheckConstraint("(state = 'approved') = (version IS NOT NULL)", name="version"),
    sa.CheckConstraint("decided_by <> proposed_by", name="four_eyes"),
    sa.UniqueConstraint("profile", "version"),
    sa.Index(None, "state", "id"),
    sqlite_strict=True,
)

profiles = sa.Table(
    "profiles",
    metadata,
    sa.Column("id", Id, primary_key=True),
    sa.Column("number", Big, nullable=False, unique=True),
    sa.Column("current", Id, sa.ForeignKey("revisions.id"), nullable=False),
    sa.Column("blocking_keys", sa.LargeBinary, nullable=False),
    sa.Column("name_tokens", sa.LargeBinary, nullable=False),
    sqlite_strict=True,
)
"""``number`` is the register number. ``blocking_keys`` and ``name_tokens`` are what is written below for this
profile (64-bit integers, packed), so that an amendment can take them back."""

search_keys = sa.Table(
    "search_keys",
    metadata,
    sa.Column("key", Big, primary_key=True, autoincrement=False),
    sa.Column("number", Big, primary_key=True, autoincrement=False),
    sqlite_strict=True,
    sqlite_with_rowid=False,
)
"""Blocking keys (registry/matching/keys.py): which profiles share one."""

match_records = sa.Table(
    "match_records",
    metadata,
    sa.Column("number", Big, primary_key=True, autoincrement=False),
    sa.Column("record", sa.Text, nullable=False),
    sqlite_strict=True,
)
"""All that scoring needs of a profile, compact."""

name_rarity = sa.Table(
    "name_rarity",
    metadata,
    sa.Column("token", Big, primary_key=True, autoincrement=False),
    sa.Column("profiles", Big, nullable=False),
    sqlite_strict=True,
    sqlite_with_rowid=False,
)
"""How many profiles carry a name: a rare name that agrees says more."""

counters = sa.Table(
    "counters",
    metadata,
    sa.Column("name", sa.Text, primary_key=True),
    sa.Column("value", Big, nullable=False),
    sqlite_strict=True,
)
"""``profiles``: the last register number given, which is also how many profiles there are."""
