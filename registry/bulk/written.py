"""Files that are written for their owner's eyes only, whole or not at all.

    with whole(Path("out.jsonl")) as part:       a new file beside the one that is to be
        …                                        which takes its place at the end

Half an export must not be taken for a whole one.
"""

import os
from array import array
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryFile
from typing import IO

from registry.bulk.exported import place


@contextmanager
def whole(out: Path) -> Iterator[Path]:
    """Yield the name of an empty file that only its owner can read; once durable it takes the place of ``out``."""
    part = out.with_name(f"{out.name}.part")
    part.unlink(missing_ok=True)
    os.close(os.open(part, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600))
    try:
        yield part
        with part.open("rb+") as file:
            os.fsync(file.fileno())
        part.replace(out)
    finally:
        part.unlink(missing_ok=True)


@contextmanager
def in_order(out: IO[bytes]) -> Iterator[Callable[[bytes], object]]:
    """Yield what takes lines; at the end they are written in the order of their digests.

    Until then they are kept in a file without a name, and 20 bytes of each in memory.
    """
    places, offsets, lengths = array("Q"), array("Q"), array("I")
    with TemporaryFile() as lines:

        def add(line: bytes) -> None:
            places.append(place(line))
            offsets.append(lines.tell())
            lengths.append(len(line))
            lines.write(line)

        yield add
        for at in sorted(range(len(places)), key=places.__getitem__):
            lines.seek(offsets[at])
            out.write(lines.read(lengths[at]))
