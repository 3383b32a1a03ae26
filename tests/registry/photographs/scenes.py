"""Officers, tickets and photographs on an empty register, for the tests of this room.

upload(connection, sealer)                      a photograph that no proposal names
secret = ticket_for(connection, photograph, profile)
"""

from dataclasses import replace
from datetime import datetime
from functools import cache
from uuid import UUID

from sqlalchemy import Connection

from auth.actor import Actor
from registry.core.ids import new_id, read_public_id
from registry.core.sealing import Sealer
from registry.disclosure.vocabulary import Role
from registry.photographs import operations, queries
from registry.photographs.image import Image, read_image
from registry.photographs.views import PREFIX, TicketView
from registry.work import Work
from tests.factories import AGENCY, MOMENT, actor, enrol_cast, work
from tests.registry.photographs.pictures import encoded, gradient


@cache
def image(width: int = 320) -> Image:
    """Return a picture that has been read."""
    return read_image(encoded(gradient(width)))


def registrar(connection: Connection | None = None, agency: str = AGENCY) -> Actor:
    """Return who hands photographs in."""
    return actor(connection, role=Role.REGISTRAR, agency=agency)


def settle(connection: Connection) -> None:
    """Enrol two agencies, their officers and clients."""
    enrol_cast(connection)


def begun(connection: Connection, by: Actor | None = None, at: datetime = MOMENT) -> TicketView:
    """Ask for an address to put a photograph at."""
    return operations.begin_upload(work(connection, by or registrar(connection), at), "An invented reason")


def upload(connection: Connection, sealer: Sealer, *, agency: str = AGENCY, at: datetime = MOMENT) -> UUID:
    """Bring in a photograph that no proposal names; return its id."""
    where = begun(connection, registrar(connection, agency), at)
    operations.take_in(connection, sealer, at, secret_of(where), image())
    return read_public_id("photograph", where.photograph)


def shown(connection: Connection, sealer: Sealer) -> tuple[UUID, UUID]:
    """Bring in a photograph that a proposal names; return its id and the profile's."""
    photograph, profile = upload(connection, sealer), new_id()
    queries.attach(connection, profile, [photograph])
    return photograph, profile


def viewing(connection: Connection, photograph: UUID, profile: UUID, at: datetime = MOMENT) -> str:
    """Return the secret of an address where a photograph can be seen."""
    return secret_of(operations.issue_view_ticket(asked(connection, at), photograph, profile))


def asked(connection: Connection, at: datetime = MOMENT) -> Work:
    """Return the work of an investigator."""
    return work(connection, actor(connection, role=Role.INVESTIGATOR), at)


def secret_of(view: TicketView) -> str:
    return view.path.removeprefix(PREFIX)


def unsuitable() -> Image:
    """Return a picture whose row no column takes, to see a transaction fail."""
    return replace(image(), digest=None)  # type: ignore[arg-type]
