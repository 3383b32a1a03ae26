"""A partner abroad: its agency, its officer, the agreement, and records that may go there.

enrolled(connection, subjects=50)                  who asks
people = released(connection, [record, …])         whom they may learn of
token(node)                                        as the token endpoint would issue it
"""

from collections.abc import Iterable
from datetime import timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import Connection

from auth import directory, tokens
from auth.details import Details
from auth.models import agreements
from auth.tokens import Claims
from registry.core.ids import new_id
from registry.disclosure.vocabulary import Attribution, Purpose, Role
from registry.profiles.standing import Change
from tests import factories
from tests.auth.tokens import pair
from tests.factories import MOMENT
from tests.holder import JKT
from tests.nodes import URL, Node

AGENCY, CLIENT, OFFICER, COUNTRY = "xa-invented", "xa-invented-desk", "XA/1", "NL"
AGREEMENT, BASIS = "XA-2026-01", "KE-SOA-39-13"


def enrolled(connection: Connection, *, subjects: int = 50, tier: str = "full", officer: str = OFFICER) -> None:
    """Enrol the partner's agency with a client, an officer and an agreement."""
    directory.enrol_agency(connection, AGENCY, name="An invented agency abroad", country=COUNTRY)
    roles = {Role.PARTNER_OFFICER}
    directory.enrol_officer(connection, AGENCY, officer, chain="contact-point", roles=roles)
    directory.enrol_client(connection, CLIENT, AGENCY, jwks={"keys": [dict(pair().jwk)]})
    connection.execute(agreements.insert().values(
        code=AGREEMENT, agency=AGENCY, tier=tier, purposes=[Purpose.CRIMINAL_INVESTIGATION.value],
        legal_bases=[BASIS], since=MOMENT - timedelta(days=30), until=MOMENT + timedelta(days=365),
        distinct_subjects=subjects, hosts=[], contact="An invented desk, desk@partner.example",
    ))  # fmt: skip


def released(connection: Connection, values: Iterable[dict[str, Any]]) -> list[UUID]:  # Any: JSON
    """Bring records into the register that may go to the partner."""
    found = []
    for value in values:
        handled = value | {"handling": {"releasable_to": [COUNTRY]} | value.get("handling", {})}
        profile = factories.vetted(connection, handled)
        factories.changed(connection, profile, Change.RELEASE)
        found.append(profile)
    return found


def token(
    node: Node, *, officer: str = OFFICER, case: str = "CR 12/2026", attribution: Attribution = Attribution.GRANTED
) -> str:
    """Return a token of the partner's officer."""
    app, at = node.app.state.node, node.clock()
    details = Details(Purpose.CRIMINAL_INVESTIGATION, case, BASIS, officer, AGREEMENT)
    claims = Claims(CLIENT, str(new_id()), at, at + timedelta(seconds=300), details, JKT, attribution=attribution)
    return tokens.issue(claims, app.signing_key, issuer=URL, audience=tokens.audience(app.settings))
