"""People who ask the desk, on an otherwise empty register; all invented.

asked = opened(connection)                    a request for access, received today
identified(connection, asked, profile)        two documents, and the record linked
answered(connection, asked)                   released by the second officer
"""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Connection

from auth.actor import Actor
from registry.core.ids import read_public_id
from registry.desk import operations
from registry.desk.intake import Asked
from registry.desk.requests import Capacity, Channel, Kind
from registry.desk.views import RequestView
from registry.disclosure.vocabulary import Role
from registry.work import Work
from tests.factories import AGENCY, MOMENT, actor, work

ONE, TWO, THREE = ("a" * 64, "b" * 64, "c" * 64)
DOCUMENTS = [{"kind": "national_id", "digest": ONE}, {"kind": "passport", "digest": TWO}]
AUTHORITY = {"kind": "authority", "digest": THREE}
WITHHELD, NOT_THE_PERSON, ACCURATE = "KE-DPA-51-2-B", "KE-DPA-27", "KE-DPA-40-1-A"


def asking(**changes: Any) -> Asked:  # Any: the fields' own types
    """Return what somebody asks."""
    values: dict[str, Any] = {
        "kind": Kind.ACCESS, "channel": Channel.WALK_IN, "reference": "DEMO/112/2026",
        "applicant": "DEMO Juma Hamisi", "contact": "desk-demo@example.org",
    }  # fmt: skip
    return Asked(**values | changes)


def officer(connection: Connection | None = None, name: str = "1", agency: str = AGENCY) -> Actor:
    """Return an officer of the desk."""
    return actor(connection, role=Role.DESK_OFFICER, name=name, agency=agency)


def desk(connection: Connection, name: str = "1", at: datetime = MOMENT, agency: str = AGENCY) -> Work:
    """Return the work of an officer of the desk."""
    return work(connection, officer(connection, name, agency), at)


def opened(connection: Connection, at: datetime = MOMENT, agency: str = AGENCY, **changes: Any) -> UUID:
    """Take in a request; return its id."""
    return id_of(operations.open_request(desk(connection, at=at, agency=agency), asking(**changes)))


def identified(connection: Connection, request: UUID, profile: UUID | None, at: datetime = MOMENT) -> UUID:
    """Prove who asks, and link a record; return the request's id."""
    return id_of(operations.identify_subject(desk(connection, at=at), request, profile, DOCUMENTS))


def known(connection: Connection, profile: UUID | None, kind: Kind = Kind.ACCESS, at: datetime = MOMENT) -> UUID:
    """Take in a request of somebody who proves who they are; return its id."""
    return identified(connection, opened(connection, kind=kind, at=at), profile, at)


def drawn_up(connection: Connection, request: UUID, ground: str | None = WITHHELD, at: datetime = MOMENT) -> UUID:
    """Draw up a report; return the request's id."""
    return id_of(operations.draw_up_answer(desk(connection, at=at), request, ground))


def released(connection: Connection, request: UUID, at: datetime = MOMENT, name: str = "2") -> RequestView:
    """Release an answer as the second officer."""
    return operations.release_answer(desk(connection, name, at), request)


def for_minor() -> dict[str, Any]:
    """Return what a parent asks."""
    return {"capacity": Capacity.GUARDIAN, "subject": "DEMO Hamisi Juma", "applicant": "DEMO Amina Hamisi"}


def id_of(view: RequestView) -> UUID:
    """Return the id of a request."""
    return read_public_id("request", view.id)
