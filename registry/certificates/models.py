"""The tables of certificates.

What is known of the person certified stands in two tables and nowhere else: their sealed content with its data key
(``certificate_holders``), and the blind tokens by which a question is seen to be about them (``certificate_tokens``).
To forget an innocent person is to delete those rows; what is left says only that there was a certificate.
"""

import sqlalchemy as sa

from auth.models import decided_columns, proposed_columns
from registry.core.columns import Id, Moment
from registry.core.db import metadata

certificates = sa.Table(
    "certificates",
    metadata,
    sa.Column("id", Id, primary_key=True),
    sa.Column("number", sa.Text, unique=True),
    sa.Column("state", sa.Text, nullable=False),
    *proposed_columns(),
    sa.Column("months", sa.Integer, nullable=False),
    *decided_columns(),
    sa.Column("valid_until", sa.Text),
    sa.Column("ended_by", Id),
    sa.Column("ended_at", Moment),
    sa.Column("ended_why", sa.Text),
    sa.CheckConstraint("state IN ('proposed', 'issued', 'rejected', 'revoked', 'expired')", name="state"),
    sa.CheckConstraint("(number IS NULL) = (valid_until IS NULL)", name="number"),
    sa.CheckConstraint("state <> 'issued' OR (number IS NOT NULL AND decided_by IS NOT NULL)", name="issued"),
    sa.CheckConstraint("(state IN ('proposed', 'issued')) = (ended_at IS NULL)", name="ended"),
    sa.CheckConstraint("decided_by <> proposed_by", name="four_eyes"),
    sa.Index(None, "state", "id"),
    sa.Index(None, "state", "valid_until"),
    sqlite_strict=True,
)
"""``valid_until`` is the last day, as ISO text. ``ended_by`` is empty where time, or a removal, ended it."""

certificate_holders = sa.Table(
    "certificate_holders",
    metadata,
    sa.Column("certificate", Id, sa.ForeignKey("certificates.id"), primary_key=True),
    sa.Column("key_id", sa.Text, nullable=False),
    sa.Column("wrapped_key", sa.LargeBinary, nullable=False),
    sa.Column("content", sa.LargeBinary, nullable=False),
    sa.Index(None, "key_id"),
    sqlite_strict=True,
)

certificate_tokens = sa.Table(
    "certificate_tokens",
    metadata,
    sa.Column("token", sa.Text, primary_key=True),
    sa.Column("certificate", Id, sa.ForeignKey("certificates.id"), primary_key=True),
    sa.Index(None, "certificate"),
    sqlite_strict=True,
    sqlite_with_rowid=False,
)

certificate_profiles = sa.Table(
    "certificate_profiles",
    metadata,
    sa.Column("certificate", Id, sa.ForeignKey("certificates.id"), primary_key=True),
    sa.Column("profile", Id, primary_key=True),
    sa.Index(None, "profile"),
    sqlite_strict=True,
    sqlite_with_rowid=False,
)
"""With whom the person is confused. ``profile`` has no foreign key: a record may be erased."""
