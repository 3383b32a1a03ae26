"""The import's worker: reads the rows that the dry run found ready, and seals them. It has no database."""

from array import array
from dataclasses import dataclass

from registry.bulk import digests
from registry.bulk.places import Place
from registry.bulk.reading import Plan, Read, RowReader
from registry.bulk.workers import Chunk
from registry.core.clock import now
from registry.core.config import Settings
from registry.core.errors import Conflict
from registry.core.key_providers import open_sealer
from registry.editions.edition import load
from registry.profiles import coherence, rows
from registry.profiles.prepared import Prepared, prepare


@dataclass(frozen=True, slots=True)
class Chosen:
    """A chunk, and the places in it of the rows that are to be entered."""

    chunk: Chunk
    places: "array[int]"
    before: int
    """Rows of the file before the first that holds a record."""


@dataclass(frozen=True, slots=True)
class Entering:
    """What a chunk brings to the register."""

    first: int
    rows: int
    prepared: list[Prepared]
    digests: bytes


class Preparer:
    """Prepares chunk after chunk."""

    def __init__(self, plan: Plan, settings: Settings):
        self._reader = RowReader(plan)
        self._edition = load(plan.edition)
        self._sealer = open_sealer(settings)

    def __call__(self, chosen: Chosen) -> Entering:
        """Prepare the chosen rows of a chunk. Raises Conflict (CHECK_OUTDATED)."""
        chunk, today = chosen.chunk, now().date()
        prepared: list[Prepared] = []
        seen = array(digests.TYPECODE)
        for at in chosen.places:
            read = self._reader.read(chunk.rows[at])
            if read is None or read.record is None:
                raise _outdated(chosen.before + chunk.first + at + 1, read)
            shown = rows.shown(read.record)
            seen.append(digests.of_row(shown, self._sealer.blind))
            dated = coherence.dated(read.record, self._edition, today)
            shown |= {name: str(value) for name in ("review_on", "expires_on") if (value := getattr(dated, name))}
            prepared.append(prepare(shown, self._sealer, contested=read.contested))
        return Entering(chunk.first, len(chunk.rows), prepared, digests.stored(seen))


def _outdated(row: int, read: Read | None) -> Conflict:
    """Return the refusal of a row that was ready when the file was checked: rules have changed since."""
    why = f" {read.problems[0].code}." if read and read.problems else ""
    return Conflict(f"{Place(row).cell.capitalize()} was ready when the file was checked, and is not any more.{why}",
                    code="CHECK_OUTDATED", field="file", remedy="Run it with --dry-run again.")  # fmt: skip
