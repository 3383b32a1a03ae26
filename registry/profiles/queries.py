"""Every SELECT and write on the register's tables. Returns values; decides nothing."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from functools import lru_cache
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy import Connection

from registry.core.engines import insert_many
from registry.core.errors import Conflict
from registry.profiles import rows
from registry.profiles.indexing import Indexed, packed, unpacked
from registry.profiles.models import match_records, profiles, revisions, search_keys
from registry.profiles.vetting import Proposal, State

_DECISION = (
    revisions.c.id, revisions.c.profile, revisions.c.base, revisions.c.state, revisions.c.reason,
    revisions.c.proposed_by, revisions.c.proposed_agency, revisions.c.proposed_chain, revisions.c.proposed_at,
    revisions.c.decided_by, revisions.c.decided_at, revisions.c.note, revisions.c.version,
)  # fmt: skip
_RECORD = tuple(revisions.c[name] for name in rows.COLUMNS)


# -- current profiles


@lru_cache(maxsize=1024)
def _current(where: sa.ColumnElement[bool], wanted: tuple[str, ...]) -> sa.Select[Any]:
    """Return the statement that reads the wanted record columns of current revisions; built once, it is hot."""
    return (
        sa.select(
            profiles.c.id,
            profiles.c.number,
            revisions.c.version,
            revisions.c.decided_at,
            *(revisions.c[name] for name in wanted),
        )
        .join(revisions, revisions.c.id == profiles.c.current)
        .where(where)
    )


_ID_IS = profiles.c.id == sa.bindparam("profile")
_NUMBER_IN = profiles.c.number.in_(sa.bindparam("numbers", expanding=True))


def by_id(connection: Connection, profile: UUID, wanted: Iterable[str]) -> sa.RowMapping | None:
    """Return one profile's current row, one statement whatever it holds."""
    return connection.execute(_current(_ID_IS, tuple(wanted)), {"profile": profile}).mappings().one_or_none()


def by_number(connection: Connection, numbers: Sequence[int], wanted: Iterable[str]) -> dict[int, sa.RowMapping]:
    """Return current rows by register number, one statement whatever they hold."""
    found = connection.execute(_current(_NUMBER_IN, tuple(wanted)), {"numbers": numbers})
    return {row["number"]: row for row in found.mappings()}


def current_revision(connection: Connection, profile: UUID, *, deciding: bool = False) -> UUID | None:
    """Return the id of the current revision; None for a profile that isn't in the register.

    ``deciding`` keeps others from making another one current until this transaction ends.
    """
    statement = sa.select(profiles.c.current).where(profiles.c.id == profile)
    return connection.execute(_locked(statement) if deciding else statement).scalar_one_or_none()


def _locked(statement: sa.Select[Any]) -> sa.Select[Any]:
    """Make whoever else decides wait. On SQLite a writing transaction is alone already."""
    return statement.with_for_update(key_share=True)


def versions(connection: Connection, profile: UUID) -> Sequence[sa.RowMapping]:
    """Return the decisions on a profile's versions, newest first."""
    statement = (
        sa.select(*_DECISION)
        .where(revisions.c.profile == profile, revisions.c.version.is_not(None))
        .order_by(revisions.c.version.desc())
    )
    return connection.execute(statement).mappings().all()


# -- proposals


def proposal(connection: Connection, identifier: UUID, *, deciding: bool = False) -> Proposal | None:
    """Return one proposal with its record; ``deciding`` keeps others from deciding until this transaction ends."""
    statement = sa.select(*_DECISION, *_RECORD).where(revisions.c.id == identifier)
    row = connection.execute(_locked(statement) if deciding else statement).mappings().one_or_none()
    return _proposal(row) if row else None


def proposals(connection: Connection, state: State, *, after: UUID | None, limit: int) -> list[Proposal]:
    """Return proposals of a state in the order of their making."""
    statement = sa.select(*_DECISION, *_RECORD).where(revisions.c.state == state.value)
    if after is not None:
        statement = statement.where(revisions.c.id > after)
    return [_proposal(row) for row in connection.execute(statement.order_by(revisions.c.id).limit(limit)).mappings()]


def _proposal(row: sa.RowMapping) -> Proposal:
    decision: dict[str, Any] = {column.name: row[column.name] for column in _DECISION}
    return Proposal(**decision | {"state": State(row["state"]), "record": rows.record(row)})


def add_proposals(connection: Connection, added: Sequence[Proposal]) -> None:
    """Insert pending proposals."""
    decisions = [column.name for column in revisions.c if column.name not in rows.COLUMNS]
    insert_many(
        connection,
        revisions,
        [
            (*(getattr(each, name) for name in decisions), *rows.columns(each.record).values())
            for each in added
        ],
    )  # fmt: skip


def reject(connection: Connection, decided: Proposal) -> None:
    """Write the rejection of a pending proposal."""
    _decide(connection, [decided])


def _decide(connection: Connection, decided: Sequence[Proposal]) -> None:
    """Write decisions, one statement for all that say the same."""
    alike: dict[tuple[Any, ...], list[UUID]] = {}
    for each in decided:
        said = (each.state.value, each.version, each.decided_by, each.decided_at, each.note)
        alike.setdefault(said, []).append(each.id)
    for (state, version, officer, moment, note), identifiers in alike.items():
        statement = (
            revisions.update()
            .where(revisions.c.id.in_(identifiers), revisions.c.state == State.PENDING.value)
            .values(state=state, version=version, decided_by=officer, decided_at=moment, note=note)
        )
        if connection.execute(statement).rowcount != len(identifiers):
            raise Conflict("This proposal is decided already.", code="PROPOSAL_NOT_PENDING", remedy="Propose anew.")


# -- publication: a proposal becomes the current version, and findable, in one transaction


def publish_new(connection: Connection, approved: Sequence[tuple[Proposal, Indexed]]) -> None:
    """Make approved proposals of new profiles the register's, with the next register numbers."""
    if not approved:
        return
    last = connection.execute(_NEXT_NUMBERS, {"count": len(approved)}).scalar_one()
    _decide(connection, [each for each, _ in approved])
    numbered = list(enumerate(approved, last - len(approved) + 1))
    insert_many(connection, profiles, [
        (each.profile, number, each.id, packed(index.keys), packed(index.tokens)) for number, (each, index) in numbered
    ])  # fmt: skip
    insert_many(connection, match_records, [(number, index.record) for number, (_, index) in numbered])
    insert_many(connection, search_keys, sorted((key, number) for number, (_, index) in numbered for key in index.keys))
    _count_names(connection, Counter(token for _, index in approved for token in index.tokens))


def publish_amendment(connection: Connection, approved: Proposal, index: Indexed) -> None:
    """Make an approved amendment the current version, and take back the keys of the one before."""
    _decide(connection, [approved])
    before = connection.execute(
        sa.select(profiles.c.number, profiles.c.blocking_keys, profiles.c.name_tokens).where(
            profiles.c.id == approved.profile
        )
    ).one()
    moved = connection.execute(
        profiles.update()
        .where(profiles.c.id == approved.profile, profiles.c.current == approved.base)
        .values(current=approved.id, blocking_keys=packed(index.keys), name_tokens=packed(index.tokens))
    )
    if moved.rowcount != 1:
        raise Conflict(
            "The profile has changed since this was proposed.", code="PROPOSAL_OUTDATED",
            remedy="Propose the change anew from its present state.",
        )  # fmt: skip
    old, new = set(unpacked(before.blocking_keys)), set(index.keys)
    gone = search_keys.c.key.in_(sorted(old - new))
    connection.execute(search_keys.delete().where(gone, search_keys.c.number == before.number))
    insert_many(connection, search_keys, [(key, before.number) for key in sorted(new - old)])
    connection.execute(
        match_records.update().where(match_records.c.number == before.number).values(record=index.record)
    )
    change = Counter(index.tokens)
    change.subtract(unpacked(before.name_tokens))
    _count_names(connection, change)


def _count_names(connection: Connection, change: Mapping[int, int]) -> None:
    """Add to the number of profiles that carry each name; in order, so that two can't wait for each other."""
    values = [{"token": token, "profiles": change[token]} for token in sorted(change) if change[token]]
    if values:
        connection.execute(_COUNT_NAME, values)


_NEXT_NUMBERS = sa.text(
    "INSERT INTO counters (name, value) VALUES ('profiles', :count) "
    "ON CONFLICT (name) DO UPDATE SET value = counters.value + excluded.value RETURNING value"
)
_COUNT_NAME = sa.text(
    "INSERT INTO name_rarity (token, profiles) VALUES (:token, :profiles) "
    "ON CONFLICT (token) DO UPDATE SET profiles = name_rarity.profiles + excluded.profiles"
)
"""The same words on both databases, like the one above."""


def next_version(connection: Connection, profile: UUID) -> int:
    """Return the number after a profile's newest version."""
    newest = sa.select(sa.func.max(revisions.c.version)).where(revisions.c.profile == profile)
    return (connection.execute(newest).scalar() or 0) + 1
