"""What may leave the room: an address, facts of a photograph, and a photograph that is delivered."""

from dataclasses import dataclass, field
from datetime import datetime
from uuid import UUID

from registry.core.ids import public_id
from registry.photographs.tickets import Ticket

PREFIX = "/photographs/"


@dataclass(frozen=True, slots=True)
class TicketView:
    """A one-time address on this node, and of which photograph it is."""

    photograph: str
    """Its public id. Of an upload it is given beforehand, so that an answer that got lost does no harm."""
    path: str = field(repr=False)
    """The address below the node's public one; it holds the secret, so it does not print."""
    expires_at: datetime


@dataclass(frozen=True, slots=True)
class PhotographView:
    """What is known of a photograph besides what it shows."""

    id: str
    digest: str
    """SHA-256 of what is delivered."""
    width: int
    height: int
    media_type: str


@dataclass(frozen=True, slots=True)
class Delivery:
    """A photograph on its way to whoever held the ticket."""

    media_type: str
    content: bytes = field(repr=False)
    digest: str
    ticket: Ticket


def address(photograph: UUID, secret: str, expires_at: datetime) -> TicketView:
    """Return where a ticket is used."""
    return TicketView(public_id("photograph", photograph), PREFIX + secret, expires_at)
