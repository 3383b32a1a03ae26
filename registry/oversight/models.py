"""What a second person has said of exports of the log: insert-only, like the log itself."""

import sqlalchemy as sa

from registry.core.columns import Big, Id, Moment
from registry.core.db import metadata

approvals = sa.Table(
    "log_export_approvals",
    metadata,
    sa.Column("id", Id, primary_key=True),
    sa.Column("at", Moment, nullable=False),
    sa.Column("digest", sa.Text, nullable=False),
    sa.Column("size", Big, nullable=False),
    sa.Column("officer", Id, nullable=False),
    sa.Column("approved_by", Id, nullable=False),
    sa.CheckConstraint("officer <> approved_by", name="two"),
    sa.Index(None, "digest", "officer"),
    sqlite_strict=True,
    sqlite_with_rowid=False,
)
"""``digest`` is a keyed one of the filter, which may hold a person's name; ``size`` the checkpoint's that the export
stands on. ``officer`` is who exports."""
