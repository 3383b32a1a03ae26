"""What stands in the mirror's folder: ranges of entries, each in a file that is written once.

    000000000000-000000004095.entries       the first 4,096 entries of the log
    000000004096-000000004711.entries       what was signed since, when the next run came by

    {"form": "registry log mirror v1", "origin": "registry.example/log", "first": 0, "last": 4095, "record": "0197…",
     "key_id": "7c1e…", "key": "…"}         one line, then the rows as JSON, compressed, in an envelope of a data key

The data key is the file's own and lies in it, wrapped (registry/core/sealing.py). Nothing in a file is believed: what
it holds is checked against signed leaves before anything is done with it.
"""

import os
import re
import zlib
from base64 import b64decode, b64encode
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any, NamedTuple
from uuid import UUID

import orjson

from registry.core.errors import ProofFailed
from registry.core.ids import new_id
from registry.core.sealing import Sealer, Tampered, WrappedKey

FORM = "registry log mirror v1"
ENTRIES = 4_096
"""Most entries of a file: with their bodies some ten megabytes before they are compressed."""
LONGEST = 2**28
"""Bytes of a file's rows: nobody's file may fill the memory."""
_NAME = re.compile(r"([0-9]{12})-([0-9]{12})\.entries")
_PLACE = {"table": "log_mirror", "field": "entries"}
"""What an envelope's associated data names."""


class Range(NamedTuple):
    """The first and the last index of a file."""

    first: int
    last: int

    @property
    def name(self) -> str:
        """The file's name, which sorts as the indexes do."""
        return f"{self.first:012d}-{self.last:012d}.entries"


class MirrorDamaged(ProofFailed):
    """A file of the mirror is not what was written."""

    default_code = "MIRROR_DAMAGED"

    def __init__(self, name: str, what: str) -> None:
        super().__init__(f"{name} of the mirror {what}.", remedy="Take this file from another copy of the mirror.")


def ranges(folder: Path) -> list[Range]:
    """Return what the folder holds, in order; none where there is no folder."""
    names = sorted(path.name for path in folder.iterdir()) if folder.is_dir() else []
    return [Range(int(found[1]), int(found[2])) for name in names if (found := _NAME.fullmatch(name))]


def uncovered(held: Sequence[Range], size: int) -> Iterator[Range]:
    """Yield what no file holds of the first entries, in ranges of a file's size."""
    at = 0
    for first, last in [*sorted(held), Range(size, size)]:
        for begin in range(at, min(first, size), ENTRIES):
            yield Range(begin, min(begin + ENTRIES, first, size) - 1)
        at = max(at, last + 1)


def write(folder: Path, origin: str, held: Range, rows: Sequence[Any], sealer: Sealer) -> None:  # Any: JSON
    """Write a file, whole or not at all, durable before it returns. It is never written again."""
    record = new_id()
    key, wrapped = sealer.new_key(record)
    head = {
        "form": FORM, "origin": origin, "first": held.first, "last": held.last, "record": str(record),
        "key_id": wrapped.key_id, "key": b64encode(wrapped.content).decode(),
    }  # fmt: skip
    content = key.seal(zlib.compress(orjson.dumps(list(rows))), **_PLACE)
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    beside = folder / f"{held.name}.new"
    beside.unlink(missing_ok=True)  # of a run that was stopped
    descriptor = os.open(beside, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o400)
    with os.fdopen(descriptor, "wb") as file:
        file.write(orjson.dumps(head) + b"\n" + content)
        file.flush()
        os.fsync(file.fileno())
    beside.rename(folder / held.name)
    _flush(folder)


def read(folder: Path, origin: str, held: Range, sealer: Sealer) -> dict[int, Any]:  # Any: JSON
    """Return the rows of a file by their index. Raises MirrorDamaged."""
    try:
        line, _, content = (folder / held.name).read_bytes().partition(b"\n")
        head = orjson.loads(line)
        if (head["form"], head["origin"]) != (FORM, origin):
            raise MirrorDamaged(held.name, "is of another log or form")
        wrapped = WrappedKey(head["key_id"], b64decode(head["key"], validate=True))
        opened = sealer.open_key(UUID(head["record"]), wrapped).open(content, **_PLACE)
        unpacked = zlib.decompressobj()
        text = unpacked.decompress(opened, LONGEST)
        if not unpacked.eof:
            raise MirrorDamaged(held.name, "is longer than any such file")
        return {row["index"]: row for row in orjson.loads(text) if held.first <= row["index"] <= held.last}
    except (Tampered, OSError, KeyError, TypeError, ValueError, AttributeError, zlib.error) as problem:
        raise MirrorDamaged(held.name, "does not open") from problem


def _flush(folder: Path) -> None:
    """Make the names in a folder durable."""
    descriptor = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
