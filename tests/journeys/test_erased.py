"""An erased record is gone from the disk as well: no key, no envelope and no name of it stands in the database."""

from collections.abc import Collection
from dataclasses import dataclass, replace
from datetime import timedelta
from uuid import UUID

import pytest
import sqlalchemy as sa
from sqlalchemy import Connection

from registry.cli.keys import as_owner
from registry.core.config import Settings
from registry.core.db import Database
from registry.core.engines import clear
from registry.core.ids import public_id
from registry.disclosure.vocabulary import Role
from registry.photographs.models import photographs
from registry.profiles import erasure
from registry.profiles.models import record_keys, revisions
from registry.profiles.operations import reading
from registry.profiles.standing import Change
from registry.profiles.views import Tombstone
from tests.dumps import dumped
from tests.factories import EDITION, MOMENT, SEALER, actor, amended, changed, enrol_cast, named, vetted, work
from tests.registers import owned
from tests.registry.photographs.scenes import upload

pytestmark = pytest.mark.anyio
OVER = MOMENT + timedelta(days=EDITION.removal_grace_days)
REMOVED, KEPT = range(0, 24, 2), range(1, 24, 2)
"""Every other of the people, so that what is removed stands between what stays."""


@dataclass(frozen=True)
class Held:
    """What stands in the database of some records, as it stands there."""

    names: tuple[str, ...]
    envelopes: tuple[str, ...]
    keys: tuple[bytes, ...]
    pictures: tuple[bytes, ...]


def person(number: int, photograph: UUID, *, moved: bool = False) -> dict[str, object]:
    """Return an invented record whose length is its own."""
    address = f"Plot {number}{' behind the invented market' * (number % 5 + moved)}"
    return named(
        f"Zqx{number:02}kontroli Invented{number * 7919}", birth_date=f"19{50 + number}",
        phones=[f"+2547900000{number:02}"], places=[{"kind": "residence", "address": address}],
        photographs=[{"id": public_id("photograph", photograph), "taken_on": "2026-01-02"}],
    )  # fmt: skip


def fill(connection: Connection) -> list[UUID]:
    """Bring people in, amend each, and remove every other one."""
    enrol_cast(connection)
    people = []
    for number in range(24):
        photograph = upload(connection, SEALER)
        people.append(vetted(connection, person(number, photograph)))
        amended(connection, people[-1], person(number, photograph, moved=True))
    for number in REMOVED:
        changed(connection, people[number], Change.REMOVE)
    return people


def held(connection: Connection, people: Collection[UUID]) -> Held:
    """Return what stands of these people."""
    written = connection.execute(
        sa.select(revisions.c.identity, revisions.c.sealed).where(revisions.c.profile.in_(people))
    ).all()
    keys = connection.execute(sa.select(record_keys.c.content).where(record_keys.c.profile.in_(people)))
    pictures = connection.execute(sa.select(photographs).where(photographs.c.profile.in_(people))).all()
    return Held(
        names=tuple({row.identity["names"][0]["full"] for row in written}),
        envelopes=tuple({each for row in written for each in row.sealed.values()}),
        keys=tuple(keys.scalars()) + tuple(row.wrapped_key for row in pictures),
        pictures=tuple(row.content[100:132] for row in pictures),
    )


async def erased(database: Database, database_url: str, people: list[UUID], *, rewrite: bool) -> None:
    """Erase those who were removed, as the command does where the tables' owner is set."""
    node = Settings(database_url=database_url)
    if not node.is_sqlite:
        node = replace(node, migration_url=owned(database_url))
    gone = [people[number] for number in REMOVED]
    await database.write(lambda connection: erasure.erase(connection, gone, OVER))
    await database.write(erasure.forget_names)
    async with as_owner(node, database) as owner:
        assert await clear(owner, erasure.TABLES, rewrite=rewrite) is None


def standing(whole: dict[str, bytes], values: Collection[str | bytes]) -> list[str | bytes]:
    """Return the values that stand somewhere, as they were stored or in the digits of a dump."""
    stored = {each: each.encode() if isinstance(each, str) else each for each in values}
    return [
        each for each, plain in stored.items()
        if any(plain in content or plain.hex().encode() in content for content in whole.values())
    ]  # fmt: skip


@pytest.mark.parametrize("rewrite", [False, True], ids=["freed", "rewritten"])
async def test_after_the_erasure_nothing_of_the_record_stands_in_the_dump_and_others_stand_there_whole(
    database: Database, database_url: str, request: pytest.FixtureRequest, rewrite: bool
) -> None:
    """Of PostgreSQL's files those of the tables are looked through once they are rewritten. Its write-ahead log keeps
    what was written until it is recycled, and pages keep it until the place is used: docs/keys.md says so."""
    people = await database.write(fill)
    gone = await database.read(lambda connection: held(connection, [people[number] for number in REMOVED]))
    stays = await database.read(lambda connection: held(connection, [people[number] for number in KEPT]))

    await erased(database, database_url, people, rewrite=rewrite)

    whole = {
        name: content for name, content in dumped(database_url, request).items()
        if database.dialect == "sqlite" or name == "pg_dump" or (rewrite and name.startswith("base/"))
    }  # fmt: skip
    for lost, kept in zip(
        *((each.names, each.envelopes, each.keys, each.pictures) for each in (gone, stays)), strict=True
    ):
        assert not standing(whole, lost)
        assert len(standing(whole, kept)) == len(kept) > 0


async def test_what_is_left_is_the_tombstone(database: Database, database_url: str) -> None:
    people = await database.write(fill)
    await erased(database, database_url, people, rewrite=False)

    def read(connection: Connection) -> list[Tombstone | None]:
        keeper = work(connection, actor(connection, role=Role.SUPERVISOR), OVER)
        return [reading.read_profile(keeper, people[number]).tombstone for number in REMOVED]

    stones = await database.write(read)

    assert len({stone.digest for stone in stones if stone}) == len(REMOVED)
