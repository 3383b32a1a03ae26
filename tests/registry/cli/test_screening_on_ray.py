"""A list checked by two workers of a Ray cluster of this machine: the same answers, and nothing left running."""

import json
import os
import subprocess
import sys
from functools import partial
from pathlib import Path
from typing import Any

from registry.disclosure.vocabulary import Role
from tests.registry.bulk.test_workers import within
from tests.registry.cli.conftest import Shell, on_behalf
from tests.registry.screening import lists

SUPERVISOR = [*on_behalf(Role.SUPERVISOR, "CR 12/2026"), "--purpose", "criminal_investigation"]
COMMAND = [sys.executable, "-c", "from registry.cli.main import main; main()"]
MARK = "REGISTRY_TEST_OF_RAY"


def left_running(mark: str) -> list[str]:
    """Return the processes that were started within a program which carried this mark."""
    found = []
    for place in Path("/proc").glob("[0-9]*/environ"):
        try:
            if mark.encode() in place.read_bytes():
                found.append(place.parent.name)
        except OSError:
            continue
    return found


def told(out: Path) -> list[Any]:
    lines = [json.loads(line) for line in out.read_text(encoding="utf-8").splitlines()]
    return sorted(([each["row"], each["register_number"], each["score"]] for each in lines), key=str)


def test_two_workers_of_a_cluster_tell_what_one_process_tells(shell: Shell, tmp_path: Path) -> None:
    shell.database(partial(lists.fill, count=60))
    path = lists.table(tmp_path / "list.csv", lists.asked(80, 60) * 30)
    here, there, mark = tmp_path / "here.jsonl", tmp_path / "there.jsonl", f"{MARK}={tmp_path.name}-{os.getpid()}"

    shell.run("screen", path, "--engine", "inline", "--out", here, *SUPERVISOR)
    environment = os.environ | shell.environment | dict([mark.split("=")])
    command = [*COMMAND, "screen", str(path), "--again", "--engine", "ray", "--processes", "2", "--out", str(there)]
    done = subprocess.run(
        [*command, *SUPERVISOR], env=environment, capture_output=True, check=False, timeout=180,
        cwd=Path(__file__).parents[3],
    )  # fmt: skip

    assert done.returncode == 0, done.stderr.decode()
    assert told(there) == told(here)
    assert told(here)
    assert within(30, lambda: not left_running(mark))
