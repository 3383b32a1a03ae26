"""A list that came by a one-time address is kept until it is checked: sealed, in chunks, each for as long as it waits.

    layout, people = looked_at(path, edition, dates)         refused here, the ticket stays good
    for content in sealed(source, layout, key): keep         one envelope for a chunk
    opened(key, content)                                     (layout, rows)

The list lies open only in a file without a name, which is gone with the process that reads it.
"""

import hashlib
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

import orjson

from registry.bulk import files
from registry.bulk.files import Source
from registry.core.sealing import DataKey
from registry.editions.edition import Edition
from registry.screening import columns, limits, people
from registry.screening.people import Layout

SEALED = {"table": "screening_chunks", "field": "content"}
"""What a sealed chunk is bound to, besides the screening."""


class Looked(NamedTuple):
    """A list that can be read."""

    source: Source
    layout: Layout
    people: int
    digest: str


def looked_at(path: Path, edition: Edition, dates: str | None) -> Looked:
    """Look at a list: which columns hold what, and how long it is.

    Raises InputRefused (FILE_REFUSED, FILE_MALFORMED, HEADINGS_MISSING, VICTIM_DATA, …).
    """
    source = files.opened(path)
    if source.headings is None:
        layout = Layout("jsonl", 0, (), dates)
    else:
        layout = Layout(source.kind, len(source.headings), columns.targets(source.headings, edition), dates)
    count = people.counted(source.rows(), limits.MOST_PEOPLE)
    with path.open("rb") as file:
        digest = hashlib.file_digest(file, "sha256").hexdigest()
    return Looked(source, layout, count, digest)


def sealed(looked: Looked, key: DataKey) -> Iterator[tuple[int, int, bytes]]:
    """Yield each chunk's first row, how many rows it has, and its envelope."""
    first, waiting, size = 0, [], 0
    for row in looked.source.rows():
        waiting.append(people.stored(row))
        size += _length(waiting[-1])
        if len(waiting) == limits.CHUNK or size >= limits.CHUNK_CHARACTERS:
            yield first, len(waiting), _seal(key, first, looked.layout, waiting)
            first, waiting, size = first + len(waiting), [], 0
    if waiting:
        yield first, len(waiting), _seal(key, first, looked.layout, waiting)


def _length(row: str | list[str | None]) -> int:
    return len(row) if isinstance(row, str) else sum(len(each or "") for each in row)


def _seal(key: DataKey, first: int, layout: Layout, rows: list[str | list[str | None]]) -> bytes:
    return key.seal(orjson.dumps({"first": first, "layout": layout.to_json(), "rows": rows}), **SEALED)


def opened(key: DataKey, first: int, content: bytes) -> tuple[Layout, list[str | list[str | None]]]:
    """Return the rows of a chunk, and how they are read; inverse of ``sealed``."""
    told = orjson.loads(key.open(content, **SEALED))
    assert told["first"] == first, "a chunk stands in the place of another"
    return people.layout(told["layout"]), told["rows"]
