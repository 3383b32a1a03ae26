"""``registry audit erase | retain | partitions``: by law, by two people, in chunks, and never without an entry."""

import asyncio
from datetime import timedelta
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest
import sqlalchemy as sa
from sqlalchemy import Connection

from registry.audit import erasures
from registry.audit.log import append
from registry.audit.models import leaves, subjects
from registry.core.clock import now
from registry.core.config import Settings
from registry.core.engines import open_database
from registry.core.ids import read_public_id
from registry.enrolment import operations
from registry.enrolment.act import Kind
from registry.enrolment.intake import Handed
from tests.dumps import dumped
from tests.factories import concerning, entry
from tests.registers import owned
from tests.registry.cli.conftest import Shell
from tests.registry.enrolment.scenes import administrator, second
from tests.servers import APP, NOTARY

CANARY = "DEMO-canary-7f3a"
LAW = "DEMO Act s.40"
OLD = timedelta(days=4 * 366)


@pytest.fixture
def node(shell: Shell, tmp_path: Path) -> Shell:
    """A node whose owner and notary are set up; six entries, of which the notary has signed all."""
    folders = {"REGISTRY_NOTARY_FOLDER": str(tmp_path / "notary"), "REGISTRY_LOG_FOLDER": str(tmp_path / "published")}
    url = shell.settings.database_url
    owner = {} if shell.settings.is_sqlite else {"REGISTRY_MIGRATION_URL": owned(url)}
    started = Shell(shell.settings, shell.environment | folders | owner)
    older = now() - OLD
    started.database(lambda connection: append(
        connection, [concerning(UUID(int=7), at=older, source=CANARY) for _ in range(6)], clock=lambda: older
    ))  # fmt: skip
    signed(started)
    return started


def signed(node: Shell) -> None:
    """Let the notary sign what waits."""
    url = node.settings.database_url.replace(f"{APP}@", f"{NOTARY}@")
    node.run("notary", "--once", REGISTRY_DATABASE_URL=url, REGISTRY_MIGRATION_URL="")


def act(node: Shell, *, approves: bool = True, **changes: Any) -> str:
    """Propose an erasure as one administrator, approve it as another; return the act's id."""
    terms = {"first": 1, "last": 3, "legal_basis": LAW, "whole": True} | changes

    def run(connection: Connection) -> str:
        at = now()
        proposed = operations.propose(administrator(connection, now=at), Handed(Kind.LOG_ERASURE, terms), "A request")
        if approves:
            operations.approve(second(connection, now=at), read_public_id("enrolment", proposed.id))
        return proposed.id

    return node.database(run)


def test_what_two_people_agreed_on_is_erased_entered_and_counted(node: Shell) -> None:
    whole, parts = act(node), act(node, first=0, last=5, whole=None, fields=["source", "details"])

    assert node.json("audit", "erase", whole)["entries"] == 3
    done = node.json("audit", "erase", parts)
    signed(node)

    assert (done["entries"], done["accounts"], done["remaining"]) == (3, 1, None)
    told = node.log()[-1]["body"]["events"][0]
    assert told["name"] == "log:erased"
    assert told["details"]["ranges"] == [[0, 0], [4, 5]]
    assert (told["details"]["act"], told["details"]["legal_basis"], told["details"]["count"]) == (parts, LAW, 3)
    assert told["details"]["approved_by"] != told["details"]["proposed_by"]
    checked = node.json("audit", "verify", "--bodies")
    assert (checked["missing"], checked["in_part"], len(checked["accounts"])) == (3, 3, 2)
    said = node.run("audit", "verify", "--bodies").stdout
    assert "3 bodies are missing, and 2 entries account for all that is." in said


def test_what_is_erased_is_gone_from_the_files(node: Shell, request: pytest.FixtureRequest) -> None:
    url = node.settings.database_url
    assert any(CANARY.encode() in content for content in dumped(url, request).values())

    node.run("audit", "erase", act(node, first=0, last=5, whole=None, fields=["source"]), "--rewrite")

    files = {
        name: content for name, content in dumped(url, request).items()
        if node.settings.is_sqlite or name == "pg_dump" or name.startswith("base/")
    }  # fmt: skip
    assert files
    assert [name for name, content in files.items() if CANARY.encode() in content] == []


def test_nothing_goes_that_two_people_have_not_agreed_on(node: Shell) -> None:
    waits = act(node, approves=False)

    assert "[ENROLMENT_STATE]" in node.run("audit", "erase", waits, expected=1).stderr
    node.run("audit", "erase", waits[:-1], expected=2)
    assert len(node.log()) == 6


def test_a_run_that_was_stopped_goes_on_and_a_second_one_finds_nothing(
    node: Shell, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(erasures, "PARTS", 2)
    chosen = act(node, first=0, last=5, whole=None, fields=["source"])
    order = erasures.Order(frozenset({"source"}), LAW, "audit erase", act=chosen)

    async def first_chunk() -> None:
        url = node.settings.database_url
        owner = open_database(Settings(database_url=url if node.settings.is_sqlite else owned(url)))
        await owner.write(lambda connection: erasures.erase(
            connection, erasures.waiting(connection, order, 0, 5)[0], order
        ))  # fmt: skip
        await owner.close()

    asyncio.run(first_chunk())

    assert node.json("audit", "erase", chosen)["entries"] == 4
    assert node.json("audit", "erase", chosen)["entries"] == 0
    assert sum(each["kept"] is not None for each in node.log()) == 6


# -- retention


def test_what_is_older_than_the_law_lets_it_be_goes_and_its_leaves_stay(node: Shell) -> None:
    node.database(lambda connection: append(connection, [entry()]))
    signed(node)

    planned = node.json("audit", "retain")
    assert (planned["would_go"], planned["before"], planned["done"]) == (6, 6, False)
    assert "Would let 4 bodies before entry 4 go" in node.run("audit", "retain", "--keep-from", 4).stdout
    assert len(node.log()) == 7
    assert node.json("audit", "retain", "--keep-from", 4, "--do")["entries"] == 4
    assert node.json("audit", "retain", "--do")["entries"] == 2

    signed(node)
    assert [each["index"] for each in node.log()] == [6, 7, 8]
    count = sa.select(sa.func.count()).select_from(leaves)
    assert node.database(lambda connection: connection.execute(count).scalar_one()) == 9
    assert node.database(lambda connection: connection.execute(sa.select(subjects)).all()) == []
    checked = node.json("audit", "verify", "--bodies")
    assert (checked["size"], checked["missing"], checked["whole"]) == (9, 6, 3)
    node.run("audit", "prove", 2)


# -- partitions


def test_sqlite_has_one_table_and_postgresql_partitions_that_wait(node: Shell) -> None:
    told = node.json("audit", "partitions")

    if node.settings.is_sqlite:
        assert told == {"partitions": [], "made": 0, "ahead": 0}
        return
    assert told["ahead"] == 4
    assert [(each["first"], each["end"]) for each in told["partitions"]][:2] == [(0, 10**7), (10**7, 2 * 10**7)]
    assert node.json("audit", "partitions")["made"] == 0
    assert "4 of them wait." in node.run("audit", "partitions").stdout
