"""A run looks at what was signed since the last one: every entry, once, and keeps what it found with its entry."""

from collections.abc import AsyncIterator, Callable
from datetime import timedelta
from functools import partial
from typing import Any
from uuid import UUID

import pytest
import sqlalchemy as sa
from sqlalchemy import Connection, exc

from registry.audit.events import Entry, Event, Outcome
from registry.audit.log import append
from registry.audit.models import decoys, heads
from registry.core.config import Settings
from registry.core.db import Database
from registry.core.engines import open_database
from registry.core.errors import Conflict, ProofFailed
from registry.disclosure.vocabulary import Role
from registry.misuse import looking, operations, queries, serving
from registry.misuse.looking import Look, Looking
from registry.misuse.models import facts, findings, runs
from registry.misuse.names import Digest
from registry.misuse.thresholds import Thresholds
from registry.notary import judging, queries as log
from registry.tlog.tiles import Edge
from registry.tlog.tree import leaf_hash
from tests.factories import AGENCY, MOMENT, SEALER, actor, concerning, entry, record, vetted, work
from tests.registers import owned
from tests.registry.audit.conftest import kept

pytestmark = pytest.mark.anyio
LATER = MOMENT + timedelta(days=5)


@pytest.fixture
async def sign(database_url: str, database: Database) -> AsyncIterator[Callable[..., Any]]:
    """Signs the log as the notary does; on PostgreSQL the application may not."""
    owner = open_database(Settings(database_url=owned(database_url)))

    async def signed(*, wrong: bool = False) -> None:
        rows = await database.read(lambda connection: log.rows(connection, 0, 10_000))
        root = Edge().extended([leaf_hash(each) for each in judging.continued(rows, 0, None, LATER)])[0].root
        head = {"size": len(rows), "root": bytes(32) if wrong else root, "signed_at": LATER, "note": "DEMO"}
        await owner.write(lambda connection: connection.execute(heads.insert(), head))

    yield signed
    await owner.close()


def of(database: Database, **thresholds: int) -> Looking:
    return Looking(database, Digest(SEALER.blind), "KE", Thresholds.of(thresholds))


async def looked(database: Database, **thresholds: int) -> Look | None:
    return await of(database, **thresholds).next(LATER)


def visits(officer: UUID, profile: UUID, times: int, *, first: int = 0) -> list[Entry]:
    """An officer who comes back to one person, day after day."""
    return [concerning(profile, officer=officer, at=MOMENT + timedelta(hours=10 * (first + n))) for n in range(times)]


@pytest.fixture
async def nosy(database: Database, sign: Callable[..., Any]) -> UUID:
    """An officer who has come back to one person three times, in a log that is signed."""

    def settle(connection: Connection) -> UUID:
        officer = actor(connection).officer
        assert officer is not None
        append(connection, visits(officer.id, vetted(connection, record()), 3))
        return officer.id

    officer = await database.write(settle)
    await sign()
    return officer


async def test_a_run_finds_and_the_same_tree_again_finds_nothing(database: Database, nosy: UUID) -> None:
    assert await serving.run(of(database), lambda: LATER) > 0

    def made(connection: Connection) -> Any:
        return connection.execute(sa.select(findings.c.rule, findings.c.officer, findings.c.entries)).all()

    first = await database.read(made)
    assert ("repeat", nosy) in {(rule, officer) for rule, officer, _ in first}
    assert await looked(database) is None
    assert await serving.run(of(database), lambda: LATER) == 0
    assert await database.read(made) == first


async def test_the_run_is_an_entry_that_says_from_where_to_where_and_by_which_root(
    database: Database, nosy: UUID
) -> None:
    await serving.run(of(database), lambda: LATER)

    last = (await database.read(kept))[-1]

    (event,) = last["body"]["events"]
    assert (last["operation"], event["name"]) == ("misuseRun", "misuse:run:kept")
    told = event["details"]
    assert (told["first"], told["size"]) == (0, last["index"])
    assert len(told["root"]) == 64
    assert told["counts"]["repeat"]["hits"] == 1
    assert (told["paid"], told["month"]) == (1, {"accesses": 3, "paid": 1})
    assert told["sampled"] == told["findings"] - told["paid"]
    assert told["idle"] == ["close", "surname", "no_case", "off_duty", "partner"]
    assert str(nosy) not in str(told)


async def test_a_later_run_goes_on_and_counts_what_was_before(
    database: Database, nosy: UUID, sign: Callable[..., Any]
) -> None:
    def more(connection: Connection) -> None:
        officer = actor(connection).officer
        assert officer is not None
        other = vetted(connection, record(names=[{"full": "Wanjiru Invented Njeri"}], birth_date="1980"))
        append(connection, visits(officer.id, other, 2, first=2))

    await serving.run(of(database), lambda: LATER)
    await database.write(more)
    await sign()
    second = await looked(database)

    assert second is not None
    assert (second.before.size, second.weighed.counts["repeat"].hits) == (3, 0)
    await database.write(lambda connection: append(connection, visits(nosy, UUID(int=9), 1)))
    await sign()
    assert await serving.run(of(database, run_entries=1), lambda: LATER) >= 0
    last = await database.read(queries.last_run)
    assert last.size == (await database.read(lambda connection: log.ends(connection).leaves)) - 2


@pytest.mark.usefixtures("nosy")
async def test_two_runs_at_once_keep_one(database: Database) -> None:
    first, second = await looked(database), await looked(database)
    assert first is not None
    assert second is not None

    await database.write(lambda connection: looking.keep(connection, first, Thresholds(), LATER))
    with pytest.raises(Conflict) as refusal:
        await database.write(lambda connection: looking.keep(connection, second, Thresholds(), LATER))

    assert refusal.value.code == "MISUSE_OVERTAKEN"
    assert len(await database.read(lambda connection: connection.execute(sa.select(runs)).all())) == 1


async def test_entries_that_do_not_hash_to_the_signed_root_are_not_looked_at(
    database: Database, sign: Callable[..., Any]
) -> None:
    def settle(connection: Connection) -> None:
        append(connection, [entry(), entry()])

    await database.write(settle)
    await sign(wrong=True)

    with pytest.raises(ProofFailed) as refusal:
        await looked(database)

    assert refusal.value.code == "MISUSE_UNPROVED"


async def test_who_looks_at_themselves_is_found_by_digests_and_no_name_is_kept(
    database: Database, sign: Callable[..., Any]
) -> None:
    content = (
        "kind,officer,case,profile,since,until,area,name,birth_date,country\n"
        'self,child-protection/investigator/1,,,2020-01-01T00:00:00Z,,,"Mwakio, Juma",1971-05-17,\n'
    )

    def settle(connection: Connection) -> UUID:
        officer = actor(connection).officer
        assert officer is not None
        bringing = work(connection, actor(connection, role=Role.ADMINISTRATOR))
        assert operations.add_facts(bringing, content.encode()) == 1
        append(connection, visits(officer.id, vetted(connection, record()), 1))
        return officer.id

    officer = await database.write(settle)
    await sign()
    look = await looked(database)

    assert look is not None
    assert [(each.hit.rule, each.hit.officer) for each in look.weighed.findings] == [("close", officer)]
    told = await database.read(lambda connection: str(connection.execute(sa.select(facts)).all()))
    assert "Juma" not in told
    assert "1971" not in told


async def test_a_decoy_that_is_looked_at_is_found_before_all_else(
    database: Database, nosy: UUID, sign: Callable[..., Any]
) -> None:
    def settle(connection: Connection) -> None:
        decoy = vetted(connection, record(names=[{"full": "Nobody Invented Atall"}], birth_date="1950"))
        connection.execute(decoys.insert(), {"profile": decoy, "owner": AGENCY})
        refused = Event("profile:read:refused", (decoy,))
        append(connection, [entry(officer=nosy, outcome=Outcome.DENIED, code="NOT_FOUND", events=(refused,))])

    await database.write(settle)
    await sign()
    look = await looked(database)

    assert look is not None
    top = look.weighed.findings[0]
    assert (top.hit.rule, top.hit.officer, top.score) == ("decoy", nosy, 1000)


@pytest.mark.usefixtures("nosy")
async def test_rows_of_misuse_stand(database: Database) -> None:
    await serving.run(of(database), lambda: LATER)

    for change in (sa.update(findings).values(score=1), sa.delete(runs), sa.delete(findings)):
        with pytest.raises(exc.DBAPIError):
            await database.write(partial(Connection.execute, statement=change))


@pytest.mark.usefixtures("nosy")
async def test_a_node_runs_when_the_last_run_is_long_enough_ago(database: Database) -> None:
    node = of(database)

    assert await serving.is_due(node, LATER, 24)
    await serving.run(node, lambda: LATER)
    assert not await serving.is_due(node, LATER + timedelta(hours=23), 24)
    assert await serving.is_due(node, LATER + timedelta(hours=24), 24)
