"""The roles of a register on PostgreSQL: one owns the tables and migrates them, another works with them, a third signs.

    registry_owner     owns the database and its tables (migration_url): connected as for ``registry migrate``, and
                       for the VACUUM of ``registry keys erase`` and ``rotate``; it alone erases from the log by law
    registry_app       reads and writes rows; of the log it may read and add rows, and nothing else (database_url);
                       what the notary has signed it may read
    registry_notary    reads the log's entries, leaves and promise keys, and adds what it has signed; nothing else

Whoever owns a table, is superuser or has BYPASSRLS can lift its policies, or pass them: no node starts as such a role.
docs/hardening.md shows how they are made.
"""

from collections.abc import Mapping

import sqlalchemy as sa
from sqlalchemy import Connection

from registry.core.errors import InputRefused

ADDED_TO = frozenset({
    "log_entries", "log_leaves", "log_subjects", "log_windows", "policies",
    "log_export_approvals",
    "misuse_runs", "misuse_findings", "misuse_steps", "misuse_facts", "reason_demands", "reason_statements",
})  # fmt: skip
"""Tables of the log, what it is read with, and what was found in it: what stands there stands."""
READ_ONLY = frozenset({"alembic_version", "log_erasures", "log_heads", "log_quorums"})
"""The notary alone writes what it has signed, and when witnesses had: nodes stop where the log is shorter than that, or
where it is too long ago."""
TOLD = frozenset({"log_promise_keys"})
"""What the node tells the notary, and has no use for itself."""
NOTARY = "registry_notary"
"""The notary's role, which every register has under this name or not at all."""
NOTARY_RIGHTS = {
    "log_entries": "SELECT", "log_erasures": "SELECT", "log_leaves": "SELECT", "log_promise_keys": "SELECT",
    "log_subjects": "SELECT", "log_heads": "SELECT, INSERT", "log_quorums": "SELECT, INSERT",
}  # fmt: skip

_TABLES = sa.text("""
    SELECT relname FROM pg_class
     WHERE relkind IN ('r', 'p') AND relnamespace = current_schema()::regnamespace
       AND pg_has_role(relowner, 'USAGE')
     ORDER BY relname
""")
_KNOWN = sa.text("SELECT rolname = current_user FROM pg_roles WHERE rolname = :role")
_POWERS = sa.text("""
    SELECT rolsuper OR rolbypassrls OR rolcreaterole OR EXISTS (
               SELECT 1 FROM pg_class
                WHERE relkind IN ('r', 'p') AND relnamespace = current_schema()::regnamespace
                  AND pg_has_role(relowner, 'MEMBER')
           )
      FROM pg_roles WHERE rolname = current_user
""")


def grant(connection: Connection, role: str) -> None:
    """Let the application's role work with every table, and take from it what it may not do. Nothing on SQLite.

    The notary's role gets its rights as well, where the server has it.

    Raises InputRefused (DATABASE_ROLE_UNKNOWN) when the server has no such role.
    """
    if connection.dialect.name != "postgresql":
        return
    is_owner = connection.execute(_KNOWN, {"role": role}).scalar_one_or_none()
    if is_owner is None:
        raise InputRefused("names a role that the server does not have.", field="database_url",
                           code="DATABASE_ROLE_UNKNOWN", remedy="Create it: docs/hardening.md.")  # fmt: skip
    if is_owner:
        return
    tables = connection.execute(_TABLES).scalars().all()
    _grant(connection, role, {table: rights(table) for table in tables})
    if connection.execute(_KNOWN, {"role": NOTARY}).scalar_one_or_none() is not None:
        _grant(connection, NOTARY, {table: NOTARY_RIGHTS.get(table, "") for table in tables})


def _grant(connection: Connection, role: str, granted: Mapping[str, str]) -> None:
    """Give a role these rights on these tables, and no others."""
    quoted = connection.dialect.identifier_preparer.quote
    for table, its in granted.items():
        connection.exec_driver_sql(f"REVOKE ALL ON {quoted(table)} FROM {quoted(role)}")
        if its:
            connection.exec_driver_sql(f"GRANT {its} ON {quoted(table)} TO {quoted(role)}")


def rights(table: str) -> str:
    """Return what the application may do with a table."""
    if table in READ_ONLY:
        return "SELECT"
    if table in TOLD:
        return "INSERT"
    return "SELECT, INSERT" if table in ADDED_TO else "SELECT, INSERT, UPDATE, DELETE"


def check(connection: Connection) -> None:
    """Raise InputRefused (DATABASE_ROLE_TOO_POWERFUL) where the policies do not bind the role that is connected."""
    if connection.dialect.name == "postgresql" and connection.execute(_POWERS).scalar_one():
        raise InputRefused(
            "connects as a role that owns the tables, or that no policy binds.", field="database_url",
            code="DATABASE_ROLE_TOO_POWERFUL", remedy="Make two roles and set migration_url: docs/hardening.md.",
        )  # fmt: skip
