"""The tables of misuse: what has been looked at, what was found, what became of it, and what is known from outside.

All of them are insert-only: a state is a row more, and what a run has seen it has seen.
"""

import sqlalchemy as sa

from registry.core.columns import Big, Id, Json, Moment
from registry.core.db import metadata

runs = sa.Table(
    "misuse_runs",
    metadata,
    sa.Column("size", Big, primary_key=True, autoincrement=False),
    sa.Column("first", Big, nullable=False),
    sa.Column("root", sa.LargeBinary, nullable=False),
    sa.Column("edge", Json, nullable=False),
    sa.Column("at", Moment, nullable=False),
    sa.Column("accesses", Big, nullable=False),
    sa.Column("paid", Big, nullable=False),
    sa.Column("counts", Json, nullable=False),
    sa.CheckConstraint("first <= size", name="range"),
    sa.Index(None, "at"),
    sqlite_strict=True,
)
"""Up to which signed tree the rules have looked. ``edge`` is the tree's right edge, by which the next run proves that
it sees every entry; ``paid`` is how many findings were made but for the sample, ``counts`` what became of each rule's
hits."""

findings = sa.Table(
    "misuse_findings",
    metadata,
    sa.Column("id", Id, primary_key=True),
    sa.Column("key", sa.Text, nullable=False, unique=True),
    sa.Column("run", Big, sa.ForeignKey("misuse_runs.size"), nullable=False),
    sa.Column("rule", sa.Text, nullable=False),
    sa.Column("officer", Id),
    sa.Column("agency", sa.Text, nullable=False),
    sa.Column("unit", sa.Text, nullable=False),
    sa.Column("score", sa.Integer, nullable=False),
    sa.Column("entries", Json, nullable=False),
    sa.Column("entry_count", sa.Integer, nullable=False),
    sa.Column("numbers", Json, nullable=False),
    sa.Column("made_at", Moment, nullable=False),
    sa.Column("due_at", Moment),
    sa.CheckConstraint("score BETWEEN 0 AND 1000", name="score"),
    sa.Index(None, "rule", "id"),
    sa.Index(None, "officer", "id"),
    sa.Index(None, "run"),
    sqlite_strict=True,
)
"""What people are to look at. ``key`` is the digest of what makes it this one; nothing here names a person of the
register."""

steps = sa.Table(
    "misuse_steps",
    metadata,
    sa.Column("finding", Id, sa.ForeignKey("misuse_findings.id"), primary_key=True),
    sa.Column("number", sa.Integer, primary_key=True, autoincrement=False),
    sa.Column("state", sa.Text, nullable=False),
    sa.Column("by", Id, nullable=False),
    sa.Column("agency", sa.Text, nullable=False),
    sa.Column("acts_for", Json, nullable=False),
    sa.Column("at", Moment, nullable=False),
    sa.Column("verdict", sa.Text),
    sa.Column("words", sa.Text),
    sa.CheckConstraint("state IN ('assigned', 'assessed', 'closed')", name="state"),
    sa.CheckConstraint("verdict IN ('misuse', 'lawful', 'mistake', 'undecided')", name="verdict"),
    sa.CheckConstraint("(state = 'assigned') = (verdict IS NULL)", name="judged"),
    sa.CheckConstraint("(verdict IS NULL) = (words IS NULL)", name="words"),
    sqlite_strict=True,
    sqlite_with_rowid=False,
)
"""What became of a finding, step by step; the last says how it stands. Two who are at it at once meet at the key."""

facts = sa.Table(
    "misuse_facts",
    metadata,
    sa.Column("id", Id, primary_key=True),
    sa.Column("kind", sa.Text, nullable=False),
    sa.Column("agency", sa.Text, nullable=False),
    sa.Column("officer", Id),
    sa.Column("case_reference", sa.Text, nullable=False),
    sa.Column("profile", Id),
    sa.Column("area", sa.Text, nullable=False),
    sa.Column("country", sa.Text, nullable=False),
    sa.Column("since", Moment, nullable=False),
    sa.Column("until", Moment),
    sa.Column("person", Json),
    sa.Column("file", sa.Text, nullable=False),
    sa.Column("added_by", Id, nullable=False),
    sa.Column("added_at", Moment, nullable=False),
    sa.CheckConstraint("until IS NULL OR since < until", name="time"),
    sa.Index(None, "file"),
    sa.Index(None, "since"),
    sqlite_strict=True,
)
"""What other systems know: assigned cases, shifts, court lists, who has left. ``person`` holds digests of a name and a
day of birth, never the name; ``file`` is the SHA-256 of the file that brought it."""
