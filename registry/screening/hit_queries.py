"""Every SELECT and write on hits and on rows that could not be read; and what of the register a list is checked by.

keep_hits(connection, screening, hits)      hits(connection, screening, today, limit=10, after=None)
"""

import re
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, fields
from datetime import date
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy import Connection

from registry.bulk.verdicts import Problem
from registry.core.engines import insert_many
from registry.disclosure import facts
from registry.disclosure.access import Facts
from registry.profiles.models import match_records, profiles
from registry.screening.models import screening_hits, screening_problems


@dataclass(frozen=True, slots=True)
class Hit:
    """Somebody on a list who may be somebody on the register."""

    row: int
    number: int
    score: int
    band: str
    has_discriminator: bool
    content: bytes


def keep_hits(connection: Connection, identifier: UUID, hits: Iterable[Hit]) -> None:
    """Keep hits."""
    rows = [(identifier, each.row, each.number, each.score, each.band, each.has_discriminator, each.content)
            for each in hits]  # fmt: skip
    insert_many(connection, screening_hits, rows)


def keep_problems(
    connection: Connection, identifier: UUID, problems: Iterable[tuple[int, Sequence[Problem]]], *, most: int
) -> None:
    """Keep why rows could not be read, as long as fewer than ``most`` are kept."""
    count = sa.select(sa.func.count()).where(screening_problems.c.screening == identifier)
    left = most - connection.execute(count).scalar_one()
    rows = [(identifier, row, place, each.field, each.code, each.rule, each.remedy)
            for row, found in problems for place, each in enumerate(found)]  # fmt: skip
    insert_many(connection, screening_problems, rows[: max(left, 0)])


def problems(connection: Connection, identifier: UUID) -> list[tuple[int, Problem]]:
    """Return the rows that could not be read, and why."""
    statement = (
        sa.select(screening_problems)
        .where(screening_problems.c.screening == identifier)
        .order_by(screening_problems.c.row, screening_problems.c.place)
    )
    return [(row.row, Problem(row.field, row.code, row.rule, row.remedy)) for row in connection.execute(statement)]


def found_before(connection: Connection, identifier: UUID, numbers: Collection[int]) -> frozenset[int]:
    """Return which of these profiles the screening has told of already."""
    statement = (
        sa.select(screening_hits.c.number)
        .where(screening_hits.c.screening == identifier, screening_hits.c.number.in_(numbers))
        .distinct()
    )
    return frozenset(connection.execute(statement).scalars()) if numbers else frozenset()


@dataclass(frozen=True, slots=True)
class Findable:
    """A profile that a search may find, and what disclosure needs to know of it."""

    profile: UUID
    facts: Facts


def findable(connection: Connection, numbers: Collection[int], today: date) -> dict[int, Findable]:
    """Return those of these profiles that a search may find today, by register number."""
    statement = (
        sa.select(profiles.c.number, profiles.c.id, match_records.c.facts)
        .join_from(profiles, match_records, match_records.c.number == profiles.c.number)
        .where(profiles.c.number.in_(numbers), match_records.c.until > today.isoformat())
    )
    found = connection.execute(statement) if numbers else ()
    return {number: Findable(profile, facts.read(told)) for number, profile, told in found}


_GLANCE = re.compile(r'\],\[(\d+),(\d+),(\d+)\],"(\w*)"')
"""Birth date and sex in a match record, behind the names: no name begins with a digit there, but a quote."""


def glances(connection: Connection, *, after: int, limit: int) -> list[tuple[int, tuple[int, int, int], str]]:
    """Return birth date and sex of the next profiles, in the order of their register numbers."""
    statement = (
        sa.select(match_records.c.number, match_records.c.record)
        .where(match_records.c.number > after)
        .order_by(match_records.c.number)
        .limit(limit)
    )
    told = []
    for number, record in connection.execute(statement):
        found = _GLANCE.search(record)
        if found:
            told.append((number, (int(found[1]), int(found[2]), int(found[3])), found[4]))
    return told


Place = tuple[int, int, int]
"""Score, row and register number of a hit."""


def hits(
    connection: Connection, identifier: UUID, today: date, *, limit: int, after: Place | None
) -> list[tuple[Hit, Facts]]:
    """Return hits best first, of profiles that a search may find today, with what disclosure needs to know of each."""
    best = (screening_hits.c.score, screening_hits.c.row, screening_hits.c.number)
    statement = (
        sa.select(*(screening_hits.c[each.name] for each in fields(Hit)), match_records.c.facts)
        .join(match_records, match_records.c.number == screening_hits.c.number)
        .where(screening_hits.c.screening == identifier)
        .where(match_records.c.until > today.isoformat())
        .order_by(*(each.desc() for each in best))
        .limit(limit)
    )
    if after is not None:
        statement = statement.where(sa.tuple_(*best) < sa.tuple_(*after))
    return [
        (Hit(**{each.name: row[each.name] for each in fields(Hit)} | {
            "has_discriminator": bool(row["has_discriminator"])
        }), facts.read(row["facts"]))
        for row in connection.execute(statement).mappings()
    ]  # fmt: skip
