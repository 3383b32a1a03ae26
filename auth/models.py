"""Agencies, their officers and machine clients with what each may ask, and the memory of proofs already used."""

import sqlalchemy as sa

from registry.core.columns import Id, Json, Moment
from registry.core.db import metadata

agencies = sa.Table(
    "agencies",
    metadata,
    sa.Column("code", sa.Text, primary_key=True),
    sa.Column("name", sa.Text, nullable=False),
    sa.Column("country", sa.Text, nullable=False),
    sa.Column("suspended_at", Moment),
    sqlite_strict=True,
)

officers = sa.Table(
    "officers",
    metadata,
    sa.Column("id", Id, primary_key=True),
    sa.Column("agency", sa.Text, sa.ForeignKey("agencies.code"), nullable=False),
    sa.Column("reference", sa.Text, nullable=False),
    sa.Column("chain", sa.Text, nullable=False),
    sa.Column("roles", Json, nullable=False),
    sa.Column("suspended_at", Moment),
    sa.UniqueConstraint("agency", "reference"),
    sqlite_strict=True,
)

clients = sa.Table(
    "clients",
    metadata,
    sa.Column("id", sa.Text, primary_key=True),
    sa.Column("agency", sa.Text, sa.ForeignKey("agencies.code"), nullable=False),
    sa.Column("keys", Json, nullable=False),
    sa.Column("scopes", Json, nullable=False),
    sa.Column("suspended_at", Moment),
    sa.Column("documents", sa.Text, nullable=False, server_default="off"),
    sa.CheckConstraint("documents IN ('off', 'log', 'require')", name="documents"),
    sqlite_strict=True,
)
"""``keys`` is a JWK Set of public keys (RFC 7517), ``scopes`` a list such as ``["introspection"]``, ``documents`` the
mode of trusted documents."""

trusted_documents = sa.Table(
    "trusted_documents",
    metadata,
    sa.Column("id", Id, primary_key=True),
    sa.Column("client", sa.Text, sa.ForeignKey("clients.id"), nullable=False),
    sa.Column("sha256", sa.Text, nullable=False),
    sa.Column("name", sa.Text, nullable=False),
    sa.Column("text", sa.Text, nullable=False),
    sa.Column("questions", Json, nullable=False),
    sa.Column("state", sa.Text, nullable=False),
    sa.Column("reason", sa.Text, nullable=False),
    sa.Column("proposed_by", Id, nullable=False),
    sa.Column("proposed_agency", sa.Text, nullable=False),
    sa.Column("proposed_chain", sa.Text, nullable=False),
    sa.Column("proposed_for", Json, nullable=False),
    sa.Column("proposed_at", Moment, nullable=False),
    sa.Column("decided_by", Id),
    sa.Column("decided_at", Moment),
    sa.Column("note", sa.Text),
    sa.Column("withdrawn_by", Id),
    sa.Column("withdrawn_at", Moment),
    sa.Column("withdrawn_why", sa.Text),
    sa.CheckConstraint("state IN ('proposed', 'approved', 'rejected', 'withdrawn')", name="state"),
    sa.CheckConstraint("state NOT IN ('approved', 'rejected') OR decided_by IS NOT NULL", name="decided"),
    sa.CheckConstraint("decided_by <> proposed_by", name="four_eyes"),
    sa.CheckConstraint("(state = 'withdrawn') = (withdrawn_at IS NOT NULL)", name="withdrawn"),
    sa.Index(None, "sha256", "client"),
    sa.Index(None, "client", "id"),
    sa.Index(None, "state", "id"),
    sa.Index("trusted_documents_open_idx", "client", "sha256", unique=True,
             sqlite_where=sa.text("state IN ('proposed', 'approved')"),
             postgresql_where=sa.text("state IN ('proposed', 'approved')")),
    sqlite_strict=True,
)  # fmt: skip
"""What a client may ask, and who let it (registry/documents). A text is open once for a client, and ended often."""

delegations = sa.Table(
    "delegations",
    metadata,
    sa.Column("officer", Id, sa.ForeignKey("officers.id"), primary_key=True),
    sa.Column("delegate", Id, sa.ForeignKey("officers.id"), primary_key=True),
    sa.Column("since", Moment, primary_key=True),
    sa.Column("until", Moment, nullable=False),
    sa.Index(None, "delegate", "until"),
    sqlite_strict=True,
)
"""Who acts for whom, and when. A delegate's decision counts as the officer's own."""

replays = sa.Table(
    "replays",
    metadata,
    sa.Column("digest", sa.LargeBinary, primary_key=True),
    sa.Column("expires_at", Moment, nullable=False),
    sa.Index(None, "expires_at"),
    sqlite_strict=True,
)
"""SHA-256 of (kind, client, jti) of every assertion used, until it would expire anyway."""
