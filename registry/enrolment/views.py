"""What administrators are shown: acts, what is enrolled, keys that end, closures. No record is among it. Pure."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

import orjson

from auth import enrolled_certificates
from auth.validity import NOT_AFTER, NOT_BEFORE
from registry.core.ids import public_id
from registry.enrolment.act import Enrolment

Row = Mapping[str, Any]  # Any: a column's value


@dataclass(frozen=True, slots=True)
class EnrolmentView:
    """A proposed administrative act, and the decision on it."""

    id: str
    kind: str
    subject: str
    terms: str
    before: str | None
    state: str
    reason: str
    proposed_by: str
    proposed_agency: str
    proposed_at: datetime
    decided_by: str | None
    decided_at: datetime | None
    note: str | None
    invitation: "InvitationView | None" = None
    """What the officer is handed: to whoever gave the second word to it, in the answer to that."""


@dataclass(frozen=True, slots=True)
class InvitationView:
    """What an officer is handed in person: whoever has the code registers a passkey of theirs."""

    code: str = field(repr=False)
    until: datetime


@dataclass(frozen=True, slots=True)
class AgencyView:
    """An agency."""

    code: str
    name: str
    country: str
    is_closed: bool
    keys: tuple["KeyView", ...]


@dataclass(frozen=True, slots=True)
class OfficerView:
    """An officer. Who they are at the identity provider is shown to administrators only, as whether it is known."""

    id: str
    agency: str
    reference: str
    chain: str
    roles: tuple[str, ...]
    clearance: str
    is_identified: bool
    is_closed: bool


@dataclass(frozen=True, slots=True)
class KeyView:
    """A public key, and its time."""

    kid: str
    kind: str
    not_before: datetime | None
    not_after: datetime | None


@dataclass(frozen=True, slots=True)
class CertificateView:
    """A certificate that a client's tokens may be bound to; one enrolled by its thumbprint alone tells nothing else."""

    thumbprint: str
    subject: str | None
    not_before: datetime | None
    not_after: datetime | None
    state: str


@dataclass(frozen=True, slots=True)
class ClientView:
    """A machine client."""

    id: str
    agency: str
    keys: tuple[KeyView, ...]
    introspection: bool
    nonces: bool
    documents: str
    is_closed: bool
    certificates: tuple[CertificateView, ...]
    signs: bool


@dataclass(frozen=True, slots=True)
class AgreementView:
    """An agreement with an agency abroad."""

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
    in_force: bool
    is_closed: bool


@dataclass(frozen=True, slots=True)
class ExpiringKeyView:
    """A key or certificate that ends soon, or has ended and was not withdrawn."""

    holder: str
    """``client`` or ``agency``."""
    name: str
    kid: str
    """A certificate's thumbprint."""
    not_after: datetime
    is_certificate: bool


@dataclass(frozen=True, slots=True)
class ClosureView:
    """What is shut out."""

    scope: str
    key: str
    reason: str
    closed_by: str
    closed_at: datetime


def enrolment(found: Enrolment) -> EnrolmentView:
    """Return the view of an act."""
    return EnrolmentView(
        id=public_id("enrolment", found.id), kind=found.kind.value, subject=found.subject, terms=_text(found.terms),
        before=None if found.before is None else _text(found.before), state=found.state.value, reason=found.reason,
        proposed_by=public_id("officer", found.proposed_by), proposed_agency=found.proposed_agency,
        proposed_at=found.proposed_at,
        decided_by=public_id("officer", found.decided_by) if found.decided_by else None, decided_at=found.decided_at,
        note=found.note,
    )  # fmt: skip


def agency(row: Row) -> AgencyView:
    """Return the view of an agency."""
    keys = row["grant_keys"] or {"keys": []}
    return AgencyView(row["code"], row["name"], row["country"], bool(row["is_closed"]), _keys(keys))


def officer(row: Row) -> OfficerView:
    """Return the view of an officer."""
    return OfficerView(
        public_id("officer", row["id"]), row["agency"], row["reference"], row["chain"], tuple(row["roles"]),
        row["clearance"], row["identity_issuer"] is not None, bool(row["is_closed"]),
    )  # fmt: skip


def client(row: Row, now: datetime) -> ClientView:
    """Return the view of a client."""
    return ClientView(
        row["id"], row["agency"], _keys(row["keys"]), "introspection" in row["scopes"], bool(row["nonces"]),
        row["documents"], bool(row["is_closed"]),
        tuple(_certificate(each, now) for each in row["certificates"] or ()), "signed_requests" in row["scopes"],
    )  # fmt: skip


def _certificate(kept: Row, now: datetime) -> CertificateView:
    return CertificateView(
        kept["thumbprint"], kept.get("subject"), moment_of(kept.get(NOT_BEFORE)), moment_of(kept.get(NOT_AFTER)),
        enrolled_certificates.state(kept, now).value,
    )  # fmt: skip


def agreement(row: Row, now: datetime) -> AgreementView:
    """Return the view of an agreement."""
    is_closed = bool(row["is_closed"])
    return AgreementView(
        row["code"], row["agency"], row["tier"], tuple(row["purposes"]), tuple(row["legal_bases"]), row["since"],
        row["until"], row["distinct_subjects"], tuple(row["hosts"]), row["contact"],
        row["since"] <= now < row["until"] and not is_closed, is_closed,
    )  # fmt: skip


def closure(row: Row) -> ClosureView:
    """Return the view of a closure."""
    return ClosureView(row["scope"], row["key"], row["reason"], row["closed_by"], row["closed_at"])


def _keys(jwks: Row) -> tuple[KeyView, ...]:
    return tuple(
        KeyView(each["kid"], each["kty"], moment_of(each.get(NOT_BEFORE)), moment_of(each.get(NOT_AFTER)))
        for each in jwks["keys"]
    )


def moment_of(seconds: int | None) -> datetime | None:
    """Return the moment of a key's bound."""
    return None if seconds is None else datetime.fromtimestamp(seconds, UTC)


def _text(value: Mapping[str, Any]) -> str:
    return orjson.dumps(dict(value), option=orjson.OPT_SORT_KEYS).decode()
