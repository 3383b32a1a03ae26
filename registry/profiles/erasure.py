"""Erasure: what a removed record held is destroyed once its days of grace are over. The tombstone stays.

    due(connection, edition, today)       which records, and how many wait for what
    held(connection, profiles)            what would go
    erase(connection, profiles, now)      a batch of them, in one transaction

What goes: the record's data key, every group of every version and proposal, the sentences beside them (a reason may
name anybody), the photographs with their keys, what search still had, and pairs it was compared in. Records that were
merged into it are the same person and go with it. So does what was proposed and not let in of another record, where
the two were to be one.

What stays: digest, moment and number of the order, and of each version who proposed it, who decided, when, and what
kind of change it was. What an approved merge wrote into another record is that record's history, and stays there.

Data Protection Act 2019 s. 40; docs/keys.md says what this means for backups. The one other place that writes
profiles is publication.py.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy import Connection

from registry.editions import life
from registry.editions.edition import Edition
from registry.notices import queries as notices
from registry.photographs import queries as photograph_queries
from registry.photographs.models import photographs
from registry.profiles import queries
from registry.profiles.indexing import NOTHING, packed, unpacked
from registry.profiles.models import (
    decided_pairs,
    match_records,
    name_rarity,
    profiles,
    record_keys,
    revisions,
    search_keys,
)
from registry.profiles.standing import Change, Standing
from registry.profiles.vetting import State

TABLES = ("record_keys", "revisions", "profiles", "photographs", "photograph_tickets", "decided_pairs",
          "match_records", "search_keys", "name_rarity", "name_spellings", "watches")  # fmt: skip
"""Tables in which an erasure leaves dead rows."""
ERASED = "Erased with the record."
CLOSED = "Closed by the erasure of the record, and not by its proposer."
"""The note of a proposal that waited when its record was erased: nobody can decide on it any more."""


@dataclass(frozen=True, slots=True)
class Due:
    """Removed records that are not erased yet."""

    ready: tuple[UUID, ...]
    """Their days of grace are over; the longest removed first."""
    undecided: tuple[UUID, ...]
    """So are theirs, but somebody proposed to restore them: that is decided first."""
    later: int
    """How many are still within their days of grace."""
    next_on: date | None
    """When the next of those are due."""


@dataclass(frozen=True, slots=True)
class Erased:
    """What goes, or went: profiles with those merged into them, and what they held."""

    profiles: tuple[UUID, ...] = ()
    keys: int = 0
    revisions: int = 0
    photographs: int = 0

    def __add__(self, other: "Erased") -> "Erased":
        return Erased(
            self.profiles + other.profiles, self.keys + other.keys, self.revisions + other.revisions,
            self.photographs + other.photographs,
        )  # fmt: skip


_REMOVED = (profiles.c.standing == Standing.REMOVED.value) & profiles.c.erased_at.is_(None)


def due(connection: Connection, edition: Edition, today: date) -> Due:
    """Return the removed records by whether their keys may be destroyed on this day."""
    statement = sa.select(profiles.c.id, profiles.c.removed_at).where(_REMOVED, profiles.c.removed_at.is_not(None))
    found = connection.execute(statement.order_by(profiles.c.removed_at, profiles.c.id)).all()
    days = {row.id: life.keys_destroyed_on(edition, row.removed_at.date()) for row in found}
    over = [profile for profile, day in days.items() if day <= today]
    ahead = [day for day in days.values() if day > today]
    asked = _to_be_restored(connection)
    return Due(
        ready=tuple(each for each in over if each not in asked),
        undecided=tuple(each for each in over if each in asked),
        later=len(ahead),
        next_on=min(ahead, default=None),
    )


def _to_be_restored(connection: Connection) -> frozenset[UUID]:
    statement = sa.select(revisions.c.profile).where(
        revisions.c.state == State.PENDING.value, revisions.c.change == Change.RESTORE.value
    )
    return frozenset(connection.execute(statement).scalars())


def held(connection: Connection, removed: Sequence[UUID]) -> Erased:
    """Return what these records hold, with those that were merged into them."""
    people = queries.with_merged(connection, removed)

    def count(condition: sa.ColumnElement[bool]) -> int:
        return connection.execute(sa.select(sa.func.count()).where(condition)).scalar_one()

    return Erased(
        people, count(record_keys.c.profile.in_(people)), count(_written_of(people)),
        count(photographs.c.profile.in_(people)),
    )  # fmt: skip


def erase(connection: Connection, removed: Sequence[UUID], now: datetime) -> Erased:
    """Erase removed records. One that was restored meanwhile, or is to be, is left alone."""
    asked = _to_be_restored(connection)
    statement = sa.select(profiles.c.id).where(_REMOVED, profiles.c.id.in_(removed)).order_by(profiles.c.id)
    chosen = [each for each in connection.execute(statement.with_for_update()).scalars() if each not in asked]
    people = queries.with_merged(connection, chosen)
    keys = connection.execute(sa.delete(record_keys).where(record_keys.c.profile.in_(people))).rowcount
    blanked = _blank(connection, people, now)
    pictures = sum(photograph_queries.erase(connection, each) for each in people)
    _leave_the_index(connection, people)
    notices.forget(connection, people)
    connection.execute(
        sa.delete(decided_pairs).where(decided_pairs.c.one.in_(people) | decided_pairs.c.two.in_(people))
    )
    connection.execute(
        sa.update(profiles)
        .where(profiles.c.id.in_(people))
        .values(post=None, verify_on=None, review_on=None, expires_on=None, erased_at=now)
    )
    return Erased(people, keys, blanked, pictures)


def _written_of(people: Sequence[UUID]) -> sa.ColumnElement[bool]:
    """Choose every version and proposal of theirs, and proposals to make them one with another that were not let in."""
    return revisions.c.profile.in_(people) | (revisions.c.other.in_(people) & revisions.c.version.is_(None))


def _blank(connection: Connection, people: Sequence[UUID], now: datetime) -> int:
    written = _written_of(people)
    emptied = sa.update(revisions).where(written).values(identity={}, details={}, sealed={}, reason=ERASED, note=None)
    closed = {
        "state": State.WITHDRAWN.value, "decided_by": revisions.c.proposed_by, "decided_at": now, "note": CLOSED,
    }  # fmt: skip
    blanked = connection.execute(emptied).rowcount
    connection.execute(sa.update(revisions).where(written, revisions.c.state == State.PENDING.value).values(closed))
    return blanked


def _leave_the_index(connection: Connection, people: Sequence[UUID]) -> None:
    """Take out what search may still have; whoever was removed or merged in good order left nothing."""
    statement = sa.select(profiles.c.number, profiles.c.blocking_keys).where(profiles.c.id.in_(people))
    for number, keys in connection.execute(statement).all():
        connection.execute(sa.delete(match_records).where(match_records.c.number == number))
        if keys:
            mine = search_keys.c.key.in_(unpacked(keys)) & (search_keys.c.number == number)
            connection.execute(sa.delete(search_keys).where(mine))
    nothing = {"blocking_keys": packed(NOTHING.keys), "name_tokens": packed(NOTHING.tokens)}
    connection.execute(sa.update(profiles).where(profiles.c.id.in_(people)).values(nothing))


def forget_names(connection: Connection) -> int:
    """Remove the hashes of names that nobody on the register bears any more; return how many."""
    unborne = (
        sa.select(name_rarity.c.token).where(name_rarity.c.profiles <= 0).with_for_update(skip_locked=True)
    )  # fmt: skip
    return connection.execute(sa.delete(name_rarity).where(name_rarity.c.token.in_(unborne))).rowcount
