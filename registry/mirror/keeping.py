"""From the database to the folder: what is signed and not there yet, as it was signed.

    await keep(database, log, folder, sealer, advance)      how many entries were added

Each entry is hashed up to its signed leaf before it is written, so what the mirror holds is what the notary signed, or
the run ends and names the entry. What was erased by law before is not there any more, and not mirrored. A run that is
stopped goes on where it was: a file stands there whole, or not at all.
"""

from collections.abc import Callable
from functools import partial
from pathlib import Path

from registry.core.db import Database
from registry.core.sealing import Sealer
from registry.mirror import files, rows as told
from registry.mirror.files import Range
from registry.notary import bodies, checking, queries
from registry.notary.checking import Log
from registry.tlog.tiles import WIDTH

Advance = Callable[[int], None]


async def keep(database: Database, log: Log, folder: Path, sealer: Sealer, advance: Advance) -> int:
    """Mirror what no file holds yet. Raises ProofFailed where the database is not what was signed."""
    count = 0
    for due in files.uncovered(files.ranges(folder), log.size):
        found = []
        for first, texts in signed(log, due):
            rows = await database.read(partial(queries.rows, first=first, most=len(texts)))
            checking.compared(first, rows, texts, await bodies.accounted(database, rows, log.reader))
            found += [told.told(row.entry) for row in rows if row.entry is not None]
            advance(len(texts))
        files.write(folder, log.checkpoint.origin, due, found, sealer)
        count += len(found)
    return count


def signed(log: Log, due: Range) -> list[tuple[int, tuple[bytes, ...]]]:
    """Return the leaves' texts of a range, bundle by bundle, each with the index of its first. Raises ProofFailed."""
    found = []
    for bundle in range(due.first // WIDTH, due.last // WIDTH + 1):
        begin = bundle * WIDTH
        texts = checking.leaves(log, bundle)
        first = max(begin, due.first)
        found.append((first, texts[first - begin : due.last + 1 - begin]))
    return found
