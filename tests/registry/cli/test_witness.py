"""`registry witness`: begun once, its keys told, and a server that goes on where it was killed."""

import json
import signal
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import httpx
import pytest
from click.testing import CliRunner, Result

from registry.cli.main import main
from registry.tlog.keys import Kind, parse_key, signed_by
from registry.tlog.note import parse_signatures
from tests.journeys.served import PROGRAM, READY_SECONDS, free_port
from tests.registry.tlog.signers import LOG, ORIGIN
from tests.registry.witness.serving import FORK, TREE, asking


@pytest.fixture
def config(tmp_path: Path) -> Path:
    file = tmp_path / "witness.toml"
    file.write_text(f"""
        name = "DEMO-police.example"
        key_file = "{tmp_path}/witness.pem"
        state_file = "{tmp_path}/witness.db"
        listen_port = {free_port()}

        [[logs]]
        origin = "{ORIGIN}"
        keys = ["{LOG.key.print()}"]
    """)
    return file


def run(config: Path, *arguments: str, expected: int = 0) -> Result:
    done = CliRunner().invoke(main, ["witness", "--config", str(config), *arguments])
    assert done.exit_code == expected, (done.output, done.exception)
    return done


@contextmanager
def serving(config: Path, ended_by: signal.Signals) -> Iterator[tuple[httpx.Client, "subprocess.Popen[bytes]"]]:
    port = next(line.split()[-1] for line in config.read_text().splitlines() if "listen_port" in line)
    process = subprocess.Popen([PROGRAM, "witness", "--config", config], stderr=subprocess.DEVNULL)
    try:
        with httpx.Client(base_url=f"http://127.0.0.1:{port}") as client:
            until = time.monotonic() + READY_SECONDS
            while True:
                try:
                    client.get("/")
                    break
                except httpx.ConnectError:
                    assert process.poll() is None
                    assert time.monotonic() < until
                    time.sleep(0.05)
            yield client, process
    finally:
        process.send_signal(ended_by)
        process.wait(timeout=30)


def test_a_witness_is_begun_once_and_tells_its_keys(config: Path) -> None:
    made = run(config, "init").stdout

    assert json.loads(run(config, "key", "--json").stdout) == {"keys": made.split()}
    assert run(config, "key").stdout == made
    key = parse_key(made.strip())
    assert (key.name, key.kind) == ("DEMO-police.example", Kind.COSIGNATURE)
    assert "[WITNESS_EXISTS]" in run(config, "init", expected=1).stderr


def test_a_witness_without_key_or_memory_does_not_serve(config: Path, tmp_path: Path) -> None:
    assert "[SECRET_MISSING]" in run(config, expected=2).stderr
    run(config, "init")
    (tmp_path / "witness.db").unlink()
    assert "[WITNESS_MEMORY_MISSING]" in run(config, expected=2).stderr
    (tmp_path / "witness.pem").chmod(0o644)
    assert "[SECRET_EXPOSED]" in run(config, expected=2).stderr


def test_a_server_that_is_killed_goes_on_where_it_was(config: Path) -> None:
    key = parse_key(run(config, "init").stdout.strip())
    with serving(config, signal.SIGKILL) as (client, killed):
        first = asking(TREE, 0, 20)
        answer = client.post("/add-checkpoint", content=first.print())
    with serving(config, signal.SIGTERM) as (client, ended):
        fork = client.post("/add-checkpoint", content=asking(FORK, 0, 20).print())
        fork_on = client.post("/add-checkpoint", content=asking(FORK, 20, 40).print())
        further = client.post("/add-checkpoint", content=asking(TREE, 20, 40).print())

    note = first.note.with_signatures(parse_signatures(answer.text))
    assert signed_by(note, [key]).keys() == {key}
    assert (fork.status_code, fork.text) == (409, "20\n")
    assert (fork_on.status_code, further.status_code) == (422, 200)
    assert "server" not in further.headers
    assert (killed.returncode, ended.returncode) == (-signal.SIGKILL, 0)
