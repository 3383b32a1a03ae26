"""Every SELECT and write on the requests of data subjects. The statements are the same on both databases."""

from collections.abc import Collection, Mapping
from dataclasses import asdict, dataclass, fields
from datetime import date, datetime
from typing import Any
from uuid import UUID

import orjson
import sqlalchemy as sa
from sqlalchemy import Connection

from auth.models import agencies
from registry.audit.disclosures import KINDS, RELEASED
from registry.audit.models import entries, subjects
from registry.core.errors import Conflict
from registry.core.partial_dates import PartialDate
from registry.core.sealing import Sealer, WrappedKey
from registry.desk.intake import People
from registry.desk.models import subject_requests
from registry.desk.requests import OPEN, Capacity, Channel, Draft, Kind, Outcome, Request, State
from registry.disclosure.vocabulary import Purpose
from registry.profiles.models import profiles, revisions
from registry.profiles.vetting import State as ProposalState

Place = tuple[str, UUID]
TABLE, PEOPLE = "subject_requests", "people"
"""What the envelope's associated data names."""
_FIELDS = tuple(each.name for each in fields(Request))
_STATED = sa.select(
    *[subject_requests.c[name] for name in _FIELDS], revisions.c.state.label("proposal_state")
).select_from(subject_requests.outerjoin(revisions, revisions.c.id == subject_requests.c.proposal))  # fmt: skip
_DAYS = ("received_on", "due_on", "closed_on")
_CODES: Mapping[str, Any] = {
    "kind": Kind, "channel": Channel, "capacity": Capacity, "state": State, "draft": Draft, "outcome": Outcome,
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Stated:
    """A request, and how the proposal that it led to stands."""

    request: Request
    proposal: ProposalState | None


# -- requests


def add(connection: Connection, sealer: Sealer, request: Request, asking: People) -> None:
    """Insert a request; who asks is sealed with a key of the request's own."""
    key, wrapped = sealer.new_key(request.id)
    sealed = key.seal(orjson.dumps(_shown(asking)), table=TABLE, field=PEOPLE)
    stored = {"key_id": wrapped.key_id, "wrapped_key": wrapped.content, "people": sealed}
    connection.execute(subject_requests.insert(), _stored(request) | stored)


def put(connection: Connection, before: Request, now: Request) -> None:
    """Write what has become of a request. Raises Conflict (REQUEST_STATE) when somebody else was faster."""
    unchanged = [subject_requests.c[name] == value for name, value in _stored(before).items() if name in _MOVES]
    values = {name: value for name, value in _stored(now).items() if name not in _FIXED}
    statement = sa.update(subject_requests).where(subject_requests.c.id == before.id, *unchanged).values(values)
    if connection.execute(statement).rowcount != 1:
        raise Conflict("This request has been taken further meanwhile.", code="REQUEST_STATE", remedy="Look again.")


_MOVES = ("state", "identified_at", "draft", "drawn_at")
"""What says that nobody has touched a request since it was read."""
_FIXED = frozenset({"id", "kind", "channel", "capacity", "reference", "agency", "opened_by", "opened_at", "received_on",
                    "due_on"})  # fmt: skip


def stated(connection: Connection, identifier: UUID, agency: str) -> Stated | None:
    """Return a request of an office."""
    statement = _STATED.where(subject_requests.c.id == identifier, subject_requests.c.agency == agency)
    row = connection.execute(statement).mappings().one_or_none()
    return _read(row) if row else None


def listed(
    connection: Connection, agency: str, states: Collection[State], draft: Draft | None, *, after: Place | None,
    limit: int,
) -> list[Stated]:  # fmt: skip
    """Return an office's requests of these states, the longest overdue first."""
    place = (subject_requests.c.due_on, subject_requests.c.id)
    chosen = [subject_requests.c.agency == agency, subject_requests.c.state.in_([each.value for each in states])]
    if draft is not None:
        chosen.append(subject_requests.c.draft == draft.value)
    if after is not None:
        last = [sa.literal(value, column.type) for value, column in zip(after, place, strict=True)]
        chosen.append(sa.tuple_(*place) > sa.tuple_(*last))
    found = connection.execute(_STATED.where(*chosen).order_by(*place).limit(limit)).mappings()
    return [_read(row) for row in found]


def people(connection: Connection, sealer: Sealer, identifiers: Collection[UUID]) -> dict[UUID, People]:
    """Return who asked, of these requests, one statement for all."""
    columns = [subject_requests.c[name] for name in ("id", "key_id", "wrapped_key", "people")]
    found = connection.execute(sa.select(*columns).where(subject_requests.c.id.in_(list(identifiers))))
    return {
        row.id: _revived(
            sealer.open_key(row.id, WrappedKey(row.key_id, row.wrapped_key)).open(row.people, table=TABLE, field=PEOPLE)
        )
        for row in found
    }


def _stored(request: Request) -> dict[str, Any]:
    values = {name: getattr(request, name) for name in _FIELDS}
    days = {name: values[name].isoformat() if values[name] else None for name in _DAYS}
    codes = {name: values[name].value if values[name] else None for name in _CODES}
    lists = {"documents": [list(each) for each in request.documents],
             "drawn_for": [str(each) for each in request.drawn_for]}  # fmt: skip
    return values | days | codes | lists


def _read(row: sa.RowMapping) -> Stated:
    values = {name: row[name] for name in _FIELDS}
    days = {name: date.fromisoformat(values[name]) if values[name] else None for name in _DAYS}
    codes = {name: code(values[name]) if values[name] else None for name, code in _CODES.items()}
    lists = {"documents": tuple((kind, digest) for kind, digest in values["documents"]),
             "drawn_for": tuple(UUID(each) for each in values["drawn_for"])}  # fmt: skip
    decided = row["proposal_state"]
    return Stated(Request(**values | days | codes | lists), ProposalState(decided) if decided else None)


def _shown(asking: People) -> dict[str, str | None]:
    return asdict(asking) | {"birth_date": str(asking.birth_date) if asking.birth_date else None}


def _revived(content: bytes) -> People:
    values = orjson.loads(content)
    born = values["birth_date"]
    return People(**values | {"birth_date": PartialDate.parse(born) if born else None})


# -- how the offices keep their time


@dataclass(frozen=True, slots=True)
class Office:
    """How an office answers."""

    agency: str
    open: int
    overdue: int
    answered: int
    in_time: int


def offices(connection: Connection, today: date) -> tuple[Office, ...]:
    """Count the requests of every office; whoever withdrew waits for nothing and is not counted."""
    table = subject_requests.c
    is_open = table.state.in_([each.value for each in OPEN])
    is_answered = table.state.in_([State.ANSWERED.value, State.REFUSED.value])

    def count(condition: sa.ColumnElement[bool]) -> sa.ColumnElement[int]:
        return sa.func.sum(sa.case((condition, 1), else_=0))

    statement = (
        sa.select(
            table.agency, count(is_open), count(is_open & (table.due_on < today.isoformat())), count(is_answered),
            count(is_answered & (table.closed_on <= table.due_on)),
        )
        .group_by(table.agency)
        .order_by(table.agency)
    )  # fmt: skip
    return tuple(Office(*row) for row in connection.execute(statement))


# -- who received the record


@dataclass(frozen=True, slots=True)
class Receipts:
    """How often the agencies of a country received a record, and when last."""

    country: str | None
    agencies: int
    times: int
    last: datetime


def receipts(connection: Connection, profile: UUID, until: datetime) -> list[Receipts]:
    """Return who received a record up to a moment, by country; records merged into it count as it.

    What the desk itself looks up in order to answer is no receipt.
    """
    merged = sa.select(profiles.c.id).where(profiles.c.merged_into == profile)
    statement = (
        sa.select(
            agencies.c.country, sa.func.count(sa.distinct(entries.c.agency)).label("agencies"),
            sa.func.count(sa.distinct(entries.c["index"])).label("times"), sa.func.max(entries.c.at).label("last"),
        )
        .select_from(subjects.join(entries, subjects.c.index == entries.c["index"])
                     .outerjoin(agencies, agencies.c.code == entries.c.agency))
        .where(sa.or_(subjects.c.profile == profile, subjects.c.profile.in_(merged)))
        .where(entries.c.outcome.in_(RELEASED), entries.c.kind.in_(KINDS), entries.c.agency.is_not(None))
        .where(entries.c.at <= until, entries.c.purpose.is_distinct_from(Purpose.SUBJECT_REQUEST.value))
        .group_by(agencies.c.country)
    )  # fmt: skip
    return sorted((Receipts(*row) for row in connection.execute(statement)), key=lambda each: each.country or "")


def waiting_changes(connection: Connection, profile: UUID) -> int:
    """Count the changes of a record that are proposed and not decided."""
    statement = sa.select(sa.func.count()).where(
        revisions.c.profile == profile, revisions.c.state == ProposalState.PENDING.value, revisions.c.part_of.is_(None)
    )
    return int(connection.execute(statement).scalar_one())
