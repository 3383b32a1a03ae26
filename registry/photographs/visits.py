"""One visit to an address of a photograph, and the entry it leaves in the log whichever way it ends.

visit.learn(ticket)          on whose account, once that is known
visit.uploaded(image)        or
visit.delivered(delivery)    or
visit.refused(error)         the entry

A delivery's entry names the profile as its record, so it answers "who looked at this person?". No entry holds the
secret.
"""

from dataclasses import replace
from datetime import datetime
from time import perf_counter

from registry.audit.events import Entry, Event, Outcome, outcome_of
from registry.audit.sequencing import Placed
from registry.core.errors import RegistryError
from registry.core.ids import new_id
from registry.photographs.image import Image
from registry.photographs.tickets import Kind, Ticket
from registry.photographs.views import Delivery

KIND = "photograph"
"""What the log calls such an entry."""

_OPERATIONS = {Kind.PUT: "upload", Kind.GET: "delivery"}


class Visit:
    """What is known so far of one visit."""

    placed: Placed | None = None
    """Where its entry stands, once it is durable; whatever fails before that forgets it again."""

    def __init__(self, kind: Kind, at: datetime, *, source: str | None) -> None:
        self.request_id = str(new_id())
        self.source = source
        self._started = perf_counter()
        self._ticket: Ticket | None = None
        self._known = Entry(at, KIND, _OPERATIONS[kind], Outcome.FAILED, self.request_id, source=source)

    @property
    def operation(self) -> str:
        """What the visit is for."""
        return self._known.operation

    @property
    def client(self) -> str | None:
        """Whose token the address was asked with."""
        return self._known.client

    @property
    def agency(self) -> str | None:
        """For whom."""
        return self._known.agency

    @property
    def seconds(self) -> float:
        """How long it has taken so far."""
        return perf_counter() - self._started

    def learn(self, ticket: Ticket) -> None:
        """Add who asked for the address, for what."""
        self._ticket = ticket
        self._known = replace(
            self._known, client=ticket.client, agency=ticket.agency, officer=ticket.officer,
            officer_reference=ticket.officer_reference, purpose=ticket.purpose, case_reference=ticket.case_reference,
            legal_basis=ticket.legal_basis, token_id=ticket.token_id, country=ticket.country,
            attribution=ticket.attribution,
        )  # fmt: skip

    def uploaded(self, image: Image) -> Entry:
        """Return the entry of a photograph that is kept."""
        return self._entry(
            Outcome.ALLOWED, None, "photograph:uploaded", digest=image.digest, source_digest=image.source_digest
        )

    def delivered(self, delivery: Delivery) -> Entry:
        """Return the entry of a photograph that is shown."""
        return self._entry(Outcome.ALLOWED, None, "photograph:delivered", digest=delivery.digest)

    def refused(self, error: Exception) -> Entry:
        """Return the entry of a visit that ends with neither."""
        code = error.code if isinstance(error, RegistryError) else RegistryError.default_code
        return self._entry(outcome_of(error), code, f"photograph:{self.operation}:refused")

    def _entry(self, outcome: Outcome, code: str | None, name: str, **details: str) -> Entry:
        ticket = self._ticket
        records = (ticket.profile,) if ticket and ticket.profile else ()
        about = {"photograph": str(ticket.photograph)} if ticket else {}
        return replace(
            self._known, outcome=outcome, code=code, events=(Event(name, records, about | details),),
            microseconds=int(self.seconds * 1_000_000),
        )  # fmt: skip
