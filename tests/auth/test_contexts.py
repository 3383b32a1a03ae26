"""The case of a session: what is told of it, and whose it is."""

from uuid import UUID

import pytest
from sqlalchemy import Connection

from auth import contexts, sessions
from auth.contexts import CaseContext
from auth.sessions import Method, SignedIn
from registry.core.db import Database
from tests.auth.household import MOMENT

pytestmark = pytest.mark.anyio
CASE = CaseContext("criminal_investigation", "CR 12/2026", "KE-SOA-39-13")


def test_a_case_without_agreement_tells_of_none() -> None:
    assert sorted(CASE.as_json()) == ["case_reference", "legal_basis", "purpose"]


async def test_a_session_closes_its_own_case_and_says_whether_there_was_one(database: Database, officer: UUID) -> None:
    def run(connection: Connection) -> list[bool]:
        proof = SignedIn(officer, Method.IDENTITY, MOMENT)
        own, other = (sessions.open_session(connection, bytes([n]) * 32, proof, MOMENT, None) for n in (1, 2))
        contexts.open_case(connection, other, CASE, MOMENT)
        return [contexts.close(connection, each, MOMENT) for each in (own, other, other)]

    assert await database.write(run) == [False, True, False]
