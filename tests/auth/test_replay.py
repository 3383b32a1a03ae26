"""A proof is used once, whichever worker sees it, and forgotten when it would be refused anyway."""

from datetime import timedelta

import pytest
import sqlalchemy as sa
from sqlalchemy import Connection

from auth import replay
from auth.models import replays
from registry.core.config import Settings
from registry.core.db import Database
from registry.core.engines import open_database
from registry.core.errors import Unauthenticated
from tests.auth.household import MOMENT

pytestmark = pytest.mark.anyio

EXPIRY = MOMENT + timedelta(seconds=60)


async def used(database: Database, *proof: str) -> bool:
    """Use a proof and say whether it was the first time."""

    def attempt(connection: Connection) -> None:
        kind, client, token_id = proof or ("assertion", "desk", "12345678")
        replay.use(connection, kind, client, token_id, expires_at=EXPIRY)

    try:
        await database.write(attempt)
    except Unauthenticated:
        return False
    return True


async def test_a_proof_is_used_once(database: Database) -> None:
    assert await used(database)
    assert not await used(database)


async def test_another_process_remembers_it_too(database: Database, database_url: str) -> None:
    other = open_database(Settings(database_url=database_url))

    assert await used(database)
    assert not await used(other)

    await other.close()


async def test_kind_client_and_name_tell_proofs_apart(database: Database) -> None:
    assert await used(database, "assertion", "desk", "12345678")
    assert await used(database, "grant", "desk", "12345678")
    assert await used(database, "assertion", "desk2", "12345678")
    assert await used(database, "assertion", "desk", "212345678")
    assert await used(database, "assertion", "desk1", "2345678")


async def test_only_a_digest_is_kept(database: Database) -> None:
    await used(database)

    (digest,) = await database.read(lambda connection: connection.execute(sa.select(replays.c.digest)).scalars().all())

    assert len(digest) == 32


async def test_a_proof_is_forgotten_a_minute_after_it_expires(database: Database) -> None:
    await used(database)

    kept = await database.write(lambda connection: replay.purge(connection, EXPIRY + replay.KEPT_LONGER))
    gone = await database.write(
        lambda connection: replay.purge(connection, EXPIRY + replay.KEPT_LONGER + timedelta(seconds=1))
    )

    assert (kept, gone) == (0, 1)
    assert await used(database)


async def test_of_many_proofs_each_is_used_once_also_within_one_list(database: Database) -> None:
    one, two, three = (replay.once("dpop", "jkt", f"proof-{number}", expires_at=EXPIRY) for number in range(3))

    first = await database.write(lambda connection: replay.used(connection, [two, one, two]))
    second = await database.write(lambda connection: replay.used(connection, [three, one]))

    assert (first, second) == (frozenset({2}), frozenset({1}))


async def test_what_is_undone_was_not_used(database: Database) -> None:
    one = replay.once("dpop", "jkt", "proof-one", expires_at=EXPIRY)

    def undone(connection: Connection) -> None:
        assert replay.used(connection, [one]) == frozenset()
        raise InterruptedError

    with pytest.raises(InterruptedError):
        await database.write(undone)

    assert await database.write(lambda connection: replay.used(connection, [one])) == frozenset()
