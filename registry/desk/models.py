"""The requests of data subjects, each a sealed record of its own.

Who asked, how they are reached, and of whom they asked stand sealed with a data key of the request's own, which lies
wrapped in the same row. To forget the people is to delete the row's key. docs/desk.md says what follows what.
"""

import sqlalchemy as sa

from registry.core.columns import Id, Json, Moment
from registry.core.db import metadata

subject_requests = sa.Table(
    "subject_requests",
    metadata,
    sa.Column("id", Id, primary_key=True),
    sa.Column("kind", sa.Text, nullable=False),
    sa.Column("channel", sa.Text, nullable=False),
    sa.Column("capacity", sa.Text, nullable=False),
    sa.Column("reference", sa.Text, nullable=False),
    sa.Column("agency", sa.Text, nullable=False),
    sa.Column("opened_by", Id, nullable=False),
    sa.Column("opened_at", Moment, nullable=False),
    sa.Column("received_on", sa.Text, nullable=False),
    sa.Column("due_on", sa.Text, nullable=False),
    sa.Column("state", sa.Text, nullable=False),
    sa.Column("documents", Json, nullable=False),
    sa.Column("court_seal", sa.Text),
    sa.Column("profile", Id),
    sa.Column("identified_by", Id),
    sa.Column("identified_at", Moment),
    sa.Column("draft", sa.Text, nullable=False),
    sa.Column("outcome", sa.Text),
    sa.Column("ground", sa.Text),
    sa.Column("proposal", Id, sa.ForeignKey("revisions.id")),
    sa.Column("digest", sa.Text),
    sa.Column("drawn_by", Id),
    sa.Column("drawn_for", Json, nullable=False),
    sa.Column("drawn_at", Moment),
    sa.Column("note", sa.Text),
    sa.Column("closed_by", Id),
    sa.Column("closed_at", Moment),
    sa.Column("closed_on", sa.Text),
    sa.Column("key_id", sa.Text, nullable=False),
    sa.Column("wrapped_key", sa.LargeBinary, nullable=False),
    sa.Column("people", sa.LargeBinary, nullable=False),
    sa.CheckConstraint("kind IN ('access', 'correction', 'objection')", name="kind"),
    sa.CheckConstraint("state IN ('received', 'identified', 'answered', 'refused', 'withdrawn')", name="state"),
    sa.CheckConstraint("draft IN ('none', 'drawn_up', 'returned', 'released')", name="draft"),
    sa.CheckConstraint("(state IN ('received', 'identified')) = (closed_by IS NULL)", name="closed"),
    sa.CheckConstraint("state NOT IN ('identified', 'answered') OR identified_by IS NOT NULL", name="identified"),
    sa.CheckConstraint("closed_by <> drawn_by OR state = 'withdrawn'", name="four_eyes"),
    sa.Index(None, "agency", "state", "due_on", "id"),
    sa.Index(None, "profile"),
    sa.Index(None, "key_id"),
    sqlite_strict=True,
)
"""``profile`` has no foreign key: a record may be erased while the request about it stays. Days are ISO texts, which
sort; an answer is in time when ``closed_on <= due_on``."""
