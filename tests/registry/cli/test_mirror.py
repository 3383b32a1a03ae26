"""``registry audit mirror | restore | thaw | drill``: a register is lost, and comes back."""

import asyncio
import subprocess
from dataclasses import replace
from pathlib import Path

import pytest
import sqlalchemy as sa
from click.testing import CliRunner

from registry.audit.events import Event
from registry.audit.log import append
from registry.audit.models import entries, leaves, subjects
from registry.cli.drill import STEPS, Backups, Drill, DrillFailed, gone_through
from registry.cli.main import main
from registry.core.engines import open_database
from tests.factories import entry
from tests.registers import new_register, owned
from tests.registry.cli.conftest import Shell
from tests.registry.notary.tampering import tampered
from tests.servers import APP, ENVIRONMENT, NOTARY, OWNER, SUPERUSER, PostgresServer, binaries

REASON = ("--reason", "DEMO: the disk of the database failed")


@pytest.fixture
def node(shell: Shell, tmp_path: Path) -> Shell:
    """A node with five entries."""
    shell.database(lambda connection: append(connection, [entry() for _ in range(5)]))
    folders = {"REGISTRY_NOTARY_FOLDER": str(tmp_path / "notary"), "REGISTRY_LOG_FOLDER": str(tmp_path / "published")}
    return Shell(shell.settings, shell.environment | folders)


@pytest.fixture
def notary(node: Shell) -> Shell:
    """The command line of its notary."""
    url = node.settings.database_url.replace(f"{APP}@", f"{NOTARY}@")
    return Shell(node.settings, node.environment | {"REGISTRY_DATABASE_URL": url})


def cut(node: Shell, first: int) -> None:
    """Take the tail away, as an old backup does."""

    async def run() -> None:
        database = open_database(node.settings).keeper
        gone = [sa.delete(table).where(table.c["index"] >= first) for table in (subjects, leaves, entries)]
        await tampered(database, *gone)
        await database.close()

    asyncio.run(run())


def test_a_register_that_lost_its_tail_is_made_whole_and_its_notary_goes_on(
    node: Shell, notary: Shell, tmp_path: Path
) -> None:
    mirror = tmp_path / "mirror"
    notary.run("notary", "--once")
    assert node.json("audit", "mirror", mirror) == {"size": 5, "added": 5}
    assert node.json("audit", "mirror", mirror) == {"size": 5, "added": 0}
    whole = node.log()
    cut(node, 2)
    assert "[LOG_SHRUNK]" in notary.run("notary", "--once", expected=5).stderr

    assert "[LEAF_MISSING]" in notary.run("audit", "thaw", expected=5).stderr
    done = {"restored": 3, "lost": 0, "erased_again": 0}
    assert node.json("audit", "restore", mirror, *REASON) == {"size": 5} | done
    assert notary.json("audit", "thaw")["size"] == 5

    assert notary.json("notary", "--once")["size"] == 6
    assert "Every entry of the database" in node.run("audit", "verify", "--bodies").stdout
    assert node.log()[:5] == whole
    last = node.log()[5]
    assert (last["kind"], last["operation"]) == ("command", "audit restore")
    assert last["body"]["events"][0] == {
        "name": "log:restored", "records": [], "details": {"size": 5, "reason": REASON[1]} | done,
    }  # fmt: skip
    assert "[NOT_FROZEN]" in notary.run("audit", "thaw", expected=1).stderr


def test_what_nobody_has_any_more_is_given_up_by_the_owner_of_the_tables_only(
    node: Shell, notary: Shell, tmp_path: Path
) -> None:
    mirror = tmp_path / "mirror"
    notary.run("notary", "--once")
    cut(node, 3)
    notary.run("notary", "--once", expected=5)
    assert "[ENTRIES_LOST]" in node.run("audit", "restore", mirror, *REASON, expected=5).stderr

    giving_up = ("audit", "restore", mirror, *REASON, "--give-up")
    owner = node
    if node.settings.database_url.startswith("postgresql"):
        refused = node.run(*giving_up, expected=2).stderr
        assert "migration_url" in refused
        assert "only the tables' owner may do the rest" in refused
        address = {"REGISTRY_MIGRATION_URL": owned(node.settings.database_url)}
        owner = Shell(node.settings, node.environment | address)
    told = owner.run(*giving_up).stdout

    assert "2 bodies are lost: an entry says which." in told
    notary.run("audit", "thaw")
    assert notary.json("notary", "--once")["size"] == 7
    assert [each["index"] for each in node.log()] == [0, 1, 2, 5, 6]


def test_an_erasure_that_only_the_log_tells_of_is_not_made_unasked(node: Shell, notary: Shell, tmp_path: Path) -> None:
    """A node that was broken into may enter one; only the tables' owner erases, and is not to be used for it."""
    forged = Event("log:erased", (), {"ranges": [[1, 2]], "fields": None, "count": 2})
    node.database(lambda connection: append(connection, [replace(entry(), kind="command", events=(forged,))]))
    notary.run("notary", "--once")
    node.run("audit", "mirror", tmp_path / "mirror")
    whole = node.log()
    cut(node, 2)

    refused = node.run("audit", "restore", tmp_path / "mirror", *REASON, expected=1).stderr

    assert "[ERASURES_UNCONFIRMED]" in refused
    assert "entry 5: 2 entries from 1 to 2, whole" in " ".join(refused.split())
    assert node.log() == whole[:2]
    node.run("audit", "restore", tmp_path / "mirror", *REASON, "--not-erased", "5")
    assert node.log()[:6] == whole


def test_a_restoration_says_why(shell: Shell, tmp_path: Path) -> None:
    for reason in ("", "no", "x" * 501, "a\x07bell"):
        refused = shell.run("audit", "restore", tmp_path / "mirror", "--reason", reason, expected=2)

        assert "[REASON_MALFORMED]" in refused.stderr
    assert shell.log() == []


# -- the drill


def test_the_drill_tells_each_step_and_leaves_nothing_behind(tmp_path: Path) -> None:
    done = CliRunner().invoke(main, ["audit", "drill"], env={"TMPDIR": str(tmp_path), "COLUMNS": "200"})

    assert (done.exit_code, done.stdout) == (0, "The register came back whole.\n")
    assert f"{len(STEPS)}/{len(STEPS)}  all 602 entries hash to their leaves" in done.stderr
    assert list(tmp_path.iterdir()) == []


def of_server(server: PostgresServer, name: str, copy: Path) -> Backups:
    """Return the backups of a PostgreSQL database, as docs/backup.md has them."""

    def run(program: str, *arguments: str) -> None:
        where = [f"--host={server.home}", f"--port={server.port}", f"--username={SUPERUSER}"]
        command = [str(binaries() / program), *where, *arguments]
        subprocess.run(command, env=ENVIRONMENT, capture_output=True, check=True)

    def put_back() -> None:
        run("createdb", "--owner", OWNER, name)
        run("pg_restore", "--exit-on-error", f"--dbname={name}", str(copy))

    return Backups(
        lambda: run("pg_dump", "--format=custom", f"--file={copy}", name), lambda: server.drop_database(name), put_back
    )


def test_the_drill_is_gone_through_on_postgresql_with_its_own_backups_and_roles(
    postgres: PostgresServer, tmp_path: Path
) -> None:
    url = asyncio.run(new_register(postgres, "drill"))
    backups = of_server(postgres, "drill", tmp_path / "register.dump")
    told: list[int] = []

    asyncio.run(gone_through(
        Drill(tmp_path, url, url.replace(f"{APP}@", f"{NOTARY}@"), backups), lambda number, _words: told.append(number)
    ))  # fmt: skip

    assert told == list(range(1, len(STEPS) + 1))
    postgres.drop_database("drill")


def test_a_drill_in_which_nothing_is_lost_fails(tmp_path: Path, sqlite_template: Path) -> None:
    """A control: it would not pass where nothing happens."""
    file = tmp_path / "register.db"
    file.write_bytes(sqlite_template.read_bytes())
    idle = Backups(lambda: None, lambda: None, lambda: None)

    with pytest.raises(DrillFailed) as refused:
        asyncio.run(gone_through(
            Drill(tmp_path, f"sqlite:///{file}", f"sqlite:///{file}", idle), lambda _number, _words: None
        ))  # fmt: skip

    assert "Step 5 of 8" in str(refused.value)
