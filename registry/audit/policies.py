"""The policies of disclosure that the log's decisions were made by, kept as they were written.

    policies.keep(connection, version, "ke", text, at)      at start: what is there already stays as it is
    policies.text(connection, version)

The log names a policy by the SHA-256 of its text: whoever altered a stored text would be found out by that.
"""

from datetime import datetime

import sqlalchemy as sa
from sqlalchemy import Connection

from registry.audit.models import policies
from registry.core import engines


def keep(connection: Connection, version: str, edition: str, text: str, at: datetime) -> bool:
    """Keep the text of a policy, and say whether it is new here."""
    return bool(engines.insert_new(connection, policies, [(version, edition, text, at)]))


def text(connection: Connection, version: str) -> str | None:
    """Return the text of a policy, or None where none of that version was ever used here."""
    kept: str | None = connection.execute(
        sa.select(policies.c.text).where(policies.c.version == version)
    ).scalar_one_or_none()
    return kept
