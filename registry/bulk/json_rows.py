"""Lines of JSON, one object each: the register's own format, and its own export.

    {"names": [{"full": "Juma Mwakio"}], "birth_date": "1971", …}

An export begins with a line about itself (exported.py), and keeps each record in a member of its line.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

import orjson

LONGEST = 100_000
"""Bytes of one line; of a longer one the rest is passed over, and the row refused."""
EXPORT = "register_export"
"""The member by which the first line of an export is known."""


@dataclass(frozen=True, slots=True)
class JsonLines:
    """A file of such lines."""

    path: Path
    kind: str
    before: int
    headings: None = None

    def about(self) -> int:
        """Count the lines."""
        with self.path.open("rb") as file:
            ends = sum(chunk.count(b"\n") for chunk in iter(lambda: file.read(1 << 20), b""))
        return max(ends - self.before, 1)

    def rows(self) -> Iterator[bytes]:
        """Yield the lines."""
        with self.path.open("rb") as file:
            for number, line in enumerate(_lines(file)):
                if number >= self.before:
                    yield line


def _lines(file: BinaryIO) -> Iterator[bytes]:
    """Yield each line without its end; of one that is too long a piece that is too long as well."""
    while line := file.readline(LONGEST + 2):
        whole = line.endswith(b"\n") or len(line) <= LONGEST + 1
        yield line.rstrip(b"\r\n")
        while not whole:
            rest = file.readline(1 << 20)
            whole = not rest or rest.endswith(b"\n")


def opened(path: Path) -> JsonLines:
    """Look at the first line."""
    with path.open("rb") as file:
        first = file.readline(LONGEST)
    try:
        value = orjson.loads(first.removeprefix(b"\xef\xbb\xbf"))
    except orjson.JSONDecodeError:
        value = None
    if isinstance(value, dict) and EXPORT in value:
        return JsonLines(path, "export", before=1)
    return JsonLines(path, "jsonl", before=0)
