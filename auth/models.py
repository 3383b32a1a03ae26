"""Agencies, their officers and machine clients, and the memory of proofs already used."""

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
    sqlite_strict=True,
)
"""``keys`` is a JWK Set of public keys (RFC 7517), ``scopes`` a list such as ``["introspection"]``."""

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
