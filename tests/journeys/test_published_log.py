"""From a question to a published log: the notary beside the server signs what was entered, and anybody checks it."""

import asyncio
import json
import os
import signal
import subprocess
import time
from collections import Counter
from pathlib import Path
from typing import Any

import httpx
import pytest

from tests.journeys.served import PROGRAM, ROOT, Served, free_port, log_of, prepare, run, serving

SEARCH = """{ search(criteria: {name: "Juma Mwakio", birthDate: "1979"}, first: 5) {
    edges { node { score profile { id } } } } }"""
LOG = "{ logEntries(first: 3) { edges { node { operation } } } }"
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


def promised(served: Served) -> list[str]:
    """Ask twice with each outcome, then read the log, which holds it; return the receipts of the answers."""
    asked = {"query": SEARCH}
    before = len(asyncio.run(log_of(served.folder)))
    with httpx.Client(base_url=served.url, timeout=30) as http:
        answers = [
            http.post("/graphql", json=body, headers=headers)
            for _ in range(2)
            for body, headers in (
                (asked, served.headers("investigator")),
                ({"query": LOG}, served.headers("investigator")),
                ({"query": "{ nothing"}, served.headers("investigator")),
                (asked, {"authorization": "DPoP x.y.z", "dpop": "x.y.z"}),
            )
        ]
        entered = [each for each in asyncio.run(log_of(served.folder))[before:] if each["kind"] != "command"]
        readings = [http.post("/graphql", json={"query": LOG}, headers=served.headers("auditor")) for _ in range(2)]
    tokens = 6
    assert len(entered) == len(answers) + tokens
    assert Counter(each["outcome"] for each in entered) == {"allowed": 2 + tokens, "denied": 4, "failed": 2}
    operations = [each["node"]["operation"] for each in readings[1].json()["data"]["logEntries"]["edges"]]
    assert "logEntries" in operations, "reading the log is in the log"
    return [each.headers["log-receipt"] for each in (*answers, *readings)]


def test_an_answer_s_entry_is_in_the_published_log_soon_and_the_notary_ends_with_a_server_that_is_killed(
    prepared: tuple[Path, int],
) -> None:
    folder, port = prepared
    with serving(folder, port, notary_beside="true", unsigned_seconds="60") as served:
        receipts = promised(served)
        entered = len(asyncio.run(log_of(folder)))
        deadline = time.monotonic() + PATIENCE
        while size_of(served) < entered and time.monotonic() < deadline:
            time.sleep(0.1)

        told = verified(served, "--bodies")

        assert told["size"] >= entered
        assert told["signed_by"] == ["ED25519", "ML_DSA_44"]
        key = (folder / "log.vkeys").read_text(encoding="utf-8").splitlines()[0]
        run(VERIFIER, "-key", key, "-fsck", f"{served.url}/log")  # Go's library, which is not ours
        kept = folder / "receipts.txt"
        kept.write_text("\n".join(receipts), encoding="utf-8")
        checked = run(PROGRAM, "audit", "receipt", kept, "--from", f"{served.url}/log", "--key", folder / "log.vkeys")
        assert f"All {len(receipts)} entries: " in checked.stdout
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
