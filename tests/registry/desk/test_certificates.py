"""The desk proposes a certificate for whoever proved who they are and is not on the register."""

import pytest
from sqlalchemy import Connection

from registry.certificates import operations as certificates
from registry.certificates.views import CertificateView
from registry.core.db import Database
from registry.core.errors import RegistryError
from registry.core.ids import new_id, public_id
from registry.desk import operations
from registry.disclosure.vocabulary import Role
from tests.factories import ELSEWHERE, actor, work
from tests.registry.certificates.scenes import asked, identifier, on_register
from tests.registry.desk.scenes import desk, known, opened

pytestmark = pytest.mark.anyio


async def test_the_desk_proposes_and_an_officer_who_vets_issues(database: Database) -> None:
    def run(connection: Connection) -> tuple[CertificateView, CertificateView, list[str]]:
        profile = on_register(connection)
        request = known(connection, None)
        asking = desk(connection)
        waiting = operations.propose_certificate(asking, request, asked(profile))
        supervisor = work(connection, actor(connection, role=Role.SUPERVISOR))
        made = certificates.decide(supervisor, identifier(waiting))
        assert waiting.against == (public_id("profile", profile),)
        return waiting, made, [each.name for each in asking.events]

    waiting, made, events = await database.write(run)

    assert (waiting.state, made.state) == ("proposed", "issued")
    assert events == ["certificate:proposed", "desk:certificate:proposed"]


@pytest.mark.parametrize(
    ("whose", "code"),
    [
        ("nobody identified", "REQUEST_STATE"),
        ("on the register", "OUTCOME_NOT_FITTING"),
        ("another office's", "NOT_FOUND"),
        ("no profile", "NOT_FOUND"),
    ],
)
async def test_for_nobody_else_the_desk_proposes_one(database: Database, whose: str, code: str) -> None:
    def run(connection: Connection) -> str:
        profile = on_register(connection)
        request = opened(connection) if whose == "nobody identified" else known(
            connection, profile if whose == "on the register" else None
        )  # fmt: skip
        asking = desk(connection, agency=ELSEWHERE) if whose == "another office's" else desk(connection)
        against = new_id() if whose == "no profile" else profile
        with pytest.raises(RegistryError) as caught:
            operations.propose_certificate(asking, request, asked(against))
        return caught.value.code

    assert await database.write(run) == code
