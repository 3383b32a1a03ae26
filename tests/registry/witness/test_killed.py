"""Killed at any moment, a witness never signs two histories."""

import json
import os
import subprocess
import sys
from pathlib import Path

from tests.registry.witness import killed
from tests.registry.witness.serving import remembering

ROOT = Path(__file__).parents[3]
ROUNDS = 200


def test_kill_9_between_store_and_reply_and_anywhere_never_gives_two_roots_of_one_size(tmp_path: Path) -> None:
    file = remembering(tmp_path)

    done = subprocess.run(
        [sys.executable, killed.__file__, str(file), str(ROUNDS)], env=os.environ | {"PYTHONPATH": str(ROOT)}, cwd=ROOT,
        capture_output=True, text=True, check=False, timeout=200,
    )  # fmt: skip

    assert done.returncode == 0, done.stderr
    told = json.loads(done.stdout)
    assert told["forks"] == []
    assert told["killed"] > ROUNDS / 2
    assert told["stored_but_not_told"] > ROUNDS / 10
    assert 0 < told["cosigned"] <= told["size"] + 1
