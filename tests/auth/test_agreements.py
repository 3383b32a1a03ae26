"""What an agreement holds: its own agency's purposes and grounds, while neither time nor a closure ends it."""

from dataclasses import replace

import pytest
from sqlalchemy import Connection

from auth import changes, directory
from auth.agreements import unheld
from auth.contexts import CaseContext
from auth.scope import Scope
from registry.core.db import Database
from tests.auth.tokens import pair
from tests.factories import MOMENT, shut
from tests.registry.enrolment.abroad import ABROAD, agreed, partner

pytestmark = pytest.mark.anyio
WANTED = CaseContext("criminal_investigation", "CR 12/2026", "KE-SOA-39-13", agreed().code)


def fault(connection: Connection, wanted: CaseContext = WANTED, agency: str = ABROAD) -> str | None:
    """Return the member that is not held."""
    found = unheld(connection, agency, wanted, MOMENT, is_partner=True)
    return found[0] if found else None


async def test_an_agreement_is_one_agency_s_whatever_another_asks_for(database: Database) -> None:
    def run(connection: Connection) -> list[str | None]:
        partner(connection)
        directory.enrol_agency(connection, "se-invented", name="Another", country="SE")
        changes.agree(connection, agreed())
        return [fault(connection, agency=each) for each in (ABROAD, "se-invented")]

    assert await database.write(run) == [None, "agreement"]


async def test_an_agreement_is_shut_by_its_own_closure_and_no_other(database: Database) -> None:
    """Neither another agreement's, nor that of a client that happens to have the agreement's code for its name."""

    def run(connection: Connection) -> list[str | None]:
        partner(connection)
        directory.enrol_client(connection, agreed().code, ABROAD, jwks={"keys": [dict(pair().jwk)]})
        for each in (agreed(), agreed(code="NL-2026-02")):
            changes.agree(connection, each)
        shut(connection, Scope.AGREEMENT, "NL-2026-02")
        shut(connection, Scope.CLIENT, agreed().code)
        before = [fault(connection), fault(connection, replace(WANTED, agreement="NL-2026-02"))]
        shut(connection, Scope.AGREEMENT, agreed().code)
        return [*before, fault(connection)]

    assert await database.write(run) == [None, "agreement", "agreement"]
