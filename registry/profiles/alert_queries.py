"""What is read of records that somebody has met and must not know of: which one it was, and who is told.

    hidden(connection, profile)                          what to decide by, of a record that the database hides
    alerts(connection, agency, cleared, after=0, limit=20)     who has met the agency's records, oldest first

An alert names a record by its register number. The row of the record says whose id that is, who keeps it now and who
is cleared for it, so an alert is asked together with it: one statement, and one that is not for this officer is neither
shown nor counted.
"""

from collections.abc import Collection
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy import Connection

from registry.core.columns import Big, Id
from registry.notices.models import notices
from registry.notices.notice import Notice, Topic
from registry.notices.queries import notice_of
from registry.profiles.models import profiles

_HIDDEN = sa.text("SELECT * FROM hidden_record(:profile)").bindparams(sa.bindparam("profile", type_=Id()))


def hidden(connection: Connection, profile: UUID) -> sa.RowMapping | None:
    """Return what disclosure is decided by, of a hidden record that has this id, seen by this connection or not.

    Nothing else of it, and nothing of any other record (alembic/versions/…_tell_of_hidden_records.py). On SQLite no
    row is kept from the one who asks for it, so there is nothing to be asked.
    """
    if connection.dialect.name == "sqlite":
        return None
    return connection.execute(_HIDDEN, {"profile": profile}).mappings().one_or_none()


_MET = (
    sa.select(notices, profiles.c.id.label("met"))
    .join(profiles, profiles.c.number == sa.cast(notices.c.details["number"].as_string(), Big))
    .where(
        notices.c.topic == Topic.ALERT.value,
        notices.c.audience == sa.bindparam("agency"),
        notices.c.number > sa.bindparam("after"),
        profiles.c.owner == sa.bindparam("agency"),
        profiles.c.clearance.in_(sa.bindparam("cleared", expanding=True)),
    )
    .order_by(notices.c.number)
    .limit(sa.bindparam("most", type_=sa.Integer()))
)


def alerts(
    connection: Connection, agency: str, cleared: Collection[str], *, after: int, limit: int
) -> list[tuple[Notice, UUID]]:
    """Return the alerts of an agency behind a number, for who is cleared so, each with the profile that was met."""
    given = {"agency": agency, "cleared": sorted(cleared), "after": after, "most": limit}
    return [(notice_of(row), row["met"]) for row in connection.execute(_MET, given).mappings()]
