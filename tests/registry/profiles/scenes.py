"""Officers at work, and a record in every standing, for the tests of this room.

answer = await done(database, lambda connection: vetted(connection, record()))      one transaction, then checked
scene = staged(connection, Situation("sealed", Standing.SEALED))                    a record that is sealed
"""

from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any, TypeVar
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy import Connection

from auth.actor import Actor
from registry.core.db import Database
from registry.core.errors import RegistryError
from registry.core.ids import read_public_id
from registry.core.roles import TOLD
from registry.disclosure.vocabulary import Role
from registry.models import metadata
from registry.profiles import queries
from registry.profiles.models import profiles
from registry.profiles.operations import deciding, duties, proposing
from registry.profiles.standing import NEEDS_ORDER, Change, Standing
from registry.search.operations import search
from registry.search.query import SearchQuery
from registry.work import Work
from tests.factories import AGENCY, MOMENT, SEALER, actor, changed, named, proposed, proved, record, vetted, work
from tests.registry.profiles.invariant import check_register

T = TypeVar("T")
Rows = dict[str, list[Any]]


async def done(database: Database, use: Callable[[Connection], T]) -> T:
    """Do something in one transaction, and check the whole register afterwards."""
    answer = await database.write(use)
    await database.read(check_register)
    return answer


def registrar(connection: Connection, agency: str = AGENCY, now: datetime = MOMENT) -> Work:
    return work(connection, actor(role=Role.REGISTRAR, agency=agency), now)


def supervisor(connection: Connection, name: str = "1", now: datetime = MOMENT) -> Work:
    return work(connection, proved(actor(role=Role.SUPERVISOR, name=name), now), now)


def investigator(connection: Connection, now: datetime = MOMENT) -> Work:
    return work(connection, actor(), now)


def cleared(by: Actor, clearance: str) -> Actor:
    """Return an officer with another clearance."""
    assert by.officer is not None
    return replace(by, officer=replace(by.officer, clearance=clearance))


def hide(connection: Connection, clearance: str, **changes: Any) -> UUID:
    """Bring a hidden record into the register, by officers who are cleared for it."""
    value = record(handling={"clearance": clearance}, **changes)
    made = proposed(connection, value)
    view = deciding.approve_change(work(connection, cleared(actor(role=Role.SUPERVISOR), clearance)), made)
    return read_public_id("profile", view.profile_id)


def found(connection: Connection, *, now: datetime = MOMENT, by: Actor | None = None, **criteria: Any) -> list[UUID]:
    """Search as an investigator; return the profiles, best first."""
    page = search(work(connection, by or actor(), now), SearchQuery(**criteria), limit=20)
    return [read_public_id("profile", hit.profile.id) for hit in page.hits]


def everything(connection: Connection) -> Rows:
    """Return every row of every table that the application reads."""
    return {
        name: [tuple(row) for row in connection.execute(sa.select(table).order_by(*table.primary_key))]
        for name, table in metadata.tables.items() if name not in TOLD
    }  # fmt: skip


def standing_of(connection: Connection, profile: UUID) -> str | None:
    """Return what stands beside a profile; None for one that is not in the register."""
    return connection.execute(sa.select(profiles.c.standing).where(profiles.c.id == profile)).scalar_one_or_none()


def proposal_of(connection: Connection, profile: UUID, change: Change, *, now: datetime = MOMENT, **more: Any) -> UUID:
    """Propose a change; return the proposal's id."""
    if change in NEEDS_ORDER:
        more.setdefault("order_number", "MISC 7/2026")
    view = proposing.propose_change(registrar(connection, now=now), profile, change, "An invented change", **more)
    return read_public_id("proposal", view.id)


def approving(proposal: UUID, name: str = "1", now: datetime = MOMENT, **more: Any) -> Callable[[Connection], Any]:
    return lambda connection: deciding.approve_change(supervisor(connection, name, now), proposal, **more)


def rejecting(proposal: UUID, name: str = "1") -> Callable[[Connection], Any]:
    return lambda connection: deciding.reject_change(supervisor(connection, name), proposal, "Not him")


def enrol_two(connection: Connection) -> None:
    """Enrol the two who will decide at once, so that they wait for nothing else."""
    for name in "12":
        actor(connection, role=Role.SUPERVISOR, name=name)


def code_of(use: Callable[[], object]) -> str | None:
    """Return the code by which something is refused; None where it is not."""
    try:
        use()
    except RegistryError as refused:
        return refused.code
    return None


class Undo(Exception):
    """Ends a transaction that a test wants undone."""


async def undone(database: Database, use: Callable[[Connection], T]) -> T:
    """Do something in a transaction, and undo it."""
    answers: list[T] = []

    def run(connection: Connection) -> None:
        answers.append(use(connection))
        raise Undo

    with suppress(Undo):
        await database.write(run)
    (answer,) = answers
    return answer


# -- a record in every standing

TOMORROW = MOMENT + timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Situation:
    """How a record stands, and how it came to."""

    name: str
    standing: Standing
    contested: bool = False
    swept: bool = True
    """Of an expired one: whether the sweep has seen it."""


SITUATIONS = tuple(
    Situation(f"{standing.value}{' unswept' * (not swept)}{' contested' * contested}", standing, contested, swept)
    for standing in Standing
    for swept in ((True, False) if standing is Standing.EXPIRED else (True,))
    for contested in ((False,) if standing is Standing.ENTERED else (False, True))
)


@dataclass(frozen=True, slots=True)
class Scene:
    """A record that stands so, one that was merged into it, and a third."""

    profile: UUID
    merged: UUID
    third: UUID


SUBJECT = named("Baraka Subject Kimani")
_ENDS = {Standing.SHAREABLE: Change.RELEASE, Standing.SEALED: Change.SEAL, Standing.RETIRED: Change.RETIRE,
         Standing.REMOVED: Change.REMOVE}  # fmt: skip


def staged(connection: Connection, situation: Situation) -> Scene:
    """Bring a record into a situation by real changes of yesterday; it is MOMENT then."""
    yesterday = MOMENT - timedelta(days=1)
    third = vetted(connection, named("Third Party Otieno"), now=yesterday)
    merged = vetted(connection, named("Merged Away Wafula"), now=yesterday)
    if situation.standing is Standing.ENTERED:
        entered = queries.proposal(connection, SEALER, proposed(connection, SUBJECT, now=yesterday))
        assert entered is not None
        return Scene(entered.profile, merged, third)
    ends_on = MOMENT.date().isoformat() if situation.standing is Standing.EXPIRED else None
    profile = vetted(connection, SUBJECT | {"expires_on": ends_on}, now=yesterday)
    changed(connection, profile, Change.MERGE, other=merged, record=SUBJECT | {"expires_on": ends_on}, now=yesterday)
    if situation.contested:
        changed(connection, profile, Change.CONTEST, now=yesterday)
    if situation.standing in _ENDS:
        changed(connection, profile, _ENDS[situation.standing], now=yesterday)
    if situation.standing is Standing.MERGED:
        into = vetted(connection, named("Greater Whole Njeri"), now=yesterday)
        changed(connection, into, Change.MERGE, other=profile, record=named("Greater Whole Njeri"), now=yesterday)
    if situation.standing is Standing.EXPIRED and situation.swept:
        assert duties.expire_due(connection, MOMENT) == 1
    return Scene(profile, merged, third)
