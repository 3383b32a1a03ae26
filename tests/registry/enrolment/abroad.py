"""An agency abroad and the agreement with it, as they stand in the register."""

from datetime import timedelta
from typing import Any

from sqlalchemy import Connection

from auth import directory
from auth.changes import Agreed
from registry.disclosure.vocabulary import Role
from tests.auth.tokens import pair
from tests.factories import MOMENT

ABROAD, OFFICER = "nl-invented", "NL/1"


def agreed(**changed: Any) -> Agreed:
    """Return an agreement in force."""
    usual: dict[str, Any] = {
        "code": "NL-2026-01", "agency": ABROAD, "tier": "standard", "purposes": ("criminal_investigation",),
        "legal_bases": ("KE-SOA-39-13",), "since": MOMENT - timedelta(days=1), "until": MOMENT + timedelta(days=365),
        "distinct_subjects": 50, "hosts": (), "contact": "Invented contact point",
    }  # fmt: skip
    return Agreed(**usual | changed)


def partner(connection: Connection, *roles: Role) -> None:
    """Enrol an agency abroad with an officer and a client."""
    directory.enrol_agency(connection, ABROAD, name="An invented police", country="NL")
    directory.enrol_officer(
        connection, ABROAD, OFFICER, chain="contact-point", roles=roles or [Role.PARTNER_OFFICER]
    )  # fmt: skip
    directory.enrol_client(connection, f"{ABROAD}-desk", ABROAD, jwks={"keys": [dict(pair().jwk)]})
