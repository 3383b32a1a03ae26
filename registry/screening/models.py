"""The tables of screenings: the job, what of its list still waits, the hits, the rows that could not be read.

Nearly everybody on a list is innocent, so no table holds a person without a hit. A list that came through the API waits
in sealed chunks, and each is deleted in the transaction that has checked it; a list that the command reads is never
copied here at all. Names of files are often names of people: none is kept.
"""

import sqlalchemy as sa

from registry.core.columns import Big, Flag, Id, Moment
from registry.core.db import metadata

screenings = sa.Table(
    "screenings",
    metadata,
    sa.Column("id", Id, primary_key=True),
    sa.Column("source", sa.Text, nullable=False),
    sa.Column("state", sa.Text, nullable=False),
    sa.Column("agency", sa.Text, nullable=False),
    sa.Column("client", sa.Text, nullable=False),
    sa.Column("officer", Id, nullable=False),
    sa.Column("officer_reference", sa.Text, nullable=False),
    sa.Column("token_id", sa.Text, nullable=False),
    sa.Column("purpose", sa.Text, nullable=False),
    sa.Column("case_reference", sa.Text, nullable=False),
    sa.Column("legal_basis", sa.Text, nullable=False),
    sa.Column("least", sa.Text, nullable=False),
    sa.Column("matcher", sa.Text, nullable=False),
    sa.Column("dates", sa.Text),
    sa.Column("file_digest", sa.Text),
    sa.Column("people", sa.Integer),
    sa.Column("rows_done", sa.Integer, nullable=False),
    sa.Column("refused", sa.Integer, nullable=False),
    sa.Column("hits", sa.Integer, nullable=False),
    sa.Column("disclosed", sa.Integer, nullable=False),
    sa.Column("failure", sa.Text),
    sa.Column("begun_at", Moment, nullable=False),
    sa.Column("ended_at", Moment),
    sa.Column("ticket", sa.LargeBinary, unique=True),
    sa.Column("ticket_until", Moment),
    sa.Column("holder", Id),
    sa.Column("held_until", Moment),
    sa.CheckConstraint("(state = 'failed') = (failure IS NOT NULL)", name="failure"),
    sa.CheckConstraint("(state IN ('finished', 'cancelled', 'failed')) = (ended_at IS NOT NULL)", name="ended"),
    sa.CheckConstraint("least IN ('weak', 'possible', 'strong')", name="least"),
    sa.CheckConstraint("people IS NULL OR rows_done <= people", name="progress"),
    sa.CheckConstraint("source IN ('command', 'upload')", name="source"),
    sa.CheckConstraint(
        "state IN ('awaiting', 'queued', 'running', 'cancelled', 'finished', 'failed')", name="state"
    ),
    sa.Index(None, "agency", "begun_at", "id"),
    sa.Index(None, "agency", "file_digest"),
    sa.Index(None, "state", "held_until"),
    sa.Index(None, "ended_at"),
    sqlite_strict=True,
)  # fmt: skip
"""One row a job. ``least`` is the lowest band that is told; ``rows_done`` moves in the transaction that writes the
hits, so it is never ahead of them nor behind; ``holder`` is the process that works on it, until ``held_until``;
``ticket`` is SHA-256 of the secret by which the list may be handed in, once."""

screening_keys = sa.Table(
    "screening_keys",
    metadata,
    sa.Column("screening", Id, sa.ForeignKey("screenings.id"), primary_key=True),
    sa.Column("key_id", sa.Text, nullable=False),
    sa.Column("content", sa.LargeBinary, nullable=False),
    sa.Index(None, "key_id"),
    sqlite_strict=True,
)
"""The data key of each screening, wrapped. To forget what a list held is to delete its row."""

screening_chunks = sa.Table(
    "screening_chunks",
    metadata,
    sa.Column("screening", Id, sa.ForeignKey("screenings.id"), primary_key=True),
    sa.Column("first_row", sa.Integer, primary_key=True, autoincrement=False),
    sa.Column("rows", sa.Integer, nullable=False),
    sa.Column("content", sa.LargeBinary, nullable=False),
    sqlite_strict=True,
)
"""Rows of a list that was handed in and are not checked yet, sealed."""

screening_hits = sa.Table(
    "screening_hits",
    metadata,
    sa.Column("screening", Id, sa.ForeignKey("screenings.id"), primary_key=True),
    sa.Column("row", sa.Integer, primary_key=True, autoincrement=False),
    sa.Column("number", Big, primary_key=True, autoincrement=False),
    sa.Column("score", sa.Integer, nullable=False),
    sa.Column("band", sa.Text, nullable=False),
    sa.Column("has_discriminator", Flag, nullable=False),
    sa.Column("content", sa.LargeBinary, nullable=False),
    sa.Index(None, "screening", "score", "row", "number"),
    sa.Index(None, "screening", "number"),
    sqlite_strict=True,
)
"""Who on a list may be whom on the register. ``score`` is in ten-thousandths, which sort alike everywhere; ``content``
is sealed: the row's own reference, and the reasons. A hit goes when its profile leaves the search (operations)."""

screening_problems = sa.Table(
    "screening_problems",
    metadata,
    sa.Column("screening", Id, sa.ForeignKey("screenings.id"), primary_key=True),
    sa.Column("row", sa.Integer, primary_key=True, autoincrement=False),
    sa.Column("place", sa.Integer, primary_key=True, autoincrement=False),
    sa.Column("field", sa.Text, nullable=False),
    sa.Column("code", sa.Text, nullable=False),
    sa.Column("rule", sa.Text, nullable=False),
    sa.Column("remedy", sa.Text, nullable=False),
    sqlite_strict=True,
)
"""Rows that could not be read, and why; no value of theirs. The first thousand of a list."""
