"""Every SELECT and write on the room's tables. The statements are the same on both databases."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy import Connection

from auth.once import insert_once
from registry.bulk import digests
from registry.bulk.models import import_batches, import_mappings, imports


@dataclass(frozen=True, slots=True, kw_only=True)
class Import:
    """A file as an agency brought it: what its dry run found, and how far it has come."""

    id: UUID
    agency: str
    file_digest: str
    mapping_digest: str
    edition: str
    rows: int
    ready: int
    needs_fixing: int
    duplicates: int
    refused: int
    verdicts: bytes
    checked_by: UUID
    checked_at: datetime
    begun_by: UUID | None = None
    begun_at: datetime | None = None
    rows_done: int = 0
    entered: int = 0
    finished_at: datetime | None = None


_FOUND = ("mapping_digest", "edition", "rows", "ready", "needs_fixing", "duplicates", "refused", "verdicts",
          "checked_by", "checked_at")  # fmt: skip
"""What a later dry run of the same file may find anew; how far the file has come it never touches."""


def of_file(connection: Connection, agency: str, file_digest: str) -> Import | None:
    """Return what is known of a file."""
    statement = sa.select(imports).where(imports.c.agency == agency, imports.c.file_digest == file_digest)
    row = connection.execute(statement).mappings().one_or_none()
    return Import(**row) if row else None


def keep_check(connection: Connection, found: Import) -> None:
    """Keep what a dry run found, in place of what an earlier one of the same file did."""
    values: dict[str, Any] = {name: getattr(found, name) for name in _FOUND}
    whose = {"agency": found.agency, "file_digest": found.file_digest}
    if not insert_once(connection, imports, id=found.id, rows_done=0, entered=0, **whose, **values):
        connection.execute(imports.update().filter_by(**whose).values(**values))


def begin(connection: Connection, identifier: UUID, by: UUID, at: datetime) -> None:
    """Note who begins an import, once."""
    statement = imports.update().where(imports.c.id == identifier, imports.c.begun_at.is_(None))
    connection.execute(statement.values(begun_by=by, begun_at=at))


def advance(connection: Connection, identifier: UUID, *, first: int, rows: int, entered: int) -> bool:
    """Note that the rows from ``first`` on are done; False when somebody else did them meanwhile."""
    statement = (
        imports.update()
        .where(imports.c.id == identifier, imports.c.rows_done == first, imports.c.finished_at.is_(None))
        .values(rows_done=first + rows, entered=imports.c.entered + entered)
    )
    return connection.execute(statement).rowcount == 1


def finish(connection: Connection, identifier: UUID, at: datetime) -> None:
    """Note that all rows are done."""
    statement = imports.update().where(imports.c.id == identifier, imports.c.finished_at.is_(None))
    connection.execute(statement.values(finished_at=at))


def keep_digests(connection: Connection, identifier: UUID, first: int, content: bytes) -> None:
    """Keep the digests of the rows that one batch entered."""
    connection.execute(import_batches.insert().values(import_id=identifier, first_row=first, digests=content))


def entered_before(connection: Connection, agency: str, file_digest: str) -> Iterator[int]:
    """Yield the digests of all rows that an agency's other files entered."""
    statement = (
        sa.select(import_batches.c.digests)
        .join_from(import_batches, imports)
        .where(imports.c.agency == agency, imports.c.file_digest != file_digest)
    )
    for content in connection.execute(statement).scalars():
        yield from digests.revived(content)


def mapping(connection: Connection, agency: str, fingerprint: str) -> dict[str, Any] | None:
    """Return how an agency's files with these headings are read, as JSON."""
    is_it = (import_mappings.c.agency == agency) & (import_mappings.c.fingerprint == fingerprint)
    found: dict[str, Any] | None = connection.execute(
        sa.select(import_mappings.c.mapping).where(is_it)
    ).scalar_one_or_none()
    return found


def keep_mapping(
    connection: Connection, agency: str, fingerprint: str, given: dict[str, Any], *, by: UUID, at: datetime
) -> None:
    """Remember how files with these headings are read."""
    values = {"mapping": given, "remembered_by": by, "remembered_at": at}
    whose = {"agency": agency, "fingerprint": fingerprint}
    if not insert_once(connection, import_mappings, **whose, **values):
        connection.execute(import_mappings.update().filter_by(**whose).values(**values))
