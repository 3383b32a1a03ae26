"""Who asks there, and the keys that photographs are sealed with."""

import pytest

from registry.core.db import Database
from registry.core.key_providers import FileKeys
from registry.core.sealing import Sealer
from tests.registry.photographs.scenes import settle


@pytest.fixture(scope="session")
def sealer() -> Sealer:
    """Keys that are no secret."""
    return Sealer(FileKeys({"invented-1": bytes(range(32))}), bytes(32))


@pytest.fixture
async def settled(database: Database) -> Database:
    """A register with agencies, officers and clients, and nobody in it."""
    await database.write(settle)
    return database
