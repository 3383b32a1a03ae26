"""Photographs, each a sealed record of its own, and the one-time addresses that let them in and out.

A photograph is written once. Its row is erased with its profile, or when no proposal has named it in time; with the row
goes its wrapped key, so what a backup still holds of the content stays closed.
"""

import sqlalchemy as sa

from registry.core.columns import Id, Moment
from registry.core.db import metadata
from registry.core.reach import SECURED

photographs = sa.Table(
    "photographs",
    metadata,
    sa.Column("id", Id, primary_key=True),
    sa.Column("profile", Id),
    sa.Column("agency", sa.Text, nullable=False),
    sa.Column("uploaded_by", Id, nullable=False),
    sa.Column("uploaded_at", Moment, nullable=False),
    sa.Column("media_type", sa.Text, nullable=False),
    sa.Column("width", sa.Integer, nullable=False),
    sa.Column("height", sa.Integer, nullable=False),
    sa.Column("digest", sa.Text, nullable=False),
    sa.Column("source_digest", sa.Text, nullable=False),
    sa.Column("key_id", sa.Text, nullable=False),
    sa.Column("wrapped_key", sa.LargeBinary, nullable=False),
    sa.Column("content", sa.LargeBinary, nullable=False),
    sa.Index(None, "profile", "uploaded_at"),
    sa.Index(None, "key_id"),
    sqlite_strict=True,
    info=SECURED,
)
"""``profile`` is set when a proposal names the photograph; it has no foreign key, because a new profile is in the
register only once its proposal is approved. ``content`` stands last: SQLite reads a row's columns in
their order, and so need not walk megabytes to find an agency."""

tickets = sa.Table(
    "photograph_tickets",
    metadata,
    sa.Column("digest", sa.LargeBinary, primary_key=True),
    sa.Column("kind", sa.Text, nullable=False),
    sa.Column("photograph", Id, nullable=False),
    sa.Column("profile", Id),
    sa.Column("expires_at", Moment, nullable=False),
    sa.Column("client", sa.Text, nullable=False),
    sa.Column("agency", sa.Text, nullable=False),
    sa.Column("officer", Id, nullable=False),
    sa.Column("officer_reference", sa.Text, nullable=False),
    sa.Column("token_id", sa.Text, nullable=False),
    sa.Column("purpose", sa.Text, nullable=False),
    sa.Column("case_reference", sa.Text, nullable=False),
    sa.Column("legal_basis", sa.Text, nullable=False),
    sa.Column("country", sa.Text),
    sa.Column("attribution", sa.Text),
    sa.CheckConstraint("kind IN ('put', 'get')", name="kind"),
    sa.CheckConstraint("(kind = 'get') = (profile IS NOT NULL)", name="profile"),
    sa.Index(None, "expires_at"),
    sqlite_strict=True,
)
"""``digest`` is SHA-256 of the secret, which stands nowhere here: who reads this table can't use what is open in it.
The photograph of a ``put`` does not exist yet; its id is given beforehand."""
