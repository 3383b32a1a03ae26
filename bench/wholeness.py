"""Whether a register and its log are whole: what must hold after any crash, asked of the database itself.

problems = await broken(database, answered={"0197…", …}, approved={proposal, …})        [] when all is well
"""

from collections import Counter
from collections.abc import Collection, Iterator
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy import Connection

from registry.audit.commitments import commitment
from registry.audit.models import entries, leaves, subjects
from registry.core.db import Database
from registry.profiles.indexing import unpacked
from registry.profiles.models import (
    counters,
    match_records,
    name_rarity,
    profiles,
    record_keys,
    revisions,
    search_keys,
)
from registry.profiles.standing import SEARCHABLE

_CHUNK = 500


async def broken(database: Database, answered: Collection[str], approved: Collection[UUID]) -> list[str]:
    """Return what is wrong, a line each. ``answered`` are request ids, ``approved`` proposals."""

    def look(connection: Connection) -> list[str]:
        return [
            *log_problems(connection, answered), *register_problems(connection), *index_problems(connection),
            *decision_problems(connection, approved),
        ]  # fmt: skip

    return await database.keeper.read(look)


def log_problems(connection: Connection, answered: Collection[str]) -> Iterator[str]:
    """Every answer has its entry; entries are numbered without a gap, each with its leaf; subjects speak of entries."""
    count, first, last = connection.execute(
        sa.select(sa.func.count(), sa.func.min(entries.c.index), sa.func.max(entries.c.index))
    ).one()
    if count and (first, last) != (0, count - 1):
        yield f"{count} entries are numbered {first} to {last}"
    entered = _entered(connection, list(answered))
    for missing in sorted(set(answered) - entered):
        yield f"answer {missing} has no entry"
    twice = sa.select(entries.c.request_id).group_by(entries.c.request_id).having(sa.func.count() > 1)
    for request_id in connection.execute(twice).scalars():
        yield f"request {request_id} is entered twice"
    if loose := _count(connection, subjects, subjects.c.index.not_in(sa.select(entries.c.index))):
        yield f"{loose} subjects speak of no entry"
    pairs = sa.select(entries, leaves.c.commitment).select_from(
        entries.outerjoin(leaves, leaves.c.index == entries.c.index)
    )
    for row in connection.execute(pairs.order_by(entries.c.index)).mappings():
        if row["commitment"] is None or commitment(row, row["salt"]) != row["commitment"]:
            yield f"entry {row['index']} does not hash to its leaf"
    if loose := _count(connection, leaves, leaves.c.index.not_in(sa.select(entries.c.index))):
        yield f"{loose} leaves stand without an entry"


def _entered(connection: Connection, request_ids: list[str]) -> set[str]:
    found: set[str] = set()
    for start in range(0, len(request_ids), _CHUNK):
        some = entries.c.request_id.in_(request_ids[start : start + _CHUNK])
        found.update(connection.execute(sa.select(entries.c.request_id).where(some)).scalars())
    return found


def register_problems(connection: Connection) -> Iterator[str]:
    """Every profile has a current, approved revision of its own, live ones a match record; numbers have no gap."""
    current = sa.select(revisions.c.id).where(
        revisions.c.id == profiles.c.current, revisions.c.profile == profiles.c.id, revisions.c.state == "approved"
    )
    if without := _count(connection, profiles, ~current.exists()):
        yield f"{without} profiles have no current approved revision"
    published = sa.select(profiles.c.id).where(profiles.c.id == revisions.c.profile)
    if lost := _count(connection, revisions, (revisions.c.state == "approved") & ~published.exists()):
        yield f"{lost} approved revisions belong to no profile"
    numbers = sa.select(profiles.c.number)
    if loose := _count(connection, match_records, match_records.c.number.not_in(numbers)):
        yield f"{loose} match records belong to no profile"
    live = profiles.c.standing.in_([each.value for each in SEARCHABLE])
    if unmatched := _count(connection, profiles, live & profiles.c.number.not_in(sa.select(match_records.c.number))):
        yield f"{unmatched} live profiles have no match record"
    keyed = sa.select(record_keys.c.profile).where(record_keys.c.profile == revisions.c.profile)
    erased = sa.select(profiles.c.id).where(profiles.c.id == revisions.c.profile, profiles.c.erased_at.is_not(None))
    if keyless := _count(connection, revisions, ~keyed.exists() & ~erased.exists()):
        yield f"{keyless} revisions have no data key"
    count, last = connection.execute(sa.select(sa.func.count(), sa.func.max(profiles.c.number))).one()
    given = connection.execute(sa.select(counters.c.value).where(counters.c.name == "profiles")).scalar()
    if not count == last == given:
        yield f"{count} profiles are numbered up to {last}, and {given} numbers were given"


def index_problems(connection: Connection) -> Iterator[str]:
    """Keys and counts of names are those that the profiles say were written for them."""
    told = connection.execute(sa.select(profiles.c.number, profiles.c.blocking_keys, profiles.c.name_tokens)).all()
    keys = {(key, number) for number, packed, _ in told for key in unpacked(packed)}
    written = {(key, number) for key, number in connection.execute(sa.select(search_keys.c.key, search_keys.c.number))}
    if keys != written:
        yield f"{len(keys - written)} search keys are missing, {len(written - keys)} belong to nobody"
    names = Counter(token for _, _, packed in told for token in unpacked(packed))
    counted = {token: count for token, count in connection.execute(sa.select(name_rarity)) if count}
    if names != counted:
        yield f"names are counted wrongly: {len(set(names.items()) ^ set(counted.items()))} of {len(names)}"


def decision_problems(connection: Connection, approved: Collection[UUID]) -> Iterator[str]:
    """Every approval that was answered stands, and its profile is in the register."""
    standing = sa.select(revisions.c.id).join(profiles, profiles.c.current == revisions.c.id)
    found = set(connection.execute(standing).scalars()) if approved else set()
    for lost in sorted(set(approved) - found, key=str):
        yield f"approval of {lost} is lost"


def _count(connection: Connection, table: sa.Table, where: sa.ColumnElement[bool]) -> int:
    return int(connection.execute(sa.select(sa.func.count()).select_from(table).where(where)).scalar_one())
