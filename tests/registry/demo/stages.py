"""A demonstration that is set up for a test, and what its database holds."""

import asyncio
from collections.abc import Callable
from pathlib import Path
from typing import Any, TypeVar

from sqlalchemy import Connection

from registry.core import config
from registry.core.engines import open_database
from registry.demo import stage

PORT = 8123
T = TypeVar("T")


def set_up(folder: Path, database_url: str, count: int) -> list[int]:
    """Set the stage on an empty database; return the steps of its progress."""
    stage.write_keys(folder, port=PORT, database_url=database_url)
    settings = config.load({}, folder / "settings.toml")
    steps: list[int] = []

    async def run() -> None:
        database = open_database(settings).keeper
        try:
            await stage.set_up(database, settings, folder, count, steps.append, port=PORT)
        finally:
            await database.close()

    asyncio.run(run())
    return steps


def asked(folder: Path, question: Callable[[Connection], T]) -> T:
    """Ask the database of a stage."""

    async def run() -> T:
        database = open_database(config.load({}, folder / "settings.toml")).keeper
        try:
            return await database.write(question)
        finally:
            await database.close()

    return asyncio.run(run())


def read(folder: Path, statement: Any) -> list[tuple[Any, ...]]:  # Any: a statement of any columns
    """Return the rows of a statement."""
    return asked(folder, lambda connection: [tuple(each) for each in connection.execute(statement)])
