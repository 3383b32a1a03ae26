"""What is told of keys and certificates that end: a number for those who watch the node, and a line for each new one.

    KeyWatch()(connection, now)        each minute, by the node's own sweep

Since when and until when stands in ``keysExpiring``; the line names the client or agency.
"""

from datetime import UTC, datetime

from sqlalchemy import Connection

from auth import validity
from registry.core.metrics import KEYS_EXPIRING
from registry.core.telemetry import log
from registry.enrolment import queries
from registry.enrolment.views import ExpiringKeyView


def expiring(connection: Connection, now: datetime) -> list[ExpiringKeyView]:
    """Return what ends within thirty days, or has ended and was not withdrawn."""
    return [
        ExpiringKeyView(
            each.holder, each.name, found[name], datetime.fromtimestamp(found[validity.NOT_AFTER], UTC),
            is_certificate=is_certificate,
        )
        for each in queries.proofs(connection)
        for name, those, is_certificate in (("kid", each.keys, False), ("thumbprint", each.certificates, True))
        for found in validity.expiring(those, now)
    ]  # fmt: skip


class KeyWatch:
    """Looks for keys and certificates that end within thirty days, or have ended and were not withdrawn."""

    def __init__(self) -> None:
        self._told: frozenset[ExpiringKeyView] = frozenset()

    def __call__(self, connection: Connection, now: datetime) -> None:
        """Tell of what is found; of each once in the life of this process."""
        found = frozenset(expiring(connection, now))
        KEYS_EXPIRING.set(len(found))
        for each in sorted(found - self._told, key=lambda each: (each.holder, each.name, each.kid)):
            log.warning("certificate_expires" if each.is_certificate else "key_expires", **{each.holder: each.name})
        self._told = found
