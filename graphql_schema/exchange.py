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
from auth.resource import Caller
from auth.tokens import Claims
from graphql_schema import negotiation
from graphql_schema.limits import Limits, exceeded
from registry.audit.events import Entry, Event, Outcome
from registry.audit.submission import Once
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
    caller: Caller | None = None
    once: Once | None = None
    """The proof that came with the request: used up with its first entry."""
    noted: tuple[Event, ...] = ()
    """What the entry tells besides what its use cases leave, however the request ends."""
    asked: int = 0
    """Points that the question may cost."""
    is_even: bool = False
    """Whether nobody may see from time and size what was found (even.py)."""
    reviewed_name: str | None = None
    """What the operation is called in a document that was approved for this client."""

    @property
    def claims(self) -> Claims:
        """What the caller's token says."""
        assert self.caller is not None
        return self.caller.claims

    def learn_caller(self, caller: Caller) -> None:
        """Put into the entry what a token of ours says, whatever becomes of the request."""
        self.caller = caller
        self.once = caller.once
        claims = caller.claims
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
        self.is_even = actor.is_partner
        told: dict[str, Any] = {"agency": actor.agency, "officer": actor.officer.id if actor.officer else None}
        if actor.session is not None:  # a session says nothing of itself before it is read
            told |= {
                "client": actor.client, "token_id": str(actor.session),
                "officer_reference": actor.officer.reference if actor.officer else None,
                "purpose": actor.purpose.value if actor.purpose else None,
                "case_reference": actor.case_reference, "legal_basis": actor.legal_basis,
            }  # fmt: skip
        self.entry = replace(self.entry, **told)

    def anew(self, at: datetime) -> "Exchange":
        """Return a stream's next turn: the same request, at another moment."""
        entry = replace(self.entry, at=at, code=None, cost=None)
        caller = self.caller.anew() if self.caller else None
        return Exchange(
            self.request_id, entry, perf_counter(), self.media, self.streams, caller=caller, noted=self.noted
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
