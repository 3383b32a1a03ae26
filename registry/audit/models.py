"""The log's tables: numbered without gaps, insert-only (the migrations add triggers that refuse anything else)."""

import sqlalchemy as sa

from registry.core.columns import Big, Id, Json, Moment
from registry.core.db import metadata


def _looked_up_by(column: str, condition: str) -> sa.Index:
    """Return an index by which auditors look entries up (oversight/queries.py): of those that say something there."""
    where = sa.text(condition)
    return sa.Index(None, column, "index", postgresql_where=where, sqlite_where=where)


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
    sa.Column("salt", sa.LargeBinary),
    sa.Column("v", sa.Integer, nullable=False, server_default=sa.text("1")),
    sa.Column("country", sa.Text),
    sa.Column("on_behalf_of", sa.Text),
    sa.Column("attribution", sa.Text),
    sa.Column("justification", sa.Text),
    sa.Column("policy", sa.Text),
    sa.Column("program", sa.Text),
    sa.Column("kept", Json(none_as_null=True)),
    sa.CheckConstraint("outcome IN ('allowed', 'partial', 'denied', 'failed')", name="outcome"),
    _looked_up_by("officer", "officer IS NOT NULL"),
    _looked_up_by("case_reference", "case_reference IS NOT NULL"),
    _looked_up_by("agency", "agency IS NOT NULL"),
    _looked_up_by("purpose", "purpose IS NOT NULL"),
    _looked_up_by("outcome", "outcome <> 'allowed'"),
    sqlite_strict=True,
    postgresql_partition_by='RANGE ("index")',
)
"""What was asked and answered: each column but ``index``, ``salt``, ``v`` and ``kept`` is committed to by the entry's
leaf (commitments.py). ``salt`` is 32 random bytes, which never leave the node; none once the entry is erased. ``v``
is the version of what is said (forms.py). ``kept`` is what stays of an entry that is erased in part (erasing.py).
PostgreSQL keeps it in partitions by the index (partitions.py)."""

leaves = sa.Table(
    "log_leaves",
    metadata,
    sa.Column("index", Big, primary_key=True, autoincrement=False),
    sa.Column("at", Moment, nullable=False),
    sa.Column("commitment", sa.LargeBinary, nullable=False),
    sa.Column("v", sa.Integer, nullable=False, server_default=sa.text("1")),
    sa.CheckConstraint("length(commitment) = 32", name="commitment"),
    sqlite_strict=True,
)
"""What the tree is made of: one leaf an entry, and nothing of a person. ``at`` is when the entry got its place, in
whole milliseconds, never before that of the leaf before it; ``v`` is its entry's, and its first word. Leaves stay when
what they commit to is gone."""

heads = sa.Table(
    "log_heads",
    metadata,
    sa.Column("size", Big, primary_key=True, autoincrement=False),
    sa.Column("root", sa.LargeBinary, nullable=False),
    sa.Column("signed_at", Moment, nullable=False),
    sa.Column("note", sa.Text, nullable=False),
    sa.CheckConstraint("length(root) = 32", name="root"),
    sqlite_strict=True,
)
"""What the notary has signed: the tree's size and root, and the checkpoint as it was published. The notary alone writes
here; whoever writes entries looks whether the log has become shorter than what is signed."""

promise_keys = sa.Table(
    "log_promise_keys",
    metadata,
    sa.Column("key", sa.LargeBinary, primary_key=True),
    sa.Column("since", Moment, nullable=False),
    sa.CheckConstraint("length(key) = 32", name="key"),
    sa.Index(None, "since"),
    sqlite_strict=True,
    sqlite_with_rowid=False,
)
"""The public halves of the keys that sign receipts (promises.py): each process adds its own, and the notary certifies
it."""

quorums = sa.Table(
    "log_quorums",
    metadata,
    sa.Column("at", Moment, primary_key=True),
    sa.Column("size", Big, nullable=False),
    sqlite_strict=True,
)
"""When enough witnesses had cosigned a tree, and of what size. The notary alone writes here, once a minute at most."""

windows = sa.Table(
    "log_windows",
    metadata,
    sa.Column("entry", Big, primary_key=True, autoincrement=False),
    sa.Column("unsigned_seconds", sa.Integer, nullable=False),
    sa.Column("unwitnessed_seconds", sa.Integer, nullable=False),
    sa.CheckConstraint("unsigned_seconds >= 0 AND unwitnessed_seconds >= 0", name="seconds"),
    sqlite_strict=True,
)
"""How long the log goes on without notary and witnesses (closing.py): the last row is in force, and its entry says so.
0 is for ever."""

subjects = sa.Table(
    "log_subjects",
    metadata,
    sa.Column("profile", Id, primary_key=True),
    sa.Column("index", Big, primary_key=True, autoincrement=False),
    sa.Index(None, "index"),
    sqlite_strict=True,
    sqlite_with_rowid=False,
)
"""Which entries concern a profile: the answer to "who looked at this person?"."""

erasures = sa.Table(
    "log_erasures",
    metadata,
    sa.Column("entry", Big, primary_key=True, autoincrement=False),
    sa.Column("first", Big, primary_key=True, autoincrement=False),
    sa.Column("last", Big, nullable=False),
    sa.Column("fields", Json(none_as_null=True)),
    sa.Column("legal_basis", sa.Text, nullable=False),
    sa.CheckConstraint("first <= last AND last < entry", name="range"),
    sa.Index(None, "last"),
    sqlite_strict=True,
    sqlite_with_rowid=False,
)
"""What has been erased by law: runs of entries, without fields as wholes. ``entry`` is the one that accounts for it.
The triggers let go what stands here, and nothing else; the tables' owner alone writes here."""

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

shown_subjects = sa.Table(
    "shown_subjects",
    metadata,
    sa.Column("principal", sa.Text, primary_key=True),
    sa.Column("since", Moment, primary_key=True),
    sa.Column("profile", Id, primary_key=True),
    sa.Index(None, "since"),
    sqlite_strict=True,
    sqlite_with_rowid=False,
)
"""Who was shown to whom on a day (distinct.py)."""

decoys = sa.Table(
    "decoys",
    metadata,
    sa.Column("profile", Id, primary_key=True),
    sa.Column("owner", sa.Text, nullable=False),
    sqlite_strict=True,
    sqlite_with_rowid=False,
)
"""Profiles that stand for nobody: whoever is shown one raises an alarm. ``owner`` is the agency that is told."""

alarms = sa.Table(
    "alarms",
    metadata,
    sa.Column("id", Id, primary_key=True),
    sa.Column("at", Moment, nullable=False),
    sa.Column("kind", sa.Text, nullable=False),
    sa.Column("entry", Big, nullable=False),
    sa.Column("audience", sa.Text),
    sa.CheckConstraint("kind IN ('decoy', 'subjects')", name="kind"),
    sa.Index(None, "audience", "id"),
    sa.Index(None, "entry"),
    sqlite_strict=True,
)
"""What administrators are to look at. ``audience`` is an agency's code; without one it is for all of the country's own.
Who asked, and for whom, stands in the entry."""

policies = sa.Table(
    "policies",
    metadata,
    sa.Column("version", sa.Text, primary_key=True),
    sa.Column("edition", sa.Text, nullable=False),
    sa.Column("text", sa.Text, nullable=False),
    sa.Column("since", Moment, nullable=False),
    sqlite_strict=True,
)
"""Every policy of disclosure that a node has decided by, as it was written, so that a decision of the log can be made
again. ``version`` is the SHA-256 of ``text``; ``since`` is when it was first used here."""
