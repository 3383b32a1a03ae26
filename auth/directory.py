"""Every SELECT and write on agencies, officers and clients.

Suspension, the mode of trusted documents and the approval of one are live state: ``actor`` reads them on each request,
so they take effect with the next one.
"""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy import Connection

from auth import jwk, names
from auth.actor import Actor, Documents, Officer, Spent
from auth.models import agencies, clients, delegations, officers, trusted_documents
from auth.once import insert_once
from auth.tokens import Claims
from registry.audit import meters
from registry.core.errors import Conflict, InputRefused, NotFound, Unauthenticated
from registry.core.ids import new_id
from registry.disclosure.vocabulary import Role

INTROSPECTION = "introspection"
"""The scope of a client that may ask for the schema."""


@dataclass(frozen=True, slots=True)
class Client:
    """A machine client as it stands in the register."""

    id: str
    agency: str
    keys: Mapping[str, Any]
    """Its JWK Set."""
    is_suspended: bool
    """Whether it, or its agency, is."""


class Subject(StrEnum):
    """What can be suspended."""

    AGENCY = "agency"
    CLIENT = "client"
    OFFICER = "officer"


_CLIENT = (
    sa.select(
        clients.c.id,
        clients.c.agency,
        clients.c["keys"].label("jwks"),  # a collection of columns has a method of that name
        sa.or_(clients.c.suspended_at.is_not(None), agencies.c.suspended_at.is_not(None)).label("is_suspended"),
    )
    .join_from(clients, agencies)
    .where(clients.c.id == sa.bindparam("client"))
)

_OFFICER = sa.select(officers).where(
    officers.c.agency == sa.bindparam("agency"),
    officers.c.reference == sa.bindparam("reference"),
    officers.c.suspended_at.is_(None),
)

_PRINCIPAL = sa.func.coalesce(clients.c.agency + " " + officers.c.reference, clients.c.id)
"""Who is charged: the officer, whichever client asks for them; without one the client."""

_IS_APPROVED = sa.exists().where(
    trusted_documents.c.sha256 == sa.bindparam("document"),
    trusted_documents.c.client == clients.c.id,
    trusted_documents.c.state == "approved",
)  # fmt: skip

_ACTOR = (
    sa.select(
        clients.c.agency,
        clients.c.scopes,
        officers.c.id,
        officers.c.chain,
        officers.c.roles,
        clients.c.documents,
        _IS_APPROVED.label("is_approved"),
        _PRINCIPAL.label("principal"),
        *meters.spent(_PRINCIPAL),
    )
    .select_from(
        clients.join(agencies).outerjoin(
            officers,
            (officers.c.agency == clients.c.agency)
            & (officers.c.reference == sa.bindparam("reference"))
            & officers.c.suspended_at.is_(None),
        )
    )
    .where(clients.c.id == sa.bindparam("client"), clients.c.suspended_at.is_(None), agencies.c.suspended_at.is_(None))
)


def client(connection: Connection, id: str) -> Client | None:  # noqa: A002  an id is called id
    """Return a client with the state of its agency."""
    row = connection.execute(_CLIENT, {"client": id}).first()
    return Client(row.id, row.agency, row.jwks, bool(row.is_suspended)) if row else None


def officer(connection: Connection, agency: str, reference: str) -> Officer | None:
    """Return an officer of an agency who is not suspended."""
    row = connection.execute(_OFFICER, {"agency": agency, "reference": reference}).first()
    return _officer(row, reference) if row else None


def actor(connection: Connection, claims: Claims, now: datetime, document: str | None = None) -> Actor:
    """Return who asks, by the state of this moment; raises Unauthenticated, whichever part of it is gone.

    ``document`` is the SHA-256 of what they ask, where that is a GraphQL document.
    """
    details = claims.details
    reference = details.officer if details else None
    given = {"client": claims.client, "reference": reference, "document": document} | meters.windows(now)
    row = connection.execute(_ACTOR, given).first()
    if row is None or (reference is not None and row.id is None):
        raise Unauthenticated("The token is not good any more.", code="TOKEN_REVOKED")
    known = Actor(
        claims.client, row.agency, claims.token_id, may_introspect=INTROSPECTION in row.scopes,
        principal=row.principal, spent=Spent(row.cost_minute, row.records_hour, row.records_day),
        documents=Documents(row.documents), is_approved=bool(row.is_approved),
    )  # fmt: skip
    if details is None:
        return known
    return replace(
        known, officer=_officer(row, details.officer), purpose=details.purpose,
        case_reference=details.case_reference, legal_basis=details.legal_basis,
    )  # fmt: skip


def _officer(row: Any, reference: str) -> Officer:  # Any: a row of either statement
    return Officer(row.id, reference, row.chain, frozenset(Role(role) for role in row.roles))


def enrol_agency(connection: Connection, code: str, *, name: str, country: str) -> None:
    """Enrol an agency; raises Conflict when its code is taken."""
    names.checked(code, names.AGENCY, field="agency")
    _new(insert_once(connection, agencies, code=code, name=name, country=country), "agency")


def enrol_officer(connection: Connection, agency: str, reference: str, *, chain: str, roles: Collection[Role]) -> UUID:
    """Enrol an officer under the agency's own reference; return the officer's id."""
    names.checked(reference, names.OFFICER, field="officer")
    _known_agency(connection, agency)
    number = new_id()
    held = sorted(role.value for role in set(roles))
    new = insert_once(connection, officers, id=number, agency=agency, reference=reference, chain=chain, roles=held)
    _new(new, "officer")
    return number


def enrol_client(
    connection: Connection,
    id: str,  # noqa: A002  as above
    agency: str,
    *,
    jwks: object,
    scopes: Collection[str] = (),
) -> None:
    """Enrol a machine client with its public keys; private members and weak keys are refused."""
    names.checked(id, names.CLIENT, field="client")
    keys = jwk.key_set(jwks)
    _known_agency(connection, agency)
    _new(insert_once(connection, clients, id=id, agency=agency, keys=keys, scopes=sorted(scopes)), "client")


def delegate(connection: Connection, officer: UUID, to: UUID, *, since: datetime, until: datetime) -> None:
    """Let another officer act for this one for a while. Raises InputRefused for a time that does not go forward."""
    if until <= since or officer == to:
        raise InputRefused("is no delegation.", field="until", code="DELEGATION_MALFORMED",
                           remedy="Name another officer, and an end after the beginning.")  # fmt: skip
    _new(insert_once(connection, delegations, officer=officer, delegate=to, since=since, until=until), "delegation")


def acts_for(connection: Connection, delegate: UUID, at: datetime) -> frozenset[UUID]:
    """Return the officers for whom this one acts at a moment."""
    statement = sa.select(delegations.c.officer).where(
        delegations.c.delegate == delegate, delegations.c.since <= at, delegations.c.until > at
    )
    return frozenset(connection.execute(statement).scalars())


def roles(connection: Connection, chosen: Collection[UUID]) -> dict[UUID, frozenset[Role]]:
    """Return what these officers are appointed to do."""
    found = connection.execute(sa.select(officers.c.id, officers.c.roles).where(officers.c.id.in_(list(chosen))))
    return {row.id: frozenset(Role(role) for role in row.roles) for row in found}


def is_anybody_enrolled(connection: Connection) -> bool:
    """Say whether any agency is enrolled."""
    return connection.execute(sa.select(agencies.c.code).limit(1)).first() is not None


def agency_names(connection: Connection) -> dict[str, str]:
    """Return the name of each agency by its code, suspended ones included."""
    return {row.code: row.name for row in connection.execute(sa.select(agencies.c.code, agencies.c.name))}


def suspend(connection: Connection, subject: Subject, key: str | UUID, *, at: datetime) -> None:
    """Shut out an agency, a client or an officer (by id) from the next request on."""
    column = {Subject.AGENCY: agencies.c.code, Subject.CLIENT: clients.c.id, Subject.OFFICER: officers.c.id}[subject]
    done = connection.execute(sa.update(column.table).where(column == key).values(suspended_at=at))
    if not done.rowcount:
        raise NotFound("is not enrolled.", field=subject.value)


def set_documents(connection: Connection, client: str, mode: Documents) -> Documents:
    """Set which documents a client may send, from the next request on; return what it was. Raises NotFound."""
    before = connection.execute(sa.select(clients.c.documents).where(clients.c.id == client).with_for_update()).scalar()
    if before is None:
        raise NotFound("is not enrolled.", field="client")
    connection.execute(sa.update(clients).where(clients.c.id == client).values(documents=mode.value))
    return Documents(before)


def _known_agency(connection: Connection, code: str) -> None:
    if connection.execute(sa.select(agencies.c.code).where(agencies.c.code == code)).first() is None:
        raise NotFound("is not enrolled.", field="agency", remedy="Enrol it first.")


def _new(is_new: bool, field: str) -> None:
    if not is_new:
        raise Conflict("is already enrolled.", field=field, code="ALREADY_ENROLLED")
