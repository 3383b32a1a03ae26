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
from registry.audit.sequencing import Placed
from registry.audit.submission import Once
from registry.core.errors import InputRefused
from registry.core.telemetry import Stages
from registry.work import Work


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
    placed: Placed | None = None
    """Where the entry stands, once it is durable: what the answer's receipt says."""
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

    @property
    def is_stranger(self) -> bool:
        """Whether nobody knows who asks: neither a token of ours nor a session that stands has said it."""
        return not self.entry.token_id

    def learn_caller(self, caller: Caller) -> None:
        """Put into the entry what a token of ours says, whatever becomes of the request."""
        self.caller = caller
        self.once = caller.once
        claims = caller.claims
        told: dict[str, Any] = {  # Any: as the entry's fields are
            "client": claims.client, "token_id": claims.token_id, "attribution": claims.attribution.name.lower(),
        }  # fmt: skip
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
        told = actor.said
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

    def closed(
        self, outcome: Outcome, code: str | None, events: Iterable[Event] = (), work: Work | None = None,
        fields: tuple[str, ...] | None = None,
    ) -> Entry:  # fmt: skip
        """Return the entry as it goes into the log; ``fields`` are those of the answer, where something is shown."""
        took = int((perf_counter() - self.begun) * 1_000_000)
        said = work.said if work else {}
        if fields is not None:
            said["fields"] = fields
        return replace(self.entry, outcome=outcome, code=code, events=(*self.noted, *events), microseconds=took, **said)


def single(request: Request, header: str) -> str | None:
    """Return a header. Sent twice it is refused: a proxy could have looked at one, and we at the other."""
    values = request.headers.getlist(header)
    if len(values) > 1:
        raise InputRefused("is sent more than once.", field=header, code="HEADER_REPEATED", remedy="Send it once.")
    return values[0] if values else None


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
