"""New records made ready to be entered by a process that has no database: sealed, in few bytes, easily handed over.

prepared = prepare(rows.shown(record), sealer)       in one of many processes
propose_prepared(work, [prepared, …], reason)        in the one that writes (operations/proposing.py)
"""

from typing import Any, NamedTuple
from uuid import UUID

import orjson

from registry.core.ids import new_id
from registry.core.sealing import Sealer
from registry.profiles import rows
from registry.profiles.record import Record


class Prepared(NamedTuple):
    """A new record as it will be stored. Its data key stands in it only wrapped."""

    id: bytes
    """Of the proposal."""
    profile: bytes
    key_id: str
    wrapped_key: bytes
    identity: bytes
    """JSON, like the two that follow."""
    details: bytes
    sealed: bytes
    contested: bool = False

    def opened(self, sealer: Sealer) -> Record:
        """Return the record again: proof that what was sealed elsewhere opens here."""
        row: dict[str, Any] = {name: orjson.loads(getattr(self, name)) for name in rows.COLUMNS}
        row |= {"key_id": self.key_id, "content": self.wrapped_key}
        return rows.record(row, rows.key_of(sealer, UUID(bytes=self.profile), row))


def prepare(shown: rows.Json, sealer: Sealer, *, contested: bool = False) -> Prepared:
    """Seal a record, given as ``rows.shown`` shows it, with a data key of its own."""
    profile = new_id()
    key, wrapped = sealer.new_key(profile)
    identity, details, sealed = (orjson.dumps(each) for each in rows.stored(shown, key).values())
    return Prepared(
        new_id().bytes, profile.bytes, wrapped.key_id, wrapped.content, identity, details, sealed, contested
    )
