"""Files that are brought: which of three formats they have, what their digest is, and their rows one after the other.

    source = opened(Path("old.csv"))
    source.headings                      ["Full name", "DOB"], None for lines of JSON
    for cells in source.rows(): …        every row below the headings, also an empty one

A file is never read whole. What could harm whoever opens it is refused before its rows are (archive.py).
"""

import hashlib
from collections.abc import Iterator
from pathlib import Path
from typing import Protocol

from registry.bulk import archive, csv_rows, json_rows, workbook
from registry.bulk.cells import Cell
from registry.core.errors import Conflict, InputRefused

Row = bytes | list[Cell]
"""A line of JSON, or the cells of a table."""
MOST_ROWS = 5_000_000


class Source(Protocol):
    """The rows of one file."""

    @property
    def path(self) -> Path:
        """The file."""

    @property
    def kind(self) -> str:
        """``jsonl``, ``export`` (a register's own), ``csv`` or ``xlsx``."""

    @property
    def headings(self) -> list[str] | None:
        """The first row of a table; None for lines of JSON."""

    @property
    def before(self) -> int:
        """How many rows stand before the first that holds a record."""

    def about(self) -> int:
        """Return how many rows there are, roughly."""

    def rows(self) -> Iterator[Row]:
        """Yield the rows that hold records, in their order."""


def opened(path: Path, sheet: str | None = None) -> Source:
    """Open a file by what it holds; its name is looked at last. Raises InputRefused (FILE_REFUSED, FILE_MALFORMED)."""
    with path.open("rb") as file:
        head = file.read(4096)
    if head.startswith(archive.OLE):
        raise archive.refused("is encrypted, or of an Excel before 2007.", "Save it as .xlsx without a password.")
    if head.startswith(archive.ZIP):
        return workbook.opened(path, sheet)
    if sheet is not None:
        raise InputRefused("is for workbooks.", field="--sheet", code="FILE_REFUSED", remedy="Leave it out.")
    if not head.strip():
        raise InputRefused("is empty.", field="file", code="FILE_MALFORMED", remedy="Name the file with the rows.")
    if head.lstrip(b"\xef\xbb\xbf \t\r\n").startswith(b"{") or path.suffix in (".jsonl", ".ndjson"):
        return json_rows.opened(path)
    return csv_rows.opened(path)


def digest(path: Path) -> str:
    """Return the file's SHA-256."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def identity(source: Source, content: str) -> str:
    """Return by what a file is known when it is brought again: its digest, with the sheet's of a workbook."""
    title = getattr(source, "title", None)
    return content if title is None else hashlib.sha256(f"{content} {title}".encode()).hexdigest()


class Unchanged:
    """Sees that a file stays the one whose digest was taken."""

    def __init__(self, path: Path):
        self._path = path
        self._seen = self._look()

    def check(self) -> None:
        """Raise Conflict (FILE_CHANGED) when somebody has written to the file meanwhile."""
        if self._look() != self._seen:
            raise Conflict("The file was changed while it was read.", code="FILE_CHANGED", field="file",
                           remedy="Leave it alone, and begin again.")  # fmt: skip

    def _look(self) -> tuple[int, ...]:
        seen = self._path.stat()
        return seen.st_ino, seen.st_size, seen.st_mtime_ns
