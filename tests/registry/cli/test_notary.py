"""``registry notary``, and what checks its work: with plain words, and 5 where a proof fails."""

import asyncio
import os
import re
import signal
import subprocess
import sys
from datetime import timedelta
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread, Timer

import pytest

from registry.audit.log import append
from registry.audit.models import entries
from registry.core.clock import now
from registry.core.engines import open_database
from tests.factories import entry
from tests.registry.cli.conftest import Shell
from tests.registry.notary.tampering import tampered
from tests.registry.tlog.signers import POLICE, STRANGER
from tests.servers import APP, NOTARY


@pytest.fixture
def notary(shell: Shell, tmp_path: Path) -> Shell:
    """The command line of a notary on the shell's register, with five entries in it."""
    shell.database(lambda connection: append(connection, [entry() for _ in range(5)]))
    url = shell.settings.database_url.replace(f"{APP}@", f"{NOTARY}@")
    folders = {"REGISTRY_NOTARY_FOLDER": str(tmp_path / "notary"), "REGISTRY_LOG_FOLDER": str(tmp_path / "published")}
    return Shell(shell.settings, shell.environment | folders | {"REGISTRY_DATABASE_URL": url})


def test_a_log_is_signed_verified_proved_and_looked_through(notary: Shell, tmp_path: Path) -> None:
    assert notary.json("notary", "--once") == {"size": 5, "origin": "127.0.0.1:8000/log"}

    vkeys = tmp_path / "DEMO.vkeys"
    vkeys.write_text(notary.run("keys", "notary").stdout, encoding="utf-8")
    kept = tmp_path / "kept"
    checked = notary.json(
        "audit", "verify", "--bodies", "--from", tmp_path / "published", "--key", vkeys, "--kept", kept
    )
    assert (checked["size"], checked["signed_by"], checked["kept"]) == (5, ["ED25519", "ML_DSA_44"], None)
    again = notary.run("audit", "verify", "--kept", kept)
    assert "5 entries, all of them under the signed root." in again.stdout
    assert "The 5 entries of the checkpoint that you kept are the same." in again.stdout

    proof = tmp_path / "3.tlog-proof"
    notary.run("audit", "prove", 3, "--out", proof)
    assert proof.read_bytes().startswith(b"c2sp.org/tlog-proof@v1\n")
    told = notary.run("audit", "prove", "--check", proof, "--key", vkeys).stdout
    assert re.fullmatch(r"Entry 3 is in 127.0.0.1:8000/log of 5 entries. Its leaf: roa2 \d+ [0-9a-f]{64}\n", told)
    proof.write_bytes(proof.read_bytes().replace(b"index 3", b"index 2"))
    assert "[PROOF_FAILED]" in notary.run("audit", "prove", "--check", proof, expected=5).stderr

    notary.run("audit", "prove", 5, expected=4)
    notary.run("audit", "prove", expected=2)
    assert notary.json("audit", "fsck") == {"size": 5, "problems": []}


def test_a_changed_file_fails_every_check(notary: Shell, tmp_path: Path) -> None:
    notary.run("notary", "--once")
    bundle = tmp_path / "published" / "tile" / "entries" / "000.p" / "5"
    bundle.write_bytes(bundle.read_bytes().replace(b"roa2", b"roa1", 1))

    for command in ("verify", "fsck", ("prove", 4)):
        words = command if isinstance(command, tuple) else (command,)
        refused = notary.run("audit", *words, expected=5)
        assert "Entry 0: does not hash to its leaf." in refused.stderr

    (tmp_path / "published" / "checkpoint").write_bytes(b"")
    notary.run("audit", "verify", expected=5)
    (tmp_path / "published" / "checkpoint").unlink()
    notary.run("audit", "verify", expected=4)


def test_a_refusal_names_the_entry_and_ends_with_5(notary: Shell, shell: Shell) -> None:
    notary.run("notary", "--once")

    async def change() -> None:
        database = open_database(shell.settings)
        await tampered(database, entries.update().where(entries.c.index == 2).values(agency="ke-somebody-else"))
        await database.close()

    asyncio.run(change())

    for command in (("notary", "--once"), ("audit", "verify", "--bodies"), ("notary", "--once")):
        refused = notary.run(*command, expected=5)
        assert "Entry 2 does not hash to its leaf." in refused.stderr
    assert "[NOTARY_REFUSED]" in refused.stderr


def test_a_log_is_read_from_an_address_as_well(notary: Shell, tmp_path: Path) -> None:
    notary.run("notary", "--once")
    serving = partial(SimpleHTTPRequestHandler, directory=str(tmp_path / "published"))
    with ThreadingHTTPServer(("127.0.0.1", 0), serving) as server:
        Thread(target=server.serve_forever, daemon=True).start()
        place = f"http://127.0.0.1:{server.server_port}/"

        assert notary.json("audit", "verify", "--from", place)["size"] == 5
        notary.run("audit", "verify", "--from", f"{place}nowhere", expected=4)
        server.shutdown()
    notary.run("audit", "verify", "--from", place, expected=75)


def test_a_log_keeps_its_name(notary: Shell) -> None:
    notary.run("notary", "--once")

    refused = notary.run("notary", "--once", expected=2, REGISTRY_LOG_ORIGIN="registry.example/other")

    assert "log_origin" in refused.stderr


def test_a_folder_that_is_none_is_told_of(notary: Shell, tmp_path: Path) -> None:
    (tmp_path / "notary").write_text("DEMO", encoding="ascii")

    assert "[NOTARY_FOLDER]" in notary.run("notary", "--once", expected=75).stderr


def test_fsck_names_what_has_no_business_among_the_published_files(notary: Shell, tmp_path: Path) -> None:
    notary.run("notary", "--once")
    (tmp_path / "published" / "DEMO.txt").write_text("DEMO", encoding="ascii")
    (tmp_path / "notary" / "last-signed").unlink()

    problems = notary.json("audit", "fsck", expected=5)["problems"]

    assert problems == ["DEMO.txt has no business here", "the notary's memory is missing"]


def test_a_key_that_is_not_the_log_s_believes_nothing(notary: Shell) -> None:
    notary.run("notary", "--once")
    other = "127.0.0.1:8000/log+b0b5ec2a+AW"

    notary.run("audit", "verify", "--key", other, expected=2)
    stranger = "PeterNeumann+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW"
    assert (
        "is not signed by a key that was named" in notary.run("audit", "verify", "--key", stranger, expected=5).stderr
    )
    notary.run("audit", "verify", "--from", "http://registry.example/log", expected=2)


def test_a_policy_says_whether_enough_have_cosigned_and_a_folder_keeps_what_was_seen(
    notary: Shell, shell: Shell, tmp_path: Path
) -> None:
    notary.run("notary", "--once")
    log = notary.run("keys", "notary").stdout.splitlines()[0]
    alone, two, others = (tmp_path / name for name in ("alone.txt", "two.txt", "others.txt"))
    alone.write_text(f"log {log}\nquorum none\n", encoding="ascii")
    two.write_text(f"log {log}\nwitness police {POLICE.key.print()}\nquorum police\n", encoding="ascii")
    others.write_text(f"log {STRANGER.key.print()}\nquorum none\n", encoding="ascii")
    folder = tmp_path / "kept"
    folder.mkdir()

    told = notary.json("audit", "verify", "--from", tmp_path / "published", "--policy", alone, "--kept", folder)
    assert (told["quorum"], told["kept"], told["bracketed"], told["silences"]) == (True, None, 0, [])
    refused = notary.run("audit", "verify", "--policy", two, expected=5)
    assert "not cosigned by enough witnesses" in refused.stderr
    notary.run("audit", "verify", "--policy", folder / "5.checkpoint", expected=2)

    later = now() + timedelta(minutes=11)
    shell.database(lambda connection: append(connection, [entry()], clock=lambda: later))
    again = notary.run("notary", "--once", expected=2, REGISTRY_WITNESS_POLICY_FILE=str(others))
    assert "witness_policy_file" in again.stderr
    assert notary.json("notary", "--once", REGISTRY_WITNESS_POLICY_FILE=str(alone))["size"] == 5, "not now"
    told = notary.json("audit", "verify", "--kept", folder)
    assert told["kept"] == 5
    assert sorted(path.name for path in folder.iterdir()) == ["5.checkpoint"]


def test_a_role_that_may_not_tell_what_is_signed_is_told_so(notary: Shell, shell: Shell) -> None:
    if shell.settings.is_sqlite:
        assert notary.run("notary", "--once").exit_code == 0
        return
    refused = notary.run("notary", "--once", expected=2, REGISTRY_DATABASE_URL=shell.settings.database_url)

    assert "[NOTARY_ROLE]" in refused.stderr


def test_a_notary_that_runs_signs_what_comes_and_ends_when_it_is_told_to(notary: Shell, shell: Shell) -> None:
    running = subprocess.Popen(
        [sys.executable, "-c", "from registry.cli.main import main; main()", "notary"],
        env=os.environ | notary.environment | {"REGISTRY_NOTARY_SECONDS": "0.05"},
        stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True,
    )  # fmt: skip
    assert running.stdout is not None
    patience = Timer(60, running.kill)  # then the lines end, and nothing hangs
    patience.start()
    try:
        lines = iter(running.stdout.readline, "")
        assert any('"signed"' in line and '"count":5' in line for line in lines)
        shell.database(lambda connection: append(connection, [entry()]))
        assert any('"signed"' in line and '"size":6' in line for line in lines)
        running.send_signal(signal.SIGTERM)
        assert any("notary_stopped" in line for line in lines)
        assert running.wait() == 0
    finally:
        patience.cancel()
        running.kill()
        running.wait()
        running.stdout.close()
