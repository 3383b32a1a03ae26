"""A person on the register, and an innocent one who is taken for him."""

from dataclasses import replace
from typing import Any
from uuid import UUID

from sqlalchemy import Connection

from registry.certificates import operations
from registry.certificates.intake import Asked, Person
from registry.certificates.views import CertificateView
from registry.core.ids import read_public_id
from registry.core.partial_dates import PartialDate
from registry.disclosure.vocabulary import Role
from registry.matching.types import Identifier
from tests.factories import MOMENT, actor, record, vetted, work

OFFENDER = record(names=[{"full": "Juma Hamisi Mwakio"}])
NATIONAL_ID = Identifier("national_id", "DEMO7777771", "KE")
"""The innocent person's own; the offender's is INV1234567."""
INNOCENT = Person(
    names=("Juma Hamisi Mwakio",), birth_date=PartialDate(1971, 5, 17), identifiers=(NATIONAL_ID,)
)  # fmt: skip
"""The same name, the same day: as alike as two people can be."""


def asked(*profiles: UUID, **changes: Any) -> Asked:  # Any: the fields' own types
    """Return a good proposal with parts of it changed."""
    person = replace(INNOCENT, **{name: changes.pop(name) for name in list(changes) if hasattr(INNOCENT, name)})
    values: dict[str, Any] = {"against": profiles, "person": person, "reason": "An invented confusion"}
    return Asked(**values | changes)


def on_register(connection: Connection, **changes: Any) -> UUID:
    """Bring the offender into the register."""
    return vetted(connection, OFFENDER | changes)


def proposed(connection: Connection, *profiles: UUID, now: Any = MOMENT, **changes: Any) -> CertificateView:
    """Propose a certificate for the innocent person."""
    registrar = work(connection, actor(connection, role=Role.REGISTRAR), now)
    return operations.propose(registrar, asked(*profiles, **changes))


def issued(connection: Connection, *profiles: UUID, now: Any = MOMENT, **changes: Any) -> CertificateView:
    """Bring a certificate into being."""
    view = proposed(connection, *profiles, now=now, **changes)
    supervisor = work(connection, actor(connection, role=Role.SUPERVISOR), now)
    return operations.decide(supervisor, identifier(view))


def identifier(view: CertificateView) -> UUID:
    """Return a certificate's id."""
    return read_public_id("certificate", view.id)
