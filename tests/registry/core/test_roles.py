"""What the two roles of a node can do to the log on PostgreSQL, tried out verb by verb (A12)."""

from collections import defaultdict
from collections.abc import AsyncIterator, Iterator

import pytest
import sqlalchemy as sa
from sqlalchemy import Connection, exc

from registry.core import roles
from registry.core.config import Settings
from registry.core.db import Database
from registry.core.engines import open_database
from registry.models import metadata
from tests.registry.core.test_reach import rights_of
from tests.servers import APP, NOTARY, OWNER

pytestmark = pytest.mark.anyio

LOG = [*sorted(name for name in metadata.tables if name.startswith("log_")), "policies"]
"""All that the log consists of, what it is read with, and what was signed of it."""
VERBS = {
    "SELECT": "SELECT 1 FROM {table} LIMIT 1",
    "INSERT": "INSERT INTO {table} DEFAULT VALUES",
    "UPDATE": 'UPDATE {table} SET "{column}" = "{column}"',
    "DELETE": "DELETE FROM {table}",
    "TRUNCATE": "TRUNCATE {table} CASCADE",
    "lock rows": "SELECT 1 FROM {table} FOR UPDATE",
    "lock": "LOCK TABLE {table} IN ACCESS EXCLUSIVE MODE",
    "switch triggers off": "ALTER TABLE {table} DISABLE TRIGGER USER",
    "make a trigger": "CREATE TRIGGER mine BEFORE INSERT ON {table} FOR EACH ROW EXECUTE FUNCTION {trigger}()",
    "make a rule": "CREATE RULE mine AS ON INSERT TO {table} DO INSTEAD NOTHING",
    "change": "ALTER TABLE {table} ADD COLUMN mine int",
    "rename": "ALTER TABLE {table} RENAME TO mine",
    "own": "ALTER TABLE {table} OWNER TO CURRENT_USER",
    "drop": "DROP TABLE {table} CASCADE",
}  # fmt: skip
READ, ADDED = {"SELECT"}, {"SELECT", "INSERT"}
OF_NO_TABLE = (
    "SET session_replication_role = replica",
    f"SET ROLE {OWNER}",
    f"SET SESSION AUTHORIZATION {OWNER}",
    f"GRANT {OWNER} TO CURRENT_USER",
    "CREATE TABLE mine (place bigint)",
    "CREATE FUNCTION mine() RETURNS int LANGUAGE sql AS 'SELECT 1'",
    "CREATE OR REPLACE FUNCTION log_is_insert_only() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN NULL; END'",
    "DROP FUNCTION log_is_insert_only() CASCADE",
    "CREATE ROLE mine SUPERUSER",
    "COPY (SELECT 1) TO PROGRAM 'true'",
    "SELECT pg_read_file('postgresql.conf')",
)
"""What would lift the rights or triggers of all tables at once, or lead out of the database."""


def _parts(connection: Connection) -> list[str]:
    """Return the partitions of the log's tables, wherever they stand."""
    found = sa.text("""
        SELECT inhrelid::regclass::text FROM pg_inherits JOIN pg_class ON pg_class.oid = inhrelid
         WHERE relkind IN ('r', 'p') ORDER BY 1""")
    return list(connection.execute(found).scalars())


def _is_permitted(connection: Connection, statement: str) -> bool:
    """Try a statement, and undo it. What fails for another reason than a missing right was permitted."""
    try:
        with connection.begin_nested() as tried:
            connection.exec_driver_sql(statement)
            tried.rollback()
    except exc.DBAPIError as refused:
        return getattr(refused.orig, "sqlstate", None) != "42501"
    return True


def can(connection: Connection, tables: list[str]) -> dict[str, set[str]]:
    """Return what whoever is connected can do to each table, tried out."""
    found: dict[str, set[str]] = defaultdict(set)
    for table in tables:
        first = next(iter(metadata.tables[table].c)).name if table in metadata.tables else "index"
        for verb, statement in VERBS.items():
            text = statement.format(table=table, column=first, trigger="log_is_insert_only")
            if _is_permitted(connection, text):
                found[table].add(verb)
    return dict(found)


@pytest.fixture(params=[APP, NOTARY])
async def role(request: pytest.FixtureRequest, postgresql_url: str) -> AsyncIterator[tuple[str, Database]]:
    """A role of the node, connected."""
    database = open_database(Settings(database_url=postgresql_url.replace(f"{APP}@", f"{request.param}@")))
    yield request.param, database
    await database.close()


def _expected(role: str, tables: list[str]) -> Iterator[tuple[str, set[str]]]:
    for table in tables:
        told = roles.rights(table) if role == APP else roles.NOTARY_RIGHTS.get(table, "")
        if rights := set(told.split(", ")) - {""}:
            yield table, rights


async def test_a_role_can_do_to_the_log_what_its_table_says_and_no_other_verb(role: tuple[str, Database]) -> None:
    name, database = role

    found = await database.write(lambda connection: can(connection, LOG))

    assert found == dict(_expected(name, LOG))
    assert set().union(*found.values()) == ADDED, "somebody may change or remove what stands in the log"
    assert found["log_entries"] == found["log_leaves"] == (ADDED if name == APP else READ)
    assert found["log_heads"] == (READ if name == APP else ADDED)


async def test_a_role_reaches_no_part_of_the_log_past_the_log(role: tuple[str, Database]) -> None:
    """A partition has rights and triggers of its own."""
    _, database = role

    parts = await database.read(_parts)

    assert await database.write(lambda connection: can(connection, parts)) == {}


async def test_a_role_lifts_no_right_and_no_trigger(role: tuple[str, Database]) -> None:
    _, database = role

    tried = await database.write(
        lambda connection: [each for each in OF_NO_TABLE if _is_permitted(connection, each)]
    )  # fmt: skip

    assert tried == []


async def test_the_notary_can_do_nothing_to_any_other_table(postgresql_url: str) -> None:
    database = open_database(Settings(database_url=postgresql_url.replace(f"{APP}@", f"{NOTARY}@")))
    others = sorted(metadata.tables.keys() - roles.NOTARY_RIGHTS.keys())

    held = await database.read(lambda connection: rights_of(connection, NOTARY))
    found = await database.write(lambda connection: can(connection, ["profiles", "revisions", "officers"]))
    await database.close()

    assert {table: held[table] for table in others if held[table]} == {}
    assert found == {}
