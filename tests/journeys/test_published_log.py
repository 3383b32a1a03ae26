"""From a question to a published log: the notary beside the server signs what was entered, and anybody checks it."""

import asyncio
import json
import os
import signal
import subprocess
import time
from pathlib import Path
from typing import Any

import httpx
import pytest

from tests.journeys.served import PROGRAM, ROOT, Served, free_port, log_of, prepare, run, serving

SEARCH = """{ search(criteria: {name: "Juma Mwakio", birthDate: "1979"}, first: 5) {
    edges { node { score profile { id } } } } }"""
PATIENCE = 60
VERIFIER = ROOT / "var/tools/outsider/verifier"


@pytest.fixture
def prepared(tmp_path: Path) -> tuple[Path, int]:
    """A demonstration that nobody serves yet."""
    port = free_port()
    prepare(tmp_path, port, profiles=50)
    return tmp_path, port


def size_of(served: Served) -> int:
    """Return how many entries the published checkpoint covers."""
    answer = httpx.get(f"{served.url}/log/checkpoint", timeout=30)
    return int(answer.text.split("\n")[1]) if answer.status_code == 200 else 0


def verified(served: Served, *options: object) -> Any:
    """Return what ``registry audit verify`` says of the log as the server publishes it."""
    settings, vkeys = str(served.folder / "settings.toml"), served.folder / "log.vkeys"
    vkeys.write_text(run(PROGRAM, "keys", "notary", REGISTRY_SETTINGS=settings).stdout, encoding="utf-8")
    command = (PROGRAM, "audit", "verify", "--json", "--from", f"{served.url}/log", "--key", vkeys, *options)
    return json.loads(run(*command, REGISTRY_SETTINGS=settings).stdout)


def test_an_answer_s_entry_is_in_the_published_log_soon_and_the_notary_ends_with_a_server_that_is_killed(
    prepared: tuple[Path, int],
) -> None:
    folder, port = prepared
    with serving(folder, port, notary_beside="true") as served:
        assert "errors" not in served.ask("investigator", SEARCH)
        entered = len(asyncio.run(log_of(folder)))
        deadline = time.monotonic() + PATIENCE
        while size_of(served) < entered and time.monotonic() < deadline:
            time.sleep(0.1)

        told = verified(served, "--bodies")

        assert told["size"] >= entered
        assert told["signed_by"] == ["ED25519", "ML_DSA_44"]
        key = (folder / "log.vkeys").read_text(encoding="utf-8").splitlines()[0]
        run(VERIFIER, "-key", key, "-fsck", f"{served.url}/log")  # Go's library, which is not ours
        served.stop(signal.SIGKILL)

    deadline = time.monotonic() + PATIENCE
    said = _signed_once(folder)
    while said.returncode and time.monotonic() < deadline:
        assert "NOTARY_RUNNING" in said.stderr
        said = _signed_once(folder)
    assert said.returncode == 0, "another notary can take the folder over"


def _signed_once(folder: Path) -> subprocess.CompletedProcess[str]:
    node = os.environ | {"REGISTRY_SETTINGS": str(folder / "settings.toml")}
    return subprocess.run([PROGRAM, "notary", "--once"], env=node, capture_output=True, text=True, check=False)
