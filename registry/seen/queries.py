"""What is read to make an answer of the past again: its entry, and the versions of records that it names."""

from collections.abc import Collection
from datetime import datetime
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy import Connection

from registry.audit.disclosures import RELEASED
from registry.audit.models import entries, leaves
from registry.profiles.models import profiles, record_keys, revisions

_ENTRY = sa.select(entries).where(entries.c.index == sa.bindparam("index"))
_VERSIONS = (
    sa.select(
        profiles.c.id, profiles.c.number, profiles.c.removed_at, profiles.c.erased_at, profiles.c.digest,
        revisions.c.version, revisions.c.decided_at, revisions.c.standing, revisions.c.contested,
        revisions.c.order_number, revisions.c.identity, revisions.c.details, revisions.c.sealed,
        record_keys.c.key_id, record_keys.c.content,
    )
    .select_from(revisions.join(profiles, profiles.c.id == revisions.c.profile)
                 .outerjoin(record_keys, record_keys.c.profile == revisions.c.profile))
)  # fmt: skip


def entry(connection: Connection, index: int) -> sa.RowMapping | None:
    """Return one entry."""
    return connection.execute(_ENTRY, {"index": index}).mappings().one_or_none()


def has_leaf(connection: Connection, index: int) -> bool:
    """Say whether a place in the log was ever taken: a leaf stays when its entry is erased."""
    return connection.execute(sa.select(leaves.c["index"]).where(leaves.c["index"] == index)).first() is not None


def last_answered(connection: Connection, officer: UUID, at: datetime) -> int | None:
    """Return the place of the last answer that an officer had got by a moment."""
    statement = (
        sa.select(entries.c.index)
        .where(entries.c.officer == officer, entries.c.at <= at)
        .where(entries.c.kind == "query", entries.c.outcome.in_(RELEASED))
        .order_by(entries.c.index.desc())
        .limit(1)
    )
    return connection.execute(statement).scalar_one_or_none()


def versions(connection: Connection, chosen: Collection[tuple[UUID, int]]) -> dict[tuple[UUID, int], sa.RowMapping]:
    """Return versions by profile and number, one statement for all. Of one that is erased ``key_id`` is None."""
    wanted = sa.tuple_(revisions.c.profile, revisions.c.version).in_(list(chosen))
    found = connection.execute(_VERSIONS.where(wanted)).mappings()
    return {(row["id"], row["version"]): row for row in found}
