"""Every SELECT and write on the tables of misuse, and what a run reads of the log and the register.

What is read of a person becomes digests before it leaves this module.
"""

from collections.abc import Callable, Collection, Iterable, Sequence
from dataclasses import dataclass, fields
from datetime import datetime
from typing import Any, ClassVar
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy import Connection, exc

from auth.models import officers
from registry.audit.models import decoys, entries, heads
from registry.core.engines import insert_many
from registry.core.errors import Conflict
from registry.core.ids import new_id
from registry.misuse import names
from registry.misuse.access import Subject
from registry.misuse.facts import Fact, Kind
from registry.misuse.finding import Finding, State, Taken, Verdict
from registry.misuse.models import facts, findings, runs, steps
from registry.misuse.reading import Person
from registry.misuse.weighing import Scored, Weighed
from registry.profiles.models import profiles, revisions
from registry.tlog.tiles import Edge

LOCK = 0x6D6973757365
"""The advisory lock's key ("misuse"): one run is written at a time."""
SHOWN = 100
"""Most entries that a finding names; of more the last."""
_OPEN = frozenset({"open", "restricted"})
_ROLES = ("supervisor", "registrar", "investigator", "desk_officer", "auditor", "partner_officer", "administrator")


# -- runs


@dataclass(frozen=True, slots=True)
class Run:
    """Up to where the rules have looked."""

    size: int
    edge: Edge
    at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Head:
    """A tree that the notary has signed."""

    size: int
    root: bytes


def last_run(connection: Connection) -> Run:
    """Return the last run; before the first one there is an empty tree."""
    row = connection.execute(sa.select(runs).order_by(runs.c.size.desc()).limit(1)).one_or_none()
    if row is None:
        return Run(0, Edge())
    return Run(row.size, Edge(row.size, tuple(bytes.fromhex(each) for each in row.edge)), row.at)


def next_head(connection: Connection, size: int, most: int) -> Head | None:
    """Return the largest signed tree of at most so many more entries, else the next one; None where none is longer."""
    longer = sa.select(heads.c.size, heads.c.root).where(heads.c.size > size).limit(1)
    found = connection.execute(longer.where(heads.c.size <= size + most).order_by(heads.c.size.desc())).one_or_none()
    found = found or connection.execute(longer.order_by(heads.c.size)).one_or_none()
    return Head(found.size, bytes(found.root)) if found else None


def spent_since(connection: Connection, moment: datetime) -> tuple[int, int]:
    """Return how many accesses the runs since a moment saw, and how many findings their budget paid for."""
    total = sa.select(sa.func.coalesce(sa.func.sum(runs.c.accesses), 0), sa.func.coalesce(sa.func.sum(runs.c.paid), 0))
    accesses, paid = connection.execute(total.where(runs.c.at >= moment)).one()
    return int(accesses), int(paid)


def first_since(connection: Connection, moment: datetime) -> int | None:
    """Return the first entry since a moment."""
    statement = sa.select(entries.c.index).where(entries.c.at >= moment).order_by(entries.c.at).limit(1)
    found: int | None = connection.execute(statement).scalar()
    return found


# -- what the rules compare


def people(connection: Connection) -> dict[UUID, Person]:
    """Return every officer, those who are shut out among them."""
    columns = officers.c.id, officers.c.agency, officers.c.chain, officers.c.roles
    return {
        row.id: Person(row.agency, row.chain, next((each for each in _ROLES if each in row.roles), ""))
        for row in connection.execute(sa.select(*columns))
    }


def officers_by_reference(connection: Connection, agency: str, chosen: Collection[str]) -> dict[str, UUID]:
    """Return the officers of an agency by its own marks for them."""
    columns = sa.select(officers.c.reference, officers.c.id)
    found = connection.execute(columns.where(officers.c.agency == agency, officers.c.reference.in_(sorted(chosen))))
    return {row.reference: row.id for row in found}


def subjects(connection: Connection, chosen: Sequence[UUID], digest: names.Digest) -> dict[UUID, Subject]:
    """Return what the rules compare of these persons; who is erased is not there."""
    statement = (
        sa.select(profiles.c.id, profiles.c.standing, profiles.c.clearance, revisions.c.identity)
        .join(revisions, revisions.c.id == profiles.c.current)
        .where(profiles.c.id.in_(chosen))
    )
    return {row.id: _subject(row, digest) for row in connection.execute(statement)}


def _subject(row: Any, digest: names.Digest) -> Subject:  # Any: a row of the statement
    identity: dict[str, Any] = row.identity or {}
    called = identity.get("names") or ()
    family = ((each.get("parts") or {}).get("family") for each in called)
    born = identity.get("birth_date") or ""
    return Subject(
        sex=identity.get("sex") or "", born=int(born[:4]) if born[:4].isdigit() else None,
        area=identity.get("county") or "", birth=digest.birth(born) if born else "",
        names=tuple(digest.words(each["full"]) for each in called),
        surnames=frozenset[str]().union(
            *(
                digest.words(own) if own else digest.surnames(each["full"])
                for own, each in zip(family, called, strict=True)
            )
        ),
        is_hidden=row.clearance not in _OPEN or row.standing == "sealed",
    )  # fmt: skip


def known_decoys(connection: Connection) -> frozenset[UUID]:
    """Return the profiles that stand for nobody."""
    return frozenset(connection.execute(sa.select(decoys.c.profile)).scalars())


# -- facts


def has_file(connection: Connection, file: str) -> bool:
    """Say whether the facts of a file are there already."""
    return connection.execute(sa.select(facts.c.id).where(facts.c.file == file).limit(1)).first() is not None


def add_facts(connection: Connection, new: Iterable[Fact], *, file: str, by: UUID, at: datetime) -> int:
    """Insert facts; return how many."""
    rows = [
        (new_id(), each.kind.value, each.agency, each.officer, each.case, each.profile, each.area, each.country,
         each.since, each.until, names.to_json(each), file, by, at)
        for each in new
    ]  # fmt: skip
    insert_many(connection, facts, rows)
    return len(rows)


def facts_since(connection: Connection, moment: datetime) -> list[Fact]:
    """Return the facts that may still matter after a moment."""
    statement = sa.select(facts).where(facts.c.until.is_(None) | (facts.c.until > moment)).order_by(facts.c.id)
    return [
        Fact(kind=Kind(row.kind), agency=row.agency, since=row.since, until=row.until, officer=row.officer,
             case=row.case_reference, profile=row.profile, area=row.area, country=row.country, by=row.added_by,
             **names.from_json(row.person))
        for row in connection.execute(statement)
    ]  # fmt: skip


# -- findings


def known_keys(connection: Connection, chosen: Collection[str]) -> frozenset[str]:
    """Return which of these hits are findings already."""
    wanted, found = sorted(chosen), set[str]()
    for place in range(0, len(wanted), 500):
        some = wanted[place : place + 500]
        found |= set(connection.execute(sa.select(findings.c.key).where(findings.c.key.in_(some))).scalars())
    return frozenset(found)


def add_run(
    connection: Connection, first: int, root: bytes, edge: Edge, weighed: Weighed, at: datetime,
    due: Callable[[Scored], datetime | None],
) -> list[UUID]:  # fmt: skip
    """Keep a run and its findings; return their ids. Whoever calls holds the lock."""
    row = (edge.size, first, root, [each.hex() for each in edge.rows], at, weighed.accesses, weighed.paid,
           {rule: each.to_json() for rule, each in weighed.counts.items()})  # fmt: skip
    insert_many(connection, runs, [row])
    made = [
        (new_id(), each.hit.key, edge.size, each.hit.rule, each.hit.officer, each.hit.agency, each.hit.unit, each.score,
         list(each.hit.entries[-SHOWN:]), len(each.hit.entries), dict(each.hit.numbers), at, due(each))
        for each in weighed.findings
    ]  # fmt: skip
    insert_many(connection, findings, made)
    return [each[0] for each in made]


@dataclass(frozen=True, slots=True)
class FindingFilter:
    """Which findings; what is not given does not limit."""

    is_impersonal: ClassVar[bool] = True
    rule: str | None = None
    state: State | None = None
    officer: UUID | None = None
    overdue_at: datetime | None = None

    def to_json(self) -> dict[str, object]:
        """Return the filter for the log and for cursors."""
        given = ((each.name, getattr(self, each.name)) for each in fields(self))
        return {name: str(value) if value is not None else None for name, value in given}


_LAST = (
    sa.select(steps.c.state).where(steps.c.finding == findings.c.id).order_by(steps.c.number.desc()).limit(1)
    .scalar_subquery()
)  # fmt: skip
_STATE = sa.func.coalesce(_LAST, State.OPEN.value)


@dataclass(frozen=True, slots=True)
class Reader:
    """Who reads: what is about them or their unit they do not see."""

    officer: UUID
    agency: str
    unit: str


def listed(
    connection: Connection, chosen: FindingFilter, reader: Reader, *, after: UUID | None, limit: int
) -> list[Finding]:  # fmt: skip
    """Return findings, newest first, but for those about the reader and their unit."""
    statement = sa.select(findings).order_by(findings.c.id.desc()).limit(limit)
    near = (findings.c.officer == reader.officer) | (
        (findings.c.agency == reader.agency) & (findings.c.unit == reader.unit)
    )
    statement = statement.where(sa.func.coalesce(near, sa.false()).is_(sa.false()))
    if after is not None:
        statement = statement.where(findings.c.id < after)
    if chosen.rule is not None:
        statement = statement.where(findings.c.rule == chosen.rule)
    if chosen.officer is not None:
        statement = statement.where(findings.c.officer == chosen.officer)
    if chosen.state is not None:
        statement = statement.where(_STATE.is_not_distinct_from(chosen.state.value))
    if chosen.overdue_at is not None:
        statement = statement.where(findings.c.due_at < chosen.overdue_at, _STATE.is_distinct_from(State.CLOSED.value))
    rows = connection.execute(statement).mappings().all()
    told = _steps(connection, [row["id"] for row in rows])
    return [_finding(row, told.get(row["id"], ())) for row in rows]


def by_id(connection: Connection, identifier: UUID) -> Finding | None:
    """Return one finding."""
    row = connection.execute(sa.select(findings).where(findings.c.id == identifier)).mappings().one_or_none()
    return _finding(row, _steps(connection, [identifier]).get(identifier, ())) if row else None


def _steps(connection: Connection, chosen: Sequence[UUID]) -> dict[UUID, tuple[Taken, ...]]:
    found: dict[UUID, tuple[Taken, ...]] = {}
    statement = sa.select(steps).where(steps.c.finding.in_(chosen)).order_by(steps.c.finding, steps.c.number)
    for row in connection.execute(statement) if chosen else ():
        step = Taken(State(row.state), row.by, row.agency, tuple(UUID(each) for each in row.acts_for), row.at,
                     Verdict(row.verdict) if row.verdict else None, row.words)  # fmt: skip
        found[row.finding] = (*found.get(row.finding, ()), step)
    return found


def _finding(row: sa.RowMapping, told: tuple[Taken, ...]) -> Finding:
    plain = {name: row[name] for name in ("id", "rule", "officer", "agency", "unit", "score", "entry_count", "made_at",
                                          "due_at")}  # fmt: skip
    return Finding(**plain, entries=tuple(row["entries"]), numbers=row["numbers"], steps=told)


def add_step(connection: Connection, finding: Finding, step: Taken) -> None:
    """Keep a step. Raises Conflict (FINDING_STATE) for who is too late."""
    try:
        connection.execute(steps.insert().values(
            finding=finding.id, number=len(finding.steps), state=step.state.value, by=step.by, agency=step.agency,
            acts_for=[str(each) for each in step.acts_for], at=step.at,
            verdict=step.verdict.value if step.verdict else None, words=step.words,
        ))  # fmt: skip
    except exc.IntegrityError as problem:
        raise Conflict("This finding has been taken further meanwhile.", code="FINDING_STATE",
                       remedy="Look again.") from problem  # fmt: skip
