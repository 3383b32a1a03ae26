"""Agencies, their officers and machine clients with what each may ask, and the memory of proofs already used."""

from typing import Any

import sqlalchemy as sa

from registry.core.columns import Big, Flag, Id, Json, Moment
from registry.core.db import metadata


def proposed_columns() -> tuple[sa.Column[Any], ...]:  # Any: each column's own type
    """Return the columns that say who proposed (auth/four_eyes.py)."""
    return (
        sa.Column("proposed_by", Id, nullable=False),
        sa.Column("proposed_agency", sa.Text, nullable=False),
        sa.Column("proposed_chain", sa.Text, nullable=False),
        sa.Column("proposed_for", Json, nullable=False),
        sa.Column("proposed_at", Moment, nullable=False),
    )


def decided_columns() -> tuple[sa.Column[Any], ...]:  # Any: as above
    """Return the columns that say who decided, and when."""
    return sa.Column("decided_by", Id), sa.Column("decided_at", Moment)


def four_eyes() -> tuple[sa.Column[Any], ...]:  # Any: as above
    """Return the columns of what one officer proposes and another decides on."""
    return *proposed_columns(), *decided_columns()


agencies = sa.Table(
    "agencies",
    metadata,
    sa.Column("code", sa.Text, primary_key=True),
    sa.Column("name", sa.Text, nullable=False),
    sa.Column("country", sa.Text, nullable=False),
    sa.Column("grant_keys", Json),
    sqlite_strict=True,
)
"""``grant_keys`` is the JWK Set with which the agency signs for its officers (auth/officer_grants.py), if it does."""

officers = sa.Table(
    "officers",
    metadata,
    sa.Column("id", Id, primary_key=True),
    sa.Column("agency", sa.Text, sa.ForeignKey("agencies.code"), nullable=False),
    sa.Column("reference", sa.Text, nullable=False),
    sa.Column("chain", sa.Text, nullable=False),
    sa.Column("roles", Json, nullable=False),
    sa.Column("clearance", sa.Text, nullable=False, server_default="restricted"),
    sa.Column("identity_issuer", sa.Text),
    sa.Column("identity_subject", sa.Text),
    sa.UniqueConstraint("agency", "reference"),
    sa.Index(None, "identity_issuer", "identity_subject", unique=True),
    sqlite_strict=True,
)

clients = sa.Table(
    "clients",
    metadata,
    sa.Column("id", sa.Text, primary_key=True),
    sa.Column("agency", sa.Text, sa.ForeignKey("agencies.code"), nullable=False),
    sa.Column("keys", Json, nullable=False),
    sa.Column("scopes", Json, nullable=False),
    sa.Column("documents", sa.Text, nullable=False, server_default="off"),
    sa.Column("nonces", Flag, nullable=False, server_default=sa.false()),
    sa.Column("certificates", Json),
    sa.CheckConstraint("documents IN ('off', 'log', 'require')", name="documents"),
    sqlite_strict=True,
)
"""``keys`` is a JWK Set of public keys (RFC 7517), ``scopes`` a list such as ``["introspection"]``, ``documents`` the
mode of trusted documents, ``nonces`` whether its proofs need one of ours (RFC 9449, 8), ``certificates`` those it may
come with (RFC 8705; auth/enrolled_certificates.py)."""

agreements = sa.Table(
    "agreements",
    metadata,
    sa.Column("code", sa.Text, primary_key=True),
    sa.Column("agency", sa.Text, sa.ForeignKey("agencies.code"), nullable=False),
    sa.Column("tier", sa.Text, nullable=False),
    sa.Column("purposes", Json, nullable=False),
    sa.Column("legal_bases", Json, nullable=False),
    sa.Column("since", Moment, nullable=False),
    sa.Column("until", Moment, nullable=False),
    sa.Column("distinct_subjects", sa.Integer, nullable=False, server_default="50"),
    sa.Column("hosts", Json, nullable=False, default=list),
    sa.Column("contact", sa.Text, nullable=False),
    sa.CheckConstraint("tier IN ('hit', 'standard', 'full')", name="tier"),
    sa.CheckConstraint("since < until", name="time"),
    sa.CheckConstraint("distinct_subjects > 0", name="distinct_subjects"),
    sa.Index(None, "agency"),
    sqlite_strict=True,
)
"""What was agreed with an agency abroad: how much is opened, for which purposes, on which grounds, from when to when,
how many persons one of its officers may be shown in a day, and to which hosts we may send."""

closures = sa.Table(
    "closures",
    metadata,
    sa.Column("id", Id, primary_key=True),
    sa.Column("scope", sa.Text, nullable=False),
    sa.Column("key", sa.Text, nullable=False),
    sa.Column("reason", sa.Text, nullable=False),
    sa.Column("closed_by", sa.Text, nullable=False),
    sa.Column("closed_at", Moment, nullable=False),
    sa.Column("opened_by", sa.Text),
    sa.Column("opened_at", Moment),
    sa.CheckConstraint("scope IN ('agency', 'client', 'officer', 'agreement', 'field_class')", name="scope"),
    sa.CheckConstraint("(opened_at IS NULL) = (opened_by IS NULL)", name="opened"),
    sa.CheckConstraint("opened_by <> closed_by", name="two_persons"),
    sa.Index(None, "closed_at"),
    sa.Index("closures_open_idx", "scope", "key", unique=True,
             sqlite_where=sa.text("opened_at IS NULL"), postgresql_where=sa.text("opened_at IS NULL")),
    sqlite_strict=True,
)  # fmt: skip
"""The kill switch: who or what is shut out, by whom and why, until somebody else opens it again. An officer's ``key``
is ``<agency> <reference>``; a field class is one of registry/disclosure/vocabulary.py."""

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
    *four_eyes(),
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
"""SHA-256 of (kind, client, jti) of every assertion, grant and proof used, until it would expire anyway."""

revoked_tokens = sa.Table(
    "revoked_tokens",
    metadata,
    sa.Column("token_id", sa.Text, primary_key=True),
    sa.Column("client", sa.Text, nullable=False),
    sa.Column("revoked_at", Moment, nullable=False),
    sa.Column("expires_at", Moment, nullable=False),
    sa.Index(None, "expires_at"),
    sqlite_strict=True,
)
"""Tokens that their client has given back (RFC 7009), until they would expire anyway."""

signing_keys = sa.Table(
    "signing_keys",
    metadata,
    sa.Column("id", Id, primary_key=True),
    sa.Column("kid", sa.Text, nullable=False, unique=True),
    sa.Column("public", Json, nullable=False),
    sa.Column("sealed", sa.LargeBinary),
    sa.Column("key_id", sa.Text),
    sa.Column("wrapped_key", sa.LargeBinary),
    sa.Column("made_at", Moment, nullable=False),
    sa.Column("used_from", Moment, nullable=False),
    sa.Column("withdrawn_at", Moment),
    sa.CheckConstraint("(sealed IS NULL) = (key_id IS NULL) AND (sealed IS NULL) = (wrapped_key IS NULL)",
                       name="sealed"),
    sqlite_strict=True,
)  # fmt: skip
"""What the register signs tokens with, one after the other (auth/signing.py). ``public`` is the JWK; the private half
is sealed with a data key of its own, or stands in the key file where ``sealed`` is empty."""

passkeys = sa.Table(
    "passkeys",
    metadata,
    sa.Column("id", Id, primary_key=True),
    sa.Column("officer", Id, sa.ForeignKey("officers.id"), nullable=False),
    sa.Column("credential_id", sa.LargeBinary, nullable=False, unique=True),
    sa.Column("credential", sa.LargeBinary, nullable=False),
    sa.Column("counter", Big, nullable=False),
    sa.Column("name", sa.Text, nullable=False),
    sa.Column("created_at", Moment, nullable=False),
    sa.Column("used_at", Moment),
    sa.Column("revoked_at", Moment),
    sa.Column("revoked_why", sa.Text),
    sa.CheckConstraint("(revoked_at IS NULL) = (revoked_why IS NULL)", name="revoked"),
    sa.Index(None, "officer"),
    sqlite_strict=True,
)
"""What officers prove themselves with where no identity provider is. ``credential`` is the attested credential data of
Web Authentication (6.5.2): model, id and public key; ``counter`` where its signature counter stood last."""

invitations = sa.Table(
    "invitations",
    metadata,
    sa.Column("digest", sa.LargeBinary, primary_key=True),
    sa.Column("officer", Id, sa.ForeignKey("officers.id"), nullable=False),
    sa.Column("expires_at", Moment, nullable=False),
    sa.Column("used_at", Moment),
    sa.Index(None, "officer"),
    sa.Index(None, "expires_at"),
    sqlite_strict=True,
)
"""SHA-256 of each code with which an officer registers a passkey: once, and soon. Withdrawn ones count as used."""

sessions = sa.Table(
    "sessions",
    metadata,
    sa.Column("id", Id, primary_key=True),
    sa.Column("digest", sa.LargeBinary, nullable=False, unique=True),
    sa.Column("officer", Id, sa.ForeignKey("officers.id"), nullable=False),
    sa.Column("method", sa.Text, nullable=False),
    sa.Column("passkey", Id, sa.ForeignKey("passkeys.id")),
    sa.Column("provider_session", sa.Text),
    sa.Column("source", sa.Text),
    sa.Column("created_at", Moment, nullable=False),
    sa.Column("authenticated_at", Moment, nullable=False),
    sa.Column("seen_at", Moment, nullable=False),
    sa.Column("expires_at", Moment, nullable=False),
    sa.Column("ended_at", Moment),
    sa.Column("ended_why", sa.Text),
    sa.CheckConstraint("method IN ('identity', 'passkey')", name="method"),
    sa.CheckConstraint("(method = 'passkey') = (passkey IS NOT NULL)", name="passkey"),
    sa.CheckConstraint("(ended_at IS NULL) = (ended_why IS NULL)", name="ended"),
    sa.Index(None, "officer", "expires_at"),
    sa.Index(None, "provider_session"),
    sa.Index(None, "expires_at"),
    sa.Index(None, "passkey"),
    sqlite_strict=True,
)
"""Who is signed in. ``digest`` is the SHA-256 of the cookie's secret, which is kept nowhere."""

case_contexts = sa.Table(
    "case_contexts",
    metadata,
    sa.Column("id", Id, primary_key=True),
    sa.Column("session", Id, sa.ForeignKey("sessions.id"), nullable=False),
    sa.Column("purpose", sa.Text, nullable=False),
    sa.Column("case_reference", sa.Text, nullable=False),
    sa.Column("legal_basis", sa.Text, nullable=False),
    sa.Column("agreement", sa.Text, sa.ForeignKey("agreements.code")),
    sa.Column("opened_at", Moment, nullable=False),
    sa.Column("closed_at", Moment),
    sa.Index(None, "session"),
    sa.Index("case_contexts_open_idx", "session", unique=True,
             sqlite_where=sa.text("closed_at IS NULL"), postgresql_where=sa.text("closed_at IS NULL")),
    sqlite_strict=True,
)  # fmt: skip
"""Why a session asks: one purpose and one case at a time."""

ceremonies = sa.Table(
    "ceremonies",
    metadata,
    sa.Column("digest", sa.LargeBinary, primary_key=True),
    sa.Column("kind", sa.Text, nullable=False),
    sa.Column("officer", Id, sa.ForeignKey("officers.id")),
    sa.Column("session", Id, sa.ForeignKey("sessions.id")),
    sa.Column("invitation", sa.LargeBinary, sa.ForeignKey("invitations.digest")),
    sa.Column("expires_at", Moment, nullable=False),
    sa.CheckConstraint("kind IN ('identity', 'passkey', 'registration')", name="kind"),
    sa.Index(None, "expires_at"),
    sa.Index(None, "session"),
    sqlite_strict=True,
)
"""Proofs of identity that have begun and wait for their end, each by the SHA-256 of its cookie's secret. State, nonce,
code verifier and challenge are derived from the secret: nothing that stands here lets anybody in."""

reason_demands = sa.Table(
    "reason_demands",
    metadata,
    sa.Column("request_id", sa.Text, primary_key=True),
    sa.Column("officer", Id, sa.ForeignKey("officers.id"), nullable=False),
    sa.Column("asked_at", Moment, nullable=False),
    sa.Column("due_at", Moment, nullable=False),
    sa.Index(None, "officer", "due_at"),
    sqlite_strict=True,
)
"""Of which requests, drawn by chance, officers have to say why they asked (auth/reasons.py)."""

reason_statements = sa.Table(
    "reason_statements",
    metadata,
    sa.Column("request_id", sa.Text, sa.ForeignKey("reason_demands.request_id"), primary_key=True),
    sa.Column("officer", Id, nullable=False),
    sa.Column("digest", sa.Text, nullable=False),
    sa.Column("stated_at", Moment, nullable=False),
    sa.Index(None, "officer", "digest"),
    sqlite_strict=True,
)
"""That it was said. The words stand in the log; ``digest`` is a keyed one, so that nobody says the same twice."""
