"""An import that is killed goes on where it was, and enters no row twice and none not at all."""

import asyncio
import json
import os
import signal
import subprocess
import sys
import time
from collections import Counter
from pathlib import Path

import pytest
import sqlalchemy as sa
from sqlalchemy import Connection

from registry.bulk import digests
from registry.bulk.models import import_batches, imports
from registry.core.engines import open_database
from registry.disclosure.vocabulary import Role
from registry.profiles import queries
from registry.profiles.models import record_keys, revisions
from registry.profiles.vetting import State
from tests import factories
from tests.registry.bulk.test_workers import is_running, within
from tests.registry.cli.conftest import Shell, on_behalf

REGISTRAR = on_behalf(Role.REGISTRAR)
ROWS, CHUNK = 3_000, 100
COMMAND = [sys.executable, "-c", "from registry.cli.main import main; main()"]


def name(number: int) -> str:
    """Return a name that no other row has, in letters."""
    return "Invented " + "".join("abcdefghij"[int(digit)] for digit in f"{number:05d}").capitalize()


def rows_done(shell: Shell) -> int:
    """Look from outside, as an operator would."""

    async def look() -> int:
        opened = open_database(shell.settings)
        try:
            return await opened.read(
                lambda each: each.execute(sa.select(imports.c.rows_done)).scalar_one_or_none() or 0
            )
        finally:
            await opened.close()

    return asyncio.run(look())


def children(process: int) -> set[int]:
    listed = Path(f"/proc/{process}/task/{process}/children").read_text(encoding="ascii")
    return {int(each) for each in listed.split()}


@pytest.mark.parametrize("kills", [2])
def test_a_killed_import_is_resumed_without_double_rows(shell: Shell, tmp_path: Path, kills: int) -> None:
    file = tmp_path / "old.jsonl"
    lines = [json.dumps(factories.named(name(number))) for number in range(ROWS)]
    lines[7::500] = ["{nonsense"] * len(lines[7::500])
    file.write_text("\n".join(lines) + "\n", encoding="utf-8")
    expected = ROWS - len(lines[7::500])
    assert shell.json("import", file, "--dry-run", *REGISTRAR, expected=2)["ready"] == expected
    command = [*COMMAND, "import", str(file), "--ready-only", "--chunk", str(CHUNK), "--processes", "2", *REGISTRAR]

    seen = 0
    for _ in range(kills):
        stood, seen = seen, killed(shell, command, seen + 3 * CHUNK)
        assert stood < seen < ROWS

    done = shell.json("import", file, "--ready-only", *REGISTRAR)
    assert done == {"entered": expected, "finished": True}
    shell.database(lambda connection: check_whole(connection, expected))
    assert shell.json("import", file, *REGISTRAR)["entered"] == expected
    assert entered_by_the_log(shell) == expected


def killed(shell: Shell, command: list[str], after: int) -> int:
    """Start an import, kill it once so many rows are done, and return how many are."""
    with subprocess.Popen(
        command, env=os.environ | shell.environment, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
        cwd=Path(__file__).parents[3],
    ) as process:  # fmt: skip
        assert within(60, lambda: rows_done(shell) > after or process.poll() is not None)
        workers = children(process.pid)
        process.send_signal(signal.SIGKILL)
        process.wait()
    assert within(10, lambda: not any(is_running(each) for each in workers))
    time.sleep(0.2)  # a transaction whose client is gone is rolled back, or was committed
    return rows_done(shell)


def check_whole(connection: Connection, expected: int) -> None:
    """Every row is there once: as a proposal that opens, with a key, a digest and its place in the log."""
    proposals = queries.proposals(connection, factories.SEALER, State.PENDING, after=None, limit=ROWS + 1)
    names = Counter(each.record.names[0].full for each in proposals)
    assert len(proposals) == expected
    assert set(names.values()) == {1}
    assert names.keys() == {name(number) for number in range(ROWS) if (number - 7) % 500}
    for counted in (revisions, record_keys):
        assert connection.execute(sa.select(sa.func.count()).select_from(counted)).scalar_one() == expected
    kept = connection.execute(sa.select(import_batches.c.digests)).scalars()
    assert len([each for content in kept for each in digests.revived(content)]) == expected


def entered_by_the_log(shell: Shell) -> int:
    """Return of how many profiles the log says that they were proposed."""
    told = [
        each for entry in shell.log() for each in entry["body"]["events"] if each["name"] == "profile:change:proposed"
    ]
    return len({record for event in told for record in event["records"]})
