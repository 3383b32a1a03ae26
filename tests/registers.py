"""Registers for tests: migrated by the role that owns the tables, and worked with by the one that does not.

url = await new_register(server, "register")      postgresql://registry_app@…
"""

from registry import migrations
from registry.core.config import Settings
from registry.core.engines import open_database
from tests.servers import APP, OWNER, PostgresServer


async def new_register(server: PostgresServer, name: str) -> str:
    """Create a database that holds every table and no row; return its address for the application."""
    owner = server.create_register(name)
    await migrated(owner, role=APP)
    return server.url(name, APP).replace("+asyncpg", "")


def owned(url: str) -> str:
    """Return a register's address for the role that owns its tables; that of SQLite's file as it is."""
    return url.replace(f"{APP}@", f"{OWNER}@")


async def migrated(url: str, *, role: str = "") -> None:
    """Bring a database to this program's schema."""
    database = open_database(Settings(database_url=url))
    await migrations.upgrade(database, role=role)
    await database.close()
