"""Every question asked as a search asks it, one after another, with the time of each stage.

What runs is ``registry.profiles.finding``: the statements, the choice of candidates and the score of production, on the
connection that production opens. Left out are HTTP, token, policy and log; ``python -m bench`` measures those.
"""

import asyncio
import gc
import time
from collections.abc import Sequence
from dataclasses import dataclass, field
from uuid import uuid4

from sqlalchemy import Connection

from auth.actor import Actor, Officer
from bench.matching.loading import SEALER
from bench.matching.registers import Register
from bench.matching.sets import Question
from registry.core.clock import now
from registry.core.config import Settings
from registry.core.db import Database
from registry.core.engines import open_database
from registry.disclosure.vocabulary import Attribution, Purpose, Role
from registry.editions.edition import load as load_edition
from registry.matching.types import Identity, Match
from registry.profiles import finding
from registry.profiles.disclosed import Known
from registry.work import Work

FIRST = 10
_WARMING = 50
ACTOR = Actor(
    client="bench", agency="bench", token_id="bench",  # noqa: S106 -- nobody asks for it here
    officer=Officer(uuid4(), "bench", "bench", frozenset({Role.INVESTIGATOR})),
    purpose=Purpose.CRIMINAL_INVESTIGATION, case_reference="BENCH 1", legal_basis="KE-SOA-39-13",
    country="KE", attribution=Attribution.STATED,
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Answer:
    """One question answered."""

    question: Question
    ranked: tuple[tuple[str, float], ...]
    """Ids of the set with their scores, best first, at most ten."""
    ms: float
    cpu_ms: float = 0.0
    """The same in time of the asking thread: what is left when other programs share the machine."""
    stages: dict[str, float] = field(default_factory=dict)
    """Milliseconds of each stage."""


@dataclass(frozen=True, slots=True)
class Found:
    """What one search found, by register number, and the time it took."""

    ranked: list[tuple[int, Match]]
    ms: float
    cpu_ms: float
    stages: dict[str, float]


def asked(register: Register, questions: Sequence[Question]) -> list[Answer]:
    """Ask all questions, after some of them to warm up."""
    found = asyncio.run(found_for(register.url, [question.identity() for question in questions]))
    ids = register.ids({number for each in found for number, _ in each.ranked})
    return [
        Answer(
            question, tuple((ids[number], match.score) for number, match in each.ranked), each.ms, each.cpu_ms,
            each.stages,
        )
        for question, each in zip(questions, found, strict=True)
    ]  # fmt: skip


async def found_for(url: str, identities: Sequence[Identity], *, keep: bool = True) -> list[Found]:
    """Search for each, one after another; with ``keep`` false for the sake of what it takes only."""
    database = open_database(Settings(database_url=url, statement_seconds=60.0))
    try:
        for identity in identities[:_WARMING]:
            await _one(database, identity)
        gc.collect()
        gc.freeze()  # as a server does once it has started: what was loaded does not change any more
        found: list[Found] = []
        for identity in identities:
            each = await _one(database, identity)
            if keep:
                found.append(each)
        gc.unfreeze()
        return found
    finally:
        await database.close()


async def _one(database: Database, identity: Identity) -> Found:
    return await database.read(lambda connection: find(connection, identity))


def find(connection: Connection, identity: Identity) -> Found:
    """Find whoever may be meant, and take the time."""
    work = Work(connection, ACTOR, now(), _EDITION, SEALER)
    begun, cpu_begun = time.perf_counter(), time.thread_time()
    with work.stages("prepare"):
        prepared = finding.prepared(work, identity)
    ranked = finding.ranked(Known(work), prepared, FIRST)
    ms, cpu_ms = 1000 * (time.perf_counter() - begun), 1000 * (time.thread_time() - cpu_begun)
    return Found(ranked, ms, cpu_ms, {name: 1000 * seconds for name, seconds in work.stages.seconds.items()})


_EDITION = load_edition()
