"""Acts of each kind, proposed by one administrator and done by another of elsewhere."""

import json
from datetime import datetime, timedelta
from functools import cache
from typing import Any
from uuid import UUID

from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding
from sqlalchemy import Connection

from auth.enrolled_certificates import read
from auth.scope import Scope
from registry.core.ids import read_public_id
from registry.disclosure.vocabulary import Role
from registry.enrolment import operations
from registry.enrolment.act import Kind
from registry.enrolment.intake import Closing, Handed
from registry.enrolment.views import EnrolmentView
from registry.work import Work
from tests.auth.tokens import pair
from tests.factories import AGENCY, CLIENT, ELSEWHERE, MOMENT, actor, work
from tests.proxies import certify

ABROAD = "nl-invented"
_KEY = ec.generate_private_key(ec.SECP256R1())


def key(
    number: int | None = 7, *, since: datetime = MOMENT, days: int = 365, kid: str | None = None
) -> dict[str, Any]:  # fmt: skip
    """Return a public key as it is handed in; without a number the clients' own."""
    found = pair() if number is None else pair("ES256", number)
    jwk = dict(found.jwk) | ({"kid": kid} if kid else {})
    return {"jwk": json.dumps(jwk), "not_before": since, "not_after": since + timedelta(days=days)}


@cache
def certificate(name: str, *, days: int = 365, begun: int = 0) -> str:
    """Return a certificate in PEM whose time began so many days ago."""
    made = certify(_KEY, name, since=MOMENT - timedelta(days=begun), days=days)
    return made.public_bytes(Encoding.PEM).decode()


def agreement(**changes: Any) -> dict[str, Any]:
    """Return the terms of an agreement as they are handed in."""
    usual = {
        "code": "NL-2026-01", "agency": ABROAD, "tier": "standard", "purposes": ["missing_child"],
        "legal_bases": ["KE-SOA-39-13"], "since": MOMENT, "until": MOMENT + timedelta(days=365),
        "contact": "Invented contact point",
    }  # fmt: skip
    return usual | changes


GIVEN: dict[Kind, dict[str, Any]] = {
    Kind.AGENCY: {"code": ABROAD, "name": "An invented police", "country": "NL"},
    Kind.OFFICER: {"agency": AGENCY, "reference": "NEW/1", "chain": "north", "roles": ["investigator"]},
    Kind.OFFICER_CHANGE: {
        "agency": AGENCY, "reference": "child-protection/investigator/1", "chain": "south", "roles": [],
        "clearance": "open",
    },
    Kind.OFFICER_IDENTITY: {
        "agency": AGENCY, "reference": "child-protection/investigator/1", "issuer": "https://idp.example",
        "identity": "invented-subject-1",
    },
    Kind.PASSKEY_INVITATION: {"agency": AGENCY, "reference": "child-protection/investigator/1"},
    Kind.CLIENT: {"id": "ke-invented-desk-2", "agency": AGENCY, "keys": [key()]},
    Kind.CLIENT_KEY: {"client": CLIENT, "key": key()},
    Kind.CLIENT_KEY_END: {"client": CLIENT, "kid": pair().jwk["kid"]},
    Kind.CLIENT_CERTIFICATE: {"client": CLIENT, "certificate": certificate("usual")},
    Kind.CLIENT_CERTIFICATE_END: {"client": CLIENT, "thumbprint": read(certificate("usual"))["thumbprint"]},
    Kind.CLIENT_SIGNS: {"client": CLIENT, "signs": True},
    Kind.GRANT_KEY: {"agency": AGENCY, "key": key()},
    Kind.GRANT_KEY_END: {"agency": AGENCY, "kid": pair("ES256", 7).jwk["kid"]},
    Kind.AGREEMENT: agreement(),
    Kind.AGREEMENT_CHANGE: agreement(tier="full", purposes=["criminal_investigation"], distinct_subjects=9),
    Kind.AGREEMENT_END: {"code": "NL-2026-01", "until": MOMENT + timedelta(days=1)},
    Kind.OPENING: {"scope": "client", "key": CLIENT},
    Kind.LOG_ERASURE: {"first": 0, "last": 0, "fields": ["source", "details"], "legal_basis": "DEMO Act s.40"},
}  # fmt: skip
"""An act of each kind."""

NEEDS: dict[Kind, tuple[Kind, ...]] = {
    Kind.CLIENT_CERTIFICATE_END: (Kind.CLIENT_CERTIFICATE,),
    Kind.GRANT_KEY_END: (Kind.GRANT_KEY,),
    Kind.AGREEMENT: (Kind.AGENCY,),
    Kind.AGREEMENT_CHANGE: (Kind.AGENCY, Kind.AGREEMENT),
    Kind.AGREEMENT_END: (Kind.AGENCY, Kind.AGREEMENT),
}
"""What must have been done before."""


def administrator(connection: Connection, *, agency: str = AGENCY, now: datetime = MOMENT, **more: Any) -> Work:
    """Return an administrator's work."""
    return work(connection, actor(connection, role=Role.ADMINISTRATOR, agency=agency, **more), now)


def second(connection: Connection, *, now: datetime = MOMENT) -> Work:
    """Return the work of an administrator of elsewhere."""
    return administrator(connection, agency=ELSEWHERE, now=now)


def proposed(connection: Connection, kind: Kind, *, now: datetime = MOMENT, **changes: Any) -> EnrolmentView:
    """Propose an act."""
    handed = Handed(kind, GIVEN[kind] | changes)
    return operations.propose(administrator(connection, now=now), handed, "An invented reason")


def done(connection: Connection, kind: Kind, *, now: datetime = MOMENT, **changes: Any) -> EnrolmentView:
    """Propose an act, and let another administrator approve it."""
    view = proposed(connection, kind, now=now, **changes)
    return operations.approve(second(connection, now=now), identifier(view))


def ready(connection: Connection, kind: Kind) -> None:
    """Do whatever an act of this kind needs."""
    for needed in NEEDS.get(kind, ()):
        done(connection, needed)
    if kind is Kind.OPENING:
        closing = Closing(Scope.CLIENT, CLIENT)
        operations.close(work(connection, actor(connection, role=Role.SUPERVISOR)), closing, "An invented reason")


def identifier(view: EnrolmentView) -> UUID:
    """Return an act's id."""
    return read_public_id("enrolment", view.id)
