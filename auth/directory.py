"""Every SELECT and write on agencies, officers and clients.

Closures, agreements, roles, the mode of trusted documents and the approval of one are live state: ``actor`` reads them
on each request, so they take effect with the next one.
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy import Connection

from auth import enrolled_certificates, invitations, names, reasons, validity
from auth.actor import Actor, Agreement, Documents, Officer
from auth.details import Details
from auth.enrolled_certificates import Kept
from auth.models import (
    agencies,
    agreements,
    clients,
    closures,
    delegations,
    officers,
    revoked_tokens,
    trusted_documents,
)
from auth.once import insert_once
from auth.scope import Scope as Scope, officer_key as officer_key  # noqa: PLC0414  asked of the directory
from auth.tokens import Claims
from registry.audit import meters
from registry.core import reach
from registry.core.errors import Conflict, InputRefused, NotFound, Unauthenticated
from registry.core.ids import new_id
from registry.disclosure.vocabulary import FieldClass, Role, Tier

INTROSPECTION = "introspection"
"""The scope of a client that may ask for the schema."""
SIGNED_REQUESTS = "signed_requests"
"""The scope of a client that has agreed to sign its requests (RFC 9421): what it does not sign is refused."""


@dataclass(frozen=True, slots=True)
class Client:
    """A machine client as it stands in the register."""

    id: str
    agency: str
    keys: Mapping[str, Any]
    """Its JWK Set."""
    is_closed: bool
    """Whether it, or its agency, is shut out."""
    country: str = ""
    """The agency's."""
    nonces: bool = False
    """Whether its proofs need a nonce of ours."""
    scopes: frozenset[str] = frozenset()
    grant_keys: Mapping[str, Any] | None = None
    """The JWK Set with which its agency signs for officers."""
    certificates: Sequence[Kept] = ()
    """Those that its tokens may be bound to (RFC 8705)."""


def is_shut(scope: Scope, key: Any) -> sa.ColumnElement[bool]:  # Any: a column, or a parameter
    """Return whether something is shut out at this moment."""
    return sa.exists().where(closures.c.scope == scope.value, closures.c.key == key, closures.c.opened_at.is_(None))


def officer_shut() -> sa.ColumnElement[bool]:
    """Return whether the officer of a row is shut out at this moment."""
    return is_shut(Scope.OFFICER, REFERENCE)


_CLIENT = (
    sa.select(
        clients.c.id,
        clients.c.agency,
        clients.c["keys"].label("jwks"),  # a collection of columns has a method of that name
        clients.c.nonces,
        clients.c.scopes,
        clients.c.certificates,
        agencies.c.country,
        agencies.c.grant_keys,
        sa.or_(is_shut(Scope.CLIENT, clients.c.id), is_shut(Scope.AGENCY, clients.c.agency)).label("is_closed"),
    )
    .join_from(clients, agencies)
    .where(clients.c.id == sa.bindparam("client"))
)

REFERENCE = officers.c.agency + " " + officers.c.reference

_OFFICER = sa.select(officers).where(
    officers.c.agency == sa.bindparam("agency"),
    officers.c.reference == sa.bindparam("reference"),
    ~is_shut(Scope.OFFICER, REFERENCE),
)

_PRINCIPAL = sa.func.coalesce(clients.c.agency + " " + officers.c.reference, clients.c.id)
"""Who is charged: the officer, whichever client asks for them; without one the client."""

_IS_APPROVED = sa.exists().where(
    trusted_documents.c.sha256 == sa.bindparam("document"),
    trusted_documents.c.client == clients.c.id,
    trusted_documents.c.state == "approved",
)  # fmt: skip

CLOSED_CLASSES = (
    sa.select(sa.func.aggregate_strings(closures.c.key, " "))
    .where(closures.c.scope == Scope.FIELD_CLASS.value, closures.c.opened_at.is_(None))
    .scalar_subquery()
)

_SERVING = _OFFICER.add_columns(CLOSED_CLASSES.label("closed_classes"))

_ACTOR = (
    sa.select(
        clients.c.agency,
        clients.c.scopes,
        clients.c.nonces,
        clients.c.certificates,
        agencies.c.country,
        officers.c.id,
        officers.c.chain,
        officers.c.roles,
        officers.c.clearance,
        agreements.c.code.label("agreement"),
        agreements.c.tier,
        agreements.c.distinct_subjects,
        agreements.c.purposes,
        agreements.c.legal_bases,
        CLOSED_CLASSES.label("closed_classes"),
        clients.c.documents,
        _IS_APPROVED.label("is_approved"),
        _PRINCIPAL.label("principal"),
        reasons.OWED,
        *meters.spent(meters.principals(_PRINCIPAL, clients.c.agency, sa.bindparam("case_reference", type_=sa.Text))),
        *reach.reaching(officers.c.id, agencies.c.code, agencies.c.country),
    )
    .select_from(
        clients.join(agencies)
        .outerjoin(
            officers,
            (officers.c.agency == clients.c.agency)
            & (officers.c.reference == sa.bindparam("reference"))
            & ~is_shut(Scope.OFFICER, REFERENCE),
        )
        .outerjoin(
            agreements,
            (agreements.c.code == sa.bindparam("agreement"))
            & (agreements.c.agency == clients.c.agency)
            & (agreements.c.since <= sa.bindparam("now", type_=agreements.c.since.type))
            & (agreements.c.until > sa.bindparam("now", type_=agreements.c.since.type))
            & ~is_shut(Scope.AGREEMENT, agreements.c.code),
        )
    )
    .where(
        clients.c.id == sa.bindparam("client"),
        ~sa.exists().where(revoked_tokens.c.token_id == sa.bindparam("token_id")),
        ~is_shut(Scope.CLIENT, clients.c.id),
        ~is_shut(Scope.AGENCY, clients.c.agency),
    )
)


def client(connection: Connection, id: str) -> Client | None:  # noqa: A002  an id is called id
    """Return a client with the state of its agency."""
    row = connection.execute(_CLIENT, {"client": id}).first()
    if row is None:
        return None
    return Client(
        row.id, row.agency, row.jwks, bool(row.is_closed), row.country, bool(row.nonces), frozenset(row.scopes),
        row.grant_keys, row.certificates or (),
    )  # fmt: skip


def officer(connection: Connection, agency: str, reference: str) -> Officer | None:
    """Return an officer of an agency who is not shut out."""
    row = connection.execute(_OFFICER, {"agency": agency, "reference": reference}).first()
    return officer_of(row, reference) if row else None


def serving(connection: Connection, agency: str, reference: str) -> tuple[Officer, frozenset[FieldClass]] | None:
    """Return an officer who is not shut out, and the field classes that are: for work without a request."""
    row = connection.execute(_SERVING, {"agency": agency, "reference": reference}).first()
    return (officer_of(row, reference), field_classes(row.closed_classes)) if row else None


def actor(
    connection: Connection, claims: Claims, now: datetime, document: str | None = None, *, home: str = "KE"
) -> Actor:  # fmt: skip
    """Return who asks, by the state of this moment; raises Unauthenticated, whichever part of it is gone.

    ``document`` is the SHA-256 of what they ask, where that is a GraphQL document; ``home`` the register's country.
    """
    details = claims.details
    reference = details.officer if details else None
    agreement = details.agreement if details else None
    given = {
        "client": claims.client,
        "token_id": claims.token_id,
        "reference": reference,
        "agreement": agreement,
        "case_reference": details.case_reference if details else None,
        "now": now,
        "document": document,
    }
    given |= reach.asking(connection, purpose=details.purpose if details else None, home=home)
    row = connection.execute(_ACTOR, given | meters.windows(now)).first()
    if row is None or (details is not None and not _still_holds(row, details, is_partner=row.country != home)):
        raise Unauthenticated("The token is not good any more.", code="TOKEN_REVOKED")
    if claims.certificate is not None and claims.certificate not in enrolled_certificates.good(
        row.certificates or (), now
    ):
        raise Unauthenticated("Its certificate is not the client's any more.", code="TOKEN_REVOKED")
    known = Actor(
        claims.client, row.agency, claims.token_id, may_introspect=INTROSPECTION in row.scopes,
        principal=row.principal, spent=meters.read_spent(row),
        documents=Documents(row.documents), is_approved=bool(row.is_approved),
        country=row.country, is_partner=row.country != home, closed=field_classes(row.closed_classes),
        authenticated_at=claims.authenticated_at, nonces=bool(row.nonces), must_sign=SIGNED_REQUESTS in row.scopes,
    )  # fmt: skip
    if details is None:
        return known
    asking = officer_of(row, details.officer)
    return replace(
        known, officer=from_abroad(asking) if known.is_partner else asking, purpose=details.purpose,
        case_reference=details.case_reference, legal_basis=details.legal_basis, attribution=claims.attribution,
        actions=frozenset(details.actions),
        agreement=agreement_of(row), owes=row.owes,
    )  # fmt: skip


def _still_holds(row: Any, details: Details, *, is_partner: bool) -> bool:  # Any: a row of the statement
    """Say whether officer and agreement of a token are what they were: there, open, in force, and for this."""
    if row.id is None:
        return False
    if row.agreement is None:
        return details.agreement is None and not is_partner
    return details.purpose in row.purposes and details.legal_basis in row.legal_bases


def from_abroad(officer: Officer) -> Officer:
    """Return an officer of another country: whatever else they are enrolled as, they ask under the agreement only."""
    return replace(officer, roles=officer.roles & {Role.PARTNER_OFFICER})


def officer_of(row: Any, reference: str) -> Officer:  # Any: a row of either statement
    """Return the officer of a row."""
    return Officer(row.id, reference, row.chain, frozenset(Role(role) for role in row.roles), row.clearance)


def agreement_of(row: Any) -> Agreement | None:  # Any: as above
    """Return the agreement in force of a row."""
    return Agreement(row.agreement, Tier[row.tier.upper()], row.distinct_subjects) if row.agreement else None


def field_classes(closed: str | None) -> frozenset[FieldClass]:
    """Return the field classes that a statement found closed."""
    return frozenset(FieldClass(each) for each in closed.split()) if closed else frozenset()


def enrol_agency(connection: Connection, code: str, *, name: str, country: str) -> None:
    """Enrol an agency; raises Conflict when its code is taken."""
    names.checked(code, names.AGENCY, field="agency")
    _new(insert_once(connection, agencies, code=code, name=name, country=country), "agency")


def enrol_officer(
    connection: Connection, agency: str, reference: str, *, chain: str, roles: Collection[Role],
    clearance: str = "restricted",
) -> UUID:  # fmt: skip
    """Enrol an officer under the agency's own reference; return the officer's id."""
    names.checked(reference, names.OFFICER, field="officer")
    _known_agency(connection, agency)
    number = new_id()
    held = sorted(role.value for role in set(roles))
    new = insert_once(
        connection, officers, id=number, agency=agency, reference=reference, chain=chain, roles=held,
        clearance=clearance,
    )  # fmt: skip
    _new(new, "officer")
    return number


def enrol_client(
    connection: Connection,
    id: str,  # noqa: A002  as above
    agency: str,
    *,
    jwks: object,
    scopes: Collection[str] = (),
    nonces: bool = False,
    certificates: Sequence[Kept] = (),
) -> None:
    """Enrol a machine client with its public keys; private members and weak keys are refused."""
    names.checked(id, names.CLIENT, field="client")
    keys = validity.key_set(jwks)
    _known_agency(connection, agency)
    new = insert_once(
        connection, clients, id=id, agency=agency, keys=keys, scopes=sorted(scopes), nonces=nonces,
        certificates=list(certificates),
    )  # fmt: skip
    _new(new, "client")


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


def close(connection: Connection, scope: Scope, key: str, *, by: str, reason: str, at: datetime) -> bool:
    """Shut somebody or something out, from the next request on; say whether it was not shut already.

    Invitations of who is shut out end with it: opened again, they need another one. Raises NotFound for what is not
    enrolled.
    """
    if not _is_known(connection, scope, key):
        raise NotFound("is not enrolled.", field="key")
    if scope in _OF_PEOPLE:
        invitations.withdraw(connection, sa.select(officers.c.id).where(_OF_PEOPLE[scope] == key), at)
    return insert_once(
        connection, closures, id=new_id(), scope=scope.value, key=key, reason=reason, closed_by=by, closed_at=at
    )


_OF_PEOPLE: Mapping[Scope, Any] = {Scope.AGENCY: officers.c.agency, Scope.OFFICER: REFERENCE}
"""By what the officers are found whom a closing shuts out."""


def _is_known(connection: Connection, scope: Scope, key: str) -> bool:
    if scope is Scope.FIELD_CLASS:
        return key in list(FieldClass)
    column = {
        Scope.AGENCY: agencies.c.code, Scope.CLIENT: clients.c.id, Scope.OFFICER: REFERENCE,
        Scope.AGREEMENT: agreements.c.code,
    }[scope]  # fmt: skip
    return connection.execute(sa.select(sa.literal(1)).where(column == key)).first() is not None


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
