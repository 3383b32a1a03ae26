"""What somebody who owns the database can do: no trigger stops them, and no right."""

import sqlalchemy as sa
from sqlalchemy import Connection
from sqlalchemy.ext.asyncio import create_async_engine

from registry.core.db import Database
from registry.core.postgresql import PostgresqlDatabase
from registry.core.sqlite import SqliteDatabase
from tests.servers import SUPERUSER


async def tampered(database: Database, *statements: sa.Executable) -> None:
    """Execute statements as the database's owner, with its triggers off."""

    def run(connection: Connection) -> None:
        for statement in statements:
            connection.execute(statement)

    if isinstance(database, SqliteDatabase):

        def without_triggers(connection: Connection) -> None:
            names = sa.text("SELECT name, sql FROM sqlite_master WHERE type = 'trigger' AND tbl_name LIKE 'log%'")
            triggers = connection.execute(names).all()
            connection.exec_driver_sql("PRAGMA defer_foreign_keys = ON")
            for name, _ in triggers:
                connection.exec_driver_sql(f"DROP TRIGGER {name}")
            run(connection)
            for _, text in triggers:
                connection.exec_driver_sql(text)

        await database.write(without_triggers)
        return
    assert isinstance(database, PostgresqlDatabase)
    engine = create_async_engine(database.engine.url.set(username=SUPERUSER), poolclass=sa.NullPool)
    async with engine.begin() as connection:
        await connection.exec_driver_sql("SET LOCAL session_replication_role = replica")
        await connection.run_sync(run)
    await engine.dispose()
