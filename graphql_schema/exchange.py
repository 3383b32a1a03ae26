"""One request on its way to an answer: what is known of it so far, and its body.

exchange.entry        the log entry, fuller with each step
exchange.closed(…)    the entry as it goes into the log
"""

import asyncio
from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from datetime import datetime
from time import perf_counter
from typing import Any

from starlette.requests import Request

from auth.actor import Actor
from auth.tokens import Claims
from graphql_schema import negotiation
from graphql_schema.limits import Limits, exceeded
from registry.audit.events import Entry, Event, Outcome
from registry.core.telemetry import Stages


@dataclass(slots=True)
class Exchange:
    """One request as it becomes an answer, and what the log will say of it."""

    request_id: str
    entry: Entry
    begun: float
    media: str = negotiation.JSON
    streams: bool = False
    """Whether the client reads streams of events."""
    stages: Stages = field(default_factory=Stages)
    claims: Claims | None = None
    noted: tuple[Event, ...] = ()
    """What the entry tells besides what its use cases leave, however the request ends."""
    reviewed_name: str | None = None
    """What the operation is called in a document that was approved for this client."""

    def learn_claims(self, claims: Claims) -> None:
        """Put into the entry what a token of ours says, whatever becomes of the request."""
        self.claims = claims
        told: dict[str, Any] = {"client": claims.client, "token_id": claims.token_id}  # Any: as the entry's fields are
        if details := claims.details:
            told |= {
                "officer_reference": details.officer,
                "purpose": details.purpose.value,
                "case_reference": details.case_reference,
                "legal_basis": details.legal_basis,
            }
        self.entry = replace(self.entry, **told)

    def learn_of(self, actor: Actor) -> None:
        """Put into the entry who asks, as the register knows them."""
        self.entry = replace(
            self.entry,
            agency=actor.agency,
            officer=actor.officer.id if actor.officer else None,
        )

    def anew(self, at: datetime) -> "Exchange":
        """Return a stream's next turn: the same request, at another moment."""
        entry = replace(self.entry, at=at, code=None, cost=None)
        return Exchange(
            self.request_id, entry, perf_counter(), self.media, self.streams, claims=self.claims, noted=self.noted
        )

    def closed(self, outcome: Outcome, code: str | None, events: Iterable[Event] = ()) -> Entry:
        """Return the entry as it goes into the log."""
        took = int((perf_counter() - self.begun) * 1_000_000)
        return replace(self.entry, outcome=outcome, code=code, events=(*self.noted, *events), microseconds=took)


async def read_body(request: Request, limits: Limits) -> bytes:
    """Read the body, counting: a declared length is not trusted, and neither is that it will come at all."""
    chunks: list[bytes] = []
    size = 0
    try:
        async with asyncio.timeout(limits.body_seconds):
            async for chunk in request.stream():
                size += len(chunk)
                if size > limits.body_bytes:
                    raise exceeded("body_bytes", limits, code="BODY_TOO_LARGE")
                chunks.append(chunk)
    except TimeoutError:
        raise exceeded("body_seconds", limits, code="BODY_TOO_SLOW") from None
    return b"".join(chunks)
