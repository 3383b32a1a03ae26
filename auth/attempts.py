"""One attempt to get a token, to give one back, or to ask after one, and the entry it leaves however it ends.

attempt.learn(client="ke-dci-desk")            facts, as they become known
attempt.allowed()                              or
attempt.refused(error)                         the entry
"""

from dataclasses import replace
from datetime import datetime
from time import perf_counter
from typing import Any

from starlette.requests import Request

from registry.audit.events import Entry, Event, Outcome, outcome_of
from registry.audit.sequencing import Placed
from registry.core.errors import RegistryError, Unauthenticated
from registry.core.ids import new_id


class ClientRefused(Unauthenticated):
    """Told alike whatever the reason; the reason is for the log only."""

    default_code = "CLIENT_REFUSED"

    def __init__(self, reason: str) -> None:
        super().__init__("The client is unknown, or its proof is not good.", remedy="Check key and client id.")
        self.reason = reason


class Attempt:
    """What is known so far of one attempt."""

    placed: Placed | None = None
    """Where its entry stands, once it is durable; whatever fails before that forgets it again."""
    is_proven = False
    """Whether a client has proved that it is the one that asks."""

    def __init__(self, at: datetime, *, request_id: str, source: str | None) -> None:
        self.at = at
        self.request_id = request_id
        self.source = source
        self._started = perf_counter()
        self._known = Entry(at, "token", "unknown", Outcome.FAILED, request_id, source=source)

    @classmethod
    def of(cls, request: Request, at: datetime) -> "Attempt":
        """Begin."""
        return cls(at, request_id=str(new_id()), source=request.client.host if request.client else None)

    def learn(self, **facts: Any) -> None:  # Any: the members of Entry, each with its own type
        """Add what has become known. Nothing a caller wrote comes here before its form has been checked."""
        self._known = replace(self._known, **facts)

    def allowed(self, event: str = "token:issued", **details: Any) -> Entry:  # Any: JSON
        """Return the entry of an attempt that succeeds."""
        return self._entry(Outcome.ALLOWED, None, Event(event, details=details))

    def refused(self, error: Exception) -> Entry:
        """Return the entry of an attempt that is refused."""
        code = error.code if isinstance(error, RegistryError) else RegistryError.default_code
        reason = {"reason": error.reason} if isinstance(error, ClientRefused) else {}
        return self._entry(outcome_of(error), code, Event("token:refused", details=reason))

    def _entry(self, outcome: Outcome, code: str | None, event: Event) -> Entry:
        passed = int((perf_counter() - self._started) * 1_000_000)
        return replace(self._known, outcome=outcome, code=code, events=(event,), microseconds=passed)
