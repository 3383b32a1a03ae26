"""Every SELECT and write on the room's tables. The statements are the same on both databases."""

from dataclasses import dataclass, fields
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy import Connection

from registry.core.engines import lock
from registry.core.sealing import DataKey, Sealer, WrappedKey
from registry.profiles.models import match_records
from registry.screening import limits
from registry.screening.models import (
    screening_chunks,
    screening_hits,
    screening_keys,
    screening_problems,
    screenings,
)
from registry.screening.states import OPEN, WORKABLE, State

LOCK = 0x7363726E
"""The advisory lock's key ("scrn"): whoever counts the day's people is alone."""


PATIENCE = timedelta(seconds=2 * limits.BODY_SECONDS)
"""A list may be on its way when its ticket expires, and is then looked at and kept."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Screening:
    """A job: who asked for it, why, and how far it has come."""

    id: UUID
    source: str
    state: State
    agency: str
    client: str
    officer: UUID
    officer_reference: str
    token_id: str
    purpose: str
    case_reference: str
    legal_basis: str
    least: str
    matcher: str
    dates: str | None = None
    file_digest: str | None = None
    people: int | None = None
    rows_done: int = 0
    refused: int = 0
    hits: int = 0
    disclosed: int = 0
    failure: str | None = None
    begun_at: datetime
    ended_at: datetime | None = None


_SHOWN = tuple(screenings.c[each.name] for each in fields(Screening))
_OPEN = [each.value for each in OPEN]
_WORKABLE = [each.value for each in WORKABLE]


def _value(row: sa.RowMapping) -> Screening:
    return Screening(**{**row, "state": State(row["state"])})


def add(connection: Connection, screening: Screening, key: WrappedKey, **more: Any) -> None:
    """Add a screening, with its data key. Any: columns that only this room reads."""
    values = {each.name: getattr(screening, each.name) for each in fields(Screening)}
    connection.execute(screenings.insert().values(**values, **more))
    connection.execute(
        screening_keys.insert().values(screening=screening.id, key_id=key.key_id, content=key.content)
    )  # fmt: skip


def by_id(connection: Connection, identifier: UUID) -> Screening | None:
    """Return a screening."""
    row = connection.execute(sa.select(*_SHOWN).where(screenings.c.id == identifier)).mappings().one_or_none()
    return _value(row) if row else None


@dataclass(frozen=True, slots=True)
class Whose:
    """The case in which screenings are seen."""

    agency: str
    purpose: str
    case_reference: str


def _is_of(whose: Whose) -> sa.ColumnElement[bool]:
    return sa.and_(
        screenings.c.agency == whose.agency,
        screenings.c.purpose == whose.purpose,
        screenings.c.case_reference == whose.case_reference,
    )


def of_file(
    connection: Connection, whose: Whose, digest: str, *, least: str, dates: str | None, since: datetime
) -> Screening | None:
    """Return the newest screening of a file by a command that is running, or has finished since a moment."""
    statement = (
        sa.select(*_SHOWN)
        .where(_is_of(whose), screenings.c.file_digest == digest, screenings.c.source == "command")
        .where(screenings.c.least == least, screenings.c.dates.is_not_distinct_from(dates))
        .where(sa.or_(
            screenings.c.state == State.RUNNING.value,
            sa.and_(screenings.c.state == State.FINISHED.value, screenings.c.ended_at >= since),
        ))
        .order_by(screenings.c.begun_at.desc(), screenings.c.id.desc())
        .limit(1)
    )  # fmt: skip
    row = connection.execute(statement).mappings().one_or_none()
    return _value(row) if row else None


def newest(
    connection: Connection, whose: Whose, *, limit: int, after: tuple[datetime, UUID] | None
) -> list[Screening]:  # fmt: skip
    """Return the screenings of a case, newest first."""
    statement = sa.select(*_SHOWN).where(_is_of(whose))
    if after is not None:
        statement = statement.where(sa.tuple_(screenings.c.begun_at, screenings.c.id) < sa.tuple_(*_place(after)))
    statement = statement.order_by(screenings.c.begun_at.desc(), screenings.c.id.desc()).limit(limit)
    return [_value(row) for row in connection.execute(statement).mappings()]


def _place(after: tuple[datetime, UUID]) -> tuple[sa.BindParameter[Any], sa.BindParameter[Any]]:
    return sa.bindparam(None, after[0], screenings.c.begun_at.type), sa.bindparam(None, after[1], screenings.c.id.type)


def people_since(connection: Connection, agency: str, since: datetime) -> int:
    """Count the people that an agency screens, or is about to, of the lists begun since a moment; others wait.

    Of a list that was cancelled or failed only those count that were checked.
    """
    lock(connection, LOCK)
    is_over = screenings.c.state.in_([State.CANCELLED.value, State.FAILED.value])
    counted = sa.case((is_over, screenings.c.rows_done), else_=sa.func.coalesce(screenings.c.people, 0))
    statement = sa.select(sa.func.coalesce(sa.func.sum(counted), 0)).where(
        screenings.c.agency == agency, screenings.c.begun_at >= since
    )
    return int(connection.execute(statement).scalar_one())


# -- the life of a job


def awaited(connection: Connection, digest: bytes, now: datetime) -> Screening | None:
    """Return the screening whose list may be handed in by this ticket, at this moment."""
    statement = sa.select(*_SHOWN).where(
        screenings.c.ticket == digest, screenings.c.ticket_until > now, screenings.c.state == State.AWAITING.value
    )
    row = connection.execute(statement).mappings().one_or_none()
    return _value(row) if row else None


def use_ticket(connection: Connection, digest: bytes, now: datetime) -> Screening | None:
    """Use up a ticket that was good at this moment and return its screening; of two at once, one is told nothing."""
    found = awaited(connection, digest, now)
    if found is None:
        return None
    statement = screenings.update().where(screenings.c.id == found.id, screenings.c.ticket == digest)
    return found if connection.execute(statement.values(ticket=None)).rowcount == 1 else None


def reserve(connection: Connection, identifier: UUID, *, people: int, digest: str) -> None:
    """Note how long a list is that is being handed in."""
    statement = screenings.update().where(screenings.c.id == identifier)
    connection.execute(statement.values(people=people, file_digest=digest))


def queue(connection: Connection, identifier: UUID) -> bool:
    """Note that a list is here, whole; False when it is not awaited any more."""
    statement = screenings.update().where(
        screenings.c.id == identifier, screenings.c.state == State.AWAITING.value, screenings.c.people.is_not(None)
    )
    return connection.execute(statement.values(state=State.QUEUED.value, ticket_until=None)).rowcount == 1


def claimable(connection: Connection, now: datetime) -> UUID | None:
    """Return the list that has waited longest, of those that nobody works on."""
    statement = (
        sa.select(screenings.c.id)
        .where(screenings.c.state.in_(_WORKABLE), screenings.c.source == "upload")
        .where(sa.or_(screenings.c.held_until.is_(None), screenings.c.held_until <= now))
        .order_by(screenings.c.begun_at, screenings.c.id)
        .limit(1)
    )
    return connection.execute(statement).scalar_one_or_none()


def hold(connection: Connection, identifier: UUID, holder: UUID, *, now: datetime, until: datetime) -> bool:
    """Take a list to work on; False when somebody else has it, or it is over. The last command takes over."""
    statement = (
        screenings.update()
        .where(screenings.c.id == identifier, screenings.c.state.in_(_WORKABLE))
        .where(sa.or_(
            screenings.c.holder == holder, screenings.c.source == "command", screenings.c.held_until.is_(None),
            screenings.c.held_until <= now,
        ))
        .values(state=State.RUNNING.value, holder=holder, held_until=until)
    )  # fmt: skip
    return connection.execute(statement).rowcount == 1


def release(connection: Connection, identifier: UUID, holder: UUID) -> None:
    """Let others work on a list."""
    statement = screenings.update().where(screenings.c.id == identifier, screenings.c.holder == holder)
    connection.execute(statement.values(holder=None, held_until=None))


@dataclass(frozen=True, slots=True)
class Step:
    """What one chunk adds to a screening."""

    first: int
    rows: int
    refused: int
    hits: int
    disclosed: int


def advance(connection: Connection, identifier: UUID, holder: UUID, step: Step, *, until: datetime) -> bool:
    """Note that a chunk is checked; False when it is not the next, or somebody else works on it, or it is over."""
    statement = (
        screenings.update()
        .where(screenings.c.id == identifier, screenings.c.rows_done == step.first, screenings.c.holder == holder)
        .where(screenings.c.state == State.RUNNING.value)
        .values(
            rows_done=step.first + step.rows,
            refused=screenings.c.refused + step.refused,
            hits=screenings.c.hits + step.hits,
            disclosed=screenings.c.disclosed + step.disclosed,
            held_until=until,
        )
    )
    return connection.execute(statement).rowcount == 1


def complete(connection: Connection, identifier: UUID, holder: UUID, at: datetime) -> bool:
    """Note that a list is checked to its end; False when somebody else works on it, or it is over."""
    statement = screenings.update().where(
        screenings.c.id == identifier, screenings.c.holder == holder, screenings.c.state == State.RUNNING.value
    )
    ended = statement.values(state=State.FINISHED.value, ended_at=at, holder=None, held_until=None)
    return connection.execute(ended).rowcount == 1


def end(connection: Connection, identifier: UUID, state: State, at: datetime, failure: str | None = None) -> bool:
    """End a screening and drop what of its list still waits; False when it had ended before."""
    statement = (
        screenings.update()
        .where(screenings.c.id == identifier, screenings.c.state.in_(_OPEN))
        .values(state=state.value, ended_at=at, failure=failure, holder=None, held_until=None, ticket=None,
                ticket_until=None)
    )  # fmt: skip
    if connection.execute(statement).rowcount != 1:
        return False
    connection.execute(screening_chunks.delete().where(screening_chunks.c.screening == identifier))
    return True


# -- what it holds


def data_key(connection: Connection, sealer: Sealer, identifier: UUID) -> DataKey | None:
    """Open the data key of a screening; None once it has been forgotten."""
    row = connection.execute(sa.select(screening_keys).where(screening_keys.c.screening == identifier)).one_or_none()
    return sealer.open_key(identifier, WrappedKey(row.key_id, row.content)) if row else None


def keep_chunk(connection: Connection, identifier: UUID, first: int, rows: int, content: bytes) -> None:
    """Keep some rows of a list until they are checked."""
    values = {"screening": identifier, "first_row": first, "rows": rows, "content": content}
    connection.execute(screening_chunks.insert().values(**values))


def chunk(connection: Connection, identifier: UUID, first: int) -> bytes | None:
    """Return the rows that come next, sealed."""
    statement = sa.select(screening_chunks.c.content).where(
        screening_chunks.c.screening == identifier, screening_chunks.c.first_row == first
    )
    return connection.execute(statement).scalar_one_or_none()


def drop_chunk(connection: Connection, identifier: UUID, first: int) -> None:
    """Forget rows that are checked."""
    connection.execute(screening_chunks.delete().where(
        screening_chunks.c.screening == identifier, screening_chunks.c.first_row == first
    ))  # fmt: skip


# -- what is not kept


def purge(connection: Connection, before: datetime, now: datetime) -> list[Screening]:
    """Forget what screenings found that ended before a moment; end, and return, those whose list never came whole.

    A command that was stopped before that moment, and never went on, ended when it was last heard of.
    """
    late = sa.and_(screenings.c.state == State.AWAITING.value, screenings.c.ticket_until <= now - PATIENCE)
    late_ones = screenings.update().where(late).values(
        state=State.FAILED.value, failure="LIST_NEVER_CAME", ended_at=now, ticket=None, ticket_until=None
    )  # fmt: skip
    failed = [_value(row) for row in connection.execute(late_ones.returning(*_SHOWN)).mappings()]
    heard = sa.func.coalesce(screenings.c.held_until, screenings.c.begun_at)
    left = sa.and_(screenings.c.state == State.RUNNING.value, screenings.c.source == "command", heard < before)
    left_ones = screenings.update().where(left).values(
        state=State.FAILED.value, failure="SCREENING_ABANDONED", ended_at=heard, holder=None, held_until=None
    )  # fmt: skip
    failed += [_value(row) for row in connection.execute(left_ones.returning(*_SHOWN)).mappings()]
    ended = sa.select(screenings.c.id).where(screenings.c.ended_at.is_not(None))
    connection.execute(screening_chunks.delete().where(screening_chunks.c.screening.in_(ended)))
    old = sa.select(screenings.c.id).where(screenings.c.ended_at < before)
    for table in (screening_hits, screening_problems, screening_keys):
        connection.execute(table.delete().where(table.c.screening.in_(old)))
    return failed


def purge_departed(connection: Connection) -> None:
    """Forget hits on profiles that have left the search: removed, sealed, retired."""
    here = sa.select(match_records.c.number).where(match_records.c.number == screening_hits.c.number).exists()
    connection.execute(screening_hits.delete().where(~here))
