"""Bringing a database to this program's schema, and knowing where it stands."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from alembic import command
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from alembic.script.revision import RevisionError
from alembic.util import CommandError
from sqlalchemy import Connection

from registry.audit import partitions
from registry.core import roles
from registry.core.db import Database
from registry.core.errors import InputRefused

FOLDER = Path(__file__).parent.parent / "alembic"


def head() -> str:
    """Return the newest migration that this program knows."""
    return str(ScriptDirectory.from_config(_config()).get_current_head())


async def upgrade(database: Database, revision: str = "head", *, role: str = "") -> None:
    """Run migrations up to ``revision``, in one transaction; ``role`` may work with what stands there then."""

    def run(connection: Connection) -> None:
        command.upgrade(_config(connection), revision)
        if partitions.may_be_made(connection):  # a node that finds all migrated may not, and need not
            partitions.keep_ahead(connection)
        if role:
            roles.grant(connection, role)

    with _known():
        await database.write(run)


async def downgrade(database: Database, revision: str) -> None:
    """Run migrations back to ``revision``, in one transaction."""
    with _known():
        await database.write(lambda connection: command.downgrade(_config(connection), revision))


def current(connection: Connection) -> str | None:
    """Return the migration that the database stands at; None for an empty one."""
    return MigrationContext.configure(connection).get_current_revision()


def before(revision: str | None) -> frozenset[str]:
    """Return the migrations that come before this one."""
    if revision is None:
        return frozenset()
    scripts = ScriptDirectory.from_config(_config())
    with _known():
        return frozenset(each.revision for each in scripts.iterate_revisions(revision, "base")) - {revision}


@contextmanager
def _known() -> Iterator[None]:
    """Translate "no such revision"; a database that a newer program has migrated stands at one."""
    try:
        yield
    except (CommandError, RevisionError) as problem:
        raise InputRefused(
            "is no migration of this program.", field="revision", code="REVISION_UNKNOWN",
            remedy="Name one of alembic/versions, or use the program that made it.",
        ) from problem  # fmt: skip


def _config(connection: Connection | None = None) -> Config:
    config = Config()
    config.set_main_option("script_location", str(FOLDER).replace("%", "%%"))
    config.attributes["connection"] = connection
    return config
