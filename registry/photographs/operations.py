"""Use cases: ask for an address, hand a photograph in, see one.

    begin_upload(work)                                 an officer, through the API: where to put it
    take_in(connection, sealer, now, secret, image)    whoever holds that address: it is kept
    queries.attach(…)                                  a proposal names it
    issue_view_ticket(work, photograph, profile)       within a use case of the profiles that has asked its permission
    deliver(connection, sealer, now, secret)           whoever holds that address: it is shown

A photograph is named by its id within the API and never fetched by it: an id lives as long as the record, is seen by
many and written down, and would be an address of its own. What is fetched is fetched by a secret, once.
"""

from datetime import datetime
from uuid import UUID

from sqlalchemy import Connection

from auth import directory
from registry.core.errors import LimitExceeded, NotFound
from registry.core.ids import new_id, public_id
from registry.core.sealing import Sealer, WrappedKey
from registry.disclosure.vocabulary import Action, FieldClass
from registry.photographs import limits, queries, tickets, views
from registry.photographs.image import Image
from registry.photographs.tickets import Kind, Ticket
from registry.photographs.views import Delivery, PhotographView, TicketView
from registry.work import Work, operation

PLACE = {"table": "photographs", "field": "content"}
"""What a sealed photograph is bound to, besides its id."""


@operation(Action.PROFILE_CHANGE_PROPOSE)
def begin_upload(work: Work, reason: str) -> TicketView:
    """Return an address where one photograph can be put; ``reason`` stands in the log, sealed.

    Raises LimitExceeded (UPLOADS_WAITING).
    """
    officer = work.require(Action.PROFILE_CHANGE_PROPOSE)
    if queries.waiting(work.connection, officer.id, work.now) >= limits.WAITING:
        raise LimitExceeded(
            f"{limits.WAITING} photographs wait to be named by a proposal.", code="UPLOADS_WAITING",
            remedy="Propose those that are there; what is not named within 24 hours is removed.",
        )  # fmt: skip
    photograph = new_id()
    work.record("photograph:upload:begun", (), photograph=str(photograph), why=work.closed(reason=reason))
    return _issued(work, Kind.PUT, photograph, None)


def issue_view_ticket(work: Work, photograph: UUID, profile: UUID) -> TicketView:
    """Return an address where a profile's photograph can be seen once. Raises NotFound.

    The use case that calls this has asked its permission, has found that the actor may see the profile and this field
    of it, and records the event. It runs in a transaction that may write.
    """
    if not queries.is_of(work.connection, photograph, profile):
        raise NotFound("No such photograph.", field="photographId")
    return _issued(work, Kind.GET, photograph, profile)


def _issued(work: Work, kind: Kind, photograph: UUID, profile: UUID | None) -> TicketView:
    assert work.actor.officer is not None
    secret = tickets.new_secret()
    issued = tickets.ticket(
        kind, work.actor, work.actor.officer, photograph=photograph, profile=profile, at=work.now
    )  # fmt: skip
    queries.add_ticket(work.connection, tickets.digest_of(secret), issued)
    return views.address(photograph, secret, issued.expires_at)


def take_in(connection: Connection, sealer: Sealer, now: datetime, secret: str, image: Image) -> PhotographView:
    """Use a ticket and keep the photograph that came with it. Raises NotFound (TICKET_UNKNOWN).

    The picture has been read before (``read_image``), outside of any transaction: a refused one leaves nothing, and its
    ticket stays good until it expires, because a wrong file is a mistake of the hand and choosing another one needs no
    new permission. Each attempt has its entry in the log.
    """
    ticket = _used(connection, Kind.PUT, now, secret)
    key, wrapped = sealer.new_key(ticket.photograph)
    kept = queries.Sealed(
        id=ticket.photograph, agency=ticket.agency, uploaded_by=ticket.officer, uploaded_at=now,
        media_type=image.media_type, width=image.width, height=image.height, digest=image.digest,
        source_digest=image.source_digest, key=wrapped, content=key.seal(image.content, **PLACE),
    )  # fmt: skip
    queries.add(connection, kept)
    return PhotographView(
        public_id("photograph", kept.id), kept.digest, kept.width, kept.height, kept.media_type
    )  # fmt: skip


def deliver(connection: Connection, sealer: Sealer, now: datetime, secret: str) -> Delivery:
    """Use a ticket and open its photograph. Raises NotFound (TICKET_UNKNOWN), also when it has been erased since.

    What raises rolls the transaction back, so a delivery that fails on our side does not use the ticket up.
    """
    ticket = _used(connection, Kind.GET, now, secret)
    assert ticket.profile is not None
    row = queries.sealed(connection, ticket.photograph, ticket.profile)
    if row is None:
        raise tickets.ticket_unknown()
    key = sealer.open_key(ticket.photograph, WrappedKey(row["key_id"], row["wrapped_key"]))
    return Delivery(row["media_type"], key.open(row["content"], **PLACE), row["digest"], ticket)


def _used(connection: Connection, kind: Kind, now: datetime, secret: str) -> Ticket:
    """Use a ticket up. Whoever was shut out since it was issued holds none; nor if pictures were shut."""
    ticket = queries.use_ticket(connection, tickets.digest_of(secret), kind, now)
    if ticket is None or not _may_still_ask(connection, ticket):
        raise tickets.ticket_unknown()
    return ticket


def _may_still_ask(connection: Connection, ticket: Ticket) -> bool:
    client = directory.client(connection, ticket.client)
    if client is None or client.is_closed:
        return False
    serving = directory.serving(connection, ticket.agency, ticket.officer_reference)
    return serving is not None and (ticket.kind is Kind.PUT or FieldClass.PHYSICAL not in serving[1])
