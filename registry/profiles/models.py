"""The register's tables.

A record is a value: each proposed state of it is one row of ``revisions``, in three JSON columns, never changed
afterwards but for the decision on it. An approved revision is a version, with what the record stood as from then on,
so what the register knew at any moment is one row. What search needs (``search_keys``, ``match_records``,
``name_rarity``, ``name_spellings``) is written in the transaction that makes a revision current, so it can't be stale.
docs/decisions/0003, 0008 and 0009 say why. Tables whose ``info`` says so have policies on PostgreSQL (core/reach.py).
"""

import sqlalchemy as sa

from auth.models import four_eyes
from registry.core.columns import Big, Flag, Id, Json, Moment
from registry.core.db import metadata
from registry.core.reach import SECURED

revisions = sa.Table(
    "revisions",
    metadata,
    sa.Column("id", Id, primary_key=True),
    sa.Column("profile", Id, nullable=False),
    sa.Column("change", sa.Text, nullable=False),
    sa.Column("base", Id, sa.ForeignKey("revisions.id")),
    sa.Column("other", Id),
    sa.Column("other_base", Id, sa.ForeignKey("revisions.id")),
    sa.Column("state", sa.Text, nullable=False),
    sa.Column("reason", sa.Text, nullable=False),
    sa.Column("order_number", sa.Text),
    *four_eyes(),
    sa.Column("note", sa.Text),
    sa.Column("version", sa.Integer),
    sa.Column("standing", sa.Text, nullable=False),
    sa.Column("contested", Flag, nullable=False),
    sa.Column("part_of", Id, sa.ForeignKey("revisions.id")),
    sa.Column("identity", Json, nullable=False),
    sa.Column("details", Json, nullable=False),
    sa.Column("sealed", Json, nullable=False),
    sa.CheckConstraint(
        "state IN ('pending', 'approved', 'in_part', 'returned', 'rejected', 'withdrawn')", name="state"
    ),
    sa.CheckConstraint("(state = 'pending') = (decided_by IS NULL)", name="decided"),
    sa.CheckConstraint("(state = 'approved') = (version IS NOT NULL)", name="version"),
    sa.CheckConstraint("decided_by <> proposed_by OR state = 'withdrawn'", name="four_eyes"),
    sa.UniqueConstraint("profile", "version"),
    sa.Index(None, "state", "id"),
    sqlite_strict=True,
    info=SECURED,
)

record_keys = sa.Table(
    "record_keys",
    metadata,
    sa.Column("profile", Id, primary_key=True),
    sa.Column("key_id", sa.Text, nullable=False),
    sa.Column("content", sa.LargeBinary, nullable=False),
    sa.Index(None, "key_id"),
    sqlite_strict=True,
    info=SECURED,
)
"""The data key of each record, wrapped by the key-encryption key ``key_id``. To erase a record is to delete its row."""

profiles = sa.Table(
    "profiles",
    metadata,
    sa.Column("id", Id, primary_key=True),
    sa.Column("number", Big, nullable=False, unique=True),
    sa.Column("current", Id, sa.ForeignKey("revisions.id"), nullable=False),
    sa.Column("standing", sa.Text, nullable=False),
    sa.Column("category", sa.Text, nullable=False),
    sa.Column("owner", sa.Text, nullable=False),
    sa.Column("post", sa.Text),
    sa.Column("verify_on", sa.Text),
    sa.Column("review_on", sa.Text),
    sa.Column("expires_on", sa.Text),
    sa.Column("merged_into", Id),
    sa.Column("removed_at", Moment),
    sa.Column("digest", sa.Text),
    sa.Column("erased_at", Moment),
    sa.Column("blocking_keys", sa.LargeBinary, nullable=False),
    sa.Column("name_tokens", sa.LargeBinary, nullable=False),
    sa.Column("releasable_to", sa.Text, nullable=False, server_default=sa.text("''")),
    sa.Column("onward", sa.Text, nullable=False, server_default="H1"),
    sa.Column("clearance", sa.Text, nullable=False, server_default="restricted"),
    sa.Index(None, "owner", "verify_on", "number"),
    sa.Index(None, "review_on", "number"),
    sa.Index(None, "expires_on", "number"),
    sa.Index("profiles_removed_at_idx", "removed_at", sqlite_where=sa.text("removed_at IS NOT NULL"),
             postgresql_where=sa.text("removed_at IS NOT NULL")),
    sqlite_strict=True,
    info=SECURED,
)  # fmt: skip
"""``number`` is the register number. ``blocking_keys`` and ``name_tokens`` are what is written below for this
profile (64-bit integers, packed), so that an amendment can take them back. The days are ISO texts, which sort.
``releasable_to`` holds countries with spaces between; with ``onward`` and ``clearance`` it is the record's handling,
here so that disclosure finds it in the row that is read anyway."""

search_keys = sa.Table(
    "search_keys",
    metadata,
    sa.Column("key", Big, primary_key=True, autoincrement=False),
    sa.Column("number", Big, primary_key=True, autoincrement=False),
    sqlite_strict=True,
    sqlite_with_rowid=False,
)
"""Blocking keys (registry/matching/keys.py): which profiles share one. Those of sealed values are keyed hashes."""

match_records = sa.Table(
    "match_records",
    metadata,
    sa.Column("number", Big, primary_key=True, autoincrement=False),
    sa.Column("record", sa.Text, nullable=False),
    sa.Column("category", sa.Text, nullable=False),
    sa.Column("until", sa.Text, nullable=False),
    sa.Column("facts", sa.Text, nullable=False, server_default=sa.text("''")),
    sqlite_strict=True,
)
"""All that scoring needs of a profile, compact; what disclosure needs to know of it, and until when it is found."""

name_rarity = sa.Table(
    "name_rarity",
    metadata,
    sa.Column("token", Big, primary_key=True, autoincrement=False),
    sa.Column("profiles", Big, nullable=False),
    sqlite_strict=True,
    sqlite_with_rowid=False,
)
"""How many profiles carry a name: a rare name that agrees says more."""

name_spellings = sa.Table(
    "name_spellings",
    metadata,
    sa.Column("gap", Big, primary_key=True, autoincrement=False),
    sa.Column("token", Big, primary_key=True, autoincrement=False),
    sa.Column("word", sa.Text, nullable=False),
    sa.Index(None, "token"),
    sqlite_strict=True,
    sqlite_with_rowid=False,
)
"""Each distinct word of names as it may be mistaken (registry/matching/spellings.py), under its token of
``name_rarity``: a word that nobody carries is looked for one slip away. It goes with the last who carries it."""

counters = sa.Table(
    "counters",
    metadata,
    sa.Column("name", sa.Text, primary_key=True),
    sa.Column("value", Big, nullable=False),
    sqlite_strict=True,
)
"""``profiles``: the last register number given, which is also how many profiles there are. ``index_form``: in which
form the index is written (registry/matching/form.py); ``index_rebuilt_…``: up to which number it was written anew."""

decided_pairs = sa.Table(
    "decided_pairs",
    metadata,
    sa.Column("one", Id, primary_key=True),
    sa.Column("two", Id, primary_key=True),
    sa.Column("same", Flag, nullable=False),
    sa.Column("reason", sa.Text, nullable=False),
    sa.Column("decided_by", Id, nullable=False),
    sa.Column("decided_at", Moment, nullable=False),
    sa.Index(None, "two"),
    sqlite_strict=True,
)
"""Pairs of profiles that an officer has looked at side by side, the lesser id first; they are not asked about again."""

recalls = sa.Table(
    "recalls",
    metadata,
    sa.Column("id", Id, primary_key=True),
    sa.Column("profile", Id, nullable=False),
    sa.Column("agency", sa.Text, nullable=False),
    sa.Column("kind", sa.Text, nullable=False),
    sa.Column("revision", Id, sa.ForeignKey("revisions.id"), nullable=False),
    sa.Column("order_number", sa.Text),
    sa.Column("last_disclosed_at", Moment, nullable=False),
    sa.Column("created_at", Moment, nullable=False),
    sa.Column("acknowledged_at", Moment),
    sa.CheckConstraint("kind IN ('withdrawn', 'corrected')", name="kind"),
    sa.UniqueConstraint("revision", "profile", "agency", "kind"),
    sa.Index(None, "acknowledged_at", "id"),
    sqlite_strict=True,
)
"""Outbox: who received a record that was withdrawn or corrected since, and has to be told (DPA 2019 s. 40)."""
