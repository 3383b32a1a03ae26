"""Filling the register of a demonstration: as officers do it, only faster.

    await fill(database, settings, 20_000, advance)      proposed by the registrar, approved by the vetter
    await play(database, settings, 20_000)               what scenes need besides: one contested, one sealed,
                                                         and the first question as a trusted document

Reading the records and making their keys is spread over processes, each of which opens the sealer itself: it holds keys
and can't be handed over.
"""

import asyncio
import copyreg
import gc
from collections import deque
from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import Future, ProcessPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, date
from functools import cache, partial
from typing import Any

from sqlalchemy import Connection

from auth import directory
from auth.actor import Actor
from graphql_schema import schema
from graphql_schema.limits import Limits
from graphql_schema.trusted.reading import reader
from registry.audit.events import Entry, Outcome
from registry.audit.log import append
from registry.core.clock import now
from registry.core.config import Settings
from registry.core.db import Database
from registry.core.ids import new_id, read_public_id
from registry.core.key_providers import open_sealer
from registry.core.partial_dates import PartialDate
from registry.core.sealing import Sealer
from registry.demo.cast import BY_NAME, OWNER
from registry.disclosure.vocabulary import Attribution
from registry.documents import operations as documents
from registry.documents.intake import Asked
from registry.editions.edition import Edition, load as load_edition
from registry.profiles import intake, queries
from registry.profiles.forms import members
from registry.profiles.indexing import Indexed, indexed
from registry.profiles.operations import deciding, proposing
from registry.profiles.record import GROUPS, Record
from registry.profiles.standing import Change
from registry.synthetic import scenes
from registry.synthetic.first_question import SEARCH
from registry.synthetic.register import people
from registry.work import Work

BATCH = 2_000
Advance = Callable[[int], None]
Prepared = list[tuple[Record, Indexed]]


@dataclass(frozen=True, slots=True)
class Part:
    """What officers do for a scene once its person is on the register."""

    change: Change
    reason: str
    order_number: str | None = None


PLAYED: Mapping[int, Part] = {
    scenes.CONTESTED: Part(Change.CONTEST, "DEMO: he says that another man of his name was convicted"),
    scenes.SEALED: Part(Change.SEAL, "DEMO: a court ordered that the entry be closed", "DEMO MISC 15/2026"),
}


# -- what the processes hand over


def _by_arguments(value: Any) -> tuple[type, tuple[Any, ...]]:  # Any: whichever of the parts
    """Say how a value is made again: dataclasses' own way takes five times as long, half of a filling's time."""
    return type(value), tuple([getattr(value, name) for name in type(value).__match_args__])


def _by_groups(record: Record) -> tuple[Callable[[dict[str, Any]], Record], tuple[dict[str, Any]]]:
    """The same for a record, whose groups are named: those that hold something."""
    held = ((name, getattr(record, name), group.default) for name, group in GROUPS.items())
    return _record, ({name: value for name, value, default in held if value is not default},)


def _record(held: dict[str, Any]) -> Record:
    return Record(**held)


def _handed_over() -> set[type]:
    """Return every class of value that a prepared record is made of, but for the record itself."""
    parts = {group.part for group in GROUPS.values() if group.part is not None}
    inner = {member.part for part in parts for member in members(part) if member.part is not None}
    return {*parts, *inner, PartialDate, Indexed}


for _kind in _handed_over():
    copyreg.pickle(_kind, _by_arguments)
copyreg.pickle(Record, _by_groups)


# -- filling


async def fill(
    database: Database, settings: Settings, count: int, advance: Advance, *, processes: int = 2, seed: int = 2026
) -> None:
    """Fill the register: the registrar proposes each batch, an officer of another chain vets it.

    The order is the generator's, so the register number of a person is its number there.
    """
    today = now().date()
    coming: deque[Future[Prepared]] = deque()
    with ProcessPoolExecutor(processes, initializer=gc.disable) as pool, _without_collecting():
        for start in range(0, count, BATCH):
            coming.append(pool.submit(_prepared, settings, seed, start, min(BATCH, count - start), today))
            if len(coming) > 2 * processes:  # no more than that is prepared ahead, or it would fill the memory
                await _take(database, settings, coming.popleft(), advance)
        while coming:
            await _take(database, settings, coming.popleft(), advance)


@contextmanager
def _without_collecting() -> Iterator[None]:
    """Leave cycles alone for a while: to look for them among millions of new values takes half the time."""
    was_on = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_on:
            gc.enable()


async def _take(database: Database, settings: Settings, part: Future[Prepared], advance: Advance) -> None:
    prepared = await asyncio.wrap_future(part)
    await database.write(partial(_vetted, settings=settings, prepared=prepared))
    advance(len(prepared))


@cache
def _equipment(settings: Settings) -> tuple[Edition, Sealer]:
    """Return what a process works with, opened once in each."""
    return load_edition(settings.edition), open_sealer(settings)


def _prepared(settings: Settings, seed: int, start: int, count: int, today: date) -> Prepared:
    """Read one range of the synthetic register, in a process of its own."""
    edition, sealer = _equipment(settings)
    records = [intake.record(each, edition, owner=OWNER) for each in people(seed, count, start, OWNER, today)]
    return [(each, indexed(each, edition, sealer.blind)) for each in records]


def _vetted(connection: Connection, settings: Settings, prepared: Prepared) -> None:
    registrar, vetter = _officers(connection, settings)
    proposals = proposing.propose_many(registrar, [record for record, _ in prepared], "DEMO register")
    deciding.approve_many(vetter, proposals, [index for _, index in prepared])
    _enter(connection, (registrar, vetter))


# -- playing


async def play(database: Database, settings: Settings, count: int) -> None:
    """Bring about what no record says of itself, for the scenes that a register of this size has."""
    for number, part in PLAYED.items():
        if number <= count:
            await database.write(partial(_played, settings=settings, number=number, part=part))
    await database.write(partial(_let_in, settings=settings))


def _played(connection: Connection, settings: Settings, number: int, part: Part) -> None:
    registrar, vetter = _officers(connection, settings)
    profile = queries.by_number(connection, [number], ())[number]["id"]
    proposal = proposing.propose_change(
        registrar, profile, part.change, part.reason, order_number=part.order_number
    )  # fmt: skip
    deciding.approve_change(vetter, read_public_id("proposal", proposal.id))
    _enter(connection, (registrar, vetter))


def _let_in(connection: Connection, settings: Settings) -> None:
    """Let the investigator's client send the first question by its id."""
    registrar, vetter = _officers(connection, settings)
    asked = Asked(BY_NAME["investigator"].client, "DEMO first question", SEARCH, "DEMO: what the walk-through asks")
    made = documents.propose(registrar, asked, reader(schema.build(), Limits()))
    documents.approve(vetter, read_public_id("document", made.id))
    _enter(connection, (registrar, vetter))


def _officers(connection: Connection, settings: Settings) -> tuple[Work, Work]:
    """Return the work of who proposes, and of who vets."""
    moment = now()
    edition, sealer = _equipment(settings)
    registrar, vetter = (player_actor(connection, name) for name in ("registrar", "vetter"))
    return Work(connection, registrar, moment, edition, sealer), Work(connection, vetter, moment, edition, sealer)


def player_actor(connection: Connection, name: str) -> Actor:
    """Return a player as an actor."""
    player = BY_NAME[name]
    return Actor(
        client=player.client, agency=player.agency, token_id="demo", purpose=player.purpose,  # noqa: S106  no secret: an id
        officer=directory.officer(connection, player.agency, player.officer),
        case_reference=player.case_reference, legal_basis=player.legal_basis, country="KE",
        attribution=Attribution.STATED,
    )  # fmt: skip


def _enter(connection: Connection, works: Sequence[Work]) -> None:
    append(connection, [_entry(work) for work in works])


def _entry(work: Work) -> Entry:
    actor = work.actor
    return Entry(
        at=work.now.astimezone(UTC), kind="command", operation="demo", outcome=Outcome.ALLOWED,
        request_id=str(new_id()), client=actor.client, **actor.said,
        purpose=actor.purpose.value if actor.purpose else None,
        case_reference=actor.case_reference, legal_basis=actor.legal_basis, source="local", events=tuple(work.events),
    )  # fmt: skip
