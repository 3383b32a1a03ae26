"""A thief of the database, or of a backup, reads none of what is sealed: the record, the log, the desk, the pictures.

Values that stand nowhere else are brought in by the use cases, searched by, read, amended and told; then the whole
database is taken as it lies on the disk and looked through.
"""

from collections.abc import Callable
from dataclasses import replace
from typing import TypeVar
from uuid import UUID

import orjson
import pytest
from sqlalchemy import Connection

from registry.audit.log import append
from registry.core.clock import now
from registry.core.db import Database
from registry.core.errors import Forbidden
from registry.core.ids import read_public_id
from registry.desk.operations import open_request
from registry.disclosure.vocabulary import Role
from registry.matching import types
from registry.oversight.filters import LogFilter
from registry.oversight.operations import read_log
from registry.photographs import operations as photographs
from registry.photographs.image import read_image
from registry.photographs.views import PREFIX
from registry.profiles.operations import deciding, proposing, reading
from registry.profiles.points import coordinates
from registry.profiles.standing import Change
from registry.search.operations import SearchPage, search
from registry.search.query import SearchQuery
from registry.work import Work
from tests import factories
from tests.dumps import dumped, found
from tests.factories import EDITION, SEALER, actor, entry
from tests.journeys import planted
from tests.registry.desk.scenes import asking

pytestmark = pytest.mark.anyio
T = TypeVar("T")
LAWFUL = replace(EDITION, parents_names="An invented Act, section 1")
"""An edition that asks for parents' names."""
SOURCES = [{"kind": "judgment", "reference": f"Kanari document {planted.MARK}", "digest": planted.DIGEST}]
BY = {
    "phone": SearchQuery(phone=planted.PHONE),
    "email": SearchQuery(email=planted.EMAIL),
    "handle": SearchQuery(handle=types.Handle("invented", planted.HANDLE)),
    "identifier": SearchQuery(identifiers=(types.Identifier("national_id", planted.NUMBER, "KE"),)),
    "plate": SearchQuery(plate=planted.NUMBER),
    "plate in part": SearchQuery(plate=f"{planted.NUMBER[:-1]}?"),
    "handle in part": SearchQuery(handle_part=types.Handle("invented", planted.MARK)),
    "place": SearchQuery(near=types.Near(3.0, coordinates(f"geo:{planted.POINT}"))),
}


async def entered(database: Database, role: Role, use_case: Callable[[Work], T]) -> T:
    """Run a use case as an officer of this role, in one transaction with its entry in the log; a refusal's too."""

    def run(connection: Connection) -> T | Forbidden:
        asking = Work(connection, actor(connection, role=role), now(), LAWFUL, SEALER)
        answer: T | Forbidden
        try:
            answer = use_case(asking)
        except Forbidden as refusal:
            answer = refusal
        append(connection, [entry(events=tuple(asking.events))])
        return answer

    answer = await database.write(run)
    if isinstance(answer, Forbidden):
        raise answer
    return answer


async def uploaded(database: Database) -> tuple[str, bytes]:
    """Bring a photograph in; return its id, and what of its content no other file holds."""
    where = await entered(database, Role.REGISTRAR, lambda work: photographs.begin_upload(work, "An invented reason"))
    image = read_image(planted.picture())
    secret = where.path.removeprefix(PREFIX)
    await database.write(lambda connection: photographs.take_in(connection, SEALER, now(), secret, image))
    return where.photograph, image.content


async def lived(database: Database) -> list[bytes]:
    """Bring the planted person in and do with the record what is done with records; return pieces of the picture."""
    photograph, content = await uploaded(database)
    profile = await vetted(database, planted.record(photograph))
    richer = planted.record(photograph, birth_place="Kwale")
    await entered(database, Role.REGISTRAR, lambda work: proposing.propose_change(
        work, profile, Change.AMEND, "An invented change", record=richer, documents=SOURCES))  # fmt: skip
    for sought in BY.values():
        page = await sought_by(database, Role.INVESTIGATOR, sought)
        assert [read_public_id("profile", hit.profile.id) for hit in page.hits] == [profile]
        with pytest.raises(Forbidden):  # the attempt is entered with what was sought
            await sought_by(database, Role.AUDITOR, sought)
    await looked_at(database, profile, photograph)
    await entered(database, Role.DESK_OFFICER, lambda work: open_request(
        work, asking(applicant=planted.ASKED_NAME, contact=planted.EMAIL)))  # fmt: skip
    return planted.windows(content)


async def sought_by(database: Database, role: Role, sought: SearchQuery) -> SearchPage:
    """Search as an officer of this role."""
    return await entered(database, role, lambda work: search(work, sought, limit=5))


async def vetted(database: Database, record: object) -> UUID:
    """Propose a record and let it in."""
    proposed = await entered(database, Role.REGISTRAR, lambda work: proposing.propose_profile(
        work, record, "An invented reason", documents=SOURCES))  # fmt: skip
    proposal = read_public_id("proposal", proposed.id)
    await entered(database, Role.SUPERVISOR, lambda work: deciding.approve_change(work, proposal))
    return read_public_id("profile", proposed.profile_id)


async def looked_at(database: Database, profile: UUID, photograph: str) -> None:
    """Read the record as whoever may read it, and fetch its photograph."""
    view = await entered(database, Role.INVESTIGATOR, lambda work: reading.read_profile(work, profile))
    assert view.phones[0].number == planted.PHONE
    assert view.parents[0].name.endswith(planted.MARK)
    picture = read_public_id("photograph", photograph)
    ticket = await entered(
        database, Role.INVESTIGATOR, lambda work: reading.open_photograph(work, profile, picture)
    )  # fmt: skip
    secret = ticket.path.removeprefix(PREFIX)
    delivery = await database.write(lambda connection: photographs.deliver(connection, SEALER, now(), secret))
    assert delivery.content.startswith(b"\xff\xd8")


@pytest.fixture
async def settled(database: Database) -> Database:
    await database.write(factories.enrol_cast)
    return database


async def test_a_dump_of_the_database_contains_no_planted_value_and_does_contain_what_is_not_sealed(
    settled: Database, database_url: str, request: pytest.FixtureRequest
) -> None:
    pieces = await lived(settled)

    whole = dumped(database_url, request)

    for canary in planted.CANARIES:
        assert not found(whole, canary)
    for piece in pieces:
        assert not found(whole, piece)
    control = [each.partition(":")[0] for each in found(whole, planted.CONTROL)]
    assert control, "the dump is not one: a name does not stand in it"
    if "pg_dump" in whole:
        assert "pg_dump" in control
        assert any(each.startswith("base/") for each in control), "nothing of the cluster was read"


REASON = "Complaint of a subject"


async def test_an_auditor_reads_the_criteria_whole(settled: Database) -> None:
    await lived(settled)

    page = await entered(settled, Role.AUDITOR, lambda work: read_log(work, LogFilter(), limit=100, reason=REASON))

    told = [orjson.loads(event.details) for each in page.entries for event in each.events]
    sought = [each["criteria"] for each in told if "criteria" in each]
    refused = [each["sought"] for each in told if "sought" in each]
    assert len(sought) == len(refused) == len(BY)
    for criteria in (sought, refused):
        assert [each["phone"] for each in criteria if each.get("phone")] == [planted.PHONE]
        assert [each["email"] for each in criteria if each.get("email")] == [planted.EMAIL]
        assert [each["handle"] for each in criteria if each.get("handle")] == [["invented", planted.HANDLE]]
        assert [each["identifiers"] for each in criteria if each.get("identifiers")] == [
            [["national_id", planted.NUMBER, "KE"]]
        ]


async def test_the_check_finds_a_value_that_is_not_sealed(
    settled: Database, database_url: str, request: pytest.FixtureRequest
) -> None:
    """A control of the check itself: a mark like the planted one, written into a group that is not sealed."""
    await vetted(settled, factories.record(birth_place=f"Kanari {planted.LEAK}"))

    assert found(dumped(database_url, request), planted.LEAK)


def test_every_sealed_member_is_planted() -> None:
    """What the description of a record calls sealed is looked for, also what comes to it later."""
    bare = orjson.dumps(factories.record())
    text = orjson.dumps(planted.record("x" * 23))

    assert planted.MARK.encode() not in bare
    assert text.count(planted.MARK.encode()) >= 20
