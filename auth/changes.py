"""Every change of what is enrolled, once two administrators have agreed on it: one statement each, effective at once.

    change_officer(connection, "ke-dci", "DCI/20417", chain="homicide", roles=[], clearance="open")
    put_client_keys(connection, "ke-dci-desk", validity.with_key(kept, key, now))

Whoever calls has looked at what stands there before, in the same transaction.
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy import Connection

from auth.enrolled_certificates import Kept
from auth.models import agencies, agreements, clients, closures, officers
from auth.once import insert_once
from auth.scope import Scope
from auth.validity import JwkSet
from registry.core.errors import Conflict, NotFound
from registry.disclosure.vocabulary import Role


@dataclass(frozen=True, slots=True, kw_only=True)
class Agreed:
    """An agreement as it stands in the register."""

    code: str
    agency: str
    tier: str
    purposes: tuple[str, ...]
    legal_bases: tuple[str, ...]
    since: datetime
    until: datetime
    distinct_subjects: int
    hosts: tuple[str, ...]
    contact: str


@dataclass(frozen=True, slots=True)
class Closure:
    """What is shut out, by whom and why."""

    scope: Scope
    key: str
    reason: str
    closed_by: str
    closed_at: datetime


def agency_country(connection: Connection, code: str) -> str:
    """Return an agency's country. Raises NotFound."""
    found: str | None = connection.execute(sa.select(agencies.c.country).where(agencies.c.code == code)).scalar()
    if found is None:
        raise NotFound("is not enrolled.", field="agency", remedy="Enrol it first.")
    return found


def officer_terms(connection: Connection, agency: str, reference: str) -> Mapping[str, Any] | None:
    """Return chain, roles, clearance and identity of an officer, one who is shut out too."""
    row = connection.execute(
        sa.select(
            officers.c.chain, officers.c.roles, officers.c.clearance, officers.c.identity_issuer,
            officers.c.identity_subject,
        ).where(officers.c.agency == agency, officers.c.reference == reference)
    ).mappings().first()  # fmt: skip
    return dict(row) if row else None


def change_officer(
    connection: Connection, agency: str, reference: str, *, chain: str, roles: Collection[Role], clearance: str
) -> None:
    """Give an officer another chain, other roles, another clearance."""
    held = sorted(role.value for role in set(roles))
    where = (officers.c.agency == agency, officers.c.reference == reference)
    connection.execute(officers.update().where(*where).values(chain=chain, roles=held, clearance=clearance))


def client_keys(connection: Connection, client: str) -> JwkSet | None:
    """Return a client's keys, and hold its row until the commit: two who add one at once see each other."""
    statement = sa.select(clients.c["keys"]).where(clients.c.id == client).with_for_update()
    found: JwkSet | None = connection.execute(statement).scalar()
    return found


def put_client_keys(connection: Connection, client: str, keys: JwkSet) -> None:
    """Let a client have these keys."""
    connection.execute(clients.update().where(clients.c.id == client).values(keys=dict(keys)))


def client_certificates(connection: Connection, client: str) -> list[Kept] | None:
    """Return a client's certificates, and hold its row as ``client_keys`` does; None for one that is not enrolled."""
    row = connection.execute(sa.select(clients.c.certificates).where(clients.c.id == client).with_for_update()).first()
    return (row.certificates or []) if row else None


def put_client_certificates(connection: Connection, client: str, certificates: Sequence[Kept]) -> None:
    """Let a client come with these certificates."""
    connection.execute(clients.update().where(clients.c.id == client).values(certificates=list(certificates)))


def client_scopes(connection: Connection, client: str) -> frozenset[str] | None:
    """Return what else is agreed with a client, and hold its row likewise."""
    found = connection.execute(sa.select(clients.c.scopes).where(clients.c.id == client).with_for_update()).scalar()
    return None if found is None else frozenset(found)


def put_client_scopes(connection: Connection, client: str, scopes: Collection[str]) -> None:
    """Let this be agreed with a client."""
    connection.execute(clients.update().where(clients.c.id == client).values(scopes=sorted(scopes)))


def grant_keys(connection: Connection, agency: str) -> JwkSet | None:
    """Return the keys with which an agency signs for its officers. Raises NotFound for an agency that is not there."""
    statement = sa.select(agencies.c.code, agencies.c.grant_keys).where(agencies.c.code == agency).with_for_update()
    row = connection.execute(statement).first()
    return (row.grant_keys or {"keys": []}) if row else None


def put_grant_keys(connection: Connection, agency: str, keys: JwkSet) -> None:
    """Let an agency's authority have these keys."""
    connection.execute(agencies.update().where(agencies.c.code == agency).values(grant_keys=dict(keys)))


def agreement(connection: Connection, code: str) -> Agreed | None:
    """Return an agreement, in force or not."""
    row = connection.execute(sa.select(agreements).where(agreements.c.code == code)).mappings().first()
    return agreed(row) if row else None


def agreed(row: sa.RowMapping) -> Agreed:
    """Return the agreement of a row."""
    lists = {name: tuple(row[name]) for name in ("purposes", "legal_bases", "hosts")}
    return Agreed(**dict(row) | lists)


def agree(connection: Connection, new: Agreed) -> None:
    """Enter an agreement. Raises Conflict (ALREADY_ENROLLED)."""
    if not insert_once(connection, agreements, **_stored(new)):
        raise Conflict("is already enrolled.", field="code", code="ALREADY_ENROLLED")


def change_agreement(connection: Connection, changed: Agreed) -> None:
    """Let an agreement be another from now on."""
    connection.execute(agreements.update().where(agreements.c.code == changed.code).values(_stored(changed)))


def _stored(agreed: Agreed) -> dict[str, Any]:
    values = asdict(agreed)
    return values | {name: list(values[name]) for name in ("purposes", "legal_bases", "hosts")}


def closure(connection: Connection, scope: Scope, key: str) -> Closure | None:
    """Return what keeps somebody or something shut, if it is."""
    row = connection.execute(
        sa.select(closures.c.reason, closures.c.closed_by, closures.c.closed_at).where(
            closures.c.scope == scope.value, closures.c.key == key, closures.c.opened_at.is_(None)
        )
    ).first()
    return Closure(scope, key, row.reason, row.closed_by, row.closed_at) if row else None


def open_(connection: Connection, scope: Scope, key: str, *, by: str, at: datetime) -> None:
    """Let in again, from the next request on, what was shut out."""
    connection.execute(
        closures.update()
        .where(closures.c.scope == scope.value, closures.c.key == key, closures.c.opened_at.is_(None))
        .values(opened_by=by, opened_at=at)
    )
