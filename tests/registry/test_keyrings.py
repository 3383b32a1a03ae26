"""Every wrapped data key of the register is found by a rotation, and changed by nothing else."""

from uuid import UUID

import pytest
import sqlalchemy as sa
from sqlalchemy import Connection

from registry.core.db import Database
from registry.core.key_providers import FileKeys
from registry.core.sealing import Sealer, WrappedKey
from registry.keyrings import KEYRINGS, Anew, Keyring, held, others, put
from registry.models import metadata
from registry.profiles.models import record_keys
from tests.factories import record as invented, vetted

pytestmark = pytest.mark.anyio
RECORDS = KEYRINGS[0]
OLD = Sealer(FileKeys({"old": bytes(32)}), bytes(32))
NEW = Sealer(FileKeys({"new": bytes(range(32)), "old": bytes(32)}), bytes(32))


def filled(connection: Connection, count: int, sealer: Sealer = OLD) -> list[UUID]:
    """Insert data keys of records that nobody needs to read."""
    records = [UUID(int=number) for number in range(1, count + 1)]
    wrapped = [sealer.new_key(each)[1] for each in records]
    values = [
        {"profile": record, "key_id": key.key_id, "content": key.content}
        for record, key in zip(records, wrapped, strict=True)
    ]  # fmt: skip
    connection.execute(record_keys.insert(), values)
    return records


def test_every_table_that_names_a_key_encryption_key_is_on_a_ring() -> None:
    """Whoever adds a table with wrapped keys adds a line to KEYRINGS, or the old key is thought unused."""
    assert {ring.table.name for ring in KEYRINGS} == {
        table.name for table in metadata.tables.values() if "key_id" in table.c
    }


@pytest.mark.parametrize("ring", KEYRINGS, ids=lambda ring: ring.name)
def test_a_ring_walks_its_table_by_the_primary_key(ring: Keyring) -> None:
    assert list(ring.table.primary_key) == [ring.record]
    assert ring.content.table is ring.table
    assert isinstance(ring.content.type, sa.LargeBinary)


async def test_keys_are_counted_by_what_wraps_them(database: Database) -> None:
    await database.write(lambda connection: filled(connection, 3))
    await database.write(lambda connection: vetted(connection, invented()))

    assert await database.read(held) == {
        "records": {"invented": 1, "old": 3}, "photographs": {}, "subject requests": {}, "certificates": {},
        "screenings": {}, "signing keys": {},
    }  # fmt: skip


async def test_keys_of_others_come_in_order_a_batch_at_a_time(database: Database) -> None:
    ring = Keyring("records", record_keys.c.profile, record_keys.c.content, batch=2)

    def walk(connection: Connection) -> list[list[UUID]]:
        filled(connection, 5)
        pages, last = [], None
        while found := others(connection, ring, "new", after=last):
            last = found[-1][0]
            pages.append([record for record, _ in found])
        return pages

    pages = await database.write(walk)

    assert pages == [[UUID(int=1), UUID(int=2)], [UUID(int=3), UUID(int=4)], [UUID(int=5)]]
    assert await database.read(lambda connection: others(connection, ring, "old", after=None)) == []


async def test_what_is_wrapped_anew_opens_with_the_new_key_and_keeps_its_envelopes(database: Database) -> None:
    record = UUID(int=1)
    key, wrapped = OLD.new_key(record)
    envelope = key.seal(b"content", table="contacts", field="phone")
    values = {"profile": record, "key_id": wrapped.key_id, "content": wrapped.content}

    def rotate(connection: Connection) -> tuple[str, bytes]:
        connection.execute(record_keys.insert(), values)
        put(connection, RECORDS, [Anew(record, wrapped, NEW.rewrap(record, wrapped))])
        row = connection.execute(sa.select(record_keys)).one()
        return row.key_id, row.content

    key_id, content = await database.write(rotate)

    assert key_id == "new"
    only_new = Sealer(FileKeys({"new": bytes(range(32))}), bytes(32))
    opened = only_new.open_key(record, WrappedKey(key_id, content))
    assert opened.open(envelope, table="contacts", field="phone") == b"content"


async def test_a_key_that_was_erased_or_changed_meanwhile_is_left_alone(database: Database) -> None:
    one, two = (UUID(int=number) for number in (1, 2))

    def meanwhile(connection: Connection) -> list[tuple[UUID, str]]:
        filled(connection, 2)
        found = dict(others(connection, RECORDS, "new", after=None))
        anew = [Anew(record, key, NEW.rewrap(record, key)) for record, key in found.items()]
        connection.execute(record_keys.delete().where(record_keys.c.profile == one))
        connection.execute(record_keys.update().where(record_keys.c.profile == two).values(content=b"another"))
        put(connection, RECORDS, anew)
        return [(row.profile, row.key_id) for row in connection.execute(sa.select(record_keys))]

    assert await database.write(meanwhile) == [(two, "old")]


async def test_nothing_to_put_is_nothing_to_do(database: Database) -> None:
    await database.write(lambda connection: put(connection, RECORDS, []))
