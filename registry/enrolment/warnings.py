"""What is told of keys that end: a number for those who watch the node, and a line when another key is among them.

    KeyWatch()(connection, now)        each minute, by the node's own sweep

Since when and until when stands in ``keysExpiring``; the line names the client or agency.
"""

from datetime import datetime

from sqlalchemy import Connection

from auth import validity
from registry.core.metrics import KEYS_EXPIRING
from registry.core.telemetry import log
from registry.enrolment import queries


class KeyWatch:
    """Looks for keys that end within thirty days, or have ended and were not withdrawn."""

    def __init__(self) -> None:
        self._told: frozenset[tuple[str, str, str]] = frozenset()

    def __call__(self, connection: Connection, now: datetime) -> None:
        """Tell of what is found; of each key once in the life of this process."""
        found = frozenset(
            (holder, name, each.kid)
            for holder, name, jwks in queries.key_sets(connection)
            for each in validity.expiring(jwks, now)
        )
        KEYS_EXPIRING.set(len(found))
        for holder, name, _kid in sorted(found - self._told):
            log.warning("key_expires", **{holder: name})
        self._told = found
