"""Every SELECT and write on profiles and their revisions. Returns values; decides nothing."""

from collections.abc import Collection, Iterable, Sequence
from datetime import datetime
from functools import lru_cache
from typing import Any
from uuid import UUID

import orjson
import sqlalchemy as sa
from sqlalchemy import Connection

from registry.core.engines import insert_many
from registry.core.errors import Conflict
from registry.core.sealing import DataKey, Sealer, WrappedKey
from registry.profiles import rows
from registry.profiles.models import profiles, record_keys, revisions
from registry.profiles.prepared import Prepared
from registry.profiles.record import Record
from registry.profiles.standing import Change, Standing
from registry.profiles.vetting import Proposal, State

DECISION = tuple(column for column in revisions.c if column.name not in rows.COLUMNS)
_RECORD = tuple(revisions.c[name] for name in rows.COLUMNS)
_KEY = (record_keys.c.key_id, record_keys.c.content)


# -- profiles


@lru_cache(maxsize=1024)
def _versions(where: sa.ColumnElement[bool], columns: tuple[str, ...], *, known: bool) -> sa.Select[Any]:
    """Return the statement that reads columns of a version: the current one, or the one known at a moment.

    Built once, it is hot. With a version known at a moment comes what it said itself of its category and its end.
    """
    version = revisions.c.id == profiles.c.current
    if known:
        newest = (
            sa.select(sa.func.max(revisions.c.version))
            .where(revisions.c.profile == profiles.c.id, revisions.c.decided_at <= sa.bindparam("known_at"))
            .correlate(profiles)
            .scalar_subquery()
        )
        version = (revisions.c.profile == profiles.c.id) & (revisions.c.version == newest)
    stored = [revisions.c[name] for name in dict.fromkeys((*columns, *(("identity", "details") if known else ())))]
    joined = profiles.join(revisions, version)
    if "sealed" in columns:
        stored += _KEY
        joined = joined.outerjoin(record_keys, record_keys.c.profile == profiles.c.id)
    return (
        sa.select(
            profiles.c.id, profiles.c.number, profiles.c.standing.label("standing_now"), profiles.c.category,
            profiles.c.owner, profiles.c.releasable_to, profiles.c.onward, profiles.c.clearance, profiles.c.expires_on,
            profiles.c.removed_at, profiles.c.erased_at, profiles.c.digest,
            revisions.c.version, revisions.c.decided_at, revisions.c.standing, revisions.c.other, revisions.c.contested,
            revisions.c.order_number, *stored,
        )
        .select_from(joined)
        .where(where)
    )  # fmt: skip


_ID_IS = profiles.c.id == sa.bindparam("profile")
_NUMBER_IN = profiles.c.number.in_(sa.bindparam("numbers", expanding=True))
_ID_IN = profiles.c.id.in_(sa.bindparam("profiles", expanding=True))


def by_id(
    connection: Connection, profile: UUID, columns: Iterable[str] = (), *, known_at: Any = None
) -> sa.RowMapping | None:
    """Return one profile's version with the wanted columns, one statement whatever it holds."""
    statement = _versions(_ID_IS, tuple(columns), known=known_at is not None)
    given = {"profile": profile} | ({"known_at": known_at} if known_at is not None else {})
    return connection.execute(statement, given).mappings().one_or_none()


def by_number(connection: Connection, numbers: Sequence[int], columns: Iterable[str]) -> dict[int, sa.RowMapping]:
    """Return current rows by register number, one statement whatever they hold."""
    found = connection.execute(_versions(_NUMBER_IN, tuple(columns), known=False), {"numbers": numbers})
    return {row["number"]: row for row in found.mappings()}


def by_ids(connection: Connection, identifiers: Sequence[UUID], columns: Iterable[str]) -> dict[UUID, sa.RowMapping]:
    """Return current rows by id, one statement whatever they hold."""
    found = connection.execute(_versions(_ID_IN, tuple(columns), known=False), {"profiles": identifiers})
    return {row["id"]: row for row in found.mappings()}


_OWNED = (profiles.c.owner == sa.bindparam("owner")) & (profiles.c.number > sa.bindparam("after"))


def owned(connection: Connection, agency: str, *, after: int, limit: int) -> Sequence[sa.RowMapping]:
    """Return the current rows of an agency's records, whole, in the order of their register numbers."""
    statement = _versions(_OWNED, rows.COLUMNS, known=False).order_by(profiles.c.number).limit(limit)
    return connection.execute(statement, {"owner": agency, "after": after}).mappings().all()


def owned_count(connection: Connection, agency: str) -> int:
    """Return how many records an agency owns."""
    statement = sa.select(sa.func.count()).select_from(profiles).where(profiles.c.owner == agency)
    return connection.execute(statement).scalar_one()


def is_merged_into(connection: Connection, other: UUID, profile: UUID) -> bool:
    """Say whether one profile was merged into another."""
    statement = sa.select(profiles.c.merged_into).where(profiles.c.id == other)
    return bool(connection.execute(statement).scalar_one_or_none() == profile)


def with_merged(connection: Connection, chosen: Sequence[UUID]) -> tuple[UUID, ...]:
    """Return the records and those that were merged into them, and into those."""
    found = dict.fromkeys(chosen)
    last: Sequence[UUID] = chosen
    while last:
        others = sa.select(revisions.c.other).where(
            revisions.c.profile.in_(last), revisions.c.change == Change.MERGE.value
        )
        merged = sa.select(profiles.c.id).where(profiles.c.id.in_(others), profiles.c.merged_into.in_(last))
        last = [each for each in connection.execute(merged.order_by(profiles.c.id)).scalars() if each not in found]
        found |= dict.fromkeys(last)
    return tuple(found)


def current_revision(connection: Connection, profile: UUID, *, deciding: bool = False) -> UUID | None:
    """Return the id of the current revision; None for a profile that isn't in the register.

    ``deciding`` keeps others from making another one current until this transaction ends.
    """
    statement = sa.select(profiles.c.current).where(profiles.c.id == profile)
    return connection.execute(_locked(statement, profiles) if deciding else statement).scalar_one_or_none()


def _locked(statement: sa.Select[Any], table: sa.Table) -> sa.Select[Any]:
    """Make whoever else decides wait. On SQLite a writing transaction is alone already."""
    return statement.with_for_update(key_share=True, of=table)


def versions(connection: Connection, profile: UUID) -> Sequence[sa.RowMapping]:
    """Return the decisions on a profile's versions, newest first."""
    statement = (
        sa.select(*DECISION)
        .where(revisions.c.profile == profile, revisions.c.version.is_not(None))
        .order_by(revisions.c.version.desc())
    )
    return connection.execute(statement).mappings().all()


def next_version(connection: Connection, profile: UUID) -> int:
    """Return the number after a profile's newest version."""
    newest = sa.select(sa.func.max(revisions.c.version)).where(revisions.c.profile == profile)
    return (connection.execute(newest).scalar() or 0) + 1


def brought_at(connection: Connection, profile: UUID) -> datetime:
    """Return when the record as a profile has it now was let in."""
    newest = sa.select(sa.func.max(revisions.c.decided_at)).where(
        revisions.c.profile == profile,
        revisions.c.version.is_not(None),
        revisions.c.change.in_([Change.CREATE.value, Change.AMEND.value]),
    )
    moment: datetime = connection.execute(newest).scalar_one()
    return moment


# -- proposals, and versions as the proposals they were


_PROPOSALS = sa.select(*DECISION, *_RECORD, *_KEY).select_from(
    revisions.outerjoin(record_keys, record_keys.c.profile == revisions.c.profile)
)


def proposal(connection: Connection, sealer: Sealer, identifier: UUID, *, deciding: bool = False) -> Proposal | None:
    """Return one proposal with its record; ``deciding`` keeps others from deciding until this transaction ends."""
    statement = _PROPOSALS.where(revisions.c.id == identifier)
    row = connection.execute(_locked(statement, revisions) if deciding else statement).mappings().one_or_none()
    return _proposal(row, sealer) if row else None


def version(connection: Connection, sealer: Sealer, profile: UUID, known_at: Any) -> Proposal | None:
    """Return the version of a profile that was known at a moment."""
    statement = (
        _PROPOSALS.where(revisions.c.profile == profile, revisions.c.version.is_not(None))
        .where(revisions.c.decided_at <= known_at)
        .order_by(revisions.c.version.desc())
        .limit(1)
    )
    row = connection.execute(statement).mappings().one_or_none()
    return _proposal(row, sealer) if row else None


def at_versions(
    connection: Connection, sealer: Sealer, chosen: Sequence[tuple[UUID, int]]
) -> dict[tuple[UUID, int], Proposal]:
    """Return versions of profiles by profile and number, one statement for all; those erased are left out."""
    wanted = sa.tuple_(revisions.c.profile, revisions.c.version).in_(list(chosen))
    found = connection.execute(_PROPOSALS.where(wanted, record_keys.c.profile.is_not(None))).mappings()
    return {(row["profile"], row["version"]): _proposal(row, sealer) for row in found}


def handed_in(connection: Connection, sealer: Sealer, profile: UUID, at: Any) -> Proposal | None:
    """Return the proposal of a new record as it was handed in up to a moment, whatever became of it."""
    statement = _PROPOSALS.where(
        revisions.c.profile == profile, revisions.c.change == Change.CREATE.value, revisions.c.part_of.is_(None),
        revisions.c.proposed_at <= at,
    )  # fmt: skip
    row = connection.execute(statement).mappings().one_or_none()
    return _proposal(row, sealer) if row else None


def before_merge(connection: Connection, sealer: Sealer, profile: UUID) -> Proposal | None:
    """Return the last version of a merged profile before it was merged."""
    statement = (
        _PROPOSALS.where(revisions.c.profile == profile, revisions.c.version.is_not(None))
        .where(revisions.c.standing != Standing.MERGED.value)
        .order_by(revisions.c.version.desc())
        .limit(1)
    )
    row = connection.execute(statement).mappings().one_or_none()
    return _proposal(row, sealer) if row else None


def proposals(
    connection: Connection, sealer: Sealer, state: State, *, after: UUID | None, limit: int
) -> list[Proposal]:
    """Return proposals of a state in the order of their making."""
    statement = _PROPOSALS.where(revisions.c.state == state.value, revisions.c.part_of.is_(None))
    if after is not None:
        statement = statement.where(revisions.c.id > after)
    found = connection.execute(statement.order_by(revisions.c.id).limit(limit)).mappings()
    return [_proposal(row, sealer) for row in found]


def records(connection: Connection, sealer: Sealer, identifiers: Collection[UUID]) -> dict[UUID, Record]:
    """Return the records of revisions, one statement for all."""
    if not identifiers:
        return {}
    found = connection.execute(_PROPOSALS.where(revisions.c.id.in_(list(identifiers)))).mappings()
    return {row["id"]: rows.record(row, rows.key_of(sealer, row["profile"], row)) for row in found}


def _proposal(row: sa.RowMapping, sealer: Sealer) -> Proposal:
    decision: dict[str, Any] = {column.name: row[column.name] for column in DECISION}
    key = rows.key_of(sealer, row["profile"], row)
    return Proposal(**decision | {
        "state": State(row["state"]), "change": Change(row["change"]), "standing": Standing(row["standing"]),
        "contested": bool(row["contested"]),
        "proposed_for": tuple(UUID(each) for each in row["proposed_for"]),
        "record": rows.record(row, key),
        "documents": rows.documents(row, key),
    })  # fmt: skip


def add_proposals(connection: Connection, sealer: Sealer, added: Sequence[Proposal]) -> None:
    """Insert proposals. A record that is new gets its data key."""
    keys: dict[UUID, DataKey] = {}
    wrapped: list[tuple[UUID, str, bytes]] = []
    for each in added:
        if each.change is Change.CREATE and each.part_of is None:
            keys[each.profile], made = sealer.new_key(each.profile)
            wrapped.append((each.profile, made.key_id, made.content))
    insert_many(connection, record_keys, wrapped)
    for profile in {each.profile for each in added} - keys.keys():
        keys[profile] = data_key(connection, sealer, profile)
    insert_many(connection, revisions, [_row(each, keys[each.profile]) for each in added])


def add_prepared(connection: Connection, like: Proposal, added: Sequence[Prepared]) -> tuple[UUID, ...]:
    """Insert proposals of new records that another process has sealed, and return the profiles.

    All but the record is as in ``like``.
    """
    said = list(_said(like).values())
    identifier, profile, contested = (_DECIDED.index(name) for name in ("id", "profile", "contested"))
    made = []
    for each in added:
        values = [*said, *map(orjson.Fragment, (each.identity, each.details, each.sealed))]
        values[identifier], values[profile] = UUID(bytes=each.id), UUID(bytes=each.profile)
        values[contested] = each.contested
        made.append(values)
    new = tuple(row[profile] for row in made)
    wrapped = [(one, each.key_id, each.wrapped_key) for one, each in zip(new, added, strict=True)]
    insert_many(connection, record_keys, wrapped)
    insert_many(connection, revisions, made)
    return new


def data_key(connection: Connection, sealer: Sealer, profile: UUID) -> DataKey:
    """Return the data key of a record. Raises Conflict (ERASED) when it is destroyed."""
    statement = sa.select(*_KEY).where(record_keys.c.profile == profile)
    row = connection.execute(statement.with_for_update(read=True, key_share=True)).one_or_none()  # erasure waits
    if row is None:
        raise Conflict("This record is erased.", code="ERASED", remedy="Nothing can be done with it any more.")
    return sealer.open_key(profile, WrappedKey(row.key_id, row.content))


_DECIDED = tuple(column.name for column in DECISION)


def _row(proposal: Proposal, key: DataKey) -> tuple[Any, ...]:
    stored = rows.columns(proposal.record, key)
    stored["sealed"] |= rows.documents_sealed(proposal.documents, key)
    return (*_said(proposal).values(), *stored.values())


def _said(proposal: Proposal) -> dict[str, Any]:
    """Return everything of a proposal but its record, by column."""
    return {name: getattr(proposal, name) for name in _DECIDED} | {
        "state": proposal.state.value, "change": proposal.change.value, "standing": proposal.standing.value,
        "proposed_for": [str(each) for each in proposal.proposed_for],
    }  # fmt: skip


def decide(connection: Connection, decided: Sequence[Proposal]) -> None:
    """Write decisions, one statement for all that say the same. Raises Conflict (PROPOSAL_NOT_PENDING)."""
    alike: dict[tuple[Any, ...], list[UUID]] = {}
    for each in decided:
        said = (each.state.value, each.version, each.standing.value, each.contested, each.decided_by, each.decided_at,
                each.note)  # fmt: skip
        alike.setdefault(said, []).append(each.id)
    for (state, number, standing, contested, officer, moment, note), identifiers in alike.items():
        statement = (
            revisions.update()
            .where(revisions.c.id.in_(identifiers), revisions.c.state == State.PENDING.value)
            .values(state=state, version=number, standing=standing, contested=contested, decided_by=officer,
                    decided_at=moment, note=note)
        )  # fmt: skip
        if connection.execute(statement).rowcount != len(identifiers):
            raise Conflict("This proposal is decided already.", code="PROPOSAL_NOT_PENDING", remedy="Propose anew.")
