"""The log under faults: a writer killed 210 times while its database fails, and four that write at once.

A thousand lives with ``python -m bench.lives``. Both run in processes of their own: they fork.
"""

import re
import subprocess
import sys

import pytest

from tests.journeys.served import ROOT


def bench(program: str, *options: str) -> str:
    """Return what a part of the benchmark says, which ends with 1 where anything is lost."""
    command = [sys.executable, "-m", f"bench.{program}", *options]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False, timeout=280)
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


@pytest.mark.parametrize(
    ("database", "times", "faults"),
    [("sqlite", 110, {"kill", "full"}), ("postgresql", 100, {"kill", "cut", "ended", "stopped"})],
)
def test_every_answer_that_a_client_got_has_its_entry_whatever_fails(
    database: str, times: int, faults: set[str]
) -> None:
    said = bench("lives", "--databases", database, "--times", str(times), "--stops", "2")

    row = said.splitlines()[-1]
    _, lives, answers, refused, fruitless, entries, _ = row.split()[:7]
    assert int(lives) == times
    assert faults <= set(re.findall(r"[a-z]+(?= \d)", row))
    assert int(entries) >= int(answers) > 5 * times
    assert int(refused) > 0, "some were answered with 503 and nothing else"
    assert int(fruitless) < times / 2
    assert row.endswith("nothing lost")


def test_four_processes_with_128_clients_each_write_one_log() -> None:
    said = bench("together")

    assert "5120 answers, 5120 entries" in said
    assert said.endswith("one order, no gap, nothing lost\n")
