"""Proofs of identity that have begun: each ends as what it began as, once, and is kept for its time."""

from datetime import timedelta

import pytest
from sqlalchemy import Connection

from auth import ceremonies
from auth.ceremonies import LIFE, Ceremony, Kind
from registry.core.db import Database
from tests.factories import MOMENT

pytestmark = pytest.mark.anyio


async def test_a_proof_ends_as_what_it_began_as_and_once(database: Database) -> None:
    """Who has begun to sign in with a passkey has not come back from the provider."""

    def run(connection: Connection) -> list[Ceremony | None]:
        ceremonies.begin(connection, Kind.PASSKEY, "a secret", MOMENT)
        tried = (Kind.IDENTITY, Kind.REGISTRATION, Kind.PASSKEY, Kind.PASSKEY)
        return [ceremonies.finish(connection, each, "a secret", MOMENT) for each in tried]

    assert await database.write(run) == [None, None, Ceremony(), None]


async def test_what_has_begun_is_forgotten_when_its_time_is_over_and_not_sooner(database: Database) -> None:
    def run(connection: Connection) -> tuple[int, Ceremony | None]:
        for secret, at in (("old", MOMENT), ("new", MOMENT + LIFE)):
            ceremonies.begin(connection, Kind.PASSKEY, secret, at)
        later = MOMENT + LIFE + timedelta(seconds=1)
        return ceremonies.purge(connection, later), ceremonies.finish(connection, Kind.PASSKEY, "new", later)

    assert await database.write(run) == (1, Ceremony())
